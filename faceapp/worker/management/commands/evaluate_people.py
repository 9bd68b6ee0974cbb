"""``manage.py evaluate_people``: what is said of the person of a video, against the truth and against single crops."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser


class Command(BaseCommand):
    help = "Measure age, gender and ethnicity on videos of one person, pooled and of single crops."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--videos", type=Path, required=True, help="a folder of videos")
        parser.add_argument("--truth", type=Path, help="JSON (default: truth.json among the videos)")
        parser.add_argument("--device", choices=("auto", "cpu", "cuda"), default="auto")
        parser.add_argument("--json", type=Path, required=True, help="where the figures are written")

    def handle(self, *args: Any, **options: Any) -> None:
        from analysis.child import EngineError
        from analysis.evaluate.people import evaluate_people

        try:
            figures = evaluate_people(options["videos"], options["truth"], options["device"])
        except (OSError, ValueError, EngineError) as error:
            raise CommandError(str(error)) from error
        options["json"].write_text(json.dumps(figures, indent=1) + "\n", encoding="utf-8")
        for key in ("gender_of_adults", "age_overlaps", "ethnicity_right", "ethnicity_right_or_unknown"):
            self.stdout.write(f"{key:27} {figures[key]['right']} of {figures[key]['n']}")
        for key in ("pooled", "single_crops"):
            gender, years = figures[key]["gender_right"], figures[key]["age_error"]
            self.stdout.write(f"{key:13} gender right {gender}, age off by {years} years in the mean")
