"""``manage.py evaluate_tracking``: do ids hold? On scenes with known truth."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

PUBLISHED_SEED = 2  # odd seeds show other people: constants are chosen there


class Command(BaseCommand):
    help = "Measure tracks, people and counts on rendered scenes of real faces (HOTA, MOTA, IDF1, switches)."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        data = os.environ.get("FACELINE_DATA")
        parser.add_argument("--data", type=Path, default=data, help="folder of faces/ and photos/ (FACELINE_DATA)")
        parser.add_argument("--scenes", type=int, default=40, metavar="N")
        parser.add_argument(
            "--of-each-kind", type=int, default=12, metavar="N", help="further scenes of one difficulty"
        )
        parser.add_argument("--seed", type=int, default=PUBLISHED_SEED)
        parser.add_argument("--workers", type=int, default=2, metavar="N", help="processes")
        parser.add_argument("--device", choices=("auto", "cpu", "cuda"), default="auto")
        parser.add_argument("--json", type=Path, required=True, metavar="OUT", help="where the figures are written")

    def handle(self, **options: Any) -> None:
        from analysis.evaluate.tracking import evaluate_tracking
        from analysis.runtime import DeviceError
        from models.registry import WeightsError

        if options["data"] is None:
            raise CommandError("Name the data folder by --data or FACELINE_DATA.")
        try:
            figures = evaluate_tracking(
                options["data"],
                options["seed"],
                options["scenes"],
                options["workers"],
                options["device"],
                options["of_each_kind"],
            )
        except (FileNotFoundError, ModuleNotFoundError, WeightsError, DeviceError) as error:
            raise CommandError(str(error)) from error
        options["json"].write_text(json.dumps(figures, indent=1) + "\n", encoding="utf-8")
        for name, value in figures.items():
            if name not in ("scenes", "weights", "kinds"):
                self.stdout.write(f"{name:24} {value}")
        for kind, of_kind in figures["kinds"].items():
            for name, value in of_kind.items():
                self.stdout.write(f"{kind + ' ' + name:48} {value}")
