"""A window is half-open, knows its rest, and is read from an address."""

from __future__ import annotations

from typing import Any

import pytest
from django.http import Http404, QueryDict
from hypothesis import given
from hypothesis import strategies as st

from faceapp.segments import services
from faceapp.segments.selectors import TimeFilter, asked_window
from faceapp.segments.services import NewMark
from faceapp.segments.window import Window

times = st.floats(0, 100, allow_nan=False)


def test_what_is_at_the_end_is_outside() -> None:
    window = Window.of(2.0, 4.0)
    assert (window.covers(2.0), window.covers(4.0)) == (True, False)
    assert window.clip(4.0, 5.0) == ()
    assert window.clip(1.0, 9.0) == ((2.0, 4.0),)


@given(times, times, times, times)
def test_a_window_and_its_rest_share_out_every_spell(a: float, b: float, c: float, d: float) -> None:
    if a == b or c == d:
        return
    window, spell = Window.of(min(a, b), max(a, b)), (min(c, d), max(c, d))
    rest = window.rest(100.0)
    assert window.seconds_of([spell]) + rest.seconds_of([spell]) == pytest.approx(spell[1] - spell[0])
    assert rest.rest(100.0).parts == window.parts


def test_an_address_names_a_range_its_rest_or_a_segment(video: Any, alice: Any) -> None:
    mark, _ = services.add_mark(video=video, mark=NewMark("Talk", 2.0, 4.0), user=alice)
    for query, parts in {
        "from=3&to=5.5": ((3.0, 5.5),),
        "from=3": ((3.0, 12.0),),
        "to=99": ((0.0, 12.0),),
        "from=3&to=5&rest=1": ((0.0, 3.0), (5.0, 12.0)),
        f"segment={mark.pk}": ((2.0, 4.0),),
        f"segment={mark.pk}&rest=1": ((0.0, 2.0), (4.0, 12.0)),
        "from=20": (),
    }.items():
        window = asked_window(alice, video, QueryDict(query))
        assert window is not None
        assert window.parts == parts, query
        assert TimeFilter.from_query(QueryDict(query)).pairs
    for nothing in ("", "from=x", "to=nan", "from=5&to=3", "rest=1", "segment=7"):
        assert asked_window(alice, video, QueryDict(nothing)) is None, nothing


def test_a_segment_that_is_gone_a_strangers_or_a_cue_has_no_figures(video: Any, alice: Any, charlie: Any) -> None:
    mark, _ = services.add_mark(video=video, mark=NewMark("Talk", 2.0, 4.0), user=alice)
    cue, _ = services.add_mark(video=video, mark=NewMark("Price", 2.0), user=alice)
    query = QueryDict(f"segment={mark.pk}")
    with pytest.raises(Http404):
        asked_window(charlie, video, query)
    with pytest.raises(Http404):
        asked_window(alice, video, QueryDict(f"segment={cue.pk}"))
    services.delete_marks(video=video, marks=[mark], user=alice)
    with pytest.raises(Http404):
        asked_window(alice, video, query)
