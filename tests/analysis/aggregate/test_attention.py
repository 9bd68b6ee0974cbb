from __future__ import annotations

import numpy as np

from analysis.aggregate.attention import attention_s, looking
from analysis.config import AnalysisConfig

CONFIG = AnalysisConfig()


def seconds(pattern: str, samples: list[int] | None = None) -> float:
    mask = np.array([letter == "#" for letter in pattern])
    return attention_s(mask, np.array(samples or range(len(mask))), CONFIG)


def test_the_cone_has_the_angles_of_the_config() -> None:
    yaw = np.array([0, 25, 25.1, -24, 0], np.float32)
    pitch = np.array([0, 0, 0, -20, 20.5], np.float32)
    assert looking(yaw, pitch, CONFIG).tolist() == [True, True, False, True, False]


def test_spells_of_half_a_second_count_and_shorter_ones_do_not() -> None:
    assert seconds("###.##.###") == 6 / 5


def test_a_gap_in_the_samples_ends_a_spell() -> None:
    assert seconds("####", [0, 1, 4, 5]) == 0
    assert seconds("####", [0, 1, 2, 3]) == 4 / 5


def test_nobody_looking_is_zero() -> None:
    assert seconds("....") == 0
