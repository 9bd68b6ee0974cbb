"""Columns side by side: every figure of each, and its difference from the reference. Pure functions over people."""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import combinations
from statistics import median as middle

import numpy as np

from faceapp.audience.figures import FEW, Figure, Individual, Unit
from faceapp.audience.intervals import Interval, median_interval, ratio_interval, wilson
from faceapp.comparisons import resampling
from faceapp.comparisons.differences import (
    Estimate,
    Pairs,
    chance,
    hybrid,
    paired_share_difference,
    share_difference,
)
from faceapp.comparisons.measures import Measure, Value
from faceapp.comparisons.resampling import Draws, Floats
from faceapp.comparisons.verdicts import MARGIN_POINTS, Verdict, discoveries, verdict_of
from faceapp.reports.audience.sayable import FEW as FEW_WORDS
from faceapp.reports.audience.sayable import FOLLOWS, is_small

POINTS_PER: Mapping[Unit, float] = {"share": 100.0, "points": 1.0, "s": 10.0, "years": 2.0}  # on the one axis
WITHIN: Mapping[Unit, Interval] = {"share": (0.0, 1.0), "points": (-100.0, 100.0)}


@dataclass(frozen=True, slots=True)
class Member:
    """One person of a column: who they are in every column, the number of their video, and what is read of them."""

    key: Hashable
    video: int
    person: Individual


@dataclass(frozen=True, slots=True)
class ColumnPeople:
    """The people of a column, each once."""

    letter: str
    members: tuple[Member, ...]

    @property
    def keys(self) -> frozenset[Hashable]:
        return frozenset(member.key for member in self.members)


@dataclass(frozen=True, slots=True)
class Difference:
    """B − A in the unit of its figure; `chance` is its p-value, which is never shown."""

    value: float
    low: float
    high: float
    chance: float


@dataclass(frozen=True, slots=True)
class ComparedRow:
    """One figure over all columns. A value that may not be told is None and has words in `withheld`."""

    measure: Measure
    figures: Mapping[str, Figure]  # by letter
    withheld: Mapping[str, str]  # by letter: why a value is left out
    difference: Difference | None  # of the drawn column from A
    n_pairs: int | None  # where each person is compared with themselves
    verdict: Verdict

    @property
    def points(self) -> tuple[float, float, float] | None:
        """Value and ends on the axis that all figures share."""
        if self.difference is None:
            return None
        scale = POINTS_PER[self.measure.unit]
        return self.difference.value * scale, self.difference.low * scale, self.difference.high * scale


def rows_of(
    groups: Sequence[ColumnPeople],
    measures: Sequence[Measure],
    *,
    drawn: str,
    is_paired: bool = False,
    margin_points: float = MARGIN_POINTS,
) -> tuple[ComparedRow, ...]:
    """Every figure of every column, and the difference of the drawn column from the first one.

    Args:
        groups: the columns, the reference first.
        drawn: the letter of the column that is compared; without such a column there are no differences.
        is_paired: the two are parts of one video: people on both sides are compared with themselves, others left out.
        margin_points: a difference within it is none to speak of.
    """
    tables = {group.letter: _Table.of(group, measures) for group in groups}
    a, b = groups[0], next((group for group in groups if group.letter == drawn), None)
    if b and is_paired:
        both = a.keys & b.keys
        for group in (a, b):
            kept = tuple(sorted((m for m in group.members if m.key in both), key=lambda m: str(m.key)))
            tables[group.letter] = _Table.of(replace(group, members=kept), measures)
    withheld = [_withheld(groups, tables, k, measure) for k, measure in enumerate(measures)]
    differences: Sequence[Difference | None] = [None] * len(measures)
    if b:
        estimates = _Differences(tables[a.letter], tables[b.letter], measures, is_paired).all()
        differences = [
            _difference(each, measure.unit) if each and not _either(words, a, b) else None
            for each, words, measure in zip(estimates, withheld, measures, strict=True)
        ]
    rows = [
        ComparedRow(
            measure=measure,
            figures={letter: table.figure(k, words.get(letter, "")) for letter, table in tables.items()},
            withheld=words,
            difference=difference,
            n_pairs=_n_pairs(tables[a.letter], tables[b.letter], k) if b and is_paired else None,
            verdict=Verdict.NO_DATA,
        )
        for k, (measure, words, difference) in enumerate(zip(measures, withheld, differences, strict=True))
    ]
    return _judged(rows, a.letter, drawn, margin_points)


