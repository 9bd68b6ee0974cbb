"""The pages of a video and of a person, and the forms that put a person right."""

from __future__ import annotations

from typing import Any

import pytest
from django.urls import reverse

from faceapp.results.selectors import people_of, person_of
from faceapp.results.services import move_track, rename_person, store_result
from faceapp.runs.models import Assembly, Run


@pytest.fixture
def video_url(finished_run: Any) -> str:
    return reverse("results:video_detail", args=[finished_run.video_id])


@pytest.fixture
def person_url(finished_run: Any) -> str:
    return reverse("results:person_detail", args=[finished_run.video_id, 1])


@pytest.fixture
def correct(alice_client: Any, finished_run: Any, person_url: str) -> Any:
    """`correct("name", name="Ann")`: what the form of Person 1's page sends, and where it leads."""

    def send(form: str, **fields: str) -> Any:
        return alice_client.post(f"{person_url}{form}", {"run": finished_run.pk, **fields}, follow=True)

    return send


@pytest.fixture
def newer_run(finished_run: Any, scene_result: Any, alice: Any) -> Any:
    """The same video, analysed again while a page of `finished_run` is open."""
    run = Run.objects.create(
        video=finished_run.video, started_by=alice, state=Run.State.ASSEMBLING, config=finished_run.config
    )
    Assembly.objects.create(run=run, state=Assembly.State.LEASED, attempt=1)
    assert store_result(run=run, result=scene_result, portraits={})
    return run


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


def test_the_timeline_is_not_sent_again_until_a_correction(alice_client: Any, finished_run: Any, correct: Any) -> None:
    address = reverse("results:timeline", args=[finished_run.video_id])
    tag = alice_client.get(address)["ETag"]
    assert alice_client.get(address, headers={"If-None-Match": tag}).status_code == 304
    correct("name", name="Ann")
    assert alice_client.get(address, headers={"If-None-Match": tag}).status_code == 200


def test_a_video_under_way_says_so_and_can_be_cancelled(alice_client: Any, assembling_run: Any) -> None:
    page = alice_client.get(reverse("results:video_detail", args=[assembling_run.video_id])).content.decode()
    assert "Being analysed" in page
    assert reverse("runs:run_cancel", args=[assembling_run.pk]) in page


def test_a_failed_run_shows_its_sentence_and_the_way_out(alice_client: Any, assembling_run: Any) -> None:
    from faceapp.runs.transitions import fail_run

    fail_run(assembling_run.pk, "The decoder stopped.")
    page = alice_client.get(reverse("results:video_detail", args=[assembling_run.video_id])).content.decode()
    assert "The decoder stopped." in page
    assert reverse("runs:run_start", args=[assembling_run.video_id]) in page


def test_a_name_is_escaped_everywhere(alice_client: Any, video_url: str, person_url: str, correct: Any) -> None:
    correct("name", name="<script>alert(1)</script>")
    for address in (video_url, person_url):
        assert "<script>alert" not in alice_client.get(address).content.decode()


def test_what_is_set_by_hand_is_shown_and_undone(
    alice_client: Any, finished_run: Any, person_url: str, correct: Any
) -> None:
    correct("correct", age="41", gender="female", ethnicity="White")
    assert person_of(finished_run, 1).age.years == 41
    assert "set by hand" in alice_client.get(person_url).content.decode()
    (correction,) = finished_run.corrections.all()  # gender and ethnicity were so already
    alice_client.post(reverse("results:correction_undo", args=[finished_run.video_id, correction.pk]), {"from": "1"})
    assert person_of(finished_run, 1).age.years != 41


def test_what_was_done_is_said_with_a_button_that_takes_it_back(
    alice_client: Any, finished_run: Any, person_url: str, correct: Any
) -> None:
    page = correct("name", name="Ann").content.decode()
    (correction,) = finished_run.corrections.all()
    undo = reverse("results:correction_undo", args=[finished_run.video_id, correction.pk])
    assert "The name is Ann." in page
    assert page.count(f'action="{undo}"') == 2  # in the toast, and in the list of corrections
    back = alice_client.post(undo)
    assert back["Location"] == person_url
    assert person_of(finished_run, 1).name == "Person 1"


def test_running_again_asks_first_when_corrections_would_be_lost(
    alice_client: Any, finished_run: Any, video_url: str, correct: Any
) -> None:
    question = "Analyse again, without the corrections?"
    row = reverse("library:video_row", args=[finished_run.video_id])
    assert question not in alice_client.get(video_url).content.decode()
    assert f"{video_url}#run-again" not in alice_client.get(row).content.decode()
    correct("name", name="Ann")
    assert question in alice_client.get(video_url).content.decode()
    assert f"{video_url}#run-again" in alice_client.get(row).content.decode()


@pytest.mark.parametrize("age", ["-3", "abc", "1000", "4.5", "²", "4" * 5000], ids=lambda age: age[:6])
def test_an_age_that_cannot_be_is_refused_with_a_sentence(finished_run: Any, correct: Any, age: str) -> None:
    page = correct("correct", age=age).content.decode()
    assert "whole number from 0 to 100" in page
    assert finished_run.corrections.count() == 0


