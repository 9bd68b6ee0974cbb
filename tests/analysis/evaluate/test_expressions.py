from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from analysis.evaluate.expressions import n_alarms, read_labels, summed, told_of


def _times(n: int, first_s: float = 0.0) -> list[float]:
    return [first_s + k / 5 for k in range(n)]


def _clip(truth: str, said: str | None, alarms: int = 0, in_view_s: float = 3.0) -> dict[str, Any]:
    return {"truth": truth, "said": said, "alarms": alarms, "in_view_s": in_view_s}


def test_a_clip_s_answer_is_that_of_the_track_longest_in_view() -> None:
    samples = {"emotion": ["Happy"], "time_s": [0.0]}
    tracks = [
        {"in_view_s": in_view_s, "samples": samples, "emotion": {"label": label, "shares": {}}}
        for in_view_s, label in ((1.0, "Sad"), (2.0, "Happy"))
    ]
    assert told_of(tracks, 5.0, "Sad")["said"] == "Happy"
    assert told_of([], 5.0, "Sad")["said"] is None


def test_an_alarm_is_a_spell_of_half_a_second_of_one_expression() -> None:
    labels = ["Happy"] * 3 + ["Neutral"] + ["Sad"] * 2 + ["Angry"] * 2 + ["unknown"] * 5
    assert n_alarms(labels, _times(len(labels)), 5.0) == 1


def test_a_missed_sample_ends_a_spell() -> None:
    assert n_alarms(["Happy"] * 4, _times(2) + _times(2, first_s=3.0), 5.0) == 0
    assert n_alarms(["Happy"] * 6, _times(3) + _times(3, first_s=3.0), 5.0) == 2


def test_unknown_and_no_track_are_wrong_and_every_label_counts_alike() -> None:
    clips = {
        "a": _clip("Happy", "Happy"),
        "b": _clip("Happy", "Happy"),
        "c": _clip("Happy", "unknown"),
        "d": _clip("Sad", None),
        "e": _clip("Neutral", "Neutral", alarms=1, in_view_s=30.0),
    }
    figures = summed(clips)
    assert figures["accuracy"] == 0.6
    assert figures["recall"] == {"Happy": 0.6667, "Neutral": 1.0, "Sad": 0.0}
    assert figures["mean_recall"] == 0.5556
    assert figures["unknown_share"] == 0.4
    assert figures["confusion"]["Happy"] == {"Happy": 2, "unknown": 1}
    assert figures["false_alarms_per_min"] == 2.0


def test_alarms_are_not_counted_where_no_clip_is_neutral() -> None:
    assert summed({"a": _clip("Happy", "Happy", alarms=3)})["false_alarms_per_min"] is None


def test_a_label_that_is_none_of_the_product_s_is_refused(tmp_path: Path) -> None:
    labels = tmp_path / "labels.csv"
    labels.write_text("file,emotion\na.mp4,Bored\n", encoding="utf-8")
    with pytest.raises(ValueError, match="'Bored' is none of Angry"):
        read_labels(labels)
