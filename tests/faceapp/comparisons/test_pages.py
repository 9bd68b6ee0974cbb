"""The page Compare and what hangs on it: columns, faces, saved comparisons, files, and who may see them."""

from __future__ import annotations

import csv
import io
from typing import Any
from urllib.parse import urlencode

import pytest
from django.test import Client

from faceapp.comparisons.models import SavedComparison
from faceapp.library.models import Video
from faceapp.segments.services import NewMark, add_mark
from tests.panels import make_panel


@pytest.fixture
def adverts(project: Any) -> tuple[Video, Video]:
    return (
        make_panel(project, "Cut A.mp4", 40, happy=0.1, female=0.2, seed=1),
        make_panel(project, "Cut B.mp4", 36, happy=0.9, female=0.9, seed=2),
    )


def address_of(*texts: str, **more: str) -> str:
    return f"/compare/?{urlencode([*zip('abcdef', texts, strict=False), *more.items()])}"


@pytest.fixture
def address(adverts: tuple[Video, Video]) -> str:
    return address_of(*(f"video={video.pk}" for video in adverts))


def body(client: Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200
    return answer.content.decode()


def test_two_videos_side_by_side(alice_client: Client, address: str) -> None:
    page = body(alice_client, address)
    assert "Different people in A and B: compared as two groups." in page
    assert "n = 40" in page
    assert "B higher" in page
    assert "B lower" in page


def test_without_columns_the_page_says_how_to_begin(alice_client: Client, project: Any) -> None:
    assert "Choose the first column" in body(alice_client, "/compare/")


def test_with_one_column_a_second_is_asked_for(alice_client: Client, adverts: tuple[Video, Video]) -> None:
    page = body(alice_client, address_of(f"video={adverts[0].pk}"))
    assert "Add a second column" in page
    assert "Looked at the camera" in page


def test_everything_else_is_who_stands_in_no_other_column(
    alice_client: Client, adverts: tuple[Video, Video], project: Any
) -> None:
    page = body(alice_client, address_of(f"video={adverts[0].pk}", f"project={project.pk}&others=1"))
    assert "Everything else in Spring campaign" in page
    assert "1 video, n = 36" in page


def test_a_filter_is_compared_with_its_project_and_the_overlap_is_said(
    alice_client: Client, adverts: tuple[Video, Video], project: Any
) -> None:
    page = body(alice_client, address_of(f"project={project.pk}", f"project={project.pk}&gender=female"))
    assert "people of B are also in A" in page


def test_fewer_than_five_people_are_not_shown(alice_client: Client, adverts: tuple[Video, Video], project: Any) -> None:
    few = make_panel(project, "Few.mp4", 4)
    page = body(alice_client, address_of(f"video={adverts[0].pk}", f"video={few.pk}"))
    assert "under 5" in page
    assert "Under 5: not shown" in page


def test_a_column_is_added_by_a_form(alice_client: Client, adverts: tuple[Video, Video]) -> None:
    first = f"video={adverts[0].pk}"
    query = urlencode({"to": urlencode({"a": first}), "video": adverts[1].pk, "gender": "female"})
    answer = alice_client.get(f"/compare/add/?{query}")
    assert answer["Location"] == address_of(first, f"video={adverts[1].pk}&gender=female")


def test_a_cell_leads_to_the_faces_behind_it(alice_client: Client, address: str, adverts: tuple[Video, Video]) -> None:
    query = f"{address.replace('/compare/', '/compare/faces/')}&column=a&figure=gender%3Afemale"
    page = body(alice_client, query)
    n_women = page.count('class="faces__one"')
    assert f"{n_women} of 40 people in Cut A.mp4" in page
    assert alice_client.get(query.replace("gender%3Afemale", "gender%3Anobody")).status_code == 404


def test_what_is_withheld_has_no_faces(alice_client: Client, adverts: tuple[Video, Video], project: Any) -> None:
    few = make_panel(project, "Few.mp4", 4)
    address = address_of(f"video={adverts[0].pk}", f"video={few.pk}", column="b", figure="gender:female")
    assert alice_client.get(address.replace("/compare/", "/compare/faces/")).status_code == 404


def test_a_comparison_is_saved_under_a_name_found_by_the_team_and_deleted(
    alice_client: Client, bob_client: Client, charlie_client: Client, address: str
) -> None:
    query = address.partition("?")[2]
    alice_client.post("/compare/save/", {"query": query, "name": "Cut test"})
    saved = SavedComparison.objects.get()
    assert "Cut test" in body(alice_client, address)
    assert "Cut test" in body(bob_client, "/compare/")
    assert "Cut test" not in body(charlie_client, "/compare/")
    assert bob_client.get(f"/compare/saved/{saved.pk}/")["Location"] == address
    bob_client.post(f"/compare/saved/{saved.pk}/delete/")
    assert not SavedComparison.objects.exists()


def test_a_name_that_cannot_be_seen_is_refused(alice_client: Client, address: str) -> None:
    answer = alice_client.post("/compare/save/", {"query": address.partition("?")[2], "name": "\u200b"}, follow=True)
    assert "at least one visible character" in answer.content.decode()
    assert not SavedComparison.objects.exists()


def test_a_stranger_finds_nobody_in_the_columns(charlie_client: Client, address: str) -> None:
    page = body(charlie_client, address)
    assert "No one here" in page
    assert "Cut A" not in page


def test_the_table_as_a_file(alice_client: Client, address: str) -> None:
    answer = alice_client.get(address.replace("/compare/", "/compare/figures.csv"))
    rows = list(csv.DictReader(io.StringIO(answer.getvalue().decode())))  # type: ignore[attr-defined]
    women = {row["column"]: row for row in rows if (row["figure"], row["group"]) == ("gender", "female")}
    assert women["A"]["difference"] == ""
    assert women["B"]["verdict"] == "higher"
    assert float(women["B"]["difference"]) == pytest.approx(float(women["B"]["value"]) - float(women["A"]["value"]))
    assert alice_client.get("/compare/figures.csv").status_code == 404


@pytest.mark.parametrize("attribute", ["age_gender", "emotion", "attention", "ethnicity"])
def test_what_a_project_switches_off_is_not_compared(
    alice_client: Client, address: str, project: Any, attribute: str
) -> None:
    words = {"age_gender": "Female", "emotion": "Happy", "attention": "Looked at the camera", "ethnicity": "Hispanic"}
    table = "differences"
    assert words[attribute] in body(alice_client, address).partition(table)[2].partition("</table>")[0]
    project.switches = [each for each in project.switches if each != attribute]
    project.save()
    assert words[attribute] not in body(alice_client, address).partition(table)[2].partition("</table>")[0]


def test_a_segment_is_compared_with_the_rest_of_its_video_person_by_person(
    alice_client: Client, alice: Any, adverts: tuple[Video, Video]
) -> None:
    segment, _ = add_mark(video=adverts[1], user=alice, mark=NewMark("Intro", 0.0, 10.0))
    page = body(alice_client, address_of(f"segment={segment.pk}&rest=1", f"segment={segment.pk}"))
    assert "Paired: A and B are parts of one video; 36 people are in both and each is compared with themselves." in page
    assert "36 pairs" in page
    assert "All but Intro" in page


def test_a_segment_that_is_gone_leaves_an_empty_column(
    alice_client: Client, alice: Any, adverts: tuple[Video, Video]
) -> None:
    address = address_of(f"video={adverts[0].pk}", f"segment={adverts[0].pk}")
    assert "No one here" in body(alice_client, address)
