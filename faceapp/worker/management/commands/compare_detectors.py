"""``manage.py compare_detectors``: Haar against MTCNN on photos, with the faces that people marked in them."""

from __future__ import annotations

import json
import zipfile
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

KINDS = ("all", "single_faces", "several_people", "turned_away", "partly_hidden")


class Command(BaseCommand):
    help = "Measure both detectors on photos: precision, recall, time a photo, and a picture side by side."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--images", type=Path, required=True, help="a ZIP file or a folder of photos")
        parser.add_argument("--boxes", type=Path, help="CSV with file, x, y, w, h (default: boxes.csv inside, if any)")
        parser.add_argument("--smallest", type=int, default=20, metavar="PX", help="height of the smallest face")
        parser.add_argument("--device", default="auto", help="auto, cpu or cuda")
        parser.add_argument("--json", type=Path, required=True, help="where the figures are written")
        parser.add_argument("--picture", type=Path, help="side by side (default: a .jpg beside the figures)")
        parser.add_argument("--no-picture", action="store_true", help="figures only")

    def handle(self, *args: Any, **options: Any) -> None:
        from analysis.evaluate.detectors import compare
        from analysis.evaluate.side_by_side import draw_sheet
        from analysis.runtime import DeviceError, choose_device
        from models.registry import WeightsError

        try:
            device = choose_device(options["device"])
            figures, pairs = compare(options["images"], options["boxes"], options["smallest"], device)
        except (OSError, ValueError, zipfile.BadZipFile, WeightsError, DeviceError) as error:
            raise CommandError(str(error)) from error
        if not pairs:
            raise CommandError(f"{options['images']} holds no photos.")
        options["json"].write_text(json.dumps(figures, indent=1) + "\n", encoding="utf-8")
        if not options["no_picture"]:
            draw_sheet(pairs, options["picture"] or options["json"].with_suffix(".jpg"))
        for name, found in figures["detectors"].items():
            self.stdout.write(f"{name}: {found['n_found']} found, {found['ms_per_photo']['median']} ms a photo")
            for kind in (kind for kind in KINDS if kind in found):
                recall, precision = (found[kind].get(key) for key in ("recall", "precision"))
                told = "" if precision is None else f", precision {100 * precision:.1f} %"
                said = "none" if recall is None else f"recall {100 * recall:.1f} %"
                self.stdout.write(f"  {kind:15} {said}{told}  n = {found[kind]['n_faces']}")
