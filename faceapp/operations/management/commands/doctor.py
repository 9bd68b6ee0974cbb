"""What is wrong here, and how to mend it: `python manage.py doctor [--site https://…]`."""

from __future__ import annotations

import sys
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from faceapp.operations import doctor, schema

MARKS = {"failing": "✗", "doubtful": "!", "ok": "✓"}


class Command(BaseCommand):
    help = "Checks the installation and says how to mend what is wrong. Exit code 1 when something fails."
    requires_migrations_checks = False

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--site", default=doctor.default_site(), help="address from outside (default: the first name)"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        found = doctor.look(options["site"].rstrip("/"))
        for each in found:
            self.stdout.write(f"{MARKS[each.check.status]} {each.name}: {each.check.said}")
        for change in schema.described():
            self.stdout.write(f"  migrate would: {change}")
        if any(each.check.status == "failing" for each in found):
            sys.exit(1)
