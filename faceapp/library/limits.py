"""Where files may come in, and how many bytes."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.db.models import Case, F, Q, QuerySet, Sum, When
from django.db.models.functions import Coalesce
from django.utils import timezone

from faceapp.accounts.models import Team, User
from faceapp.library.models import Project, Upload, Video
from faceapp.library.refusals import TooLarge, TooMany, UploadRefused

GB = 10**9
MB = 10**6
KEPT_FOR = timedelta(minutes=10)  # room that was announced, since the last byte
KEPT_WITHOUT_A_BYTE = timedelta(minutes=2)
MOST_UPLOADS = 50  # of a user, under way at a time


def check_size(size_bytes: int) -> None:
    """
    Raises:
        UploadRefused: nothing at all, or more than one file may have.
    """
    if size_bytes == 0:
        raise UploadRefused("The file is empty.")
    if size_bytes > settings.MAX_UPLOAD_BYTES:
        raise TooLarge(f"The file is larger than {in_words(settings.MAX_UPLOAD_BYTES)}, the limit of this server.")


@contextmanager
def room_for(team: Team, size_bytes: int, *, here_bytes: int = 0, except_upload: UUID | None = None) -> Iterator[None]:
    """A transaction in which this many bytes more fit; nobody else of the team takes room before it ends.

    Args:
        here_bytes: how many of these are on the disk already.
        except_upload: one whose announced bytes these are.

    Raises:
        TooLarge: the team's quota or the disk would be exceeded.
    """
    with transaction.atomic():
        list(Team.objects.select_for_update().filter(pk=team.pk))  # SQLite: the transaction itself is the lock
        others = _reserved().exclude(pk=except_upload)
        _check_quota(team, _total(others.filter(project__team=team), "held") + size_bytes)
        coming_bytes = size_bytes - here_bytes
        if coming_bytes and _total(others, "coming") + coming_bytes > free_bytes():
            raise TooLarge(
                "The server's disk is too full for this file. Delete videos you no longer need, or ask your "
                "administrator."
            )
        yield


def check_takes_files(project: Project) -> None:
    """
    Raises:
        UploadRefused: it is the sample's, whose videos no figure counts.
    """
    if project.is_sample:
        raise UploadRefused("The sample project accepts no other files. Choose another project.", status=409)


def _reserved() -> QuerySet[Any]:
    """Uploads under way, with the bytes that each holds of its team's quota, and those that are still to come.

    What was announced is kept for it only while bytes come; after that, what is here counts.
    """
    now = timezone.now()
    is_live = Q(touched_at__gt=now - KEPT_FOR, offset_bytes__gt=0) | Q(created_at__gt=now - KEPT_WITHOUT_A_BYTE)
    announced = Case(When(is_live, then=Coalesce(F("size_bytes"), F("offset_bytes"))), default=F("offset_bytes"))
    return Upload.objects.filter(video=None, refusal="").annotate(held=announced, coming=announced - F("offset_bytes"))


def check_not_too_many(user: User) -> None:
    """
    Raises:
        TooMany: this user has as many uploads under way as anybody may.
    """
    live = Upload.objects.filter(user=user, video=None, refusal="", touched_at__gt=timezone.now() - KEPT_FOR)
    if live.count() >= MOST_UPLOADS:
        raise TooMany(f"You have {MOST_UPLOADS} uploads in progress. Wait until some of them are done.")


def is_kept(upload: Upload) -> bool:
    """Whether the room that this upload announced is still its own."""
    return upload.size_bytes is not None and _reserved().filter(pk=upload.pk, held=upload.size_bytes).exists()


def _check_quota(team: Team, size_bytes: int) -> None:
    quota = settings.TEAM_QUOTA_BYTES
    if quota and _held_by(team) + size_bytes > quota:
        raise TooLarge(
            f"This file would exceed your team's limit of {in_words(quota)}. Delete videos you no longer need."
        )


def free_bytes() -> int:
    """What the disk can still take, less what is kept for results and the database."""
    return shutil.disk_usage(settings.UPLOAD_DIR).free - settings.KEEP_FREE_BYTES


def _held_by(team: Team) -> int:
    return _total(Video.objects.filter(project__team=team), "size_bytes")


def _total(rows: QuerySet[Any], column: str) -> int:
    return int(rows.aggregate(total=Sum(column))["total"] or 0)


def in_words(size_bytes: int) -> str:
    if size_bytes >= GB:
        return f"{size_bytes / GB:.3g} GB"
    return f"{size_bytes / MB:.3g} MB"
