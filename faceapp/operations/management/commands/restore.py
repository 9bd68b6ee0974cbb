"""Puts a backup into an empty installation: `python manage.py restore FILE`."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from faceapp.operations import schema
from faceapp.operations.backups import archive, restoring


class Command(BaseCommand):
    help = "Reads a backup, compares every hash, and puts it into this installation, which must be empty."
    requires_migrations_checks = False

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)

    def handle(self, *args: Any, **options: Any) -> None:
        os.umask(0o027)
        try:
            found = restoring.restore(options["file"])
        except (restoring.NotRestored, archive.Damaged, schema.Newer, OSError) as error:
            raise CommandError(str(error)) from None
        said = found.about
        n_files = sum(name.startswith(f"{archive.MEDIA}/") for name in found.facts)
        self.stdout.write(f"Restored the backup of {said['made_at']} (version {said['program']}). Files: {n_files}.")
