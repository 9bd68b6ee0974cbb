"""Makes a backup while everything runs."""

from __future__ import annotations

import gzip
import shutil
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from django.apps import apps
from django.conf import settings
from django.db import connection, models
from django.utils import timezone

from faceapp.operations import schema
from faceapp.operations.backups import archive, files, rows
from faceapp.operations.services import program_version

FORMAT = 1
LOOKS = 3  # at rows and files, until every file that a row names is there
NAME, PATTERN = "faceline-{:%Y%m%dT%H%M%S}.tar", "faceline-????????T??????.tar"

Report = Callable[[float], None]


class NotMade(Exception):
    """The message is a sentence for the operator."""


@dataclass(frozen=True, slots=True)
class Made:
    """A backup that was read back and found whole. `missing`: files that rows name and that were not there."""

    path: Path
    size_bytes: int
    n_files: int
    missing: tuple[str, ...]


def default_path() -> Path:
    return Path(settings.BACKUP_DIR) / NAME.format(timezone.now())


def make_backup(path: Path, report: Report = lambda _share: None) -> Made:
    """Write the database and the files of one moment, then read them back.

    Args:
        path: of the new file, which its owner alone may read.
        report: takes the share that is done, 0-1. What it raises ends the backup, and nothing is left of it.

    Raises:
        NotMade: there is a file of this name, or no room.
        archive.Damaged: what was written is not what is read.
    """
    if path.exists():
        raise NotMade(f"{path} exists already.")
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    with files.held() as held, tempfile.TemporaryDirectory(dir=path.parent, prefix=".faceline-rows-") as folder:
        dumped, missing = _dump(Path(folder), held)
        _check_room(path, held)
        with archive.writing(path) as entries:
            about = {
                "format": FORMAT,
                "made_at": timezone.now().isoformat(),
                "program": program_version(),
                "database": connection.vendor,
                "migrations": schema.applied(),
            }
            entries.add_note(archive.ABOUT, about)
            for label, file in dumped.items():
                entries.add_file(f"{archive.ROWS}/{label}.jsonl.gz", file)
            if settings.SECRET_KEY_FILE.exists():
                entries.add_file(archive.SECRET_KEY, settings.SECRET_KEY_FILE)
            for done, name in enumerate(sorted(held.names)):
                report(0.1 + 0.6 * done / len(held.names))
                entries.add_file(f"{archive.MEDIA}/{name}", held.path_of(name))
        report(0.7)
        archive.check(path)
        return Made(path, path.stat().st_size, len(held.names), missing)


def _dump(folder: Path, held: files.Held) -> tuple[dict[str, Path], tuple[str, ...]]:
    """The rows, and files held that they name; rows are read anew while a file was deleted between the two."""
    for _ in range(LOOKS):
        held.hold_all()
        with rows.one_moment():
            held.hold_all()
            missing = tuple(sorted(set(_named()) - held.names))
            dumped = {}
            for label, model in rows.tables_of(apps).items():
                dumped[label] = folder / label
                with gzip.open(dumped[label], "wb", compresslevel=3) as file:
                    file.writelines(rows.lines_of(model))
        if not missing:
            break
    return dumped, missing


def _named() -> Iterator[str]:
    for model in rows.tables_of(apps).values():
        for field in model._meta.concrete_fields:
            if isinstance(field, models.FileField):
                yield from model._base_manager.exclude(**{field.name: ""}).values_list(field.name, flat=True)


def _check_room(path: Path, held: files.Held) -> None:
    needed = sum(held.path_of(name).stat().st_size for name in held.names)
    free = shutil.disk_usage(path.parent).free - settings.KEEP_FREE_BYTES
    if needed > free:
        raise NotMade(
            f"The backup needs {needed / 1e9:.1f} GB, and {max(free, 0) / 1e9:.1f} GB are free. "
            "Set FACELINE_BACKUP_DIR to another disk."
        )
