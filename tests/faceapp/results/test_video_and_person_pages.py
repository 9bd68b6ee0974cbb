"""The pages of a video and of a person, and the forms that put a person right."""

from __future__ import annotations

import csv
import io
import re
from typing import Any

import pytest
from django.urls import reverse

from analysis.clock import duration
from faceapp.results import services
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
def newer_run(finished_run: Any, scene_result: Any, alice: Any, assembled: Any) -> Any:
    """The same video, analyzed again while a page of `finished_run` is open."""
    run = Run.objects.create(
        video=finished_run.video, started_by=alice, state=Run.State.ASSEMBLING, config=finished_run.config
    )
    Assembly.objects.create(run=run, state=Assembly.State.LEASED, attempt=1)
    assert store_result(run=run, assembled=assembled(scene_result))
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


def test_a_video_under_way_says_so_and_can_be_canceled(alice_client: Any, assembling_run: Any) -> None:
    page = alice_client.get(reverse("results:video_detail", args=[assembling_run.video_id])).content.decode()
    assert "Analyzing" in page
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
    assert "Renamed to Ann." in page
    assert page.count(f'action="{undo}"') == 2  # in the toast, and in the list of corrections
    back = alice_client.post(undo)
    assert back["Location"] == person_url
    assert person_of(finished_run, 1).name == "Person 1"


def test_each_of_two_quick_corrections_is_undone_by_its_own_button(
    alice_client: Any, finished_run: Any, person_url: str
) -> None:
    """Both are made before a page says so, and by one form as well as by two."""
    for form, fields in (("name", {"name": "Ann"}), ("correct", {"age": "41", "gender": "male"})):
        alice_client.post(f"{person_url}{form}", {"run": finished_run.pk, **fields})
    page = alice_client.get(person_url).content.decode()
    toasts = page[page.index('id="toasts"') :]
    for said, kind, field in (
        ("Renamed to Ann.", "rename", None),
        ("Set by hand: age 41.", "set", "age"),
        ("Set by hand: gender male.", "set", "gender"),
    ):
        (correction,) = [c for c in finished_run.corrections.filter(kind=kind) if c.payload.get("field") == field]
        undo = reverse("results:correction_undo", args=[finished_run.video_id, correction.pk])
        assert undo in toasts[toasts.index(said) :].split("</form>")[0]
    age = finished_run.corrections.get(payload__field="age")
    back = alice_client.post(reverse("results:correction_undo", args=[finished_run.video_id, age.pk]), follow=True)
    assert "Undone: Age set to 41." in back.content.decode()
    ann = person_of(finished_run, 1)
    assert (ann.name, ann.gender.label, ann.corrected_fields) == ("Ann", "male", ("name", "gender"))


def test_fault_80_a_refused_undo_says_what_to_undo_first(alice_client: Any, finished_run: Any, alice: Any) -> None:
    first, _ = person_of(finished_run, 1).tracks  # 0 to 6 s; person 2 is in view from 4 to 8 s, cut at 6 s
    moved = services.move_track(run=finished_run, track_id=first.track_id, to=None, user=alice)
    (late,) = [track for track in person_of(finished_run, 2).tracks if track.start_s < 6]
    parted = services.move_track(run=finished_run, track_id=late.track_id, to=None, user=alice)
    services.merge_people(run=finished_run, person_id=parted.payload["to"], into=1, user=alice)
    undo = reverse("results:correction_undo", args=[finished_run.video_id, moved.pk])
    page = alice_client.post(undo, follow=True).content.decode()
    assert "Person 1 would be in two places at 0:04.0. First undo that" in page
    assert person_of(finished_run, moved.payload["to"]) is not None


def test_fault_81_pages_and_files_open_when_the_account_that_corrected_is_deleted(
    alice_client: Any, bob: Any, finished_run: Any, person_url: str
) -> None:
    rename_person(run=finished_run, person_id=1, name="Ann", user=bob)
    bob.delete()
    assert "a former member" in alice_client.get(person_url).content.decode()
    report = alice_client.get(reverse("reports:report_json", args=[finished_run.video_id])).content.decode()
    assert "Person 1 was named Ann by a former member, " in report
    for name in ("video_report_pdf", "people_csv", "tracks_csv", "figures_csv", "annotated"):
        assert alice_client.get(reverse(f"reports:{name}", args=[finished_run.video_id])).status_code == 200, name


def test_fault_81_what_a_deleted_account_uploaded_and_started_is_still_there(
    bob_client: Any, alice: Any, finished_run: Any, video_url: str, person_url: str
) -> None:
    alice.delete()
    for address in (reverse("library:video_list"), video_url, person_url, reverse("audience:audience")):
        assert bob_client.get(address).status_code == 200, address


