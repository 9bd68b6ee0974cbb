"""Following: detections become tracklets in a chunk, tracks in a shot, people in a video. NumPy alone, no pictures."""
