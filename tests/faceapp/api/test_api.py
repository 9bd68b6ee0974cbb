"""The API as a program meets it: tokens, pages, uploads, results, and every refusal as one sentence."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from faceapp.accounts.services import create_token
from faceapp.results import services
from faceapp.runs.models import Run


@pytest.fixture(autouse=True)
def _silent_queue(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("faceapp.runs.dispatch.notify_workers", lambda n=1: True)
    monkeypatch.setattr("faceapp.runs.dispatch.is_reachable", lambda: True)


def api_client(user: Any, scope: str = "write") -> Client:
    _, text = create_token(user=user, name="test", scope=scope)
    return Client(headers={"Authorization": f"Bearer {text}"})


@pytest.fixture
def api(alice: Any) -> Client:
    return api_client(alice)


def routes(video: Any) -> list[str]:
    named = ("video", "video_status", "video_people", "video_result")
    plain = [reverse(f"api:{name}", args=[video.pk]) for name in named]
    return [*plain, *(reverse("api:video_download", args=[video.pk, name]) for name in ("report.json", "people.csv"))]


def test_nobody_gets_401_and_is_told_why(finished_run: Run) -> None:
    answer = Client().get(reverse("api:videos"))
    assert (answer.status_code, list(answer.json())) == (401, ["error"])


def test_a_wrong_token_is_refused(db: None) -> None:
    answer = Client(headers={"Authorization": "Bearer fl_nothing"}).get(reverse("api:projects"))
    assert answer.status_code == 401
    assert answer.json()["error"] == "The token is unknown, has been revoked, or has expired."


def test_alice_and_bob_see_the_video_and_charlie_does_not(
    finished_run: Run, alice: Any, bob: Any, charlie: Any
) -> None:
    for route in routes(finished_run.video):
        assert api_client(alice).get(route).status_code == 200, route
        assert api_client(bob).get(route).status_code == 200, route
        answer = api_client(charlie).get(route)
        assert (answer.status_code, answer.json()) == (404, {"error": "Not found."}), route
    assert api_client(charlie).get(reverse("api:videos")).json()["count"] == 0


def test_a_token_that_may_only_read_cannot_write(video: Any, alice: Any) -> None:
    reader = api_client(alice, scope="read")
    assert reader.get(reverse("api:video", args=[video.pk])).status_code == 200
    answer = reader.delete(reverse("api:video", args=[video.pk]))
    assert (answer.status_code, answer.json()["error"]) == (403, "This token is read-only.")


def test_a_session_needs_the_csrf_token_to_write(video: Any, alice: Any) -> None:
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(alice)
    assert browser.get(reverse("api:video", args=[video.pk])).status_code == 200
    answer = browser.delete(reverse("api:video", args=[video.pk]))
    assert answer.status_code == 403
    assert "CSRF" in answer.json()["error"]


def test_videos_are_filtered_and_paged(finished_run: Run, api: Client, project: Any) -> None:
    address = reverse("api:videos")
    (video,) = api.get(address, {"project": project.pk, "state": "ready", "q": "adv"}).json()["results"]
    assert (video["name"], video["has_result"], video["n_people"]) == ("Advert.mp4", True, 2)
    assert video["run"]["state"] == "succeeded"
    assert api.get(address, {"state": "failed"}).json()["count"] == 0
    assert api.get(address, {"state": "good"}).status_code == 400
    assert api.get(address, {"page": 2}).json() == {"error": "There are only 1 pages."}
    answer = api.get(address, {"page_size": "many"})
    assert (answer.status_code, answer.json()["error"]) == (
        400,
        "page_size: Must be a whole number from 1 to 200.",
    )
    for size in ("201", "000000000005000", "9" * 5000):
        assert api.get(address, {"page_size": size}).status_code == 400


def test_people_come_corrected_and_the_result_untouched(finished_run: Run, api: Client, alice: Any) -> None:
    services.correct_person(run=finished_run, person_id=2, field="age", value=44, user=alice)
    people = {p["person_id"]: p for p in api.get(reverse("api:video_people", args=[finished_run.video.pk])).json()}
    assert (people[2]["age"], people[2]["corrected"]) == ({"years": 44, "low": 44, "high": 44}, ["age"])
    untouched = api.get(reverse("api:video_result", args=[finished_run.video.pk]))
    result = json.loads(b"".join(untouched.streaming_content))  # type: ignore[attr-defined]
    assert result["people"][1]["age"]["years"] == 60


def test_a_video_without_a_run_has_no_status_and_says_so(video: Any, api: Client) -> None:
    answer = api.get(reverse("api:video_status", args=[video.pk]))
    assert (answer.status_code, answer.json()["error"]) == (404, "This video was never analyzed.")
    answer = api.get(reverse("api:video_people", args=[video.pk]))
    assert answer.json()["error"] == "This video has no result yet."


def test_an_unknown_download_names_those_there_are(finished_run: Run, api: Client) -> None:
    answer = api.get(reverse("api:video_download", args=[finished_run.video.pk, "faces.zip"]))
    assert answer.status_code == 404
    assert "report.pdf" in answer.json()["error"]


def test_cancelling_nothing_is_a_conflict(finished_run: Run, api: Client) -> None:
    answer = api.delete(reverse("api:video_run", args=[finished_run.video.pk]))
    assert (answer.status_code, answer.json()["error"]) == (409, "No analysis is running for this video.")


def test_deleting_removes_the_video(finished_run: Run, api: Client) -> None:
    assert api.delete(reverse("api:video", args=[finished_run.video.pk])).status_code == 204
    assert api.get(reverse("api:videos")).json()["count"] == 0


def test_a_file_that_is_no_video_is_refused_with_a_sentence(project: Any, api: Client) -> None:
    file = SimpleUploadedFile("notes.txt", b"no picture at all" * 100)
    answer = api.post(reverse("api:videos"), {"file": file, "project": project.pk})
    assert answer.status_code in (415, 422)
    assert answer.json()["error"].endswith(".")


def test_a_missing_field_is_named(project: Any, api: Client) -> None:
    answer = api.post(reverse("api:videos"), {"project": project.pk})
    assert answer.status_code == 400
    assert answer.json()["error"].startswith("file: ")


def test_a_strangers_project_takes_no_file(project: Any, charlie: Any) -> None:
    file = SimpleUploadedFile("a.mp4", b"x" * 100)
    answer = api_client(charlie).post(reverse("api:videos"), {"file": file, "project": project.pk})
    assert answer.status_code == 404


def test_an_upload_is_taken_and_its_analysis_queued(project: Any, api: Client) -> None:
    sample = Path(__file__).resolve().parents[3] / "static/sample"
    files = sorted(sample.glob("*.mp4"))
    if not files:
        pytest.skip("needs the sample video in static/sample")
    with files[0].open("rb") as file:
        answer = api.post(reverse("api:videos"), {"file": file, "project": project.pk, "name": "My advert.mp4"})
    assert answer.status_code == 201, answer.content
    video = answer.json()
    assert (video["name"], video["run"]["state"]) == ("My advert.mp4", "queued")
    with files[0].open("rb") as file:
        again = api.post(reverse("api:videos"), {"file": file, "project": project.pk})
    assert (again.status_code, again.json()["id"]) == (200, video["id"])
    canceled = api.delete(reverse("api:video_run", args=[video["id"]]))
    assert canceled.status_code == 202
    assert canceled.json()["state"] in ("canceling", "canceled")


def test_an_unknown_video_is_not_there(api: Client) -> None:
    assert api.get(reverse("api:video", args=[uuid4()])).json() == {"error": "Not found."}


def test_the_schema_names_every_route_and_needs_no_network(api: Client, alice: Any) -> None:
    schema = api.get(reverse("api:schema"), headers={"Accept": "application/json"}).json()
    assert set(schema["paths"]) == {
        f"/api/v1/{path}"
        for path in (
            "projects/",
            "videos/",
            "videos/{id}/",
            "videos/{id}/status/",
            "videos/{id}/run/",
            "videos/{id}/people/",
            "videos/{id}/segments/",
            "videos/{id}/segments/{mark_id}/",
            "videos/{id}/segments/changes/{change_id}/undo/",
            "videos/{id}/cues/",
            "videos/{id}/cues/{mark_id}/",
            "videos/{id}/result/",
            "videos/{id}/downloads/{name}",
            "audience/downloads/{name}",
        )
    }
    assert schema["components"]["securitySchemes"]["token"]["scheme"] == "bearer"
    browser = Client()
    browser.force_login(alice)
    page = browser.get(reverse("api:docs")).content.decode()
    assert "http://" not in page
    assert "cdn" not in page
