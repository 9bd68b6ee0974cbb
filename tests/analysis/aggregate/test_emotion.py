"""A timeline that holds still when the face does, and follows it when it changes."""

from __future__ import annotations

from itertools import groupby

import numpy as np

from analysis.aggregate.emotion import outstanding, smoothed_labels, summarize
from analysis.types import EMOTIONS, Floats


def course(*spells: tuple[str, int], sure: float = 0.8) -> Floats:
    rows = []
    for name, n in spells:
        row = np.full(len(EMOTIONS), (1 - sure) / 5, np.float32)
        row[EMOTIONS.index(name)] = sure
        rows += [row] * n
    return np.array(rows)


def labels(distribution: Floats, rate: float = 5, quality: float = 0.8, floor: float = 0.35) -> list[tuple[str, int]]:
    n = len(distribution)
    found = smoothed_labels(EMOTIONS, distribution, np.arange(n), np.full(n, quality, np.float32), rate, floor)
    return [(name, len(list(run))) for name, run in groupby(found)]


def test_one_odd_sample_is_smoothed_away() -> None:
    assert labels(course(("Neutral", 5), ("Angry", 1), ("Neutral", 5), sure=0.95)) == [("Neutral", 11)]


def test_an_odd_sample_at_an_end_is_smoothed_away_too() -> None:
    assert labels(course(("Neutral", 6), ("Angry", 1), sure=0.95)) == [("Neutral", 7)]
    assert labels(course(("Angry", 1), ("Neutral", 6), sure=0.95)) == [("Neutral", 7)]
    assert labels(course(("Neutral", 6), ("Angry", 3))) == [("Neutral", 6), ("Angry", 3)]


def test_a_change_of_half_a_second_is_kept() -> None:
    spells = [("Neutral", 6), ("Surprised", 3), ("Neutral", 6)]
    assert labels(course(*spells)) == spells


def test_half_a_second_is_kept_at_a_higher_rate_too() -> None:
    spells = [("Neutral", 20), ("Happy", 10), ("Neutral", 20)]
    assert labels(course(*spells), rate=20) == spells


def test_an_emotion_held_for_two_seconds_is_one_spell_under_noise() -> None:
    noisy = course(("Sad", 4), ("Neutral", 1), ("Sad", 2), ("Neutral", 1), ("Sad", 4), sure=0.6)
    assert labels(noisy) == [("Sad", 12)]


def test_a_smile_of_two_seconds_between_calm_is_three_spells_for_any_noise() -> None:
    for seed in range(20):
        rng = np.random.default_rng(seed)
        noise = rng.dirichlet(np.ones(len(EMOTIONS)), 40).astype(np.float32)
        seen = 0.65 * course(("Neutral", 15), ("Happy", 10), ("Neutral", 15), sure=0.75) + 0.35 * noise
        found = labels(seen.astype(np.float32))
        assert [name for name, _ in found] == ["Neutral", "Happy", "Neutral"], seed
        assert abs(found[1][1] - 10) <= 1


def test_a_poor_picture_is_unknown() -> None:
    assert labels(course(("Happy", 5)), quality=0.02) == [("unknown", 5)]


def test_a_network_in_doubt_is_unknown() -> None:
    assert labels(course(("Happy", 5), sure=0.3)) == [("unknown", 5)]


def test_shares_are_of_samples_and_add_up_to_one() -> None:
    told = summarize(EMOTIONS, ("Happy", "Happy", "Sad", "unknown"))
    assert told.label == "Happy"
    assert told.shares["Happy"] == 0.5
    assert sum(told.shares.values()) == 1.0
    assert list(told.shares) == [*EMOTIONS, "unknown"]


def test_mostly_unknown_is_unknown() -> None:
    assert summarize(EMOTIONS, ("Happy", "unknown", "unknown")).label == "unknown"
    assert summarize(EMOTIONS, ()).label == "unknown"


def stands_out(distribution: Floats, quality: float = 0.8) -> str:
    n = len(distribution)
    return outstanding(EMOTIONS, "Neutral", distribution, np.arange(n), np.full(n, quality, np.float32), rate=5)


def test_anger_that_breaks_through_speech_stands_out_and_calm_speech_is_neutral() -> None:
    spoken = course(("Neutral", 4), ("Angry", 2), ("Neutral", 4), ("Angry", 2), ("Neutral", 3), sure=0.7)
    assert stands_out(spoken) == "Angry"
    assert stands_out(course(("Neutral", 15), sure=0.6)) == "Neutral"
    flickering = course(*[("Neutral", 2), ("Happy", 1), ("Neutral", 2), ("Sad", 1)] * 4, sure=0.6)
    assert stands_out(flickering) == "Neutral"


def test_a_short_smile_in_a_long_calm_course_does_not_stand_out() -> None:
    assert stands_out(course(("Neutral", 100), ("Happy", 5), ("Neutral", 100))) == "Neutral"


def test_what_stands_out_is_unknown_while_most_pictures_are_poor() -> None:
    assert stands_out(course(("Happy", 5)), quality=0.02) == "unknown"
    assert stands_out(course()[:0].reshape(0, len(EMOTIONS))) == "unknown"
