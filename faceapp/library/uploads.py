"""Files on their way in: bytes are appended to one file on disk, and the row says how many are safe there."""

from __future__ import annotations

import errno
import fcntl
import os
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Protocol

import structlog
from django.conf import settings

from faceapp.accounts.models import User
from faceapp.library import limits
from faceapp.library.models import Project, Upload, Video
from faceapp.library.names import clean_name
from faceapp.library.refusals import AlreadyHere, TooLarge, UploadRefused
from faceapp.library.services import accept_file

log = structlog.get_logger(__name__)

PIECE_BYTES = 1024 * 1024
SAVE_EVERY_BYTES = 32 * 1024 * 1024
LOST = "The upload was lost on the server. Upload the file again."
LONGEST_REFUSAL = Upload._meta.get_field("refusal").max_length or 400

Accepted = Callable[[Video, User], object]  # what is done with a video that has come in


class Stream(Protocol):
    def read(self, size: int = ..., /) -> bytes: ...


class Busy(Exception):
    """Another request is writing this upload, or taking it in."""


def path_of(upload: Upload) -> Path:
    return Path(settings.UPLOAD_DIR, f"{upload.pk}.part")


def lock_of(upload: Upload) -> Path:
    """A file of its own, since that of the bytes is moved away while others ask; removed once the upload is over."""
    return Path(settings.UPLOAD_DIR, f"{upload.pk}.lock")


def begin(*, project: Project, user: User, name: str, size_bytes: int | None) -> Upload:
    """An upload of which no byte is here yet; `size_bytes` is None while the client does not know it.

    Raises:
        UploadRefused: there is no room for it, its project takes no files, or the user has too many under way.
    """
    limits.check_takes_files(project)
    if size_bytes is not None:
        limits.check_size(size_bytes)
    with limits.room_for(project.team, size_bytes or 0):
        limits.check_not_too_many(user)
        upload = Upload.objects.create(project=project, user=user, name=clean_name(name), size_bytes=size_bytes)
    path_of(upload).touch(mode=0o600)
    return upload


def declare_size(upload: Upload, size_bytes: int) -> None:
    """The size of an upload that was begun without.

    Raises:
        UploadRefused: it is too large; the upload is over.
    """
    try:
        limits.check_size(size_bytes)
        with _room_for(upload, size_bytes):
            upload.size_bytes = size_bytes
            upload.save(update_fields=["size_bytes", "touched_at"])
    except UploadRefused as refused:
        refuse(upload, refused)
        raise


def keep_room(upload: Upload, n_coming: int) -> None:
    """Before bytes come: for an upload that announced no size, and for one that nobody went on with for long.

    Raises:
        TooLarge: others have taken the room meanwhile. The upload may go on when there is some again.
    """
    if not limits.is_kept(upload):
        needed = upload.offset_bytes + n_coming if upload.size_bytes is None else upload.size_bytes
        with _room_for(upload, needed):
            upload.save(update_fields=["touched_at"])


def _room_for(upload: Upload, size_bytes: int) -> AbstractContextManager[None]:
    here = upload.offset_bytes
    return limits.room_for(upload.project.team, size_bytes, here_bytes=here, except_upload=upload.pk)


@contextmanager
def sole_use(upload: Upload) -> Iterator[None]:
    """One request at a time; freed by the system when its process dies. Reads the row anew.

    Raises:
        Busy: another one has it.
        Upload.DoesNotExist: another one has given it up.
    """
    lock = lock_of(upload)
    with _locked(lock):
        try:
            upload.refresh_from_db(fields=["offset_bytes", "size_bytes", "refusal", "video"])
            yield
        finally:  # the row tells others that it is over, before a lock of theirs is another file
            if not Upload.objects.filter(pk=lock.stem, video=None, refusal="").exists():
                lock.unlink(missing_ok=True)


@contextmanager
def _locked(lock: Path) -> Iterator[None]:
    with lock.open("a") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise Busy from None
        yield


