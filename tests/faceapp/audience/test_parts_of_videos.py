"""Figures, charts, files and API answers of a part of a video say the same."""

from __future__ import annotations

import csv
import io
import json
from typing import Any

import pytest
from django.http import QueryDict
from django.test import Client
from django.urls import reverse

from faceapp.audience.figures import audience_of
from faceapp.audience.selection import Selection
from faceapp.audience.selectors import audiences_of, chosen_audience, reaction_for
from faceapp.runs.models import Run
from faceapp.segments import services
from faceapp.segments.services import NewMark


@pytest.fixture
def segment(finished_run: Run, alice: Any) -> Any:
    """From 3 s to 7 s: Ann 4 s, Ben 3 s."""
    return services.add_mark(video=finished_run.video, mark=NewMark("Entrance", 3.0, 7.0), user=alice)[0]


def taken(answer: Any) -> bytes:
    assert answer.status_code == 200
    return b"".join(answer.streaming_content) if answer.streaming else answer.content  # type: ignore[no-any-return]


def test_an_address_keeps_its_part_of_the_video(segment: Any) -> None:
    for query in (f"segment={segment.pk}", "from=3&to=7", f"segment={segment.pk}&rest=1", "from=2.5"):
        selection = Selection.from_query(QueryDict(query))
        assert Selection.from_query(QueryDict(selection.to_query())) == selection
        assert selection.to_query() == query


def test_figures_are_of_the_segment_alone(segment: Any, alice: Any) -> None:
    chosen = chosen_audience(alice, Selection.from_query(QueryDict(f"segment={segment.pk}")))
    assert [each.length_s for each in chosen.audiences] == [4.0]
    assert chosen.figures.in_view.value == pytest.approx(3.5)
    assert chosen.part == "Entrance, 0:03.0–0:07.0"
    first = audiences_of(alice, Selection.from_query(QueryDict("to=3")))
    assert audience_of(first[0].people).ots.value == 1


def test_time_in_view_is_filtered_by_what_lies_inside(segment: Any, alice: Any) -> None:
    selection = Selection.from_query(QueryDict(f"segment={segment.pk}&least=3.5"))
    assert [person.person_id for each in audiences_of(alice, selection) for person in each.people] == [1]


def test_a_curve_begins_with_the_segment_on_the_clock_of_the_video(segment: Any, alice: Any) -> None:
    reaction = reaction_for(audiences_of(alice, Selection.from_query(QueryDict(f"segment={segment.pk}"))))
    assert reaction is not None
    assert reaction.times_s == (3.0, 4.0, 5.0, 6.0)
    assert reaction.n_present == (1, 2, 2, 2)
    outside = reaction_for(audiences_of(alice, Selection.from_query(QueryDict(f"segment={segment.pk}&rest=1"))))
    assert outside is not None
    assert outside.n_present == (1, 1, 1, 0, 0, 0, 0, 2, 1, 1, 1, 1)


def test_page_files_and_api_say_the_same_of_a_segment(segment: Any, alice_client: Client) -> None:
    video, query = segment.video, {"segment": segment.pk}
    page = alice_client.get(reverse("audience:audience"), query).content.decode()
    assert "Entrance, 0:03.0–0:07.0" in page
    assert "2 people in 1 video, 0:04" in page
    table = list(
        csv.DictReader(
            io.StringIO(taken(alice_client.get(reverse("reports:people_csv", args=[video.pk]), query)).decode())
        )
    )
    people = alice_client.get(reverse("api:video_people", args=[video.pk]), query).json()
    report = json.loads(taken(alice_client.get(reverse("reports:report_json", args=[video.pk]), query)))
    assert report["video"]["window"] == [[3.0, 7.0]]
    in_view = [4.0, 3.0]
    assert [float(row["in_view_s"]) for row in table] == in_view
    assert [person["in_view_s"] for person in people] == in_view
    assert [person["in_view_s"] for person in report["people"]] == in_view
    spells = [spell for person in report["people"] for spell in person["spells"]]
    assert min(spell["start_s"] for spell in spells) == 3.0
    assert max(spell["end_s"] for spell in spells) == 7.0


def test_samples_are_those_inside(segment: Any, alice_client: Client) -> None:
    answer = alice_client.get(reverse("reports:samples_csv", args=[segment.video.pk]), {"from": "1", "to": "2"})
    rows = list(csv.DictReader(io.StringIO(taken(answer).decode())))
    assert {row["person_id"] for row in rows} == {"1"}
    assert min(float(row["time_s"]) for row in rows) == 1.0
    assert max(float(row["time_s"]) for row in rows) < 2.0
    assert "1-2 s" in answer["Content-Disposition"]


def test_pdfs_of_a_segment_say_so(segment: Any, alice_client: Client) -> None:
    from pypdf import PdfReader

    def text(route: str, *args: Any) -> str:
        content = taken(alice_client.get(reverse(route, args=args), {"segment": segment.pk}))
        return " ".join(page.extract_text() for page in PdfReader(io.BytesIO(content)).pages)

    assert "0:03.0–0:07.0 of 0:12" in text("reports:video_report_pdf", segment.video.pk)
    assert "Only this part: Entrance, 0:03.0–0:07.0." in text("reports:audience_report_pdf")


def test_a_deleted_segment_is_not_the_whole_video(segment: Any, alice: Any, alice_client: Client) -> None:
    services.delete_marks(video=segment.video, marks=[segment], user=alice)
    for route, args in (("audience:audience", []), ("reports:people_csv", [segment.video.pk])):
        assert alice_client.get(reverse(route, args=args), {"segment": segment.pk}).status_code == 404
