"""A simulated day of an installation: how long people wait with so many workers, and what else is under load.

    .venv/bin/python scripts/simulate_queue.py --hours-a-day 1000 --speed 3 --workers 16 20 28 40 54

Videos come as they do in an office (two thirds between 9 and 17 h), of lognormal length, from users of whom few send
most. Chunks are cut by `analysis.video.plan`, claimed in the order of `faceapp.worker.claiming`: what ends a run first,
then for the user with the fewest at work. Two days are simulated, the second is measured; equal options give equal
figures. What is not simulated: failures, and cores that slow one another down.
"""

from __future__ import annotations

import argparse
import heapq
import math
import random
import sys
from collections import defaultdict, deque
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from analysis.video.plan import n_chunks_of

HOUR_S, DAY_S = 3600.0, 86_400.0
PROFILE = [
    1,
    1,
    1,
    1,
    1,
    1,
    2,
    4,
    8,
    11,
    12,
    12,
    10,
    11,
    12,
    11,
    9,
    7,
    5,
    4,
    3,
    3,
    2,
    1,
]  # videos by the hour of the day
MEDIAN_S, SPREAD, LONGEST_S = 360.0, 1.2, 4 * HOUR_S  # length of a video
N_USERS = 200
CHUNK_EXTRA_S, ASSEMBLY_S = 0.2, 1.0  # a chunk's claim, seek and checkpoint; the least of an assembly
ASSEMBLY_SHARE = 0.02  # of the time that its chunks took
SHORT_S = 120.0


@dataclass(slots=True)
class SimulatedRun:
    user: int
    came_s: float
    length_s: float
    waiting: int  # chunks that nobody has claimed
    unfinished: int  # chunks that are not done
    chunk_s: float  # computing time of a chunk
    began_s: float = math.nan
    ended_s: float = math.nan


@dataclass(slots=True)
class Queue:
    """The order of `faceapp.worker.claiming.claim_work`."""

    assemblies: deque[SimulatedRun] = field(default_factory=deque)
    by_user: dict[int, deque[SimulatedRun]] = field(default_factory=lambda: defaultdict(deque))
    at_work: dict[int, int] = field(default_factory=lambda: defaultdict(int))
    served_s: dict[int, float] = field(default_factory=lambda: defaultdict(lambda: -math.inf))

    def claim(self, now_s: float) -> tuple[str, SimulatedRun] | None:
        if self.assemblies:
            return "assembly", self.assemblies.popleft()
        users = [user for user, runs in self.by_user.items() if runs]
        if not users:
            return None
        user = min(users, key=lambda user: (self.at_work[user], self.served_s[user], user))
        run = self.by_user[user][0]
        run.waiting -= 1
        if not run.waiting:
            self.by_user[user].popleft()
        self.at_work[user] += 1
        self.served_s[user] = now_s
        return "chunk", run


def arrivals(hours_a_day: float, speed: float, n_days: int, seed: int) -> Iterator[SimulatedRun]:
    """Runs in the order in which they come."""
    chance = random.Random(seed)
    lengths = [min(LONGEST_S, MEDIAN_S * math.exp(chance.gauss(0, SPREAD))) for _ in range(20_000)]
    a_day = hours_a_day * HOUR_S / (sum(lengths) / len(lengths))
    shares = [1 / (rank + 3) for rank in range(N_USERS)]  # few send most
    now_s = 0.0
    while True:
        rate = a_day * PROFILE[int(now_s / HOUR_S) % 24] / sum(PROFILE) / HOUR_S
        now_s += chance.expovariate(rate)
        if now_s >= n_days * DAY_S:
            return
        length_s = chance.choice(lengths)
        n_chunks = n_chunks_of(length_s)
        (user,) = chance.choices(range(N_USERS), shares)
        yield SimulatedRun(user, now_s, length_s, n_chunks, n_chunks, length_s / n_chunks / speed + CHUNK_EXTRA_S)


