"""`manage.py analyze_video FILE`: the engine without web, queue or database."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from analysis.config import DETECTORS, AnalysisConfig, ConfigError, switches_help, switches_named


class Command(BaseCommand):
    help = "Find, follow and classify every face in a video."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path, metavar="FILE")
        parser.add_argument("--json", type=Path, metavar="OUT", help="write the result (docs/result-format.md)")
        parser.add_argument("--annotate", type=Path, metavar="OUT.mp4", help="write a copy with boxes and names")
        parser.add_argument("--attributes", metavar="LIST", help=switches_help())
        parser.add_argument("--sample-rate", type=float, default=5.0, metavar="N", help="samples a second (default 5)")
        parser.add_argument("--detector", choices=DETECTORS, default="mtcnn")
        parser.add_argument("--min-face", type=int, metavar="PX", help="smallest face (default max(15, height / 18))")
        parser.add_argument("--device", choices=("auto", "cpu", "cuda"), default="auto")
        parser.add_argument("--workers", type=int, metavar="N", help="processes (default one a core)")

    def handle(self, *, file: Path, json: Path | None, annotate: Path | None, **options: Any) -> None:
        from analysis.child import EngineError
        from analysis.run_local import OutputError, analyze_to_files, summary_of

        try:
            config = AnalysisConfig(
                sample_rate=options["sample_rate"],
                attributes=switches_named(options["attributes"]),
                detector=options["detector"],
                min_face_px=options["min_face"],
            )
            result = analyze_to_files(
                file, config, json, annotate, device=options["device"], n_workers=options["workers"]
            )
        except (ConfigError, EngineError, OutputError) as error:
            raise CommandError(str(error), returncode=2) from error
        except KeyboardInterrupt:
            sys.exit(130)
        self.stdout.write(summary_of(result))
