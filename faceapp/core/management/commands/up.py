"""Starts everything: `python manage.py up`."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from faceapp.core.embedded import Embedded, NotStarted


class Command(BaseCommand):
    help = "Starts broker, web, workers and clock, restarts what dies, and ends them all at Ctrl-C."

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            Embedded(self.stdout).run()
        except NotStarted as error:
            raise CommandError(str(error)) from None