def test_the_old_address_of_a_merged_person_leads_to_who_they_are_now(
    alice_client: Any, finished_run: Any, person_url: str, alice: Any
) -> None:
    second = person_of(finished_run, 1).tracks[1]
    parted = services.move_track(run=finished_run, track_id=second.track_id, to=None, user=alice)
    old = reverse("results:person_detail", args=[finished_run.video_id, parted.payload["to"]])
    assert alice_client.get(old).status_code == 200
    rename_person(run=finished_run, person_id=1, name="Ann", user=alice)
    merged = services.merge_people(run=finished_run, person_id=3, into=1, user=alice)
    answer = alice_client.get(old, follow=True)
    assert answer.redirect_chain == [(person_url, 302)]
    assert "Person 3 was merged into Ann, shown here." in answer.content.decode()
    services.undo(merged)
    services.undo(parted)
    gone = alice_client.get(old, follow=True)
    assert gone.redirect_chain == [(reverse("results:video_detail", args=[finished_run.video_id]), 302)]
    assert "Person 3 no longer exists" in gone.content.decode()
    assert alice_client.get(old.replace("/people/3/", "/people/99/")).status_code == 404


def test_running_again_asks_first_when_corrections_would_be_lost(
    alice_client: Any, finished_run: Any, video_url: str, correct: Any
) -> None:
    question = "Analyze again without corrections?"
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
    assert "so they cannot be the same person" in page
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


# --- the video is analyzed again while a page is open ---

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
    assert "This video was analyzed again." in answer.content.decode()
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
    assert answer.json()["error"].startswith("This video was analyzed again.")
    assert finished_run.corrections.get().undone_at is None


def test_every_form_of_a_persons_page_names_the_result_that_is_shown(
    alice_client: Any, finished_run: Any, person_url: str
) -> None:
    page = alice_client.get(person_url).content.decode()
    dialogs = page[page.index('id="rename-person"') :]
    assert dialogs.count('<form method="post"') == dialogs.count(f'name="run" value="{finished_run.pk}"') >= 4


def test_fault_79_a_stored_time_in_view_never_exceeds_the_track(finished_run: Any) -> None:
    """As version 0.1.0 of the engine stored it: a tenth of a second of looking and view past the end of a track."""
    for row in [*finished_run.tracks.all(), *finished_run.people.all()]:
        row.in_view_s = row.readings["attention"] = row.end_s - row.start_s + 0.1
        row.save()
    for person in people_of(finished_run):
        assert person.in_view_s <= round(sum(each.end_s - each.start_s for each in person.tracks), 3)
        assert person.attention_s == person.in_view_s
        for each in person.tracks:
            assert each.attention_s == each.in_view_s == pytest.approx(each.end_s - each.start_s)


def test_fault_79_the_time_in_view_reads_alike_on_every_page(alice_client: Any, finished_run: Any) -> None:
    ben = person_of(finished_run, 2)
    assert ben is not None
    said = duration(ben.in_view_s)
    video, person = (
        alice_client.get(reverse(name, args=args)).content.decode()
        for name, args in (
            ("results:video_detail", [finished_run.video_id]),
            ("results:person_detail", [finished_run.video_id, 2]),
        )
    )
    assert video.count(f">{said}</") == 2  # the table of people, the heads of the lanes
    assert re.search(rf">{said}\s+<small>", person)
    faces = alice_client.get(f"/audience/faces/?video={finished_run.video_id}").content.decode()
    assert f"Time in view {said}<" in faces


def test_fault_87_no_certainty_of_what_was_joined_by_hand(
    alice_client: Any, finished_run: Any, person_url: str
) -> None:
    """Ann's first track and Ben's second become one person; the engine took them for two."""
    assert "certainty" in alice_client.get(person_url).content.decode()
    ann, ben = people_of(finished_run)
    move_track(run=finished_run, track_id=ann.tracks[0].track_id, to=None, user=finished_run.started_by)
    move_track(run=finished_run, track_id=ben.tracks[1].track_id, to=3, user=finished_run.started_by)
    joined = alice_client.get(person_url.replace("/1/", "/3/")).content.decode()
    assert "in 2 tracks, joined by hand" in joined
    assert "certainty" not in joined
    answer = alice_client.get(reverse("reports:people_csv", args=[finished_run.video_id]))
    rows = csv.DictReader(io.StringIO(answer.getvalue().decode()))
    assert {row["person_id"]: bool(row["certainty"]) for row in rows} == {"1": True, "2": True, "3": False}
