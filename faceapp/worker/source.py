"""The file that a worker reads: the one that was uploaded, or none."""

from __future__ import annotations

import hashlib
from pathlib import Path

from analysis.child import RequestRefused
from faceapp.library.models import Video

CHANGED = "The file of this video is missing or was changed after the upload. Upload it again."


def unchanged(video: Video) -> Path:
    """The video's file. Its size alone is compared; `check_content` compares the content, once per run.

    Raises:
        RequestRefused: it is gone, or another.
    """
    path = Path(video.file.path)
    if not path.is_file() or path.stat().st_size != video.size_bytes:
        raise RequestRefused("changed", CHANGED)
    return path


def check_content(video: Video) -> None:
    """Compare the whole file with what was uploaded; reads all of it.

    Raises:
        RequestRefused: the file is gone, or its hash is not the one it was uploaded with.
    """
    with unchanged(video).open("rb") as file:
        if hashlib.file_digest(file, "sha256").hexdigest() != video.sha256:
            raise RequestRefused("changed", CHANGED)
