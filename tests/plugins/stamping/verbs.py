"""What the engine process does."""

from __future__ import annotations

import time
from dataclasses import dataclass
from pathlib import Path

from analysis.verb import Session, Verb


@dataclass(frozen=True, slots=True)
class Stamp(Verb[int]):
    """Write a stamp beside a video; the reply is the video's size in bytes."""

    path: Path
    out: Path
    takes_s: float

    def perform(self, session: Session) -> int:
        self.out.with_suffix(".begun").open("a").write("begun\n")
        end_s = time.monotonic() + self.takes_s
        while time.monotonic() < end_s:
            time.sleep(0.05)
            session.progress(0.5)
        with self.out.open("a") as file:
            file.write("stamped\n")
        return self.path.stat().st_size
