"""The sample: a video that ships with the product, in a project of its own that no total counts."""

from __future__ import annotations

import hashlib
import shutil
from pathlib import Path
from uuid import uuid4

from django.conf import settings

from faceapp.accounts.models import Team, User
from faceapp.library.models import Project, Video
from faceapp.library.refusals import AlreadyHere
from faceapp.library.services import accept_file
from faceapp.runs.intake import start_first_run

SAMPLE = Path(settings.BASE_DIR, "static", "sample", "faceline-sample.mp4")
NAME = "Faceline sample.mp4"


def open_sample(*, team: Team, user: User) -> Video:
    """The team's copy of the sample; the first time, it is taken in and its analysis begins.

    Raises:
        UploadRefused: the disk or the team's quota does not allow it.
    """
    project, _ = Project.objects.get_or_create(team=team, is_sample=True, defaults={"name": "Sample"})
    with SAMPLE.open("rb") as file:
        sha256 = hashlib.file_digest(file, "sha256").hexdigest()
    return Video.objects.filter(project=project, sha256=sha256).first() or _take_in(project, user)


def _take_in(project: Project, user: User) -> Video:
    copy = Path(settings.UPLOAD_DIR, f"sample-{uuid4()}.part")
    copy.parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(SAMPLE, copy)
    try:
        video = accept_file(project=project, user=user, name=NAME, path=copy)
    except AlreadyHere as same:  # a second click came first
        return same.video
    start_first_run(video, user)
    return video
