"""What a report for others may say of a group of people: fewer than five are never broken down by attribute."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from analysis.attributes import attributes
from faceapp.audience.figures import LEAST_PEOPLE, AudienceFigures, Figure, PyramidRow, Share
from faceapp.audience.glossary import is_on
from faceapp.reports.audience.sayable import FEW, count_of, figure_of, groups_kept_whole, is_small, sayable
from faceapp.reports.document import (
    ReportFigure,
    ReportShare,
    report_figure,
    report_labels,
    report_pyramid,
    report_share,
)


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


def breakdown_of(figures: AudienceFigures, on: Sequence[str], *, whole: str = "") -> Breakdown:
    """Of a group with these switches on; `whole` are the words where it may not be broken down at all."""
    words = whole or FEW
    least = figures.n_people + 1 if whole else LEAST_PEOPLE
    said = sayable(figures, least)
    more = (said.impressions, said.in_view, figures.age and figure_of(figures.age, figures.n_people, least))
    return Breakdown(
        headline=tuple(report_figure(each) for each in said.headline if is_on(each.key, on)),
        more=tuple(report_figure(each) for each in more if each),
        labels=report_labels(said.labels),
        ages=tuple(map(report_share, said.ages)),
        pyramid=report_pyramid(said),
        main_emotions=tuple(map(report_share, said.main_emotions)),
        emotion_time=tuple(map(report_figure, said.emotion_time)),
        not_said=(*_kinds_not_said(figures, least, words), *_bands_not_said(said.pyramid, figures.pyramid)),
        words=words,
    )


def _kinds_not_said(figures: AudienceFigures, least: int, words: str) -> list[NotSaid]:
    judged: dict[str, Sequence[Share] | Sequence[Figure]] = {
        **figures.labels,
        "age": figures.ages,
        "age_gender": tuple(row.female for row in figures.pyramid),
        "main_expression": figures.main_emotions,
        "expression_time": figures.emotion_time,
    }
    public = {key for key, attribute in attributes().items() if attribute.is_public_for_few}
    return [
        NotSaid(kind, "", each[0].n, words)
        for kind, each in judged.items()
        if each and kind not in public and is_small(each[0].n, least)
    ]


def _bands_not_said(said: Sequence[PyramidRow], rows: Sequence[PyramidRow]) -> list[NotSaid]:
    """Age bands that are not broken down by gender, while others are."""
    kept_whole = groups_kept_whole({row.band.key: count_of(row) for row in rows}) if said else {}
    return [
        NotSaid("age_gender", row.band.key, count_of(row), kept_whole[row.band.key])
        for row in rows
        if row.band.key in kept_whole
    ]
