"""A crowd that stays in view, as a file: the same picture with more or fewer faces, to measure what a face costs.

python -m analysis.evaluate.scenes DATA OUT.mp4 [--people 12] [--seconds 60] [--seed 2]
"""

from __future__ import annotations

import argparse
from pathlib import Path

from analysis.evaluate.scenes.cast import Casting
from analysis.evaluate.scenes.render import render
from analysis.evaluate.scenes.script import write_crowd
from analysis.runtime import choose_device


def main() -> None:
    parser = argparse.ArgumentParser(prog="analysis.evaluate.scenes", description="Render a crowd that stays in view.")
    parser.add_argument("data", type=Path, help="folder with faces/ and photos/ (FACELINE_DATA)")
    parser.add_argument("out", type=Path)
    parser.add_argument("--people", type=int, default=12)
    parser.add_argument("--seconds", type=float, default=60.0)
    parser.add_argument("--seed", type=int, default=2)
    chosen = parser.parse_args()
    casting = Casting(chosen.data, choose_device("cpu"))
    script = write_crowd(chosen.seed, chosen.people, chosen.seconds)
    render(script, casting.choose(chosen.seed, 0, chosen.people), casting.backgrounds, chosen.out)


if __name__ == "__main__":
    main()