def test_only_people_who_are_never_in_view_together_are_offered(
    finished_run: Any, alice: Any, alice_client: Any
) -> None:
    """Ann is in view before and after the cut, Ben on both sides of it."""
    after_cut = next(track for track in person_of(finished_run, 1).tracks if track.start_s >= 6)
    new = move_track(run=finished_run, track_id=after_cut.track_id, to=None, user=alice).payload["to"]

    def offered(person_id: int) -> list[int]:
        address = reverse("results:person_detail", args=[finished_run.video_id, person_id])
        return [each.person_id for each in alice_client.get(address).context["mergeable"]]

    assert (offered(1), offered(new), offered(2)) == ([new], [1], [])
    page = alice_client.get(reverse("results:person_detail", args=[finished_run.video_id, 2]))
    assert "merge-person" not in page.content.decode()
    owners = [[each.person_id for each in owners] for _, owners in page.context["track_owners"]]
    assert owners == [[new], [1]]  # before the cut Ann is there, after it the new person


def test_two_people_in_view_at_once_are_not_merged(finished_run: Any, correct: Any) -> None:
    page = correct("merge", other="2").content.decode()
    assert "one person cannot be in two places" in page
    assert len(people_of(finished_run)) == 2


def test_a_track_can_be_moved_to_a_new_person(alice_client: Any, finished_run: Any) -> None:
    track = person_of(finished_run, 1).tracks[-1]
    move = reverse("results:track_move", args=[finished_run.video_id, track.track_id])
    page = alice_client.post(move, {"to": "", "from": "1", "run": finished_run.pk}, follow=True).content.decode()
    assert "The track now belongs to Person 3." in page
    assert len(people_of(finished_run)) == 3


MANY = "1" * 5000
HTML = "text/html,*/*"


@pytest.mark.parametrize("other", ["", "two", "²", MANY], ids=["nobody", "a word", "not plain", "thousands of digits"])
def test_whom_to_merge_must_be_a_number(finished_run: Any, correct: Any, other: str) -> None:
    assert "Choose the person to merge." in correct("merge", other=other).content.decode()
    assert finished_run.corrections.count() == 0


def test_a_track_moves_to_nobody_by_mistake(alice_client: Any, finished_run: Any) -> None:
    move = reverse("results:track_move", args=[finished_run.video_id, 1])
    for to in ("two", MANY):
        fields = {"to": to, "from": MANY, "run": finished_run.pk}
        assert "Choose the person" in alice_client.post(move, fields, follow=True).content.decode()
    assert finished_run.corrections.count() == 0


def test_a_picture_is_kept_only_under_an_address_that_names_its_run(alice_client: Any, finished_run: Any) -> None:
    plain = reverse("results:portrait", args=[finished_run.video_id, 1, 0])
    assert alice_client.get(plain)["Cache-Control"] == "private, no-cache"
    assert "max-age" in alice_client.get(f"{plain}?run={finished_run.pk}")["Cache-Control"]
    faces = alice_client.get(reverse("audience:faces")).content.decode()
    assert f'src="{plain}?run={finished_run.pk}"' in faces


# --- the video is analysed again while a page is open ---

FORMS = [
    ("results:person_rename", 1, {"name": "Ann"}),
    ("results:person_correct", 1, {"age": "41"}),
    ("results:person_merge", 1, {"other": "2"}),
    ("results:track_move", 1, {"to": ""}),
]


@pytest.mark.parametrize(("name", "key", "fields"), FORMS, ids=[name for name, *_ in FORMS])
def test_a_correction_of_a_result_that_is_no_longer_shown_changes_nothing(
    alice_client: Any, finished_run: Any, newer_run: Any, video_url: str, name: str, key: int, fields: dict[str, str]
) -> None:
    answer = alice_client.post(
        reverse(name, args=[finished_run.video_id, key]), {**fields, "run": finished_run.pk}, headers={"Accept": HTML}
    )
    assert answer.status_code == 409
    assert "This video was analysed again." in answer.content.decode()
    assert f'href="{video_url}"' in answer.content.decode()
    assert finished_run.corrections.count() == newer_run.corrections.count() == 0


def test_a_form_that_names_no_result_corrects_none(alice_client: Any, finished_run: Any, person_url: str) -> None:
    assert alice_client.post(f"{person_url}name", {"name": "Ann"}).status_code == 409
    assert finished_run.corrections.count() == 0


def test_a_correction_of_an_older_result_is_not_undone_from_an_open_page(
    alice_client: Any, finished_run: Any, newer_run: Any
) -> None:
    correction = rename_person(run=finished_run, person_id=1, name="Ann", user=None)
    undo = reverse("results:correction_undo", args=[finished_run.video_id, correction.pk])
    answer = alice_client.post(undo, headers={"Accept": "*/*", "HX-Request": "true"})
    assert answer.status_code == 409
    assert answer.json()["error"].startswith("This video was analysed again.")
    assert finished_run.corrections.get().undone_at is None


def test_every_form_of_a_persons_page_names_the_result_that_is_shown(
    alice_client: Any, finished_run: Any, person_url: str
) -> None:
    page = alice_client.get(person_url).content.decode()
    dialogs = page[page.index('id="rename-person"') :]
    assert dialogs.count('<form method="post"') == dialogs.count(f'name="run" value="{finished_run.pk}"') >= 4
