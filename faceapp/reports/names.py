"""What downloads are called: after the video or the choice of videos, without what file systems refuse."""

from __future__ import annotations

import re
from pathlib import PurePath

FORBIDDEN = re.compile(r'[\x00-\x1f\x7f"*/:<>?\\|]+')
LONGEST = 80


def download_name(video_name: str, what: str) -> str:
    """ "Advert.mp4", "report.pdf" → "Advert - report.pdf"."""
    stem = PurePath(video_name.replace("\\", " ")).stem
    return f"{_allowed(stem) or 'Video'} - {what}"


def titled_name(title: str, what: str) -> str:
    """ "2 videos of Spring v. 2", "audience.pdf" → "2 videos of Spring v. 2 - audience.pdf"."""
    return f"{_allowed(title) or 'Audience'} - {what}"


def _allowed(name: str) -> str:
    return FORBIDDEN.sub(" ", name).strip(" .")[:LONGEST].strip(" .")
