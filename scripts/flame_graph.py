"""Draws where one process spends its time on a video, as a flame graph for docs/performance.md.

python scripts/flame_graph.py VIDEO OUT.svg      (needs `pip install py-spy`)
"""

from __future__ import annotations

import html
import os
import subprocess
import sys
import tempfile
import zlib
from pathlib import Path

ROOT = Path(__file__).parents[1]


def record(video: Path) -> str:
    """Where one process spends its time on a video: stacks sampled fifty times a second."""
    code = "import sys; from pathlib import Path; from analysis.pipeline import analyze; analyze(Path(sys.argv[1]))"
    with tempfile.TemporaryDirectory() as folder:
        stacks = Path(folder) / "stacks.txt"
        command = ["py-spy", "record", "--format", "raw", "--function", "--nonblocking", "--rate", "50"]
        target = [sys.executable, "-c", code, str(video)]
        environment = {**os.environ, "OMP_NUM_THREADS": "1"}
        subprocess.run([*command, "--output", str(stacks), "--", *target], cwd=ROOT, check=True, env=environment)
        return stacks.read_text()


FLAME_WIDTH, ROW, LEAST_SHARE = 1200, 18, 0.003
SHOWN = ("observe", "assemble")  # not the loading of networks, which happens once a process
ALL = "analyze"


def draw_flame(stacks: str) -> str:
    """A flame graph of stacks, "a;b;c 12" a line: width is time, callers are above; thinner than 0.3 % is left out."""
    counts: dict[tuple[str, ...], int] = {}
    for line in stacks.splitlines():
        names, _, n = line.rpartition(" ")
        frames = [name.split(" (")[0] for name in names.split(";")]
        roots = [frames.index(name) for name in SHOWN if name in frames]
        if roots:
            stack = (ALL, *frames[min(roots) :])
            for depth in range(1, len(stack) + 1):
                counts[stack[:depth]] = counts.get(stack[:depth], 0) + int(n)
    total = counts[(ALL,)]
    left: dict[tuple[str, ...], float] = {(): 0.0}
    boxes = []
    taken: dict[tuple[str, ...], float] = {}
    for stack in sorted(counts, key=lambda one: (len(one), -counts[one], one)):
        if stack[:-1] not in left or counts[stack] < LEAST_SHARE * total:
            continue
        x = left[stack[:-1]] + taken.get(stack[:-1], 0.0)
        width = FLAME_WIDTH * counts[stack] / total
        taken[stack[:-1]] = taken.get(stack[:-1], 0.0) + width
        left[stack] = x
        boxes.append(_box(stack, x, width, counts[stack] / total))
    height = (max(len(stack) for stack in left) + 1) * ROW
    size = f'width="{FLAME_WIDTH}" height="{height}" viewBox="0 0 {FLAME_WIDTH} {height}"'
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" {size} font-family="monospace" font-size="11">'
        f'<rect width="100%" height="100%" fill="#fff"/>{"".join(boxes)}</svg>\n'
    )


def _box(stack: tuple[str, ...], x: float, width: float, share: float) -> str:
    y = (len(stack) - 1) * ROW
    name = html.escape(stack[-1])
    shown = name if len(stack[-1]) * 6.7 < width - 4 else html.escape(stack[-1][: int((width - 4) / 6.7)])
    color = f"hsl({20 + zlib.crc32(name.encode()) % 40},80%,{68 + zlib.crc32(name.encode()) % 12}%)"
    return (
        f'<g><title>{name}: {share:.1%}</title><rect x="{x:.1f}" y="{y}" width="{max(width - 0.5, 0.3):.1f}" '
        f'height="{ROW - 1}" fill="{color}"/><text x="{x + 2:.1f}" y="{y + 13}">{shown}</text></g>'
    )


def main() -> None:
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    Path(sys.argv[2]).write_text(draw_flame(record(Path(sys.argv[1]))))


if __name__ == "__main__":
    main()
