"""Figures of an audience: pure functions over people, every number with its unit, interval and n."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from statistics import median
from typing import Literal, Protocol

from analysis.attributes import Attribute, of_kind
from analysis.builtin_attributes import EMOTION, GENDER
from analysis.config import DEFAULT_SWITCHES
from analysis.types import EMOTIONS, UNKNOWN, AgeEstimate, EmotionEstimate, LabelEstimate, Reading
from faceapp.audience.bands import AGE_BANDS, AgeBand, band_of
from faceapp.audience.glossary import is_on
from faceapp.audience.intervals import Interval, mean_interval, median_interval, ratio_interval, wilson

Unit = Literal["people", "share", "s", "points", "years"]

FEW = 30  # people: below, intervals are so wide that charts draw people as dots and leave intervals to the table
LEAST_PEOPLE = 5  # smaller groups get no curve, and are not broken down in shared reports
APPEARANCE_GAP_S = 5.0  # out of view for this long, then back: a new appearance


class Piece(Protocol):
    """What figures need of a track."""

    @property
    def start_s(self) -> float: ...
    @property
    def end_s(self) -> float: ...


class Individual(Protocol):
    """What figures need of a person; `results.selectors.PersonView` has it, corrections applied."""

    @property
    def tracks(self) -> Sequence[Piece]: ...
    @property
    def in_view_s(self) -> float: ...
    @property
    def attention_s(self) -> float | None: ...
    @property
    def age(self) -> AgeEstimate | None: ...
    @property
    def gender(self) -> LabelEstimate | None: ...
    @property
    def readings(self) -> Mapping[str, Reading]: ...
    @property
    def emotion(self) -> EmotionEstimate | None: ...
    @property
    def is_static(self) -> bool: ...


@dataclass(frozen=True, slots=True)
class Figure:
    """A number with its unit, 95 % interval and n.

    `value` is None where nothing was counted or the attribute is switched off; `low` and `high` are None where n is too
    small for an interval. Shares are 0-1, points -100 to 100.
    """

    key: str  # of the glossary
    value: float | None
    unit: Unit
    low: float | None
    high: float | None
    n: int


@dataclass(frozen=True, slots=True)
class Share:
    """A group's part of the people counted: `count` of `n`, with a Wilson interval."""

    key: str  # "female", "White", "25-34", "unknown"
    count: int
    n: int
    value: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class PyramidRow:
    """One age band: shares of all people whose age was judged, by perceived gender."""

    band: AgeBand
    female: Share
    male: Share
    unknown: Share


@dataclass(frozen=True, slots=True)
class ScreenTime:
    """Seconds in view of a group, summed over its people, and their part of all seconds in view."""

    key: str
    seconds: float
    share: float
    n: int


@dataclass(frozen=True, slots=True)
class AttentionBin:
    """Watchers whose attention time lies in ``[from_s, to_s)``; `to_s` None is the open end."""

    from_s: float
    to_s: float | None
    count: int


@dataclass(frozen=True, slots=True)
class AudienceFigures:
    """Everything that the Audience page, its charts and reports say of a group of people."""

    attributes: tuple[str, ...]  # switches that are on for any of them
    n_people: int
    n_static: int  # left out of all figures
    ots: Figure
    impressions: Figure
    conversion_ratio: Figure
    attention_time: Figure
    attraction_ratio: Figure
    net_positivity: Figure
    in_view: Figure  # median seconds a person
    age: Figure | None  # median apparent age; None when switched off
    labels: Mapping[str, tuple[Share, ...]]  # by attribute that gives one label; unknown last
    ages: tuple[Share, ...]
    pyramid: tuple[PyramidRow, ...]
    main_emotions: tuple[Share, ...]  # people by the expression they show most
    emotion_time: tuple[Figure, ...]  # mean share of time in view, key "emotion:Happy" …
    attention_bins: tuple[AttentionBin, ...]
    screen_time: dict[str, tuple[ScreenTime, ...]]  # by attribute

    @property
    def genders(self) -> tuple[Share, ...]:
        """Empty when switched off."""
        return self.labels.get("gender", ())

    @property
    def headline(self) -> tuple[Figure, ...]:
        """The five figures of the strip, less those of attributes that are off."""
        five = (self.ots, self.conversion_ratio, self.attention_time, self.attraction_ratio, self.net_positivity)
        return tuple(figure for figure in five if is_on(figure.key, self.attributes))


