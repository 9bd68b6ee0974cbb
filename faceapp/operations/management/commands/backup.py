"""Writes a backup: `python manage.py backup [FILE]`."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from faceapp.operations.backups import archive, asking, making


class Command(BaseCommand):
    help = "Writes database and files into one file, while everything runs, and reads it back."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", nargs="?", type=Path, help="default: a new one in FACELINE_BACKUP_DIR")

    def handle(self, *args: Any, **options: Any) -> None:
        os.umask(0o077)
        try:
            made = making.make_backup(options["file"] or making.default_path())
        except (making.NotMade, archive.Damaged, OSError) as error:
            raise CommandError(str(error)) from None
        asking.note_made(made)
        for name in made.missing:
            self.stderr.write(f"Missing: {name} is in the database and not on the disk.")
        self.stdout.write(
            f"{made.path}: {made.size_bytes / 1e6:.1f} MB, read back and compared. Files: {made.n_files}."
        )
