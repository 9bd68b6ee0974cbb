"""What downloads are called: after the video or the choice of videos."""

from __future__ import annotations

from pathlib import PurePath

from faceapp.core.filenames import allowed
from faceapp.segments.window import Window


def download_name(video_name: str, what: str, window: Window | None = None) -> str:
    """ "Advert.mp4", "report.pdf" → "Advert - report.pdf"; of a part "Advert - 18-45 s - report.pdf"."""
    stem = PurePath(video_name.replace("\\", " ")).stem
    part = f" - {_span(window)}" if window else ""
    return f"{allowed(stem) or 'Video'}{part} - {what}"


def _span(window: Window) -> str:
    return ", ".join(f"{from_s:g}-{to_s:g}" for from_s, to_s in window.parts) + " s"


def titled_name(title: str, what: str) -> str:
    """ "2 videos of Spring v. 2", "audience.pdf" → "2 videos of Spring v. 2 - audience.pdf"."""
    return f"{allowed(title) or 'Audience'} - {what}"
