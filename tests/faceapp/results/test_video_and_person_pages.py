"""The pages of a video and of a person, and the forms that put a person right."""

from __future__ import annotations

from typing import Any

import pytest
from django.urls import reverse

from faceapp.results.selectors import people_of, person_of


@pytest.fixture
def video_url(finished_run: Any) -> str:
    return reverse("results:video_detail", args=[finished_run.video_id])


@pytest.fixture
def person_url(finished_run: Any) -> str:
    return reverse("results:person_detail", args=[finished_run.video_id, 1])


def addresses(run: Any) -> list[str]:
    names = {"results:video_detail": [], "results:timeline": [], "library:video_row": [], "results:person_detail": [1]}
    return [reverse(name, args=[run.video_id, *rest]) for name, rest in names.items()] + [
        reverse("results:portrait", args=[run.video_id, 1, 0])
    ]


def test_members_see_every_page_and_strangers_none(bob_client: Any, charlie_client: Any, finished_run: Any) -> None:
    for address in addresses(finished_run):
        assert bob_client.get(address).status_code == 200, address
        assert charlie_client.get(address).status_code == 404, address


def test_strangers_correct_nothing(charlie_client: Any, finished_run: Any) -> None:
    for name, rest in {
        "results:person_rename": [1],
        "results:person_correct": [1],
        "results:person_merge": [1],
        "results:track_move": [1],
        "results:correction_undo": [1],
    }.items():
        assert charlie_client.post(reverse(name, args=[finished_run.video_id, *rest])).status_code == 404
    assert finished_run.corrections.count() == 0


def test_the_number_of_queries_does_not_grow_with_people(
    alice_client: Any, video_url: str, django_assert_max_num_queries: Any
) -> None:
    with django_assert_max_num_queries(20):
        assert alice_client.get(video_url).status_code == 200


def test_the_timeline_is_not_sent_again_until_a_correction(
    alice_client: Any, finished_run: Any, person_url: str
) -> None:
    address = reverse("results:timeline", args=[finished_run.video_id])
    tag = alice_client.get(address)["ETag"]
    assert alice_client.get(address, headers={"If-None-Match": tag}).status_code == 304
    alice_client.post(f"{person_url}name", {"name": "Ann"})
    assert alice_client.get(address, headers={"If-None-Match": tag}).status_code == 200


def test_a_video_under_way_says_so_and_can_be_cancelled(alice_client: Any, assembling_run: Any) -> None:
    page = alice_client.get(reverse("results:video_detail", args=[assembling_run.video_id])).content.decode()
    assert "Being analysed" in page
    assert reverse("runs:run_cancel", args=[assembling_run.pk]) in page


def test_a_failed_run_shows_its_sentence_and_the_way_out(alice_client: Any, assembling_run: Any) -> None:
    from faceapp.runs.services import fail_run

    fail_run(assembling_run.pk, "The decoder stopped.")
    page = alice_client.get(reverse("results:video_detail", args=[assembling_run.video_id])).content.decode()
    assert "The decoder stopped." in page
    assert reverse("runs:run_start", args=[assembling_run.video_id]) in page


def test_a_name_is_escaped_everywhere(alice_client: Any, video_url: str, person_url: str) -> None:
    alice_client.post(f"{person_url}name", {"name": "<script>alert(1)</script>"})
    for address in (video_url, person_url):
        assert "<script>alert" not in alice_client.get(address).content.decode()


def test_what_is_set_by_hand_is_shown_and_undone(alice_client: Any, finished_run: Any, person_url: str) -> None:
    alice_client.post(f"{person_url}correct", {"age": "41", "gender": "female", "ethnicity": "White"})
    assert person_of(finished_run, 1).age.years == 41
    assert "set by hand" in alice_client.get(person_url).content.decode()
    (correction,) = finished_run.corrections.all()  # gender and ethnicity were so already
    alice_client.post(reverse("results:correction_undo", args=[finished_run.video_id, correction.pk]), {"from": "1"})
    assert person_of(finished_run, 1).age.years != 41


def test_what_was_done_is_said_with_a_button_that_takes_it_back(
    alice_client: Any, finished_run: Any, person_url: str
) -> None:
    page = alice_client.post(f"{person_url}name", {"name": "Ann"}, follow=True).content.decode()
    (correction,) = finished_run.corrections.all()
    undo = reverse("results:correction_undo", args=[finished_run.video_id, correction.pk])
    assert "The name is Ann." in page
    assert page.count(f'action="{undo}"') == 2  # in the toast, and in the list of corrections
    back = alice_client.post(undo)
    assert back["Location"] == person_url
    assert person_of(finished_run, 1).name == "Person 1"


def test_running_again_asks_first_when_corrections_would_be_lost(
    alice_client: Any, finished_run: Any, video_url: str, person_url: str
) -> None:
    question = "Analyse again, without the corrections?"
    row = reverse("library:video_row", args=[finished_run.video_id])
    assert question not in alice_client.get(video_url).content.decode()
    assert f"{video_url}#run-again" not in alice_client.get(row).content.decode()
    alice_client.post(f"{person_url}name", {"name": "Ann"})
    assert question in alice_client.get(video_url).content.decode()
    assert f"{video_url}#run-again" in alice_client.get(row).content.decode()


@pytest.mark.parametrize("age", ["-3", "abc", "1000", "4.5", "²"])
def test_an_age_that_cannot_be_is_refused_with_a_sentence(
    alice_client: Any, finished_run: Any, person_url: str, age: str
) -> None:
    page = alice_client.post(f"{person_url}correct", {"age": age}, follow=True).content.decode()
    assert "whole number from 0 to 100" in page
    assert finished_run.corrections.count() == 0


def test_two_people_in_view_at_once_are_not_merged(alice_client: Any, finished_run: Any, person_url: str) -> None:
    page = alice_client.post(f"{person_url}merge", {"other": "2"}, follow=True).content.decode()
    assert "one person cannot be in two places" in page
    assert len(people_of(finished_run)) == 2


def test_a_track_can_be_moved_to_a_new_person(alice_client: Any, finished_run: Any) -> None:
    track = person_of(finished_run, 1).tracks[-1]
    move = reverse("results:track_move", args=[finished_run.video_id, track.track_id])
    page = alice_client.post(move, {"to": "", "from": "1"}, follow=True).content.decode()
    assert "The track now belongs to Person 3." in page
    assert len(people_of(finished_run)) == 3
