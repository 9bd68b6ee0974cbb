"""The tab Segments says the same of a segment as its people do, in as many queries for many as for one."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from faceapp.audience.figures import emotion_time
from faceapp.results.segment_rows import mark_rows
from faceapp.results.selectors import people_of
from faceapp.runs.models import Run
from faceapp.segments.services import NewMark, add_marks
from faceapp.segments.window import Window


def test_a_row_counts_who_is_in_view_and_shares_what_they_show(finished_run: Run, alice: Any) -> None:
    add_marks(video=finished_run.video, marks=[NewMark("Both", 3.0, 7.0), NewMark("Now", 4.5)], user=alice)
    both, now = mark_rows(finished_run, people_of(finished_run))
    assert (both.n_people, both.length_s, now.n_people, now.shares) == (2, 4.0, 2, None)
    audience = {
        each.key.removeprefix("emotion:"): each.value
        for each in emotion_time(people_of(finished_run, Window.of(3.0, 7.0)))
    }
    assert both.shares == pytest.approx(audience, abs=1e-4)


def test_many_segments_cost_as_many_queries_as_one(finished_run: Run, alice: Any) -> None:
    people = people_of(finished_run)
    counts = []
    for n in (1, 50):
        add_marks(video=finished_run.video, marks=[NewMark("", k / 10, k / 10 + 3) for k in range(n)], user=alice)
        with CaptureQueriesContext(connection) as queries:
            mark_rows(finished_run, people)
        counts.append(len(queries))
    assert counts == [2, 2]


def test_the_table_of_a_part_lists_who_is_in_it_and_the_lanes_everyone(finished_run: Run, alice_client: Client) -> None:
    page = alice_client.get(
        reverse("results:video_detail", args=[finished_run.video_id]), {"from": 1, "to": 3}
    ).content.decode()
    assert page.count("<tr data-person=") == 1
    assert page.count('<li class="lane-head"') == 2
    assert "0:01.0–0:03.0" in page
    assert f"{reverse('reports:people_csv', args=[finished_run.video_id])}?from=1&amp;to=3" in page


def test_a_part_in_which_no_one_is_says_so(finished_run: Run, alice_client: Client) -> None:
    address = reverse("results:video_detail", args=[finished_run.video_id])
    assert "No one is in view in this part." in alice_client.get(address, {"from": 13}).content.decode()
