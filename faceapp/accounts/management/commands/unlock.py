"""Ends the lock of an account at once: `python manage.py unlock NAME`."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from faceapp.accounts import guessing


class Command(BaseCommand):
    help = "Forgets the wrong passwords that were tried for an account, so that it may sign in at once."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("name")

    def handle(self, *args: Any, **options: Any) -> None:
        n_tries = guessing.unlock(options["name"])
        self.stdout.write(f"Removed {n_tries} failed attempts.")
