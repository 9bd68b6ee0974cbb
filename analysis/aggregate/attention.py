"""When a face is turned to the camera: samples inside a cone of head directions, and the spells they make."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from analysis.config import AnalysisConfig
from analysis.types import Floats, Integers


def looking(yaw_deg: Floats, pitch_deg: Floats, config: AnalysisConfig) -> NDArray[np.bool_]:
    """[n]: whether the head points into the cone of the config."""
    inside: NDArray[np.bool_] = (np.abs(yaw_deg) <= config.attention_yaw_deg) & (
        np.abs(pitch_deg) <= config.attention_pitch_deg
    )
    return inside


def facing(yaw_deg: Floats, pitch_deg: Floats, config: AnalysisConfig) -> Floats:
    """[n]: how much the head faces the camera, 1 straight at it, 0 at the border of the cone of the config."""
    away: Floats = np.maximum(
        np.abs(yaw_deg) / config.attention_yaw_deg, np.abs(pitch_deg) / config.attention_pitch_deg
    )
    return 1 - away


def attention_s(is_looking: NDArray[np.bool_], sample: Integers, config: AnalysisConfig) -> float:
    """Seconds in looking spells that last at least `attention_min_spell_s`; a missed sample ends a spell."""
    total = 0
    for n in spell_lengths(is_looking, sample):
        if n / config.sample_rate >= config.attention_min_spell_s - 1e-9:
            total += n
    return total / config.sample_rate


def spell_lengths(is_true: NDArray[np.bool_], sample: Integers) -> list[int]:
    """Numbers of samples in runs of true at consecutive indices."""
    when = sample[is_true]
    if not len(when):
        return []
    return [len(run) for run in np.split(when, np.flatnonzero(np.diff(when) != 1) + 1)]
