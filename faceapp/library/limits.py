"""Where files may come in, and how many bytes."""

from __future__ import annotations

import shutil
from typing import Any

from django.conf import settings
from django.db.models import F, QuerySet, Sum

from faceapp.accounts.models import Team
from faceapp.library.models import Project, Upload, Video
from faceapp.library.refusals import Refused, TooLarge

GB = 10**9
MB = 10**6


def check_size(size_bytes: int) -> None:
    """
    Raises:
        Refused: nothing at all, or more than one file may have.
    """
    if size_bytes == 0:
        raise Refused("The file is empty.")
    if size_bytes > settings.MAX_UPLOAD_BYTES:
        raise TooLarge(f"The file is larger than {in_words(settings.MAX_UPLOAD_BYTES)}, the limit of this server.")


def check_room(team: Team, size_bytes: int, *, except_upload: Upload | None = None) -> None:
    """Whether this many bytes more would fit, besides those that other uploads have announced.

    Raises:
        TooLarge: the team's quota or the disk would be exceeded.
    """
    others = Upload.objects.filter(video=None, refusal="")
    if except_upload:
        others = others.exclude(pk=except_upload.pk)
    check_quota(team, _total(others.filter(project__team=team), "size_bytes") + size_bytes)
    announced = _total(others.annotate(left=F("size_bytes") - F("offset_bytes")), "left")
    if announced + size_bytes > free_bytes():
        raise TooLarge(
            "The server's disk is too full for this file. Delete videos you no longer need, or tell its operator."
        )


def check_takes_files(project: Project) -> None:
    """
    Raises:
        Refused: it is the sample's, whose videos no figure counts.
    """
    if project.is_sample:
        raise Refused("The project of the sample takes no other files. Choose another project.", status=409)


def check_quota(team: Team, size_bytes: int) -> None:
    """
    Raises:
        TooLarge: with this many bytes more, the team would have more than its quota.
    """
    quota = settings.TEAM_QUOTA_BYTES
    if quota and _held_by(team) + size_bytes > quota:
        raise TooLarge(f"Your team would have more than its {in_words(quota)}. Delete videos you no longer need.")


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
