"""Charts of what was shown: the reaction of a group over time, and the time of each expression."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from analysis.builtin_attributes import EMOTION
from analysis.clock import clock, duration
from analysis.types import UNKNOWN
from faceapp.audience.charts.parts import (
    Chart,
    Column,
    Legend,
    Link,
    Row,
    Spec,
    Table,
    hatch,
    layout,
    line_token,
    percent_ticks,
    spec_of,
    time_ticks,
    token,
)
from faceapp.audience.figures import LEAST_PEOPLE, Share
from faceapp.audience.reaction import MOVING, SHOWN, Peak, Reaction, banded
from faceapp.audience.wording import counted, listed, name_of, share_text
from faceapp.core.percent import percent

Moment = Callable[[float], str]  # the address of a second of the video; empty for several videos

RESTING = tuple(label.key for label in EMOTION.labels if label.is_rest)  # drawn as people in view
HEIGHT_PX = 262
LABEL_PX = 28  # above the drawing, for the label of a peak at its top


def reaction_chart(reaction: Reaction, moment: Moment, n_videos: int) -> Chart:
    """Shares with bands where five or more are in view; else how many people show what."""
    drawn = reaction.has_curve
    return Chart(
        key="expression-over-time",
        title="Expression over time",
        facts="share of the people in view" if drawn else "number of people",
        word="reaction_curve",
        sentence=reaction_sentence(reaction, n_videos),
        foot=_foot(reaction),
        table=_table(reaction, moment),
        spec=_curves_spec(reaction, moment)
        if drawn
        else _stream_spec(reaction, moment)
        if any(reaction.n_present)
        else None,
        height_px=HEIGHT_PX,
        legend=_curve_legend() if drawn else _stream_legend(reaction),
        links=tuple(
            Link(f"{peak.emotion} peak {clock(peak.at_s)}", moment(peak.at_s))
            for peak in list(reaction.peaks.values())[:2]
            if moment(peak.at_s)
        ),
        empty="No one was in view.",
    )


def _curves_spec(reaction: Reaction, moment: Moment) -> Spec:
    times = reaction.times_s
    hrefs = [moment(time_s) for time_s in times]
    with_band = banded(reaction.tops)
    traces: list[Spec] = []
    for name in with_band:
        traces += _band(name, times, reaction.curves[name])
    for name in SHOWN[:-1]:
        curve = reaction.curves[name]
        traces.append(
            {
                "type": "scatter",
                "mode": "lines",
                "name": name,
                "legendgroup": name,
                "visible": not EMOTION.label(name).is_quiet,
                "x": times,
                "y": [share.value if share else None for share in curve],
                "connectgaps": False,
                "line": {"color": line_token(name), "width": 2, "dash": EMOTION.label(name).dash},
                "customdata": hrefs,
                "text": [share_text(s) if s else "" for s in curve],
                "hovertemplate": "%{text}",
            }
        )
    top = max((s.high for name in with_band for s in reaction.curves[name] if s), default=0.5)
    ticks, texts, end = percent_ticks(min(max(top, 0.2), 1.0), count=4)
    while round(ticks[-1] + ticks[1], 4) <= 1:  # for lines that are hidden at first
        ticks.append(round(ticks[-1] + ticks[1], 4))
        texts.append(percent(ticks[-1]))
    marks, notes = _peak_marks(reaction)
    return spec_of([*traces, *marks], _time_layout(times, reaction.step_s, ticks, texts, end, annotations=notes))


def _stream_spec(reaction: Reaction, moment: Moment) -> Spec:
    """People in view as a line, and stacked under it those who show something; steps, for people are whole.

    What is left under the line is neutral: most of most videos, and drawn in full a wall that hides the others.
    """
    times = [*reaction.times_s, round(reaction.start_s + len(reaction.n_present) * reaction.step_s, 3)]
    hrefs = [moment(time_s) for time_s in times]
    traces: list[Spec] = [
        {
            "type": "scatter",
            "mode": "lines",
            "name": name_of(name),
            "legendgroup": name,
            "stackgroup": "people",
            "x": times,
            "y": [*counts, counts[-1]],
            "line": {"width": 0, "shape": "hv", "color": token(name)},
            "fillcolor": token("unknown-wash" if name == UNKNOWN else name),
            **({"fillpattern": hatch()} if name == UNKNOWN else {}),
            "customdata": hrefs,
            "hovertemplate": "%{y}",
        }
        for name in reversed(SHOWN)  # the stack grows from the bottom: positive on top
        if name not in RESTING and any(counts := reaction.n_showing[name])
    ]
    traces.append(
        {
            "type": "scatter",
            "mode": "lines",
            "name": "In view",
            "x": times,
            "y": [*reaction.n_present, reaction.n_present[-1]],
            "line": {"width": 1.75, "shape": "hv", "color": token("neutral")},
            "customdata": hrefs,
            "hovertemplate": "%{y}",
        }
    )
    top = max(reaction.n_present)
    ticks = people_ticks(top)
    return spec_of(traces, _time_layout(times, reaction.step_s, ticks, [str(tick) for tick in ticks], top))


def people_ticks(top: int) -> list[int]:
    """Whole people, seven ticks at most."""
    return list(range(0, top + 1, -(-top // 6) or 1))


def _time_layout(
    times: Sequence[float], step_s: int, ticks: Sequence[float], texts: Sequence[str], end: float,
    annotations: Sequence[Spec] = (),
) -> Spec:  # fmt: skip
    first_s, last_s = (times[0], times[-1]) if times else (0.0, 1.0)
    values, labels = time_ticks(last_s, first_s)
    return layout(
        height_px=HEIGHT_PX,
        hovermode="x unified",
        margin={"l": 40, "r": 14, "t": LABEL_PX if annotations else 12, "b": 28},
        xaxis={"range": [first_s, max(last_s, first_s + step_s)], "tickvals": values, "ticktext": labels,
               "hoverformat": "", "unifiedhovertitle": {"text": "%{x} s"}},
        yaxis={"range": [0, end * 1.02], "tickvals": list(ticks), "ticktext": list(texts)},
        annotations=list(annotations),
    )  # fmt: skip


def _band(name: str, times: Sequence[float], curve: Sequence[Share | None]) -> list[Spec]:
    """One closed shape for each stretch without a gap."""
    bands: list[Spec] = []
    stretch: list[tuple[float, Share]] = []
    for time_s, share in [*zip(times, curve, strict=True), (0.0, None)]:
        if share is not None:
            stretch.append((time_s, share))
            continue
        if stretch:
            bands.append(_band_shape(name, stretch))
        stretch = []
    return bands


def _band_shape(name: str, stretch: Sequence[tuple[float, Share]]) -> Spec:
    there, back = [time_s for time_s, _ in stretch], [time_s for time_s, _ in reversed(stretch)]
    return {
        "type": "scatter",
        "mode": "lines",
        "legendgroup": name,
        "x": there + back,
        "y": [share.high for _, share in stretch] + [share.low for _, share in reversed(stretch)],
        "fill": "toself",
        "fillcolor": token(EMOTION.label(name).line_token, 20),
        "line": {"width": 0},
        "hoverinfo": "skip",
    }


def _peak_marks(reaction: Reaction) -> tuple[list[Spec], list[Spec]]:
    """A ring and a label at the highest peak alone: more would hide the curves."""
    if not reaction.highest:
        return [], []
    peak = reaction.highest[0]
    ring = {"size": 9, "color": token("surface"), "line": {"color": line_token(peak.emotion), "width": 2}}
    mark = {"type": "scatter", "mode": "markers", "legendgroup": peak.emotion, "x": [peak.at_s],
            "y": [peak.share.value], "marker": ring, "hoverinfo": "skip"}  # fmt: skip
    text = f"<b>{clock(peak.at_s)}</b>  {share_text(peak.share)}"
    note = {"x": peak.at_s, "y": peak.share.value, "text": text, "showarrow": False, "yshift": 14,
            "xanchor": _anchor(peak.at_s, reaction.times_s), "font": {"size": 12, "color": token("ink")}}  # fmt: skip
    return [mark], [note]


def _anchor(at_s: float, times_s: Sequence[float]) -> str:
    """Which end of a label stands at its moment: near a border it would be cut if its middle did."""
    length_s = times_s[-1] - times_s[0]
    part = (at_s - times_s[0]) / length_s if length_s else 0.5
    return "left" if part < 0.2 else "right" if part > 0.8 else "center"


def _curve_legend() -> tuple[Legend, ...]:
    labels = (EMOTION.label(name) for name in SHOWN[:-1])
    return tuple(Legend(label.token, label.key, label.dash, label.key, label.is_quiet) for label in labels)


def _stream_legend(reaction: Reaction) -> tuple[Legend, ...]:
    shown = (name for name in SHOWN if name not in RESTING and any(reaction.n_showing[name]))
    return (
        *(Legend(name.lower(), name_of(name), "", name) for name in shown),
        Legend("neutral", "In view; the rest is neutral", "solid"),
    )


def _table(reaction: Reaction, moment: Moment) -> Table:
    columns = (
        Column("time_s", "Time", "clock"),
        Column("n", "In view", "count"),
        *(Column(f"n_{name.lower()}", name_of(name), "count") for name in SHOWN),
    )
    rows = tuple(
        Row(
            (time_s, n, *(reaction.n_showing[name][step] for name in SHOWN)),
            moment(time_s),
        )
        for step, (time_s, n) in enumerate(zip(reaction.times_s, reaction.n_present, strict=True))
    )
    return Table(columns, rows)


def reaction_sentence(reaction: Reaction, n_videos: int = 1) -> str:
    """What the curve shows, or why people are counted instead."""
    laid = "" if n_videos == 1 else f" {n_videos} videos are aligned at 0:00."
    if reaction.has_curve:
        return f"{_peaks_said(reaction.highest)}{laid}"
    if not any(reaction.n_present):
        return f"No one was in view.{laid}"
    if not reaction.n_enough:
        return f"Fewer than {LEAST_PEOPLE} people are in view at a time, so the chart shows counts.{laid}"
    if reaction.shows_something:
        seconds = duration(reaction.n_enough * reaction.step_s)
        return f"{LEAST_PEOPLE} or more people are in view for only {seconds}, so the chart shows counts.{laid}"
    calm = f"No one shows {listed(MOVING, 'or')} while {LEAST_PEOPLE} or more people are in view"
    return f"{calm}, so the chart shows counts.{laid}"


def _peaks_said(peaks: Sequence[Peak]) -> str:
    if not peaks:
        return "No expression has a peak."
    if len(peaks) == 1:
        return f"{peaks[0].emotion} peaks at {clock(peaks[0].at_s)} with {share_text(peaks[0].share)}."
    where = listed([f"{peak.emotion} at {clock(peak.at_s)}" for peak in peaks])
    return f"{where} peak equally high, with {percent(peaks[0].share.value)}."


def _foot(reaction: Reaction) -> str:
    each = "each second" if reaction.step_s == 1 else f"in each {reaction.step_s} s"
    most = max(reaction.n_present, default=0)
    if not reaction.has_curve:
        return f"n = up to {counted(most, 'person', 'people')} {each}, counts without intervals"
    least = min(n for n in reaction.n_present if n >= LEAST_PEOPLE)
    people = f"{least} to {most}" if least < most else f"{most}"
    return f"n = {people} people {each}, bands 95\u202f%, shown for {LEAST_PEOPLE} people or more"
