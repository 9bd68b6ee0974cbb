"""Cue lists are read in every format they come in, faults line by line, and what is written can be read again."""

from __future__ import annotations

import pytest

from faceapp.segments.cue_lists import Written, read_cue_list, to_csv, to_edl, to_webvtt
from faceapp.segments.importing import Frames, preview_of
from faceapp.segments.timecodes import seconds_of, smpte

MARKS = [
    Written("Arrival", 0.0, 2.48),
    Written('The "dog", again', 3.0, 8.04),
    Written("Price", 4.2, None),
    Written("Vote", 8.04, 11.96),
]
VIDEO = Frames(duration_s=12.0, frame_rate=25.0, cuts_s=(6.0,))


def times(text: str, frame_rate: float = 25.0) -> list[tuple[str, float | None, float | None]]:
    return [(mark.name, mark.from_s, mark.to_s) for mark in read_cue_list(text, frame_rate)[1]]


@pytest.mark.parametrize(
    ("text", "frame_rate", "seconds"),
    [
        ("84.6", 25, 84.6),
        ("1:24.6", 25, 84.6),
        ("0:01:24,600", 25, 84.6),
        ("00:01:24:15", 25, 84.6),
        ("90:00", 25, 5400),
        ("01:00:00;00", 30000 / 1001, 3599.9964),  # drop-frame keeps to the clock
        ("01:00:00:00", 30000 / 1001, 3603.6),
        ("00:61:10", 25, None),
        ("0:75", 25, None),
        ("00:00:00:25", 25, None),
        ("soon", 25, None),
        ("-3", 25, None),
        ("", 25, None),
    ],
)
def test_times_in_every_notation(text: str, frame_rate: float, seconds: float | None) -> None:
    found = seconds_of(text, frame_rate)
    assert found == (seconds if seconds is None else pytest.approx(seconds, abs=1e-6))


@pytest.mark.parametrize("frame_rate", [24.0, 24000 / 1001, 25.0, 29.97, 30.0, 59.94])
def test_a_timecode_is_the_frame_on_display(frame_rate: float) -> None:
    for number in (0, 1, 999, 107_892):
        assert seconds_of(smpte(number / frame_rate, frame_rate), frame_rate) == pytest.approx(
            number / frame_rate, abs=0.5 / frame_rate
        )


def test_csv_with_headings_in_any_order_and_with_lengths() -> None:
    text = "Start;Duration;Title\r\n0:03,5;2;The dog\r\n0:07;;Price\r\n"
    assert times(text) == [("The dog", 3.5, 5.5), ("Price", 7.0, None)]


def test_csv_without_headings() -> None:
    assert times("Intro, 0:00, 0:12.5\n\n3,4,Talk\n") == [("Intro", 0.0, 12.5), ("Talk", 3.0, 4.0)]


def test_srt_and_webvtt() -> None:
    srt = "1\n00:00:01,000 --> 00:00:02,500\n<i>Hello</i>\nthere\n\n2\n00:00:03,000 --> 00:00:04,000\n\n"
    assert read_cue_list(srt, 25.0)[0] == "SRT"
    assert times(srt) == [("Hello there", 1.0, 2.5), ("", 3.0, 4.0)]
    assert times("WEBVTT\n\nintro\n00:01.000 --> 00:02.000 align:start\nOpening\n") == [("Opening", 1.0, 2.0)]


def test_an_edl_begins_at_one_hour_and_has_locators() -> None:
    edl = """TITLE: Spot
001  AX       V     C        00:00:00:00 00:00:02:00 01:00:01:00 01:00:03:00
* FROM CLIP NAME: Dog.mov
* LOC: 01:00:02:12 RED Price shown
002  AX       V     C        00:00:00:00 00:00:02:00 01:00:05:00 01:00:07:12
"""
    assert read_cue_list(edl, 25.0)[0] == "EDL"
    assert times(edl) == [("Dog.mov", 1.0, 3.0), ("Price shown", 2.48, None), ("", 5.0, 7.48)]
    assert times(edl.replace("01:00:", "00:00:"))[0] == ("Dog.mov", 1.0, 3.0)


def test_what_is_written_is_read_again() -> None:
    marks = [(mark.name, mark.from_s, mark.to_s) for mark in MARKS]
    assert times(to_csv(MARKS)) == marks
    assert sorted(times(to_edl(MARKS, "Spot", 25.0))) == sorted(marks)
    assert times(to_webvtt(MARKS)) == [mark for mark in marks if mark[2] is not None]


def test_a_name_that_a_spreadsheet_would_run_is_neutralised() -> None:
    assert "'=1+1" in to_csv([Written("=1+1", 0.0, 1.0)])


def test_each_line_says_what_is_made_of_it() -> None:
    text = """name,from,to
Arrival,0:00,0:08
The dog,0:02,0:03
The pack,0:04,
,0:05,0:06
Vote,0:09,0:20
Outro,0:41,0:50
Jingle,00:61:10,1:02
Late,0:05,0:04
"""
    lines = preview_of(read_cue_list(text, 25.0)[1], VIDEO, {"Segment 1"})
    assert [(line.listed.line, line.makes, line.note) for line in lines] == [
        (2, "Segment", ""),
        (3, "Segment", "inside “Arrival”: both are kept"),
        (4, "Cue", ""),
        (5, "Segment", "no name: it becomes “Segment 2”"),
        (6, "Segment", "ends after the video: cut at 0:12.0"),
        (7, "Nothing", "begins after the video ends: left out"),
        (8, "Nothing", "“00:61:10” is not a time: left out"),
        (9, "Nothing", "ends before it begins: left out"),
    ]
    assert [line.is_mild for line in lines] == [False, False, False, True, True, False, False, False]


def test_edges_snap_to_a_cut_within_five_frames() -> None:
    lines = preview_of(read_cue_list("Talk,5.85,6.5", 25.0)[1], VIDEO, snap=True)
    assert lines[0].mark is not None
    assert (lines[0].mark.from_s, lines[0].mark.to_s) == (6.0, 6.5)


@pytest.mark.parametrize("text", ["", "\n\n", "no times here", "WEBVTT", "TITLE: x", "\x00,\x00", '"'])
def test_nothing_useful_is_never_an_error(text: str) -> None:
    assert all(line.mark is None for line in preview_of(read_cue_list(text, 25.0)[1], VIDEO))
