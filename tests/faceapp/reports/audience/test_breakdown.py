"""Fewer than five people are not broken down, and nothing else gives away what is left out."""

from __future__ import annotations

from dataclasses import dataclass, fields

import pytest

from analysis.config import DEFAULT_SWITCHES
from faceapp.audience.figures import AudienceFigures, Figure, Share, audience_of, share_of
from faceapp.reports.audience.breakdown import Breakdown, breakdown_of
from faceapp.reports.audience.sayable import FEW, FOLLOWS, groups_kept_whole, sayable
from faceapp.reports.document import ReportFigure
from faceapp.results.selectors import PersonView
from tests.faceapp.audience.cast import made_person


def said_of(*people: PersonView, whole: str = "") -> Breakdown:
    return breakdown_of(audience_of(people), DEFAULT_SWITCHES, whole=whole)


def told(said: Breakdown, key: str) -> ReportFigure:
    figure = said.figure(key)
    assert figure is not None
    return figure


def crowd(n: int, **ordinary: object) -> list[PersonView]:
    return [made_person(k + 1, **ordinary) for k in range(n)]  # type: ignore[arg-type]


def test_four_people_are_counted_and_no_more_is_said_of_them() -> None:
    said = said_of(*crowd(4, attention_s=2.0))
    assert (told(said, "ots").value, told(said, "in_view").value) == (4, 10.0)
    for key in ("conversion_ratio", "attention_time", "attraction_ratio", "net_positivity", "apparent_age"):
        figure = told(said, key)
        assert (figure.value, figure.low, figure.n, figure.text) == (None, None, 4, "–"), key
    assert not any((said.labels, said.ages, said.pyramid, said.main_emotions, said.emotion_time))
    for kind in ("gender", "age", "age_gender", "ethnicity", "main_expression", "expression_time"):
        assert said.words_for(kind) == FEW


def test_whether_four_people_looked_cannot_be_told() -> None:
    assert said_of(*crowd(4, attention_s=0.0)) == said_of(*crowd(4, attention_s=9.0))


def test_of_five_people_everything_is_said() -> None:
    said = said_of(*crowd(5, attention_s=2.0))
    assert not said.not_said
    assert {share.key: share.count for share in said.labels["gender"]} == {"female": 5, "male": 0, "unknown": 0}
    assert all(figure.value is not None for figure in (*said.headline, *said.more))


def test_attention_of_four_watchers_is_left_out_though_more_people_were_seen() -> None:
    said = said_of(*crowd(8), *(made_person(20 + k, attention_s=3.0) for k in range(4)))
    assert told(said, "conversion_ratio").value is not None
    assert (told(said, "attention_time").value, told(said, "attention_time").n) == (None, 4)


def test_an_age_band_of_three_is_not_broken_down_by_gender_nor_the_one_that_would_give_it_away() -> None:
    said = said_of(
        *crowd(9, age=30),
        *crowd(6, age=40),
        *crowd(3, age=70, gender="male"),
        *(made_person(50 + k, age=20) for k in range(7)),
    )
    assert {each.group: each.words for each in said.not_said} == {"65+": FEW, "35-44": FOLLOWS}
    assert {share.key.partition(":")[0] for share in said.pyramid if share.count} == {"25-34", "18-24"}
    assert next(share.count for share in said.ages if share.key == "65+") == 3


def test_a_group_that_must_stay_whole_says_its_own_words() -> None:
    said = said_of(*crowd(9), whole=FOLLOWS)
    assert said.words == FOLLOWS
    assert said.words_for("gender") == FOLLOWS
    assert not said.labels
    assert all(figure.value is None for figure in said.headline if figure.key != "ots")


def test_small_groups_that_are_many_together_hide_one_another() -> None:
    assert groups_kept_whole({"a": 3, "b": 4, "c": 9}) == {"a": FEW, "b": FEW}
    assert groups_kept_whole({"a": 3, "b": 0, "c": 9, "d": 7}) == {"a": FEW, "d": FOLLOWS}
    assert groups_kept_whole({"a": 3}) == {"a": FEW}
    assert groups_kept_whole({"a": 5, "b": 0}) == {}


def test_what_is_switched_off_has_no_figure() -> None:
    off = crowd(6, age=None, gender=None, ethnicity=None, attention_s=None)
    said = breakdown_of(audience_of(off), ("emotion",))
    assert [figure.key for figure in said.headline] == ["ots", "net_positivity"]
    assert not any((said.labels, said.ages, said.not_said))


@dataclass(frozen=True, slots=True)
class MoreFigures(AudienceFigures):
    """As somebody adds figures and thinks of nothing else."""

    smiling: Figure
    smilers: tuple[Share, ...]
    names: tuple[str, ...]


@pytest.mark.parametrize(("n", "is_told"), [(4, False), (5, True)])
def test_a_figure_that_nobody_marked_as_public_is_withheld_from_few(n: int, is_told: bool) -> None:
    plain = audience_of(crowd(n))
    added = {"smiling": Figure("smiling", 0.5, "share", 0.1, 0.9, n), "smilers": (share_of("yes", 2, n),)}
    values = {each.name: getattr(plain, each.name) for each in fields(plain)}
    said = sayable(MoreFigures(**values, **added, names=("Ann",)))
    assert (said.smiling.value is not None, bool(said.smilers)) == (is_told, is_told)
    assert said.names == ()  # it does not say on how many people it rests
    assert (said.n_people, said.ots.value, said.in_view.value) == (n, n, plain.in_view.value)
