"""Removes what was left behind: uploads that nobody resumes, files that no row names any more."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from uuid import UUID

import structlog
from django.conf import settings
from django.db import models
from django.utils import timezone

from faceapp.library import uploads
from faceapp.library.models import Upload, Video

log = structlog.get_logger(__name__)

UPLOAD_WAITS = timedelta(days=1)
FILE_WAITS = timedelta(days=1)  # younger ones may belong to a row that is being written
KINDS_OF_VIDEO = ("videos", "posters", "proxies")


def sweep() -> int:
    """How many things were removed."""
    n_removed = 0
    for upload in Upload.objects.filter(touched_at__lt=timezone.now() - UPLOAD_WAITS):
        uploads.cancel(upload)
        n_removed += 1
    for path in _forgotten():
        path.unlink(missing_ok=True)
        n_removed += 1
    if n_removed:
        log.info("swept", n_removed=n_removed)
    return n_removed


def _forgotten() -> Iterator[Path]:
    yield from _without_row(Path(settings.UPLOAD_DIR), Upload)
    for kind in KINDS_OF_VIDEO:
        yield from _without_row(Path(settings.MEDIA_ROOT, kind), Video)


def _without_row(folder: Path, model: type[models.Model]) -> Iterator[Path]:
    """Old files that are named by a key of which there is no row; others of the same age are leftovers as well."""
    oldest_s = (timezone.now() - FILE_WAITS).timestamp()
    for path in folder.glob("*"):
        if path.is_file() and path.stat().st_mtime < oldest_s and not _has_row(path, model):
            yield path


def _has_row(path: Path, model: type[models.Model]) -> bool:
    try:
        key = UUID(path.name.partition(".")[0])
    except ValueError:
        return False
    return model._default_manager.filter(pk=key).exists()
