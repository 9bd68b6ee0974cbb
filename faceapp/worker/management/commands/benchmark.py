"""`manage.py benchmark FILE`: how fast, where the time goes, how near to merely decoding; or each network alone."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from analysis.config import AnalysisConfig, ConfigError, switches_help, switches_named


class Command(BaseCommand):
    help = "Measure times real time, milliseconds a stage and peak memory on a video."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path, metavar="FILE", nargs="?")
        parser.add_argument("--networks", action="store_true", help="milliseconds a crop of each network, on one core")
        parser.add_argument("--json", type=Path, metavar="OUT", help="write the figures")
        parser.add_argument("--device", choices=("auto", "cpu", "cuda"), default="auto")
        parser.add_argument("--loop-to", type=float, metavar="SECONDS", help="repeat the video until it is so long")
        parser.add_argument("--peer", choices=("facenet-pytorch",), help="time this detector on the same pictures")
        parser.add_argument(
            "--misses", type=Path, metavar="FOLDER", help="write pictures of its finds that we have not"
        )
        parser.add_argument("--workers", type=int, metavar="N", help="processes (default one a core)")
        parser.add_argument("--attributes", metavar="LIST", help=switches_help())
        parser.add_argument("--sample-rate", type=float, default=5.0, metavar="N", help="samples a second (default 5)")

    def handle(self, *, file: Path | None, device: str, workers: int | None, **options: Any) -> None:
        if options["networks"]:
            return self._time_networks(device, options["json"])
        if file is None:
            raise CommandError("Name a video, or ask for --networks.")
        if options["misses"] and not options["peer"]:
            raise CommandError("--misses tells what --peer found: name both.")
        return self._time_video(file, device, workers, **options)

    def _time_networks(self, device: str, json_path: Path | None) -> None:
        from analysis.evaluate.network_cost import network_costs
        from analysis.runtime import DeviceError, choose_device
        from models.registry import WeightsError

        try:
            figures = network_costs(choose_device(device))
        except (DeviceError, WeightsError) as error:
            raise CommandError(str(error), returncode=2) from error
        if json_path:
            json_path.write_text(json.dumps(figures, indent=2) + "\n", encoding="utf-8")
        for name, cost in {**figures["networks"], "face attributes": figures["face_attributes"]}.items():
            self.stdout.write(f"{name:16} {cost['ms']:7.2f} ms a crop, {cost['ms_of_4']:7.2f} of four at once")

    def _time_video(self, file: Path, device: str, workers: int | None, **options: Any) -> None:
        from analysis.child import EngineError
        from analysis.evaluate.benchmark import run_benchmark, told
        from analysis.evaluate.peer import write_misses
        from analysis.video.errors import VideoError

        try:
            measured = run_benchmark(
                file,
                AnalysisConfig(sample_rate=options["sample_rate"], attributes=switches_named(options["attributes"])),
                device,
                workers,
                loop_to_s=options["loop_to"],
                with_peer=options["peer"] is not None,
            )
            if options["misses"]:
                write_misses(measured.compared.misses, options["misses"])
        except (ConfigError, EngineError, VideoError, OSError) as error:
            raise CommandError(str(error), returncode=2) from error
        figures = measured.to_dict()
        if options["json"]:
            options["json"].write_text(json.dumps(figures, indent=2) + "\n", encoding="utf-8")
        self.stdout.write("\n".join(told(figures)))
