"""What downloads are called: after the video or the choice of videos."""

from __future__ import annotations

from pathlib import PurePath

from faceapp.core.filenames import allowed


def download_name(video_name: str, what: str) -> str:
    """ "Advert.mp4", "report.pdf" → "Advert - report.pdf"."""
    stem = PurePath(video_name.replace("\\", " ")).stem
    return f"{allowed(stem) or 'Video'} - {what}"


def titled_name(title: str, what: str) -> str:
    """ "2 videos of Spring v. 2", "audience.pdf" → "2 videos of Spring v. 2 - audience.pdf"."""
    return f"{allowed(title) or 'Audience'} - {what}"