def _difference(estimate: Estimate, unit: Unit) -> Difference:
    """Its interval ends where no difference can be: two shares differ by 100 points at most."""
    low, high = estimate.low, estimate.high
    if unit in WITHIN:
        least, most = WITHIN[unit]
        low, high = max(low, least - most), min(high, most - least)
    return Difference(estimate.value, low, high, chance(estimate))


def least_n(row: ComparedRow, a: str, b: str) -> int:
    """People of the smaller side, or pairs."""
    return row.n_pairs if row.n_pairs is not None else min(row.figures[a].n, row.figures[b].n)


def _judged(rows: Sequence[ComparedRow], a: str, b: str, margin_points: float) -> tuple[ComparedRow, ...]:
    """With verdicts: what is looked at together is corrected together."""
    tried = [(k, row.difference.chance) for k, row in enumerate(rows) if row.difference and least_n(row, a, b) >= FEW]
    kept = discoveries([chance for _, chance in tried])
    holding = {k for (k, _), is_kept in zip(tried, kept, strict=True) if is_kept}
    return tuple(replace(row, verdict=_verdict(row, a, b, margin_points, k in holding)) for k, row in enumerate(rows))


def _verdict(row: ComparedRow, a: str, b: str, margin_points: float, holds: bool) -> Verdict:
    if row.withheld.get(a) or row.withheld.get(b):
        return Verdict.WITHHELD
    if row.difference is None or b not in row.figures:
        return Verdict.NO_DATA
    margin = margin_points / POINTS_PER[row.measure.unit]
    return verdict_of(row.difference.low, row.difference.high, least_n(row, a, b), margin=margin, holds=holds)


def _either(words: Mapping[str, str], a: ColumnPeople, b: ColumnPeople) -> bool:
    return bool(words.get(a.letter) or words.get(b.letter))


@dataclass(frozen=True, slots=True)
class _Table:
    """What every figure reads of every person of a column: parts and wholes, [n, figures], NaN where it counts none."""

    group: ColumnPeople
    measures: Sequence[Measure]
    parts: Floats
    wholes: Floats

    @classmethod
    def of(cls, group: ColumnPeople, measures: Sequence[Measure]) -> _Table:
        unread: Value = (np.nan, np.nan)
        values = np.array(
            [[measure.value_of(member.person) or unread for measure in measures] for member in group.members], float
        ).reshape(len(group.members), len(measures), 2)
        return cls(group, measures, values[:, :, 0], values[:, :, 1])

    def counted(self, k: int) -> list[int]:
        return np.flatnonzero(~np.isnan(self.parts[:, k])).tolist()

    def keys(self, k: int) -> frozenset[Hashable]:
        """Whom a figure counts."""
        return frozenset(self.group.members[at].key for at in self.counted(k))

    def figure(self, k: int, withheld: str) -> Figure:
        """As the page Audience has it; of a group that is too small, not even n: it would say how many looked."""
        measure, at = self.measures[k], self.counted(k)
        n_people = len(self.group.members)
        if withheld:
            return Figure(measure.key, None, measure.unit, None, None, n_people if is_small(n_people) else len(at))
        parts, wholes = self.parts[at, k].tolist(), self.wholes[at, k].tolist()
        if not parts or sum(wholes) <= 0:
            return Figure(measure.key, None, measure.unit, None, None, len(at))
        value, interval = _summed(measure, parts, wholes)
        low, high = interval or (None, None)
        if low is not None and high is not None and measure.unit in WITHIN:
            least, most = WITHIN[measure.unit]
            low, high = max(low, least), min(high, most)
        return Figure(measure.key, value, measure.unit, low, high, len(at))


def _summed(measure: Measure, parts: Sequence[float], wholes: Sequence[float]) -> tuple[float, Interval | None]:
    if measure.statistic == "share":
        count = round(sum(parts))
        return count / len(parts), wilson(count, len(parts))
    if measure.statistic == "median":
        return middle(parts), median_interval(parts)
    return sum(parts) / sum(wholes), ratio_interval(parts, wholes)


