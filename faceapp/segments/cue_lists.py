"""Cue lists: CSV, SRT, WebVTT and EDL (CMX 3600), read line by line, and written. Pure.

What cannot be read is a line with a fault, never an exception: the user sees what is wrong with which line.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from faceapp.core.spreadsheets import safe_cell
from faceapp.segments.timecodes import HOUR_S, precise, seconds_of, smpte

Format = Literal["CSV", "SRT", "WebVTT", "EDL"]

MOST_LINES = 5000
NAMES = ("name", "title", "label", "segment", "cue", "marker name", "description")
STARTS = ("from", "from_s", "start", "start_s", "in", "begin", "time", "timecode", "position")
ENDS = ("to", "to_s", "end", "end_s", "out", "stop")
LENGTHS = ("duration", "length", "duration_s", "length_s")
ARROW = re.compile(r"(\S+)\s+-->\s+(\S+)")
EVENT = re.compile(r"^\d{1,6}\s+\S+\s+\S+\s+\S+(?:\s+\d+)?\s+((?:\S+\s+){3}\S+)\s*$")
LOCATOR = re.compile(r"^\*\s*LOC:\s*(\S+)\s+(?:[A-Z]+\s+)?(.*)$", re.IGNORECASE)
CLIP_NAME = re.compile(r"^\*\s*(?:FROM|TO)?\s*CLIP NAME:\s*(.*)$", re.IGNORECASE)
TAG = re.compile(r"<[^>]*>")


@dataclass(frozen=True, slots=True)
class ListedMark:
    """One entry of a cue list. A cue has no end. Where `fault` says something, the times mean nothing."""

    line: int  # from 1, in the file
    name: str  # may be empty
    from_text: str
    to_text: str
    from_s: float | None
    to_s: float | None
    fault: str = ""  # a sentence without its point


@dataclass(frozen=True, slots=True)
class Written:
    """A segment or cue to be written; a cue has no end."""

    name: str
    from_s: float
    to_s: float | None


def read_cue_list(text: str, frame_rate: float) -> tuple[Format, list[ListedMark]]:
    """The format that the text is in, and its entries in their order; none for an empty text.

    An EDL whose record times all lie at 1 hour or later begins at 01:00:00:00, as is usual: that is 0:00 then.
    """
    text = text.lstrip("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
    lines = text.split("\n")[:MOST_LINES]
    if lines[0].startswith("WEBVTT"):
        return "WebVTT", list(_subtitles(lines, frame_rate))
    if any(EVENT.match(line) for line in lines) or lines[0].startswith("TITLE:"):
        return "EDL", _from_the_hour(list(_edl(lines, frame_rate)))
    if any(ARROW.search(line) for line in lines):
        return "SRT", list(_subtitles(lines, frame_rate))
    return "CSV", list(_csv(lines, frame_rate))


def _entry(line: int, name: str, from_text: str, to_text: str, frame_rate: float) -> ListedMark:
    from_s, to_s = seconds_of(from_text, frame_rate), seconds_of(to_text, frame_rate) if to_text else None
    wrong = from_text if from_s is None else to_text if to_text and to_s is None else None
    fault = "" if wrong is None else f"“{wrong}” is not a time" if wrong else "there is no start time"
    return ListedMark(line, " ".join(name.split()), from_text, to_text, from_s, to_s, fault)


def _subtitles(lines: Sequence[str], frame_rate: float) -> Iterator[ListedMark]:
    """The text under each line of times is the name."""
    k = 0
    while k < len(lines):
        match = ARROW.search(lines[k])
        if match is None:
            k += 1
            continue
        at, said = k + 1, []
        k += 1
        while k < len(lines) and lines[k].strip() and not ARROW.search(lines[k]):
            said.append(TAG.sub("", lines[k]).strip())
            k += 1
        yield _entry(at, " ".join(said), match[1], match[2], frame_rate)


def _edl(lines: Sequence[str], frame_rate: float) -> Iterator[ListedMark]:
    """Events by their record times, named by the comment under them; locators are cues."""
    event: ListedMark | None = None
    for number, line in enumerate(lines, start=1):
        if match := EVENT.match(line):
            if event:
                yield event
            *_, record_in, record_out = match[1].split()
            event = _entry(number, "", record_in, record_out, frame_rate)
        elif event and (clip := CLIP_NAME.match(line)):
            event = ListedMark(event.line, clip[1].strip(), *_times(event))
        elif locator := LOCATOR.match(line):
            if event:
                yield event
            event = None
            yield _entry(number, locator[2], locator[1], "", frame_rate)
    if event:
        yield event


def _times(mark: ListedMark) -> tuple[str, str, float | None, float | None, str]:
    return mark.from_text, mark.to_text, mark.from_s, mark.to_s, mark.fault


def _from_the_hour(marks: list[ListedMark]) -> list[ListedMark]:
    starts = [mark.from_s for mark in marks if mark.from_s is not None]
    shift_s = HOUR_S if starts and min(starts) >= HOUR_S else 0.0
    return [
        ListedMark(
            mark.line, mark.name, mark.from_text, mark.to_text, _less(mark.from_s, shift_s), _less(mark.to_s, shift_s),
            mark.fault,
        )
        for mark in marks
    ]  # fmt: skip


def _less(time_s: float | None, shift_s: float) -> float | None:
    return None if time_s is None else round(time_s - shift_s, 6)


def _csv(lines: Sequence[str], frame_rate: float) -> Iterator[ListedMark]:
    """By the line of headings; without one, the first two times are from and to, and the first text is the name."""
    rows = [(number, _cells(line, lines)) for number, line in enumerate(lines, start=1) if line.strip()]
    if not rows:
        return
    headings = [cell.strip().lower() for cell in rows[0][1]]
    start = _column(headings, STARTS)
    if start is None:
        for number, cells in rows:
            yield _by_what_it_is(number, cells, frame_rate)
        return
    name, end, length = _column(headings, NAMES), _column(headings, ENDS), _column(headings, LENGTHS)
    for number, cells in rows[1:]:
        to_text = _at(cells, end)
        from_s, length_s = seconds_of(_at(cells, start), frame_rate), seconds_of(_at(cells, length), frame_rate)
        if not to_text and from_s is not None and length_s:
            to_text = f"{from_s + length_s:.3f}"
        yield _entry(number, _at(cells, name), _at(cells, start), to_text, frame_rate)


def _cells(line: str, lines: Sequence[str]) -> list[str]:
    counts = {sign: sum(each.count(sign) for each in lines) for sign in ("\t", ";", ",")}
    delimiter = max(counts, key=lambda sign: counts[sign])
    return next(csv.reader([line], delimiter=delimiter), [])


def _by_what_it_is(number: int, cells: Sequence[str], frame_rate: float) -> ListedMark:
    cells = [cell.strip() for cell in cells]
    like_times = [cell for cell in cells if re.fullmatch(r"[\d:;.,]+", cell)]
    names = [cell for cell in cells if cell and cell not in like_times]
    from_text, to_text, *_ = (*like_times, "", "")
    return _entry(number, names[0] if names else "", from_text, to_text, frame_rate)


def _column(headings: Sequence[str], names: Iterable[str]) -> int | None:
    return next((headings.index(name) for name in names if name in headings), None)


def _at(cells: Sequence[str], column: int | None) -> str:
    return cells[column].strip() if column is not None and column < len(cells) else ""


# --- writing ---


def to_csv(marks: Iterable[Written]) -> str:
    """`name,from_s,to_s,from,to`; a cue has no end."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(("name", "from_s", "to_s", "from", "to"))
    for mark in marks:
        to_text = "" if mark.to_s is None else precise(mark.to_s)
        writer.writerow((safe_cell(mark.name), mark.from_s, mark.to_s, precise(mark.from_s), to_text))
    return out.getvalue()


