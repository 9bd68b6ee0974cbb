"""From a file to upright pictures with exact times, and back to a file.

`probe` says what a file is, `plan` cuts it into chunks, `reader` streams sampled pictures of one chunk, `shots` finds
cuts, `writer` draws results into a copy. The only room beside `classify.crops` and `detect.haar` that knows PyAV and
OpenCV. Nothing is imported here, so that `python -m analysis.video.probe` starts fast.
"""