def simulate(runs: list[SimulatedRun], n_workers: int) -> list[float]:
    """Gives each run its times; the busy worker-seconds of each hour."""
    queue, order = Queue(), count()
    idle = n_workers
    events = [(run.came_s, next(order), "comes", run) for run in runs]
    heapq.heapify(events)
    busy_s = [0.0] * (int(runs[-1].came_s / HOUR_S) + 200)
    while events:
        now_s, _, what, run = heapq.heappop(events)
        if what == "comes":
            queue.by_user[run.user].append(run)
        else:
            idle += 1
            end(queue, what, run, now_s)
        while idle and (claimed := queue.claim(now_s)) is not None:
            kind, next_run = claimed
            if math.isnan(next_run.began_s):
                next_run.began_s = now_s
            takes_s = next_run.chunk_s if kind == "chunk" else assembly_s(next_run)
            busy_s[int(now_s / HOUR_S)] += takes_s
            idle -= 1
            heapq.heappush(events, (now_s + takes_s, next(order), kind, next_run))
    return busy_s


def end(queue: Queue, what: str, run: SimulatedRun, now_s: float) -> None:
    if what == "assembly":
        run.ended_s = now_s
        return
    queue.at_work[run.user] -= 1
    run.unfinished -= 1
    if not run.unfinished:
        queue.assemblies.append(run)


def assembly_s(run: SimulatedRun) -> float:
    return ASSEMBLY_S + ASSEMBLY_SHARE * run.chunk_s * n_chunks_of(run.length_s)


def percentile(values: list[float], percent: int) -> float:
    return sorted(values)[min(len(values) - 1, len(values) * percent // 100)]


def span(seconds: float) -> str:
    return f"{seconds:.0f} s" if seconds < 120 else f"{seconds / 60:.0f} min"


def say(text: str) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--hours-a-day", type=float, default=1000, help="of video")
    parser.add_argument("--speed", type=float, default=3, help="of one worker, times real time")
    parser.add_argument("--workers", type=int, nargs="+", default=[16, 20, 28, 40, 54])
    parser.add_argument("--megabits", type=float, default=5, help="of a video, a second")
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()

    say("| workers | busy, day | busy, peak hour | first progress, median · 95 % | short video done, 95 % "
          "| any video done in, 95 % of them |\n|---|---|---|---|---|---|")  # fmt: skip
    for n_workers in options.workers:
        runs = list(arrivals(options.hours_a_day, options.speed, 2, options.seed))
        busy_s = simulate(runs, n_workers)[24:48]
        seen = [run for run in runs if run.came_s >= DAY_S]
        waits_s = [run.began_s - run.came_s for run in seen]
        short_s = [run.ended_s - run.came_s for run in seen if run.length_s <= SHORT_S]
        times_s = [run.ended_s - run.came_s for run in seen]
        say(
            f"| {n_workers} | {sum(busy_s) / DAY_S / n_workers:.0%} | {max(busy_s) / HOUR_S / n_workers:.0%} "
            f"| {span(percentile(waits_s, 50))} · {span(percentile(waits_s, 95))} | {span(percentile(short_s, 95))} "
            f"| {percentile(times_s, 95) / 60:.1f} min |"
        )
    tell_load(seen, max(busy_s) / HOUR_S, options.megabits)


def tell_load(seen: list[SimulatedRun], n_busy: float, megabits: float) -> None:
    """What the last table's line asks of everything beside the workers."""
    by_hour: dict[int, list[SimulatedRun]] = defaultdict(list)
    for run in seen:
        by_hour[int(run.came_s / HOUR_S)].append(run)
    peak = max(by_hour.values(), key=lambda runs: sum(run.length_s for run in runs))
    peak_s, day_s = (sum(run.length_s for run in runs) for runs in (peak, seen))
    n_chunks = sum(n_chunks_of(run.length_s) for run in peak)
    say(
        f"\n{len(seen)} videos, {sum(n_chunks_of(run.length_s) for run in seen)} chunks per day. Peak hour: "
        f"{len(peak)} videos, {n_chunks / HOUR_S:.1f} chunks/s claimed and finished, "
        f"{n_busy + 3 * n_chunks / HOUR_S:.0f} writes/s to the database, "
        f"{peak_s * megabits / 8 / HOUR_S:.0f} MB/s of uploads ({peak_s * megabits / HOUR_S / 1000:.2f} Gbit/s), "
        f"the same again read by workers. New files: {day_s * megabits / 8 / 1e6:.1f} TB per day."
    )


if __name__ == "__main__":
    main()