def to_webvtt(marks: Iterable[Written]) -> str:
    """Segments as chapters; cues have no length, and chapters need one, so that they are left out."""
    segments = [(mark, mark.to_s) for mark in marks if mark.to_s is not None]
    chapters = (f"{precise(mark.from_s)} --> {precise(to_s)}\n{_one_line(mark.name)}\n" for mark, to_s in segments)
    return "\n".join(("WEBVTT\n", *chapters))


def to_edl(marks: Iterable[Written], title: str, frame_rate: float) -> str:
    """CMX 3600 that begins at 01:00:00:00; segments are events, cues are locators under the event before them."""
    lines, number = [f"TITLE: {_one_line(title)}", "FCM: NON-DROP FRAME", ""], 0
    for mark in marks:
        start = smpte(mark.from_s, frame_rate)
        at = _from_hour(start)
        if mark.to_s is None:
            lines.append(f"* LOC: {at} RED {_one_line(mark.name)}")
            continue
        number += 1
        end = smpte(mark.to_s, frame_rate)
        lines += [f"{number:03}  AX       V     C        {start} {end} {at} {_from_hour(end)}"]
        lines += [f"* FROM CLIP NAME: {_one_line(mark.name)}"]
    return "\n".join(lines) + "\n"


def _from_hour(code: str) -> str:
    return f"{int(code[:2]) + 1:02}{code[2:]}"


def _one_line(text: str) -> str:
    return " ".join(text.replace("-->", "→").split())
