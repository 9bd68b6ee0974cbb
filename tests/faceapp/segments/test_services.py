"""Segments and cues are made, changed, deleted; each act is undone by one step, an act on many as well."""

from __future__ import annotations

from typing import Any

import pytest

from faceapp.segments import services
from faceapp.segments.models import Mark
from faceapp.segments.services import MarkRefused, NewMark


def marks_on(video: Any) -> list[tuple[str, float, float | None]]:
    return [(mark.name, mark.from_s, mark.to_s) for mark in video.marks.all()]


def test_a_segment_and_a_cue_are_made_and_taken_back(video: Any, alice: Any) -> None:
    _, made = services.add_mark(video=video, mark=NewMark("  The \n dog ", 2.0, 4.5), user=alice)
    _, cue = services.add_mark(video=video, mark=NewMark("Price", 3.0), user=alice)
    assert marks_on(video) == [("The dog", 2.0, 4.5), ("Price", 3.0, None)]
    assert services.undo_change(made)
    assert services.undo_change(cue)
    assert not services.undo_change(cue)
    assert marks_on(video) == []


def test_without_a_name_the_next_free_number_is_taken(video: Any, alice: Any) -> None:
    for _ in range(2):
        services.add_mark(video=video, mark=NewMark("", 0.0, 1.0), user=alice)
    services.add_mark(video=video, mark=NewMark(" ", 5.0), user=alice)
    assert {name for name, _, _ in marks_on(video)} == {"Segment 1", "Segment 2", "Cue 1"}


def test_many_are_made_in_one_act_and_one_undo_takes_all_back(video: Any, alice: Any) -> None:
    services.add_mark(video=video, mark=NewMark("Kept", 0.0, 1.0), user=alice)
    _, imported = services.add_marks(
        video=video, marks=[NewMark(f"Scene {k}", k, k + 1.0) for k in range(9)], user=alice
    )
    assert video.marks.count() == 10
    services.undo_change(imported)
    assert marks_on(video) == [("Kept", 0.0, 1.0)]


def test_one_bad_mark_of_many_leaves_nothing_behind(video: Any, alice: Any) -> None:
    with pytest.raises(MarkRefused, match="end after it starts"):
        services.add_marks(video=video, marks=[NewMark("A", 0.0, 1.0), NewMark("B", 2.0, 2.0)], user=alice)
    assert marks_on(video) == []


def test_a_rename_and_a_moved_end_are_undone(video: Any, alice: Any) -> None:
    mark, _ = services.add_mark(video=video, mark=NewMark("Talk", 2.0, 4.0), user=alice)
    renamed = services.change_mark(mark=mark, name="Pitch", user=alice)
    moved = services.change_mark(mark=mark, to_s=5.0, user=alice)
    assert marks_on(video) == [("Pitch", 2.0, 5.0)]
    assert services.change_mark(mark=mark, to_s=5.0, user=alice) is None
    assert renamed is not None
    assert moved is not None
    with pytest.raises(MarkRefused, match="changed later"):
        services.undo_change(renamed)
    services.undo_change(moved)
    services.undo_change(renamed)
    assert marks_on(video) == [("Talk", 2.0, 4.0)]


def test_what_was_deleted_comes_back_as_the_same_one(video: Any, alice: Any) -> None:
    mark, _ = services.add_mark(video=video, mark=NewMark("Talk", 2.0, 4.0), user=alice)
    gone = services.delete_marks(video=video, marks=[mark], user=alice)
    assert not Mark.objects.exists()
    with pytest.raises(MarkRefused, match="no longer exists"):
        services.change_mark(mark=mark, name="Pitch", user=alice)
    services.undo_change(gone)
    assert Mark.objects.get().pk == mark.pk


@pytest.mark.parametrize(
    ("name", "from_s", "to_s"),
    [
        ("A", -1.0, 2.0),
        ("A", 3.0, 2.0),
        ("A", 2.0, 2.0004),  # the same millisecond
        ("A", 2.0, 12.1),  # the video ends at 12 s
        ("A", 12.5, None),
        ("A", float("nan"), 2.0),
        ("\u200b", 1.0, 2.0),
        ("A" * 81, 1.0, 2.0),
    ],
)
def test_what_makes_no_sense_is_refused_with_a_sentence(
    video: Any, alice: Any, name: str, from_s: float, to_s: float | None
) -> None:
    with pytest.raises(MarkRefused, match=r"^[A-Z].*\.$"):
        services.add_mark(video=video, mark=NewMark(name, from_s, to_s), user=alice)
    assert not Mark.objects.exists()
