"""`manage.py benchmark FILE`: how fast, where the time goes, and how near to merely decoding."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from analysis.config import AnalysisConfig


class Command(BaseCommand):
    help = "Measure times real time, milliseconds a stage and peak memory on a video."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path, metavar="FILE")
        parser.add_argument("--json", type=Path, metavar="OUT", help="write the figures")
        parser.add_argument("--device", choices=("auto", "cpu", "cuda"), default="auto")
        parser.add_argument("--workers", type=int, metavar="N", help="processes (default one a core)")

    def handle(self, *, file: Path, device: str, workers: int | None, **options: Any) -> None:
        from analysis.child import EngineError
        from analysis.evaluate.benchmark import run_benchmark

        try:
            figures = run_benchmark(file, AnalysisConfig(), device, workers).to_dict()
        except EngineError as error:
            raise CommandError(str(error), returncode=2) from error
        if options["json"]:
            options["json"].write_text(json.dumps(figures, indent=2) + "\n", encoding="utf-8")
        self.stdout.write(f"{figures['realtime_factor']} × real time with {figures['n_workers']} processes")
        self.stdout.write(
            f"{figures['wall_s']} s; decoding alone {figures['decode_only_wall_s']} s: "
            f"{figures['ratio_to_decode']} × as long"
        )
        for name, stage in figures["stages"].items():
            times = f"{stage['wall_s']:8.2f} s wall {stage['cpu_s']:8.2f} s CPU"
            self.stdout.write(f"  {name:9} {times}, {stage['ms_per_sample']} ms a sample")
        memory = figures["peak_memory_mb"]
        self.stdout.write(f"{figures['faces_per_s']} faces a second")
        self.stdout.write(f"{memory['sum']} MB in all, {memory['largest']} MB the largest process")
