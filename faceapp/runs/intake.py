"""The first analysis of a video that has been uploaded, through a page or the API."""

from __future__ import annotations

from faceapp.accounts.models import User
from faceapp.library.models import Video
from faceapp.library.refusals import UploadRefused
from faceapp.runs.starting import RunRefused, start_run


def start_first_run(video: Video, user: User) -> None:
    """Start the video's first run, unless there is one.

    Raises:
        UploadRefused: the video was deleted meanwhile.
    """
    if video.runs.exists():  # the web died between the start and its answer, and is asked again
        return
    try:
        start_run(video=video, user=user)
    except RunRefused as refused:
        raise UploadRefused(str(refused)) from refused