class _Differences:
    """B − A of every figure; all means of a column share one set of draws."""

    def __init__(self, a: _Table, b: _Table, measures: Sequence[Measure], is_paired: bool) -> None:
        self._a, self._b, self._measures, self._is_paired = a, b, measures, is_paired
        self._draws = {table.group.letter: Draws.of([m.video for m in table.group.members]) for table in (a, b)}

    def all(self) -> list[Estimate | None]:
        if not (self._a.group.members and self._b.group.members):
            return [None] * len(self._measures)
        at = [k for k, measure in enumerate(self._measures) if measure.statistic == "mean"]
        means = dict(zip(at, self._paired_means(at) if self._is_paired else self._means(at), strict=True))
        return [self._one(k, measure, means) for k, measure in enumerate(self._measures)]

    def _one(self, k: int, measure: Measure, means: Mapping[int, Estimate | None]) -> Estimate | None:
        a, b = self._a.parts[:, k], self._b.parts[:, k]
        if measure.statistic == "mean":
            return means[k]
        if measure.statistic == "share":
            return _paired_shares(a, b) if self._is_paired else _shares(a, b)
        draws_a, draws_b = (self._draws[table.group.letter] for table in (self._a, self._b))
        if self._is_paired:
            return resampling.median_difference(draws_a, a, b)
        of_a, of_b = resampling.median(draws_a, a), resampling.median(draws_b, b)
        return hybrid(of_a, of_b) if of_a and of_b else None

    def _means(self, at: Sequence[int]) -> list[Estimate | None]:
        a, b = (self._means_of(table, at) for table in (self._a, self._b))
        return [hybrid(one, other) if one and other else None for one, other in zip(a, b, strict=True)]

    def _means_of(self, table: _Table, at: Sequence[int]) -> list[Estimate | None]:
        found = resampling.means(self._draws[table.group.letter], table.parts[:, at], table.wholes[:, at])
        return [estimate or _without_spread(table, k) for k, estimate in zip(at, found, strict=True)]

    def _paired_means(self, at: Sequence[int]) -> list[Estimate | None]:
        a, b = ((table.parts[:, at], table.wholes[:, at]) for table in (self._a, self._b))
        return resampling.mean_differences(self._draws[self._a.group.letter], a, b)


def _without_spread(table: _Table, k: int) -> Estimate | None:
    """A share of time that is 0 or 1 for everyone: as sure as a count of none or all of them (Wilson)."""
    at = table.counted(k)
    parts, wholes = table.parts[at, k], table.wholes[at, k]
    if table.measures[k].unit != "share" or len(at) < 2 or not (np.all(parts == 0) or np.all(parts == wholes)):
        return None
    value = float(parts[0] > 0)
    interval = wilson(round(value * len(at)), len(at))
    return Estimate(value, *interval) if interval else None


def _shares(a: Floats, b: Floats) -> Estimate | None:
    (count_a, n_a), (count_b, n_b) = ((round(np.nansum(each)), int((~np.isnan(each)).sum())) for each in (a, b))
    return share_difference(count_a, n_a, count_b, n_b)


def _paired_shares(a: Floats, b: Floats) -> Estimate | None:
    known = ~(np.isnan(a) | np.isnan(b))
    in_a, in_b = a[known] > 0, b[known] > 0
    cells = (in_a & in_b, in_a & ~in_b, ~in_a & in_b, ~in_a & ~in_b)
    return paired_share_difference(Pairs(*(int(each.sum()) for each in cells)))


def _n_pairs(a: _Table, b: _Table, k: int) -> int:
    return int((~(np.isnan(a.parts[:, k]) | np.isnan(b.parts[:, k]))).sum())


def _withheld(groups: Sequence[ColumnPeople], tables: Mapping[str, _Table], k: int, measure: Measure) -> dict[str, str]:
    """Why columns may not say this figure: fewer than five people, or such a group would follow by subtraction."""
    if measure.is_public_for_few:
        return {}
    counted = {letter: table.keys(k) for letter, table in tables.items()}
    sizes = {group.letter: len(group.members) for group in groups}
    words = {letter: FEW_WORDS for letter, keys in counted.items() if is_small(len(keys)) or is_small(sizes[letter])}
    for letter, keys in counted.items():
        inside = [other for other in counted if other != letter and other not in words and counted[other] <= keys]
        for other in _giving_away(keys, {each: counted[each] for each in inside}):
            words.setdefault(other, FOLLOWS)
    return words


def _giving_away(whole: frozenset[Hashable], parts: Mapping[str, frozenset[Hashable]]) -> Sequence[str]:
    """Parts that leave fewer than five people of the whole: the smallest of them is not told."""
    for count in range(1, len(parts) + 1):
        for letters in combinations(parts, count):
            sets = [parts[letter] for letter in letters]
            apart = sum(map(len, sets)) == len(frozenset().union(*sets))
            if apart and is_small(len(whole) - sum(map(len, sets))):
                return [min(letters, key=lambda letter: len(parts[letter]))]
    return ()
