"""``manage.py evaluate_embedding``: how well the embedding tells people apart."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from analysis.evaluate.embedding import evaluate_pairs
from analysis.runtime import DeviceError, choose_device
from models.registry import WeightsError


class Command(BaseCommand):
    help = "Measure the embedding on pairs of pictures of the same or of different people."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--pairs", type=Path, required=True, help="a ZIP file or a folder with pairs.csv")
        parser.add_argument("--device", default="auto", help="auto, cpu or cuda")
        parser.add_argument("--json", type=Path, required=True, help="where the figures are written")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            figures = evaluate_pairs(options["pairs"], choose_device(options["device"]))
        except (FileNotFoundError, WeightsError, DeviceError) as error:
            raise CommandError(str(error)) from error
        options["json"].write_text(json.dumps(figures, indent=1) + "\n", encoding="utf-8")
        self.stdout.write(f"{100 * figures['accuracy']:.1f} % of {figures['n']} pairs")
