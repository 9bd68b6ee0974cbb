"""Charts of attention and of time on screen."""

from __future__ import annotations

from collections.abc import Sequence

from analysis.clock import duration
from faceapp.audience.charts.groups import Faces, bars_height_px, bars_spec
from faceapp.audience.charts.parts import Chart, Column, Link, Row, Spec, Table, layout, spec_of, token
from faceapp.audience.figures import AttentionBin, AudienceFigures
from faceapp.audience.selectors import VideoAudience
from faceapp.audience.wording import counted, interval_text, listed, value_text
from faceapp.core.percent import leaders
from faceapp.results.people import PersonView

MOST_BARS = 8


def attention_chart(figures: AudienceFigures, faces: Faces) -> Chart:
    """Watchers by attention time."""
    bins, median = figures.attention_bins, figures.attention_time
    rows = tuple(Row((each.from_s, each.to_s, each.count)) for each in bins)
    between = f", median {value_text(median)} ({interval_text(median)})" if interval_text(median) else ""
    return Chart(
        key="attention",
        title="Time looking at the camera",
        facts="number of watchers",
        word="attention_time",
        sentence=attention_sentence(figures),
        foot=f"n = {counted(median.n, 'watcher', 'watchers')}{between}",
        table=Table(
            (
                Column("from_s", "From", "seconds"),
                Column("to_s", "To", "seconds"),
                Column("watchers", "Watchers", "count"),
            ),
            rows,
        ),
        spec=_histogram_spec(bins) if bins else None,
        height_px=222,
        links=(Link("Faces", faces({"watchers": "1"})),) if bins else (),
        empty="No one looked at the camera for half a second or longer."
        if figures.conversion_ratio.n
        else "Attention is switched off for these videos.",
    )


def screen_time_chart(audience: VideoAudience, href_of: dict[int, str]) -> Chart:
    """Who of one video is in view how long, the longest first."""
    people = sorted(audience.people, key=lambda person: -person.in_view_s)
    shown = people[:MOST_BARS]
    duration_s = audience.length_s or 1.0
    rows = tuple(
        Row((p.person_id, p.name, p.in_view_s, p.in_view_s / duration_s), href_of.get(p.person_id, "")) for p in people
    )
    columns = (
        Column("person_id", "Person", "count"),
        Column("name", "Name"),
        Column("in_view_s", "In view", "seconds"),
        Column("share_of_video", "Share of video", "share"),
    )
    rest = len(people) - len(shown)
    return Chart(
        key="screen-time",
        title="Screen time",
        word="screen_time",
        sentence=_longest(people, duration_s),
        foot=f"n = {counted(len(people), 'person', 'people')}" + (f", the {MOST_BARS} longest shown" if rest else ""),
        table=Table(columns, rows),
        spec=bars_spec(
            [str(p.person_id) for p in shown],
            [p.in_view_s for p in shown],
            [(duration(p.in_view_s), "") for p in shown],
            hrefs=[row.href for row in rows[:MOST_BARS]],
            names=[_short(p.name) for p in shown],
            colors=False,
        )
        if people
        else None,
        height_px=bars_height_px(len(shown)),
        empty="No one was in view.",
    )


def videos_chart(audiences: Sequence[VideoAudience], href_of: dict[str, str]) -> Chart:
    """How many people each video of a selection shows."""
    ordered = sorted(audiences, key=lambda each: -len(each.people))
    shown = ordered[:MOST_BARS]
    rows = tuple(
        Row((each.video.name, len(each.people), each.length_s), href_of.get(str(each.video.pk), "")) for each in ordered
    )
    columns = (Column("video", "Video"), Column("people", "People", "count"), Column("duration_s", "Length", "clock"))
    return Chart(
        key="videos",
        title="People per video",
        word="ots",
        sentence=_most({str(each.video.pk): len(each.people) for each in ordered}, ordered[0].video.name),
        foot=f"n = {counted(len(ordered), 'video', 'videos')}"
        + (f", the {MOST_BARS} largest shown" if len(ordered) > MOST_BARS else ""),
        table=Table(columns, rows),
        spec=bars_spec(
            [str(each.video.pk) for each in shown],
            [float(len(each.people)) for each in shown],
            [(str(len(each.people)), "") for each in shown],
            hrefs=[row.href for row in rows[:MOST_BARS]],
            names=[_short(each.video.name) for each in shown],
            colors=False,
        ),
        height_px=bars_height_px(len(shown)),
    )


def _histogram_spec(bins: Sequence[AttentionBin]) -> Spec:
    width = (bins[0].to_s or 1.0) - bins[0].from_s
    counts = [each.count for each in bins]
    last_s = bins[-1].from_s
    trace = {
        "type": "bar",
        "x": [each.from_s + width / 2 for each in bins],
        "y": counts,
        "width": [0.92 * width] * len(bins),
        "marker": {"color": token("accent"), "cornerradius": 3},
        "hovertext": [f"{_range(each)}: {each.count}" for each in bins],
        "hoverinfo": "text",
    }
    every = max(len(bins) // 6, 1)
    ticks = [k * width for k in range(0, len(bins) + 1, every)]
    texts = [f"{tick:g}" for tick in ticks]
    texts[-1] += "\u202fs"
    step = count_step(max(counts))
    return spec_of(
        [trace],
        layout(
            height_px=222,
            hovermode="closest",
            margin={"l": 36, "r": 14, "t": 8, "b": 28},
            xaxis={"range": [0, last_s + width], "tickvals": ticks, "ticktext": texts},
            yaxis={"tick0": 0, "dtick": step, "rangemode": "tozero"},
        ),
    )


def count_step(top: int) -> int:
    """Between the ticks of an axis of counts: round, four at most."""
    return next(each for each in (1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 10**6) if top / each <= 4)


def _range(each: AttentionBin) -> str:
    return f"{each.from_s:g}\u202fs and more" if each.to_s is None else f"{each.from_s:g} to {each.to_s:g}\u202fs"


def attention_sentence(figures: AudienceFigures) -> str:
    median = figures.attention_time
    if median.value is None:
        return "No one looked at the camera, so there is no time to report."
    if median.n == 1:
        return f"The one watcher looked at the camera for {value_text(median)}."
    return f"Half of the watchers looked at the camera for less than {value_text(median)}."


def _longest(people: Sequence[PersonView], duration_s: float) -> str:
    first = leaders({str(place): person.in_view_s for place, person in enumerate(people)}, duration)
    names = [people[int(place)].name for place in first]
    if not names:
        return ""
    seconds = f"{duration(people[0].in_view_s)} of {duration(duration_s)}"
    if len(people) == 1:
        return f"{names[0]} is in view for {seconds}."
    if len(names) == 1:
        return f"{names[0]} is in view longest, {seconds}."
    who = listed(names) if len(names) <= 3 else f"{len(names)} people"
    return f"{who} are in view longest, {seconds} each."


def _most(n_people: dict[str, int], name: str) -> str:
    """`name` is of the first."""
    highest = max(n_people.values())
    n_leaders = sum(n == highest for n in n_people.values())
    people = counted(highest, "person", "people")
    if n_leaders == 1:
        return f"{name} shows the most people, {highest}." if len(n_people) > 1 else f"{name} shows {people}."
    return f"{n_leaders} videos show the most people, {highest} each." if highest else ""


def _short(name: str, most: int = 22) -> str:
    """Plotly reads a few tags in labels; a name must not speak to it."""
    cut = name if len(name) <= most else name[: most - 1] + "…"
    return cut.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
