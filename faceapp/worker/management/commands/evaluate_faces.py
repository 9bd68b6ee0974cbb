"""``manage.py evaluate_faces``: how good age, gender, ethnicity and emotion are on labeled pictures."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from analysis.evaluate.faces import evaluate
from analysis.runtime import DeviceError, choose_device
from models.card_tables import ATTRIBUTES, as_markdown, tables
from models.labels import LabelError
from models.pictures import open_labeled
from models.registry import WeightsError


class Command(BaseCommand):
    help = "Measure the networks on labeled face pictures, per group, and write the figures as JSON."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--images", type=Path, required=True, help="a ZIP file or a folder of pictures")
        parser.add_argument("--labels", type=Path, help="CSV with column file and labels (default: labels.csv inside)")
        parser.add_argument("--usage", help="only rows whose column usage says so, such as private")
        parser.add_argument("--detect", action="store_true", help="run the whole path of the product; missed is wrong")
        parser.add_argument("--no-mirror", action="store_true", help="one crop only, without its mirror image")
        parser.add_argument("--device", default="auto", help="auto, cpu or cuda")
        parser.add_argument("--json", type=Path, required=True, help="where the figures are written")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            pictures = open_labeled(options["images"], options["labels"], options["usage"])
            if not len(pictures):
                raise CommandError("No row of the labels file is left to measure.")
            device = choose_device(options["device"])
            figures = evaluate(pictures, detect=options["detect"], mirrored=not options["no_mirror"], device=device)
        except (FileNotFoundError, LabelError, WeightsError, DeviceError) as error:
            raise CommandError(str(error)) from error
        options["json"].write_text(json.dumps(figures, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
        for table in tables({options["images"].stem: figures}, tuple(ATTRIBUTES)):
            self.stdout.write(as_markdown(table))