def append(upload: Upload, stream: Stream, n_bytes: int | None) -> None:
    """Writes what the stream has (at most `n_bytes`) behind what is here. A stream that breaks off loses nothing.

    Raises:
        TooLarge: it grew over the limit, or filled the disk; the upload is over.
        UploadRefused: what was here is gone; the upload is over.
    """
    most = settings.MAX_UPLOAD_BYTES if upload.size_bytes is None else upload.size_bytes
    try:
        with path_of(upload).open("r+b") as file:
            file.truncate(upload.offset_bytes)  # what was not yet safe when a process died
            file.seek(upload.offset_bytes)
            _copy(upload, stream, file.fileno(), n_bytes, most)
    except TooLarge as refused:
        refuse(upload, refused)
        raise
    except FileNotFoundError:
        lost = UploadRefused(LOST)
        refuse(upload, lost)
        raise lost from None
    except OSError as error:
        if error.errno not in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG):
            raise
        full = TooLarge("The server's disk is full. Ask your administrator, then upload again.")
        refuse(upload, full)
        raise full from None


def _copy(upload: Upload, stream: Stream, file: int, n_bytes: int | None, most: int) -> None:
    unsaved, left = 0, n_bytes
    try:
        while left is None or left > 0:
            piece = stream.read(PIECE_BYTES if left is None else min(PIECE_BYTES, left))
            if not piece:
                break
            if upload.offset_bytes + unsaved + len(piece) > most:
                raise TooLarge(f"The file is larger than announced, or than {limits.in_words(most)}.")
            _write_all(file, piece)
            unsaved += len(piece)
            left = None if left is None else left - len(piece)
            if unsaved >= SAVE_EVERY_BYTES:
                _save_offset(upload, file, unsaved)
                unsaved = 0
    finally:
        _save_offset(upload, file, unsaved)


def _write_all(file: int, piece: bytes) -> None:
    view = memoryview(piece)
    while view:
        view = view[os.write(file, view) :]


def _save_offset(upload: Upload, file: int, n_bytes: int) -> None:
    """First the bytes are on the disk, then the row says so."""
    os.fsync(file)
    upload.offset_bytes += n_bytes
    upload.save(update_fields=["offset_bytes", "touched_at"])


def is_complete(upload: Upload) -> bool:
    return upload.size_bytes is not None and upload.offset_bytes == upload.size_bytes


def finish(upload: Upload, on_accepted: Accepted) -> Video:
    """Takes a complete upload in, once: asked again, it gives the same answer.

    Raises:
        AlreadyHere: the project holds this file.
        UploadRefused: the file cannot be analyzed.
    """
    if upload.refusal:
        raise UploadRefused(upload.refusal)
    if upload.video:
        return upload.video
    try:
        video = Video.objects.filter(pk=upload.pk).first() or _accept(upload)  # the first: a process died in between
        on_accepted(video, upload.user)
    except AlreadyHere as same:
        _settle(upload, same.video)
        raise
    except UploadRefused as refused:
        refuse(upload, refused)
        raise
    _settle(upload, video)
    return video


def _accept(upload: Upload) -> Video:
    path = path_of(upload)
    if not path.exists() or path.stat().st_size != upload.size_bytes:
        raise UploadRefused(LOST)
    return accept_file(project=upload.project, user=upload.user, name=upload.name, path=path, pk=upload.pk)


def _settle(upload: Upload, video: Video) -> None:
    upload.video = video
    upload.save(update_fields=["video", "touched_at"])


def refuse(upload: Upload, refused: UploadRefused) -> None:
    """Forgets the bytes; the row keeps the sentence for a client that did not hear it."""
    path_of(upload).unlink(missing_ok=True)
    upload.refusal = refused.sentence[:LONGEST_REFUSAL]
    upload.save(update_fields=["refusal", "touched_at"])
    log.info("upload_refused", upload=str(upload.pk), sentence=refused.sentence)


def cancel(upload: Upload) -> None:
    lock = lock_of(upload)
    path_of(upload).unlink(missing_ok=True)
    upload.delete()
    lock.unlink(missing_ok=True)