def audience_of(
    everyone: Sequence[Individual],
    *,
    bands: Sequence[AgeBand] = AGE_BANDS,
    with_static: bool = False,
    attributes: Sequence[str] = DEFAULT_SWITCHES,
) -> AudienceFigures:
    """All figures of these people, for whom these switches are on.

    Faces that never move (posters) are left out unless `with_static`.
    """
    people = [person for person in everyone if with_static or not person.is_static]
    watchers = [person for person in people if is_watcher(person)]
    return AudienceFigures(
        attributes=tuple(attributes),
        n_people=len(people),
        n_static=len(everyone) - len(people),
        ots=Figure("ots", len(people), "people", None, None, len(people)),
        impressions=Figure("impressions", sum(n_appearances(p) for p in people), "people", None, None, len(people)),
        conversion_ratio=conversion_ratio(people),
        attention_time=_median("attention_time", [person.attention_s or 0.0 for person in watchers]),
        attraction_ratio=attraction_ratio(watchers),
        net_positivity=net_positivity(people),
        in_view=_median("in_view", [person.in_view_s for person in people]),
        age=median_age(people),
        labels=label_shares(people),
        ages=age_shares(people, bands),
        pyramid=age_pyramid(people, bands),
        main_emotions=_label_shares(people, EMOTION),
        emotion_time=emotion_time(people),
        attention_bins=attention_histogram([person.attention_s or 0.0 for person in watchers]),
        screen_time=screen_times(people, bands),
    )


def is_watcher(person: Individual) -> bool:
    """Looked at least once for 0.5 s: `attention_s` sums only spells of that length."""
    return bool(person.attention_s)


def conversion_ratio(people: Sequence[Individual]) -> Figure:
    judged = [person for person in people if person.attention_s is not None]
    return _share_figure("conversion_ratio", sum(map(is_watcher, judged)), len(judged))


def attraction_ratio(watchers: Sequence[Individual]) -> Figure:
    attention = [person.attention_s or 0.0 for person in watchers]
    dwell = [person.in_view_s for person in watchers]
    if not watchers or sum(dwell) <= 0:
        return Figure("attraction_ratio", None, "share", None, None, 0)
    low, high = _ends(ratio_interval(attention, dwell), within=(0.0, 1.0))
    return Figure("attraction_ratio", sum(attention) / sum(dwell), "share", low, high, len(watchers))


def net_positivity(people: Iterable[Individual]) -> Figure:
    """Happy − (Angry + Sad) of the readable time, in points, each person counted once."""
    points = [balance for person in people if (balance := expression_balance(person)) is not None]
    if not points:
        return Figure("net_positivity", None, "points", None, None, 0)
    low, high = _ends(mean_interval(points), within=(-100.0, 100.0))
    return Figure("net_positivity", sum(points) / len(points), "points", low, high, len(points))


def expression_balance(person: Individual) -> float | None:
    """Happy − (Angry + Sad) of one person's readable time, in points; None where nothing was readable."""
    if person.emotion is None:
        return None
    shares = person.emotion.shares
    readable = sum(shares.get(name, 0.0) for name in EMOTIONS)
    if readable <= 0:
        return None
    return 100 * (shares.get("Happy", 0.0) - shares.get("Angry", 0.0) - shares.get("Sad", 0.0)) / readable


def emotion_time(people: Iterable[Individual]) -> tuple[Figure, ...]:
    """How much of their time in view people show each expression, "unknown" last; each person counted once."""
    shares = [person.emotion.shares for person in people if person.emotion is not None]
    figures = []
    for name in (*EMOTIONS, UNKNOWN) if shares else ():
        values = [each.get(name, 0.0) for each in shares]
        low, high = _ends(mean_interval(values), within=(0.0, 1.0))
        figures.append(Figure(f"emotion:{name}", sum(values) / len(values), "share", low, high, len(values)))
    return tuple(figures)


def median_age(people: Iterable[Individual]) -> Figure | None:
    years = [float(person.age.years) for person in people if person.age is not None]
    return _median("apparent_age", years, "years") if years else None


def label_shares(people: Sequence[Individual]) -> dict[str, tuple[Share, ...]]:
    """Shares of people by each attribute that gives one label; one that was not judged is absent."""
    shares = {attribute.key: _label_shares(people, attribute) for attribute in of_kind("label")}
    return {key: each for key, each in shares.items() if each}


def other_labels() -> tuple[Attribute, ...]:
    """Attributes that give one label, without gender, which is shown together with age."""
    return tuple(attribute for attribute in of_kind("label") if attribute != GENDER)


def age_shares(people: Iterable[Individual], bands: Sequence[AgeBand] = AGE_BANDS) -> tuple[Share, ...]:
    keys = [band_of(person.age.years, bands).key for person in people if person.age is not None]
    return _shares(keys, [band.key for band in bands]) if keys else ()


