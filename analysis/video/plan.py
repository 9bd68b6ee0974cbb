"""Cuts a video into chunks that workers do in any order; from packets alone, on keyframes, always the same.

Run as ``python -m analysis.video.plan PATH [CONFIG_JSON]`` it prints ``{"chunks": [...]}``.
"""

from __future__ import annotations

import sys
from fractions import Fraction
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from analysis.config import AnalysisConfig
from analysis.types import ChunkSpec
from analysis.video.errors import VideoError
from analysis.video.packets import PacketTable, read_packet_table
from analysis.video.source import open_source
from analysis.video.timing import Clock, exact

CHUNK_S = 25.0
MAX_CHUNKS = 360


def plan_chunks(path: str | Path, config: AnalysisConfig) -> tuple[ChunkSpec, ...]:
    """The chunks of a video, in order; together they hold every sample of it once.

    Raises:
        VideoError: the file cannot be opened or holds no picture.
    """
    with open_source(path) as source:
        table = read_packet_table(source)
        if not len(table):
            raise VideoError("no_picture", "The file has no picture that can be read.")
        return chunks_of(table, Clock.of(source), exact(config.sample_rate))


def chunks_of(table: PacketTable, clock: Clock, rate: Fraction) -> tuple[ChunkSpec, ...]:
    """Borders lie on keyframes that no later picture precedes, about `CHUNK_S` apart."""
    first_pts = int(table.pts.min())
    end_sample = max(1, -int(-clock.exact_s(table.end_pts) * rate // 1))
    duration_s = float((table.end_pts - first_pts) * clock.time_base)
    length_s = max(CHUNK_S, duration_s / MAX_CHUNKS)
    length = Fraction(length_s) / clock.time_base

    borders = [(0, first_pts)]
    last_pts = first_pts
    for pts in _clean_keyframes(table) if table.is_regular else ():
        sample = clock.first_sample(pts, rate)
        is_long_enough = pts - last_pts >= length and table.end_pts - pts >= length / 2
        if is_long_enough and borders[-1][0] < sample < end_sample:
            borders.append((sample, pts))
            last_pts = pts
    ends = [sample for sample, _ in borders[1:]] + [end_sample]
    return tuple(
        ChunkSpec(index, first, end, pts) for index, ((first, pts), end) in enumerate(zip(borders, ends, strict=True))
    )


def _clean_keyframes(table: PacketTable) -> list[int]:
    """Timestamps of keyframes that come, on display, after every packet that precedes them in the file."""
    earlier_max: NDArray[np.int64] = np.maximum.accumulate(table.pts)
    is_clean = table.is_key.copy()
    is_clean[0] = False
    is_clean[1:] &= table.pts[1:] > earlier_max[:-1]
    return [int(pts) for pts in table.pts[is_clean]]


def main(arguments: list[str]) -> int:
    import json
    from dataclasses import asdict

    from analysis.video.limits import limit_this_process, refuse

    limit_this_process(cpu_s=120, memory_mb=2048)
    config = AnalysisConfig.from_dict(json.loads(arguments[1])) if len(arguments) > 1 else AnalysisConfig()
    try:
        chunks = plan_chunks(arguments[0], config)
    except VideoError as error:
        return refuse(error)
    sys.stdout.write(json.dumps({"chunks": [asdict(chunk) for chunk in chunks]}) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
