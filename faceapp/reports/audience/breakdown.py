"""What a report for others may say of a group of people: fewer than five are never broken down by attribute."""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TypeVar

from faceapp.audience.figures import LEAST_PEOPLE, AudienceFigures, Figure, PyramidRow, Share
from faceapp.audience.glossary import is_on
from faceapp.reports.document import (
    ReportFigure,
    ReportShare,
    report_figure,
    report_labels,
    report_pyramid,
    report_share,
)

G = TypeVar("G", bound=Hashable)

FEW = "fewer than five people"
FOLLOWS = "not broken down"  # five people or more, whose figures would give away those of fewer


@dataclass(frozen=True, slots=True)
class NotSaid:
    """Words in the place of shares; `group` is empty where all shares of this kind are left out."""

    figure: str  # as in figures.csv: "gender", "age_gender", "expression_time" …
    group: str
    n: int
    words: str


@dataclass(frozen=True, slots=True)
class Breakdown:
    """Figures and shares of a group. A figure that is left out has an n and no value; shares are gone."""

    headline: tuple[ReportFigure, ...]
    more: tuple[ReportFigure, ...]
    labels: Mapping[str, tuple[ReportShare, ...]]  # by attribute that gives one label
    ages: tuple[ReportShare, ...]
    pyramid: tuple[ReportShare, ...]
    main_emotions: tuple[ReportShare, ...]
    emotion_time: tuple[ReportFigure, ...]
    not_said: tuple[NotSaid, ...]
    words: str  # in the place of every figure that is left out

    def figure(self, key: str) -> ReportFigure | None:
        """By its key of the glossary; None where its attribute is switched off."""
        return next((figure for figure in (*self.headline, *self.more) if figure.key == key), None)

    def words_for(self, kind: str) -> str:
        """What stands in the place of a whole kind of shares; empty where they are said or were not judged."""
        return next((each.words for each in self.not_said if each.figure == kind and not each.group), "")


def breakdown_of(figures: AudienceFigures, attributes: Sequence[str], *, whole: str = "") -> Breakdown:
    """Of a group with these attributes on; `whole` are the words where it may not be broken down at all."""
    words = whole or FEW
    least = figures.n_people + 1 if whole else LEAST_PEOPLE
    said = sayable(figures, least)
    more = (said.impressions, said.in_view, figures.age and _figure(figures.age, figures.n_people, least))
    return Breakdown(
        headline=tuple(report_figure(each) for each in said.headline if is_on(each.key, attributes)),
        more=tuple(report_figure(each) for each in more if each),
        labels=report_labels(said.labels),
        ages=tuple(map(report_share, said.ages)),
        pyramid=report_pyramid(said),
        main_emotions=tuple(map(report_share, said.main_emotions)),
        emotion_time=tuple(map(report_figure, said.emotion_time)),
        not_said=(*_kinds_not_said(figures, least, words), *_bands_not_said(said.pyramid, figures.pyramid)),
        words=words,
    )


def sayable(figures: AudienceFigures, least: int = LEAST_PEOPLE) -> AudienceFigures:
    """Without what would break down fewer than `least` people by an attribute."""
    pyramid = figures.pyramid if figures.pyramid and figures.pyramid[0].female.n >= least else ()
    kept_whole = groups_kept_whole({row.band.key: _count(row) for row in pyramid})
    return replace(
        figures,
        conversion_ratio=_figure(figures.conversion_ratio, figures.n_people, least),
        attention_time=_figure(figures.attention_time, figures.n_people, least),
        attraction_ratio=_figure(figures.attraction_ratio, figures.n_people, least),
        net_positivity=_figure(figures.net_positivity, figures.n_people, least),
        age=figures.age if figures.age and figures.age.n >= least else None,
        labels={key: shares for key, shares in figures.labels.items() if _enough(shares, least)},
        ages=_enough(figures.ages, least),
        pyramid=tuple(row for row in pyramid if row.band.key not in kept_whole),
        main_emotions=_enough(figures.main_emotions, least),
        emotion_time=figures.emotion_time if figures.emotion_time and figures.emotion_time[0].n >= least else (),
        attention_bins=figures.attention_bins if figures.attention_time.n >= least else (),
        screen_time={},
    )


def groups_kept_whole(sizes: Mapping[G, int]) -> dict[G, str]:
    """Which of several groups may not be broken down, with the words for it.

    Those under five; and where these hold fewer than five people together, the smallest other one as well: what all
    groups have less what the others have would be theirs.
    """
    whole = {group: FEW for group, n in sizes.items() if is_small(n)}
    others = [group for group, n in sizes.items() if n >= LEAST_PEOPLE]
    if others and is_small(sum(sizes[group] for group in whole)):
        whole[min(others, key=lambda group: sizes[group])] = FOLLOWS
    return whole


def is_small(n: int, least: int = LEAST_PEOPLE) -> bool:
    return 0 < n < least


def _figure(figure: Figure, n_people: int, least: int) -> Figure:
    """Of a group that is too small, not even n: it would say how many looked."""
    if is_small(n_people, least):
        return replace(figure, value=None, low=None, high=None, n=n_people)
    return replace(figure, value=None, low=None, high=None) if is_small(figure.n, least) else figure


def _enough(shares: tuple[Share, ...], least: int) -> tuple[Share, ...]:
    return shares if shares and shares[0].n >= least else ()


def _kinds_not_said(figures: AudienceFigures, least: int, words: str) -> list[NotSaid]:
    judged: dict[str, Sequence[Share] | Sequence[Figure]] = {
        **figures.labels,
        "age": figures.ages,
        "age_gender": tuple(row.female for row in figures.pyramid),
        "main_expression": figures.main_emotions,
        "expression_time": figures.emotion_time,
    }
    return [NotSaid(kind, "", each[0].n, words) for kind, each in judged.items() if each and is_small(each[0].n, least)]


def _bands_not_said(said: Sequence[PyramidRow], rows: Sequence[PyramidRow]) -> list[NotSaid]:
    """Age bands that are not broken down by gender, while others are."""
    kept_whole = groups_kept_whole({row.band.key: _count(row) for row in rows}) if said else {}
    return [
        NotSaid("age_gender", row.band.key, _count(row), kept_whole[row.band.key])
        for row in rows
        if row.band.key in kept_whole
    ]


def _count(row: PyramidRow) -> int:
    return row.female.count + row.male.count + row.unknown.count
