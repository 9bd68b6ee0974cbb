"""``manage.py evaluate_action_units``: are units of facial action seen?"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser


class Command(BaseCommand):
    help = "Measure action units on coded pictures, against each person's neutral face."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--images", type=Path, required=True, help="a ZIP file or a folder with labels.csv")
        parser.add_argument("--device", choices=("auto", "cpu", "cuda"), default="auto")
        parser.add_argument("--json", type=Path, required=True, metavar="OUT", help="where the figures are written")

    def handle(self, *args: Any, **options: Any) -> None:
        from analysis.evaluate.action_units import evaluate_action_units
        from analysis.runtime import DeviceError, choose_device
        from models.registry import WeightsError

        try:
            figures = evaluate_action_units(options["images"], choose_device(options["device"]))
        except (OSError, ValueError, WeightsError, DeviceError) as error:
            raise CommandError(str(error)) from error
        options["json"].write_text(json.dumps(figures, indent=1) + "\n", encoding="utf-8")
        self.stdout.write(f"mean_f1 {figures['mean_f1']}, mean_auc {figures['mean_auc']} of {figures['n']} faces")
        for number, unit in figures["units"].items():
            self.stdout.write(f"{number:>3} {unit['name']:22} n {unit['n']:4}  f1 {unit['f1']}  auc {unit['auc']}")
