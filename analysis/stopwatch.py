"""Where the time goes: wall and CPU seconds by stage."""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import TypeVar

from analysis.types import Stage

Item = TypeVar("Item")


class Stopwatch:
    """Adds up what each stage takes; `seconds[stage]` is (wall, CPU of this process)."""

    def __init__(self) -> None:
        self.seconds: dict[str, tuple[float, float]] = {}

    @contextmanager
    def measure(self, stage: Stage) -> Iterator[None]:
        wall, cpu = time.perf_counter(), time.process_time()
        try:
            yield
        finally:
            wall_s, cpu_s = self.seconds.get(stage, (0.0, 0.0))
            self.seconds[stage] = (wall_s + time.perf_counter() - wall, cpu_s + time.process_time() - cpu)

    def each(self, stage: Stage, items: Iterable[Item]) -> Iterator[Item]:
        """The items, with the time that each takes to come."""
        iterator = iter(items)
        while True:
            with self.measure(stage):
                try:
                    item = next(iterator)
                except StopIteration:
                    return
            yield item
