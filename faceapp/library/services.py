"""Writes about videos: taking a file in, renaming, moving, deleting every byte of it."""

from __future__ import annotations

import hashlib
import shutil
import uuid
from collections.abc import Iterable
from functools import partial
from pathlib import Path

import structlog
from django.conf import settings
from django.db import IntegrityError, transaction

from faceapp.accounts.models import Team, User
from faceapp.library import limits, probing
from faceapp.library.models import Project, Video
from faceapp.library.names import clean_name
from faceapp.library.refusals import AlreadyHere, UploadRefused

__all__ = [
    "AlreadyHere",
    "UploadRefused",
    "accept_file",
    "create_project",
    "delete_project",
    "delete_video",
    "move_video",
    "rename_video",
]

log = structlog.get_logger(__name__)

PROBED = ("container", "codec", "width_px", "height_px", "frame_rate", "duration_s", "has_sound", "plays_in_browser")
LATEST_POSTER_S = 5.0


def accept_file(*, project: Project, user: User, name: str, path: Path, pk: uuid.UUID | None = None) -> Video:
    """Takes the file at `path` in: probed in a process of its own, hashed, moved (not copied) into the media.

    Takes seconds: not to be called inside of a transaction. The video's key is `pk`, when one is given.

    Raises:
        AlreadyHere: the project holds this very file.
        UploadRefused: the file stays away, with the sentence why; `path` is gone in every case.
    """
    try:
        return _accept(project, user, clean_name(name), path, pk or uuid.uuid4())
    finally:
        path.unlink(missing_ok=True)


def _accept(project: Project, user: User, name: str, path: Path, pk: uuid.UUID) -> Video:
    size_bytes = path.stat().st_size
    limits.check_size(size_bytes)
    with limits.room_for(project.team, size_bytes, here_bytes=size_bytes, except_upload=pk):
        pass  # asked again before it is stored; who has no room is told at once
    facts = probing.probe(path)
    sha256 = _hash_of(path)
    same = Video.objects.filter(project=project, sha256=sha256).first()
    if same:
        raise AlreadyHere(same)
    video = Video(pk=pk, project=project, uploaded_by=user, name=name, size_bytes=size_bytes, sha256=sha256)
    for field in PROBED:
        setattr(video, field, facts[field])
    video.file.name = f"videos/{video.pk}"
    try:
        # what takes seconds comes first: between the move and the row, who asks for the upload finds neither
        video.poster.name = _make_poster(video, path)
        _move(path, _media(video.file.name))
        _insert(video)
    except BaseException:
        _remove([video.file.name, _poster_name(video)])
        raise
    log.info("video_accepted", video=str(video.pk), size_bytes=size_bytes, codec=video.codec)
    return video


def _insert(video: Video) -> None:
    """
    Raises:
        AlreadyHere: the same file has come in meanwhile.
        TooLarge: others have taken the room meanwhile.
    """
    try:
        size_bytes = video.size_bytes
        with limits.room_for(video.project.team, size_bytes, here_bytes=size_bytes, except_upload=video.pk):
            video.save(force_insert=True)
    except IntegrityError:
        same = Video.objects.filter(project=video.project, sha256=video.sha256).first()
        if same is None:
            raise
        raise AlreadyHere(same) from None


def _hash_of(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _move(source: Path, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    shutil.move(source, target)  # a rename, as uploads lie on the same disk
    target.chmod(settings.FILE_UPLOAD_PERMISSIONS)


def _poster_name(video: Video) -> str:
    return f"posters/{video.pk}.jpg"


def _make_poster(video: Video, path: Path) -> str:
    name = _poster_name(video)
    _media(name).parent.mkdir(parents=True, exist_ok=True)
    at_s = min(video.duration_s / 3, LATEST_POSTER_S)
    return name if probing.make_poster(path, _media(name), at_s=at_s) else ""


def rename_video(*, video: Video, name: str) -> None:
    video.name = clean_name(name)
    video.save(update_fields=["name"])


def move_video(*, video: Video, project: Project) -> None:
    """Into another project of the same team, with all that was made of it.

    Raises:
        AlreadyHere: that project holds this very file.
        UploadRefused: it is another team's, whose people could see what they should not; or the sample's.
    """
    limits.check_takes_files(project)
    if video.project.is_sample or project.team_id != video.project.team_id:
        raise UploadRefused("You can move a video only between projects of one team. You cannot move the sample.")
    same = Video.objects.filter(project=project, sha256=video.sha256).exclude(pk=video.pk).first()
    if same:
        raise AlreadyHere(same)
    video.project = project
    try:
        with transaction.atomic():
            video.save(update_fields=["project"])
    except IntegrityError:
        raise AlreadyHere(Video.objects.get(project=project, sha256=video.sha256)) from None


@transaction.atomic
def delete_video(*, video: Video) -> None:
    """Removes the rows of a video and, once that is certain, every byte that was derived from it.

    Media are named `<kind>/<id of the video or of one of its runs>…`, in every app: that is how they are found.
    """
    ids = [str(video.pk), *(str(pk) for pk in video.runs.values_list("pk", flat=True))]
    log.info("video_deleted", video=str(video.pk))
    video.delete()
    transaction.on_commit(partial(remove_media_of, ids))


@transaction.atomic
def delete_project(*, project: Project) -> None:
    for video in project.videos.all():
        delete_video(video=video)
    project.delete()


@transaction.atomic
def create_project(*, team: Team, **fields: object) -> Project:
    return Project.objects.create(team=team, **fields)


def remove_media_of(ids: Iterable[str]) -> None:
    """Removes all media whose name starts with one of these ids, of whatever kind."""
    for kind in Path(settings.MEDIA_ROOT).iterdir():
        if kind.is_dir():
            for one in ids:
                uuid.UUID(one)  # a pattern must never come from elsewhere
                _remove(str(found.relative_to(settings.MEDIA_ROOT)) for found in kind.glob(f"{one}*"))


def _remove(names: Iterable[str]) -> None:
    for name in names:
        path = _media(name)
        if path.is_dir():
            shutil.rmtree(path, ignore_errors=True)
        else:
            path.unlink(missing_ok=True)


def _media(name: str) -> Path:
    return Path(settings.MEDIA_ROOT, name)
