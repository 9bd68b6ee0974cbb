"""Columns are read from an address and written back; they are added, removed and swapped without gaps."""

from __future__ import annotations

from uuid import UUID

import pytest
from django.http import QueryDict

from faceapp.comparisons.columns import ColumnQuery, Columns

VIDEO, OTHER, PROJECT = (UUID(int=k) for k in (1, 2, 3))


def read(**asked: str) -> Columns:
    query = QueryDict(mutable=True)
    query.update(asked)
    return Columns.from_query(query)


def test_an_address_survives_the_round_trip() -> None:
    columns = read(
        a=f"video={VIDEO}",
        b=f"project={PROJECT}&age=25-34&gender=female&least=2&watchers=1",
        c=f"project={PROJECT}&others=1",
        draw="c",
        order="size",
    )
    assert Columns.from_query(QueryDict(columns.to_query())) == columns


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        (f"video={VIDEO}", "video"),
        (f"video={VIDEO}&video={OTHER}", "videos"),
        (f"project={PROJECT}", "project"),
        (f"video={VIDEO}&gender=female", "filter"),
        (f"project={PROJECT}&others=1", "others"),
        ("", "all"),
    ],
)
def test_a_column_knows_its_kind(text: str, kind: str) -> None:
    assert ColumnQuery.from_text(text).kind == kind


def test_nonsense_is_passed_over() -> None:
    columns = read(a="video=nothing", b=f"video={VIDEO}", draw="z", order="up")
    assert (columns.drawn, columns.order) == ("b", "group")
    assert columns.by_letter["a"].kind == "all"


def test_a_letter_that_is_missing_is_closed() -> None:
    columns = read(b=f"video={VIDEO}", d=f"video={OTHER}", draw="d")
    assert list(columns.by_letter) == ["a", "b"]
    assert columns.drawn == "b"


def test_a_new_column_takes_the_next_letter_and_is_drawn() -> None:
    columns = Columns({})
    for k in range(7):
        columns = columns.with_column(ColumnQuery.from_text(f"video={UUID(int=k)}"))
    assert "".join(columns.by_letter) == "abcdef"
    assert (columns.drawn, columns.next_letter) == ("f", None)


def test_swapping_changes_the_reference_and_swapping_back_everything() -> None:
    columns = read(a=f"video={VIDEO}", b=f"video={OTHER}")
    assert columns.swapped().by_letter["a"] == columns.by_letter["b"]
    assert columns.swapped().swapped() == columns


def test_the_column_that_is_drawn_stays_drawn_when_another_goes() -> None:
    columns = read(a=f"video={VIDEO}", b=f"video={OTHER}", c=f"project={PROJECT}", draw="c")
    assert columns.without("b").drawn == "b"
    assert columns.without("b").by_letter["b"] == columns.by_letter["c"]
    assert columns.without("c").drawn == "b"
