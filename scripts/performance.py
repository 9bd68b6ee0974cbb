"""Measures the bars of speed and the growth curves of docs/performance.md, and draws the curves.

    FACELINE_DATA=… python scripts/performance.py bars OUT.json [--times 5]
    FACELINE_DATA=… python scripts/performance.py growth OUT.json [--times 1]
    python scripts/performance.py draw GROWTH.json docs/img/growth.svg

Each figure is the median of as many runs of `manage.py benchmark`, every one in a process of its own.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from statistics import median
from typing import Any

import av

ROOT = Path(__file__).parents[1]
BARS = {
    "sitcom_cuts_720p.mp4": 120,
    "classroom_walkout_720p.mp4": 60,
    "street_crowd_1080p.mp4": 60,
}  # and the seconds each is looped to
KEPT = (
    "realtime_factor",
    "wall_s",
    "decode_only_wall_s",
    "ratio_to_decode",
    "faces_per_s",
    "detect_ms_per_frame",
    "detect_ms_per_sample",
    "peer_ms_per_frame",
    "peer_faces_found",
    "peer_sure_faces_found",
)
FACES = (1, 3, 6, 9, 12)
HEIGHTS_PX = (360, 540, 720, 1080)
LENGTHS_S = (30, 60, 120, 240, 480)
WORKERS = (1, 2)
GROWTH_S = 40  # length of the clips that grow in something else

Figures = dict[str, Any]


def videos() -> Path:
    return Path(os.environ["FACELINE_DATA"]) / "videos"


def benchmark(path: Path, *options: str, times: int) -> Figures:
    """Medians of the figures of several runs."""
    runs: list[Figures] = []
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder) / "out.json"
        for _ in range(times):
            command = [sys.executable, "manage.py", "benchmark", str(path), "--json", str(out), *options]
            subprocess.run(command, cwd=ROOT, check=True, stdout=subprocess.DEVNULL)
            runs.append(json.loads(out.read_text()))
    last = runs[-1]
    figures = {key: median(run[key] for run in runs) for key in KEPT if last.get(key) is not None}
    cpu_s = [sum(stage["cpu_s"] for stage in run["stages"].values()) for run in runs]
    stages = {
        name: round(1000 * median(run["stages"][name]["cpu_s"] for run in runs) / last["n_samples"], 2)
        for name in last["stages"]
    }
    return figures | {
        "cpu_s_a_video_minute": round(60 * median(cpu_s) / last["duration_s"], 2),
        "cpu_ms_a_sample": stages,
        "peak_memory_mb": {key: max(run["peak_memory_mb"][key] for run in runs) for key in ("sum", "largest")},
        "n_faces_a_sample": round(last["n_faces"] / last["n_samples"], 2),
        "machine": last["machine"],
    }


def measure_bars(times: int) -> Figures:
    return {
        name: benchmark(videos() / name, "--loop-to", str(seconds), "--peer", "facenet-pytorch", times=times)
        for name, seconds in BARS.items()
    }


def measure_growth(times: int) -> Figures:
    sitcom = videos() / "sitcom_cuts_720p.mp4"
    with tempfile.TemporaryDirectory() as folder:
        return {
            "faces": [
                [n, benchmark(_crowd(n, Path(folder)), times=times)] for n in FACES
            ],
            "height": [
                [height, benchmark(_scaled(sitcom, height, Path(folder)), times=times)] for height in HEIGHTS_PX
            ],
            "length": [[s, benchmark(sitcom, "--loop-to", str(s), times=times)] for s in LENGTHS_S],
            "workers": [
                [n, benchmark(sitcom, "--loop-to", str(4 * GROWTH_S), "--workers", str(n), times=times)]
                for n in WORKERS
            ],
        }  # fmt: skip


def _crowd(n_people: int, folder: Path) -> Path:
    out = folder / f"crowd-{n_people}.mp4"
    command = [sys.executable, "-m", "analysis.evaluate.scenes", os.environ["FACELINE_DATA"], str(out)]
    subprocess.run([*command, "--people", str(n_people), "--seconds", str(GROWTH_S)], cwd=ROOT, check=True)
    return out


def _scaled(path: Path, height_px: int, folder: Path) -> Path:
    """The clip in another height, encoded anew, so that all heights have been."""
    from analysis.video.encoder import Mp4Writer

    out = folder / f"height-{height_px}.mp4"
    with av.open(str(path)) as source:
        stream = source.streams.video[0]
        width_px = round(stream.width * height_px / stream.height / 2) * 2
        rate = float(stream.average_rate or 25)
        with Mp4Writer(out, width_px, height_px, rate) as writer:
            for frame in source.decode(stream):
                writer.write_frame(frame.reformat(width_px, height_px, "rgb24"), frame.time or 0.0)
    return out


# --- drawing ---------------------------------------------------------------------------------------------------------

PANELS = (
    ("faces", "faces in view at 720p", "cpu_s_a_video_minute", "CPU seconds a minute of video"),
    ("height", "height of the picture, px", "cpu_s_a_video_minute", "CPU seconds a minute of video"),
    ("length", "length of the video, s", "largest", "memory of the largest process, MB"),
    ("workers", "worker processes", "realtime_factor", "times real time"),
)
WIDTH, HEIGHT, LEFT, TOP, BOTTOM, LABEL = 340, 230, 52, 34, 40, 26


def draw(growth: Figures) -> str:
    """Four small charts as one SVG; every axis begins at zero."""
    parts = [
        f'<g transform="translate({(i % 2) * WIDTH},{i // 2 * HEIGHT})">{"".join(_panel(growth[panel[0]], panel))}</g>'
        for i, panel in enumerate(panel for panel in PANELS if panel[0] in growth)
    ]
    size = f'width="{2 * WIDTH}" height="{2 * HEIGHT}" viewBox="0 0 {2 * WIDTH} {2 * HEIGHT}"'
    style = 'font-family="Inter, sans-serif" font-size="11" fill="#333"'
    return f'<svg xmlns="http://www.w3.org/2000/svg" {size} {style}><rect width="100%" height="100%" fill="#fff"/>{"".join(parts)}</svg>\n'  # noqa: E501


def _panel(rows: Sequence[Any], panel: tuple[str, str, str, str]) -> Iterator[str]:
    _, across, key, title = panel
    points = [
        (float(x), float(figures[key] if key in figures else figures["peak_memory_mb"][key])) for x, figures in rows
    ]
    most_x, most_y = max(x for x, _ in points), 1.15 * max(y for _, y in points)
    right, floor = WIDTH - 16, HEIGHT - BOTTOM

    def place(x: float, y: float) -> tuple[float, float]:
        return LEFT + (right - LEFT) * x / most_x, floor - (floor - TOP) * y / most_y

    yield f'<text x="{LEFT}" y="18" font-weight="600">{title}</text>'
    yield f'<text x="{(LEFT + right) / 2}" y="{HEIGHT - 8}" text-anchor="middle">{across}</text>'
    yield f'<path d="M{LEFT},{TOP}V{floor}H{right}" fill="none" stroke="#999"/>'
    placed = [place(*point) for point in points]
    line = " ".join(f"{x:.1f},{y:.1f}" for x, y in placed)
    yield f'<polyline points="{line}" fill="none" stroke="#2a6fb0" stroke-width="2"/>'
    following = [x for x, _ in placed[1:]] + [2 * right]
    for (x, y), (at, value), next_x in zip(placed, points, following, strict=True):
        yield f'<circle cx="{x:.1f}" cy="{y:.1f}" r="3.5" fill="#2a6fb0"/>'
        if next_x - x >= LABEL:  # else it would lie under the next point's
            yield f'<text x="{x:.1f}" y="{y - 8:.1f}" text-anchor="middle">{value:.3g}</text>'.replace("e+03", "000")
        yield f'<text x="{x:.1f}" y="{floor + 14}" text-anchor="middle">{at:g}</text>'


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("what", choices=("bars", "growth", "draw"))
    parser.add_argument("files", type=Path, nargs="+")
    parser.add_argument("--times", type=int, default=1)
    chosen = parser.parse_args()
    if chosen.what == "draw":
        chosen.files[1].write_text(draw(json.loads(chosen.files[0].read_text())))
    else:
        figures = (measure_bars if chosen.what == "bars" else measure_growth)(chosen.times)
        chosen.files[0].write_text(json.dumps(figures, indent=1) + "\n")


if __name__ == "__main__":
    main()
