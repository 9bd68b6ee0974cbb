"""What downloads are called: after the video, without what file systems refuse."""

from __future__ import annotations

import re
from pathlib import PurePath

FORBIDDEN = re.compile(r'[\x00-\x1f\x7f"*/:<>?\\|]+')
LONGEST = 80


def download_name(video_name: str, what: str) -> str:
    """ "Advert.mp4", "report.pdf" → "Advert - report.pdf"."""
    stem = FORBIDDEN.sub(" ", PurePath(video_name.replace("\\", " ")).stem).strip(" .")[:LONGEST].strip(" .")
    return f"{stem or 'Video'} - {what}"
