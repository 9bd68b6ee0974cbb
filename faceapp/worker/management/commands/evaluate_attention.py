"""``manage.py evaluate_attention``: who looks into the camera?"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser


class Command(BaseCommand):
    help = "Measure on pictures whether people look into the camera."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--images", type=Path, required=True, help="a ZIP file or a folder with labels.csv")
        parser.add_argument("--device", choices=("auto", "cpu", "cuda"), default="auto")
        parser.add_argument("--json", type=Path, required=True, metavar="OUT", help="where the figures are written")

    def handle(self, *args: Any, **options: Any) -> None:
        from analysis.evaluate.attention import evaluate_attention
        from analysis.runtime import DeviceError, choose_device
        from models.registry import WeightsError

        try:
            figures = evaluate_attention(options["images"], choose_device(options["device"]))
        except (OSError, ValueError, WeightsError, DeviceError) as error:
            raise CommandError(str(error)) from error
        options["json"].write_text(json.dumps(figures, indent=1) + "\n", encoding="utf-8")
        for key in ("auc", "accuracy"):
            self.stdout.write(f"{key:9} {figures[key]} {figures[f'{key}_interval']}")
