"""The sentences say what the figures say, and nothing of what was not measured."""

from __future__ import annotations

from typing import Any

from models.in_short import sentences

FIGURES: dict[str, dict[str, Any]] = {
    "fairface_dev": {
        "gender": {"accuracy": 0.924},
        "ethnicity": {"accuracy": 0.803, "recall": {"White": 0.82, "Hispanic": 0.566}},
    },
    "utkface_dev": {"age": {"mae": 5.34, "groups": {"age_group": {"0-2": {"bias": 0.4}, "70+": {"bias": -11.1}}}}},
}


def test_numbers_are_those_of_the_figures() -> None:
    gender, ethnicity, age, oldest = sentences(FIGURES.get)
    assert "92 of 100" in gender
    assert "80 of 100" in ethnicity
    assert "The least accurate class is Hispanic: 57 of 100" in ethnicity
    assert "off by 5 years" in age
    assert "11 years too low" in oldest


def test_what_was_not_measured_is_not_told() -> None:
    assert sentences({}.get) == []


def test_what_failed_once_is_not_called_certain() -> None:
    (told,) = sentences({"lfw_pairs": {"accuracy": 0.998}}.get)
    assert "more than 99 of 100 pairs" in told
    (told,) = sentences({"lfw_pairs": {"accuracy": 1.0}}.get)
    assert "100 of 100 pairs" in told
