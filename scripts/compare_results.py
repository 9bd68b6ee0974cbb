"""Whether two versions of the program give the same results of the same videos, to the byte, and what each takes.

    python scripts/compare_results.py BEFORE AFTER VIDEOS            # two checkouts, and a folder of videos
    python scripts/compare_results.py BEFORE AFTER VIDEOS --turns 5  # computing time: the best of five in turns

A file that is refused counts as a result too: both versions must say the same sentence. Ends with 1 where they differ.
"""

from __future__ import annotations

import argparse
import os
import resource
import subprocess
import sys
import tempfile
from pathlib import Path

TEXT = (".json", ".md", ".txt")


def main() -> int:
    arguments = _arguments()
    trees = (arguments.before.resolve(), arguments.after.resolve())
    n_different = 0
    total_s = [0.0, 0.0]
    for video in sorted(each for each in arguments.videos.iterdir() if each.suffix not in TEXT):
        best_s, found = [float("inf")] * 2, [b"", b""]
        for _ in range(arguments.turns):
            for which, tree in enumerate(trees):
                found[which], cpu_s = _analyzed(tree, video.resolve())
                best_s[which] = min(best_s[which], cpu_s)
        is_same = found[0] == found[1]
        n_different += not is_same
        total_s = [total + each for total, each in zip(total_s, best_s, strict=True)]
        times = " ".join(f"{each:7.2f}" for each in best_s)
        sys.stdout.write(f"{'same' if is_same else 'DIFFERENT'}  {times} s of computing  {video.name}\n")
    before_s, after_s = total_s
    sys.stdout.write(
        f"{n_different} differ; {before_s:.1f} s before, {after_s:.1f} s after: {after_s / before_s:.3f}\n"
    )
    return int(n_different > 0)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="Compares the results of two versions.")
    parser.add_argument("before", type=Path, help="a checkout of the version before")
    parser.add_argument("after", type=Path, help="a checkout of the version after")
    parser.add_argument("videos", type=Path, help="a folder of videos")
    parser.add_argument("--turns", type=int, default=1, help="how often each is analyzed; the best time counts")
    return parser.parse_args()


def _analyzed(tree: Path, video: Path) -> tuple[bytes, float]:
    """The JSON, or the sentence of a refusal; and the seconds of computing of all processes."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder) / "result.json"
        command = [sys.executable, "manage.py", "analyze_video", str(video), "--json", str(out), "--workers", "1"]
        environment = {**os.environ, "PYTHONPATH": str(tree)}
        done = subprocess.run(command, cwd=tree, env=environment, capture_output=True, check=False)
        content = out.read_bytes() if out.exists() else done.stderr
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return content, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


if __name__ == "__main__":
    sys.exit(main())
