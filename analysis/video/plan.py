"""Cuts a video into chunks that workers do in any order; from packets alone, always the same."""

from __future__ import annotations

from dataclasses import dataclass
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

SHORTEST_S, LONGEST_S = 6.0, 25.0  # a chunk, where keyframes allow it
FEW_CHUNKS = 8  # a video of any length gives work to so many workers, unless chunks would be shorter than the shortest
MAX_CHUNKS = 360


@dataclass(frozen=True, slots=True)
class Border:
    """Where a chunk may begin."""

    sample: int  # its first
    seek_pts: int  # of the keyframe where its decoding begins
    is_halfway: bool  # between two keyframes


def plan_chunks(path: str | Path, config: AnalysisConfig) -> tuple[ChunkSpec, ...]:
    """The chunks of a video, in order; together they hold every sample of it once.

    Raises:
        VideoError: the file cannot be opened or holds no picture.
    """
    with open_source(path) as source:
        table = read_packet_table(source)
        if not len(table):
            raise VideoError("no_picture", "The file has no readable picture.")
        return chunks_of(table, Clock.of(source), exact(config.sample_rate))


def chunks_of(table: PacketTable, clock: Clock, rate: Fraction) -> tuple[ChunkSpec, ...]:
    """Chunks of about equal length, so that workers end together; each border is the possible one nearest to that."""
    first_pts = int(table.pts.min())
    end_sample = max(1, -int(-clock.exact_s(table.end_pts) * rate // 1))
    n_wanted = n_chunks_of(float((table.end_pts - first_pts) * clock.time_base))
    possible = _possible_borders(table, clock, rate, end_sample / n_wanted) if table.is_regular else []

    borders = [Border(0, first_pts, is_halfway=False)]
    shortest = end_sample / n_wanted / 2
    for i in range(1, n_wanted):
        ideal = end_sample * i / n_wanted
        least, most = borders[-1].sample + shortest, min(ideal + shortest, end_sample - shortest)
        near = [border for border in possible if least <= border.sample <= most]
        if near:
            borders.append(min(near, key=lambda border: (border.is_halfway, abs(border.sample - ideal))))
    ends = [border.sample for border in borders[1:]] + [end_sample]
    return tuple(
        ChunkSpec(index, border.sample, end, border.seek_pts)
        for index, (border, end) in enumerate(zip(borders, ends, strict=True))
    )


def n_chunks_of(duration_s: float) -> int:
    """How many chunks: a handful of a short video, so that all workers begin at once, a few hundred of a long one."""
    length_s = min(max(duration_s / FEW_CHUNKS, SHORTEST_S), LONGEST_S)
    return min(max(1, round(duration_s / length_s)), MAX_CHUNKS)


def _possible_borders(table: PacketTable, clock: Clock, rate: Fraction, length: float) -> list[Border]:
    """Where a chunk may begin, in order: at keyframes, and halfway to the next one when that is over a chunk away.

    What begins halfway is decoded from the keyframe on: at most half of the video's pictures are decoded twice, and
    none is looked at twice. Short clips from phones and editors often have one keyframe alone.

    Args:
        length: of a chunk, in samples.
    """
    keyframes = [(clock.first_sample(pts, rate), pts) for pts in (int(table.pts.min()), *_clean_keyframes(table))]
    end_sample = clock.first_sample(table.end_pts, rate)
    next_samples = [sample for sample, _ in keyframes[1:]] + [end_sample]
    borders = []
    for (sample, pts), next_sample in zip(keyframes, next_samples, strict=True):
        borders.append(Border(sample, pts, is_halfway=False))
        if next_sample - sample > length:
            borders.append(Border((sample + next_sample) // 2, pts, is_halfway=True))
    return borders


def _clean_keyframes(table: PacketTable) -> list[int]:
    """Timestamps of keyframes that come, on display, after every packet that precedes them in the file."""
    earlier_max: NDArray[np.int64] = np.maximum.accumulate(table.pts)
    is_clean = table.is_key.copy()
    is_clean[0] = False
    is_clean[1:] &= table.pts[1:] > earlier_max[:-1]
    return [int(pts) for pts in table.pts[is_clean]]