def age_pyramid(people: Iterable[Individual], bands: Sequence[AgeBand] = AGE_BANDS) -> tuple[PyramidRow, ...]:
    """Shares of all people with an age, by band and perceived gender; the rows sum to 1, "unknown" among them."""
    judged = [
        (band_of(p.age.years, bands), p.gender.label) for p in people if p.age is not None and p.gender is not None
    ]
    if not judged:
        return ()

    def part(band: AgeBand, label: str) -> Share:
        return share_of(f"{band.key}:{label}", judged.count((band, label)), len(judged))

    return tuple(PyramidRow(band, part(band, "female"), part(band, "male"), part(band, UNKNOWN)) for band in bands)


def attention_histogram(attention_s: Sequence[float], n_bins: int = 14) -> tuple[AttentionBin, ...]:
    """Watchers by attention time, in bins of a round width; what is over the last bin stands in an open one."""
    if not attention_s:
        return ()
    width = _round_width(sorted(attention_s)[int(0.95 * (len(attention_s) - 1))] / n_bins)
    counts = [0] * (n_bins + 1)
    for seconds in attention_s:
        counts[min(int(seconds / width + 1e-9), n_bins)] += 1
    bins = [AttentionBin(k * width, (k + 1) * width, count) for k, count in enumerate(counts[:n_bins])]
    if counts[n_bins]:
        return (*bins, AttentionBin(n_bins * width, None, counts[n_bins]))
    while len(bins) > 1 and bins[-1].count == 0:
        bins.pop()
    return tuple(bins)


def n_appearances(person: Individual) -> int:
    """1, and one more for each return after `APPEARANCE_GAP_S` out of view."""
    n, last_seen_s = 1, None
    for track in sorted(person.tracks, key=lambda track: track.start_s):
        if last_seen_s is not None and track.start_s - last_seen_s >= APPEARANCE_GAP_S:
            n += 1
        last_seen_s = track.end_s if last_seen_s is None else max(last_seen_s, track.end_s)
    return n


def screen_times(
    people: Sequence[Individual], bands: Sequence[AgeBand] = AGE_BANDS
) -> dict[str, tuple[ScreenTime, ...]]:
    """Seconds in view of each group; a kind of group that was not judged is absent."""
    times = {"age": _times(people, lambda person: _band_key(person.age, bands), [band.key for band in bands])}
    for attribute in of_kind("label"):
        times[attribute.key] = _times(people, partial(_label_of, attribute), attribute.answers)
    return {name: rows for name, rows in times.items() if rows}


def share_of(key: str, count: int, n: int) -> Share:
    """
    Raises:
        ValueError: n is 0; a share of nobody is no figure.
    """
    interval = wilson(count, n)
    if interval is None:
        raise ValueError("A share of nobody is no figure.")
    return Share(key, count, n, count / n, *interval)


def _label_of(attribute: Attribute, person: Individual) -> str | None:
    reading = person.readings.get(attribute.key)
    return reading.label if isinstance(reading, LabelEstimate | EmotionEstimate) else None


def _band_key(age: AgeEstimate | None, bands: Sequence[AgeBand]) -> str | None:
    return None if age is None else band_of(age.years, bands).key


def _label_shares(people: Iterable[Individual], attribute: Attribute) -> tuple[Share, ...]:
    found = [label for person in people if (label := _label_of(attribute, person)) is not None]
    return _shares(found, attribute.answers) if found else ()


def _shares(found: Sequence[str], keys: Sequence[str]) -> tuple[Share, ...]:
    return tuple(share_of(key, found.count(key), len(found)) for key in keys)


def _times(
    people: Iterable[Individual], key_of: Callable[[Individual], str | None], keys: Sequence[str]
) -> tuple[ScreenTime, ...]:
    seconds, counts = dict.fromkeys(keys, 0.0), dict.fromkeys(keys, 0)
    for person in people:
        key = key_of(person)
        if key is not None:
            seconds[key] += person.in_view_s
            counts[key] += 1
    total = sum(seconds.values())
    if not total:
        return ()
    return tuple(ScreenTime(key, seconds[key], seconds[key] / total, counts[key]) for key in keys)


def _share_figure(key: str, count: int, n: int) -> Figure:
    low, high = _ends(wilson(count, n))
    return Figure(key, count / n if n else None, "share", low, high, n)


def _median(key: str, values: Sequence[float], unit: Unit = "s") -> Figure:
    low, high = _ends(median_interval(values))
    return Figure(key, median(values) if values else None, unit, low, high, len(values))


def _ends(interval: Interval | None, within: Interval | None = None) -> tuple[float | None, float | None]:
    if interval is None:
        return None, None
    low, high = interval
    return (max(low, within[0]), min(high, within[1])) if within else (low, high)


def _round_width(width_s: float) -> float:
    """The next of 0.2, 0.5, 1, 2, 5, 10, 30, 60 … seconds that is at least this wide."""
    for candidate in (0.2, 0.5, 1.0, 2.0, 5.0, 10.0, 30.0, 60.0, 120.0, 300.0, 600.0):
        if width_s <= candidate:
            return candidate
    return 3600.0
