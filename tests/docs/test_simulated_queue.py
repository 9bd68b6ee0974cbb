"""`scripts/simulate_queue.py`, whose figures docs/scaling.md quotes."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]


def table(*options: str) -> list[list[str]]:
    command = [sys.executable, "scripts/simulate_queue.py", "--hours-a-day", "30", *options]
    out = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout
    return [[cell.strip() for cell in line.split("|")[1:-1]] for line in out.splitlines() if line.startswith("| ")][1:]


def first_number(cell: str) -> float:
    return float(cell.split()[0].rstrip("%"))


def test_more_workers_wait_less_and_are_less_busy() -> None:
    few, many = table("--workers", "1", "4")
    assert (few[0], many[0]) == ("1", "4")
    assert first_number(few[1]) > 3 * first_number(many[1])
    assert first_number(few[5]) > 4 * first_number(many[5])


def test_equal_options_give_equal_figures() -> None:
    assert table("--workers", "2", "--seed", "3") == table("--workers", "2", "--seed", "3")
