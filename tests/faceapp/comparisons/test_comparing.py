"""Figures of columns and their differences, over people made by hand."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from analysis.config import DEFAULT_SWITCHES
from faceapp.audience.figures import audience_of
from faceapp.comparisons.comparing import ColumnPeople, ComparedRow, Member, rows_of
from faceapp.comparisons.measures import measures_of
from faceapp.comparisons.verdicts import Verdict
from faceapp.reports.audience.sayable import FEW, FOLLOWS
from faceapp.results.people import PersonView
from tests.faceapp.audience.cast import made_person


def crowd(n: int, n_women: int, *, attention_s: float = 2.0, happy: float = 0.2) -> list[PersonView]:
    return [
        made_person(
            k,
            gender="female" if k < n_women else "male",
            attention_s=attention_s if k % 2 else 0.0,
            in_view_s=10 + k % 7,
            emotion={"Happy": happy * (k % 3) / 2, "Neutral": 1 - happy * (k % 3) / 2},
            age=20 + k % 40,
        )
        for k in range(n)
    ]


def group(letter: str, people: Sequence[PersonView], first: int = 0) -> ColumnPeople:
    return ColumnPeople(letter, tuple(Member((letter, first + k), 0, person) for k, person in enumerate(people)))


def same(letter: str, people: Sequence[PersonView]) -> ColumnPeople:
    """People who are in every column that is made so."""
    return ColumnPeople(letter, tuple(Member(k, 0, person) for k, person in enumerate(people)))


def compared(*groups: ColumnPeople, is_paired: bool = False) -> dict[str, ComparedRow]:
    rows = rows_of(groups, measures_of(DEFAULT_SWITCHES), drawn="b", is_paired=is_paired)
    return {row.measure.key: row for row in rows}


def test_values_of_a_column_are_those_of_the_page_audience() -> None:
    people = crowd(40, 25)
    figures = audience_of(people)
    rows = compared(group("a", people), group("b", crowd(50, 20)))
    for key, expected in {
        "conversion_ratio": figures.conversion_ratio,
        "attention_time": figures.attention_time,
        "attraction_ratio": figures.attraction_ratio,
        "net_positivity": figures.net_positivity,
        "in_view": figures.in_view,
        "apparent_age": figures.age,
        **{f"expression_time:{each.key.partition(':')[2]}": each for each in figures.emotion_time},
    }.items():
        found = rows[key].figures["a"]
        assert expected is not None
        assert (found.value, found.low, found.high, found.n) == pytest.approx(
            (expected.value, expected.low, expected.high, expected.n)
        ), key
    for share in (*figures.genders, *figures.ages):
        found = rows[f"gender:{share.key}" if share in figures.genders else f"age:{share.key}"].figures["a"]
        assert (found.value, found.low, found.high, found.n) == (share.value, share.low, share.high, share.n)
    for time in figures.screen_time["gender"]:
        assert rows[f"screen_time_gender:{time.key}"].figures["a"].value == pytest.approx(time.share)


def test_a_clear_difference_is_said_with_its_direction() -> None:
    rows = compared(group("a", crowd(100, 20)), group("b", crowd(100, 80)))
    assert rows["gender:female"].verdict is Verdict.HIGHER
    assert rows["gender:male"].verdict is Verdict.LOWER
    assert rows["gender:female"].points is not None
    assert rows["gender:female"].points[0] == pytest.approx(60)


def test_no_interval_holds_a_difference_that_cannot_be() -> None:
    """Of a handful of people the bootstrap of a share of time reaches beyond 100 points."""
    rows = compared(group("a", crowd(6, 3, happy=1.0)), group("b", crowd(7, 3, happy=0.9)[2:]))
    shares = [row.difference for row in rows.values() if row.measure.unit == "share" and row.difference]
    assert shares
    assert all(-1 <= each.low <= each.value <= each.high <= 1 for each in shares)
    balance = rows["net_positivity"].difference
    assert balance is not None
    assert balance.low >= -200
    assert balance.high <= 200


def test_equal_columns_show_no_difference_to_speak_of_where_enough_people_are() -> None:
    rows = compared(group("a", crowd(2000, 1000)), group("b", crowd(2000, 1000)))
    assert rows["gender:female"].verdict is Verdict.NO_DIFFERENCE
    assert rows["expression_time:Happy"].verdict is Verdict.NO_DIFFERENCE


def test_under_thirty_people_nothing_is_said() -> None:
    rows = compared(group("a", crowd(29, 0)), group("b", crowd(100, 100)))
    assert rows["gender:female"].verdict is Verdict.TOO_FEW
    assert rows["gender:female"].difference is not None


def test_swapped_columns_mirror_every_difference() -> None:
    a, b = crowd(60, 20, happy=0.4), crowd(80, 50)
    there, back = compared(group("a", a), group("b", b)), compared(group("a", b), group("b", a))
    for key, row in there.items():
        if row.difference:
            other = back[key].difference
            assert other is not None
            assert (other.value, other.low, other.high) == pytest.approx(
                (-row.difference.value, -row.difference.high, -row.difference.low)
            ), key


def test_the_same_people_on_both_sides_are_compared_with_themselves() -> None:
    before, after = crowd(60, 30, happy=0.2), crowd(60, 30, happy=0.5)
    paired = compared(same("a", before), same("b", after), is_paired=True)["expression_time:Happy"]
    groups = compared(group("a", before), group("b", after))["expression_time:Happy"]
    assert paired.n_pairs == 60
    assert paired.difference is not None
    assert groups.difference is not None
    assert paired.difference.high - paired.difference.low < groups.difference.high - groups.difference.low


def test_who_is_on_one_side_alone_is_left_out_of_pairs() -> None:
    rows = compared(same("a", crowd(60, 30)), same("b", crowd(40, 30)), is_paired=True)
    assert rows["gender:female"].n_pairs == 40
    assert rows["gender:female"].figures["a"].n == 40


def test_a_group_of_fewer_than_five_is_not_told() -> None:
    rows = compared(group("a", crowd(60, 30)), group("b", crowd(4, 2)))
    row = rows["gender:female"]
    assert row.withheld == {"b": FEW}
    assert row.figures["b"].value is None
    assert (row.difference, row.verdict) == (None, Verdict.WITHHELD)
    assert rows["in_view"].figures["b"].value is not None  # public for however few


def test_fewer_than_five_watchers_are_not_told_of_many_people() -> None:
    few = [made_person(k, attention_s=3.0 if k < 3 else 0.0) for k in range(50)]
    rows = compared(group("a", crowd(60, 30)), group("b", few))
    assert rows["attention_time"].withheld == {"b": FEW}
    assert rows["conversion_ratio"].withheld == {}


def test_a_column_that_would_give_away_a_few_by_subtraction_is_not_told() -> None:
    everyone = crowd(60, 30)
    rows = compared(same("a", everyone), same("b", everyone[:57]))
    assert rows["gender:female"].withheld == {"b": FOLLOWS}
    rows = compared(same("a", everyone), same("b", everyone[:50]))
    assert rows["gender:female"].withheld == {}


def test_two_columns_may_not_give_away_a_third_together() -> None:
    everyone = crowd(60, 30)
    third = ColumnPeople("c", tuple(Member(k, 0, everyone[k]) for k in range(38, 60)))
    rows = compared(same("a", everyone), same("b", everyone[:36]), third)  # 2 people are in neither
    assert rows["gender:female"].withheld == {"c": FOLLOWS}


def test_what_nobody_shows_is_still_compared() -> None:
    calm, glad = crowd(100, 50, happy=0.0), crowd(100, 50, happy=0.5)
    row = compared(group("a", calm), group("b", glad))["expression_time:Happy"]
    assert row.verdict is Verdict.HIGHER
    assert row.figures["a"].value == 0


def test_an_attribute_that_is_off_is_not_a_figure() -> None:
    keys = {measure.figure for measure in measures_of(["attention"])}
    assert keys == {"conversion_ratio", "in_view", "in_view_mean", "attention_time", "attraction_ratio"}
