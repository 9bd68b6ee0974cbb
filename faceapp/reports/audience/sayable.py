"""What may be said of few people: an allow-list. A figure that nobody marked as public for few is withheld."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping
from dataclasses import fields, replace
from typing import Any, TypeVar

from analysis.attributes import attributes
from faceapp.audience.figures import LEAST_PEOPLE, AudienceFigures, Figure, PyramidRow, Share

G = TypeVar("G", bound=Hashable)

FEW = "fewer than five people"
FOLLOWS = "not broken down"  # five people or more, whose figures would give away those of fewer
# fields of `AudienceFigures` that may be told of however few people; an attribute says so itself
OF_FEW = frozenset({"attributes", "n_people", "n_static", "ots", "impressions", "in_view"})


def sayable(figures: AudienceFigures, least: int = LEAST_PEOPLE) -> AudienceFigures:
    """Without what would break down fewer than `least` people by an attribute."""
    said = {}
    for each in fields(figures):
        value = getattr(figures, each.name)
        if each.name in OF_FEW:
            said[each.name] = value
        elif each.name in _RULES:
            said[each.name] = _RULES[each.name](figures, least)
        else:
            said[each.name] = _enough(value, figures.n_people, least)
    return type(figures)(**said)


def figure_of(figure: Figure, n_people: int, least: int) -> Figure:
    """Of a group that is too small, not even n: it would say how many looked."""
    if is_small(n_people, least):
        return replace(figure, value=None, low=None, high=None, n=n_people)
    return replace(figure, value=None, low=None, high=None) if is_small(figure.n, least) else figure


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


def count_of(row: PyramidRow) -> int:
    """People of an age band."""
    return row.female.count + row.male.count + row.unknown.count


def _enough(value: Any, n_people: int, least: int) -> Any:
    """A figure, or a row of figures, that rests on enough people; nothing of what does not say on how many it rests."""
    if isinstance(value, Figure):
        return figure_of(value, n_people, least)
    if isinstance(value, tuple) and value and isinstance(value[0], Figure | Share):
        return value if value[0].n >= least else ()
    return None if value is None else type(value)()


def _age(figures: AudienceFigures, least: int) -> Figure | None:
    return figures.age if figures.age and figures.age.n >= least else None


def _labels(figures: AudienceFigures, least: int) -> dict[str, tuple[Share, ...]]:
    public = {key for key, attribute in attributes().items() if attribute.is_public_for_few}
    return {key: shares for key, shares in figures.labels.items() if key in public or shares[0].n >= least}


def _pyramid(figures: AudienceFigures, least: int) -> tuple[PyramidRow, ...]:
    if not figures.pyramid or figures.pyramid[0].female.n < least:
        return ()
    kept_whole = groups_kept_whole({row.band.key: count_of(row) for row in figures.pyramid})
    return tuple(row for row in figures.pyramid if row.band.key not in kept_whole)


def _attention_bins(figures: AudienceFigures, least: int) -> Any:
    return figures.attention_bins if figures.attention_time.n >= least else ()


_RULES: Mapping[str, Callable[[AudienceFigures, int], Any]] = {
    "age": _age,
    "labels": _labels,
    "pyramid": _pyramid,
    "attention_bins": _attention_bins,
}
