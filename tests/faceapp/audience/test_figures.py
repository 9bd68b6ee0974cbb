"""Figures of small groups whose answers can be worked out by hand."""

from __future__ import annotations

import pytest

from faceapp.audience.bands import AGE_BANDS, band_of
from faceapp.audience.figures import audience_of, n_appearances
from tests.faceapp.audience.cast import made_person


def test_ages_on_the_edge_of_a_band_belong_to_one_band() -> None:
    assert [band_of(years).key for years in (0, 12, 13, 17, 18, 64, 65, 100)] == [
        "0-12", "0-12", "13-17", "13-17", "18-24", "55-64", "65+", "65+",
    ]  # fmt: skip


def test_posters_are_left_out_unless_asked_for() -> None:
    people = [made_person(1), made_person(2, is_static=True)]
    figures = audience_of(people)
    assert (figures.ots.value, figures.n_static) == (1, 1)
    assert audience_of(people, with_static=True).ots.value == 2


def test_conversion_is_watchers_of_everyone() -> None:
    figures = audience_of([made_person(1, attention_s=2.0), *(made_person(k) for k in range(2, 5))])
    conversion = figures.conversion_ratio
    assert (conversion.value, conversion.n) == (0.25, 4)
    assert (conversion.low, conversion.high) == pytest.approx((0.0456, 0.6994), abs=1e-4)


def test_attention_is_the_median_of_watchers_alone() -> None:
    figures = audience_of([made_person(k, attention_s=float(k)) for k in range(8)])
    attention = figures.attention_time
    assert (attention.value, attention.n) == (4.0, 7)
    assert (attention.low, attention.high) == (1.0, 7.0)


def test_attraction_is_attention_over_dwell() -> None:
    people = [made_person(1, attention_s=2.0, in_view_s=4.0), made_person(2, attention_s=1.0, in_view_s=8.0)]
    attraction = audience_of([*people, made_person(3, in_view_s=100.0)]).attraction_ratio
    assert (attraction.value, attraction.n) == (0.25, 2)


def test_net_positivity_counts_each_person_once_and_only_what_could_be_read() -> None:
    happy = made_person(1, emotion={"Happy": 0.5, "unknown": 0.5})
    cross = made_person(2, emotion={"Angry": 0.3, "Sad": 0.2, "Neutral": 0.5}, in_view_s=500.0)
    unreadable = made_person(3, emotion={"unknown": 1.0})
    net = audience_of([happy, cross, unreadable]).net_positivity
    assert (net.value, net.n) == (pytest.approx(25.0), 2)


def test_unknown_is_a_group_of_its_own_and_shares_sum_to_one() -> None:
    figures = audience_of([made_person(1), made_person(2, gender="unknown", ethnicity="unknown")])
    assert {share.key: share.count for share in figures.genders} == {"female": 1, "male": 0, "unknown": 1}
    for shares in (*figures.labels.values(), figures.ages, figures.main_emotions):
        assert sum(share.value for share in shares) == pytest.approx(1)
    assert sum(part.count for row in figures.pyramid for part in (row.female, row.male, row.unknown)) == 2


def test_what_is_switched_off_has_no_figure() -> None:
    off = made_person(1, age=None, gender=None, ethnicity=None, attention_s=None)
    figures = audience_of([off])
    assert (figures.labels, figures.ages, figures.pyramid, figures.age) == ({}, (), (), None)
    assert (figures.conversion_ratio.value, figures.conversion_ratio.n) == (None, 0)
    assert list(figures.screen_time) == []


def test_nobody_is_an_audience_too() -> None:
    figures = audience_of([])
    assert figures.ots.value == 0
    assert figures.attention_time.value is None


def test_who_comes_back_after_five_seconds_appears_twice() -> None:
    person = made_person(1, times=((0.0, 4.0), (4.0, 6.0), (10.9, 12.0), (17.0, 18.0)))
    assert n_appearances(person) == 2
    assert audience_of([person, made_person(2)]).impressions.value == 3


def test_screen_time_adds_the_seconds_of_a_group() -> None:
    figures = audience_of([made_person(1, in_view_s=6.0), made_person(2, in_view_s=2.0, gender="male")])
    female, male, unknown = figures.screen_time["gender"]
    assert (female.seconds, female.share, male.share, unknown.seconds) == (6.0, 0.75, 0.25, 0.0)


def test_the_histogram_loses_no_watcher() -> None:
    seconds = [0.5, 0.7, 1.0, 1.0, 2.5, 3.0, 40.0]
    bins = audience_of([made_person(k, attention_s=s, in_view_s=50) for k, s in enumerate(seconds)]).attention_bins
    assert sum(each.count for each in bins) == len(seconds)
    assert bins[-1].to_s is None


def test_bands_cover_every_age_once() -> None:
    assert all(sum(band.holds(years) for band in AGE_BANDS) == 1 for years in range(101))
