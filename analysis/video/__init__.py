"""From a file to upright pictures with exact times, and back to a file.

`probe` says what a file is, `plan` cuts it into chunks, `reader` streams sampled pictures of one chunk, `shots` finds
cuts, `writer` draws results into a copy. Beside `evaluate`, the only room that knows PyAV; OpenCV is used in `detect`
and `classify.crops` as well. Nothing is imported here, so that `python -m analysis.video.probe` starts fast.
"""
