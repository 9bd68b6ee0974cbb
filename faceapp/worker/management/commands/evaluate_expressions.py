"""``manage.py evaluate_expressions``: is the expression of acted and spoken clips told?"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser


class Command(BaseCommand):
    help = "Measure what is said of the expression of whole clips, and false alarms in neutral ones."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--videos", type=Path, required=True, help="a folder of videos with labels.csv")
        parser.add_argument("--device", choices=("auto", "cpu", "cuda"), default="auto")
        parser.add_argument("--workers", type=int, metavar="N", help="processes (default one a core)")
        parser.add_argument("--json", type=Path, required=True, metavar="OUT", help="where the figures are written")

    def handle(self, *args: Any, **options: Any) -> None:
        from analysis.child import EngineError
        from analysis.evaluate.expressions import evaluate_expressions

        try:
            figures = evaluate_expressions(options["videos"], options["device"], options["workers"])
        except (OSError, ValueError, EngineError) as error:
            raise CommandError(str(error)) from error
        options["json"].write_text(json.dumps(figures, indent=1) + "\n", encoding="utf-8")
        for key in ("n", "accuracy", "mean_recall", "unknown_share", "false_alarms_per_min"):
            self.stdout.write(f"{key:22} {figures[key]}")
        for label, recall in figures["recall"].items():
            self.stdout.write(f"recall of {label:12} {recall}")
