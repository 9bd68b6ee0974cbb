"""Segments and cues over the API: made, listed, changed, deleted, undone; refusals are one sentence."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from faceapp.accounts.services import create_token


@pytest.fixture
def api(alice: Any) -> Client:
    _, text = create_token(user=alice, name="test", scope="write")
    return Client(headers={"Authorization": f"Bearer {text}"})


def post(api: Client, address: str, **fields: Any) -> Any:
    return api.post(address, fields, content_type="application/json")


def test_a_segment_is_made_changed_deleted_and_brought_back(video: Any, api: Client) -> None:
    address = reverse("api:segments", args=[video.pk])
    made = post(api, address, name="Talk", from_s=2, to_s=4)
    assert made.status_code == 201
    one = reverse("api:segment", args=[video.pk, made.json()["id"]])
    changed = api.patch(one, {"to_s": 5}, content_type="application/json")
    assert (changed.json()["name"], changed.json()["to_s"]) == ("Talk", 5.0)
    gone = api.delete(one).json()["change_id"]
    assert api.get(address).json()["count"] == 0
    undo = reverse("api:segments_undo", args=[video.pk, gone])
    assert api.post(undo).json() == {"undone": True}
    assert api.post(undo).json() == {"undone": False}
    assert [(each["name"], each["to_s"]) for each in api.get(address).json()["results"]] == [("Talk", 5.0)]
    late = api.post(reverse("api:segments_undo", args=[video.pk, made.json()["change_id"]]))
    assert (late.status_code, list(late.json())) == (409, ["error"])


def test_cues_have_a_list_of_their_own(video: Any, api: Client) -> None:
    cue = post(api, reverse("api:cues", args=[video.pk]), from_s=3).json()
    assert cue["name"] == "Cue 1"
    assert "to_s" not in cue
    assert api.get(reverse("api:segments", args=[video.pk])).json()["results"] == []
    assert api.get(reverse("api:segment", args=[video.pk, cue["id"]])).status_code == 405
    moved = api.patch(reverse("api:cue", args=[video.pk, cue["id"]]), {"from_s": 4}, content_type="application/json")
    assert moved.json()["from_s"] == 4.0


@pytest.mark.parametrize(
    ("fields", "status"), [({"from_s": 4, "to_s": 2}, 422), ({"from_s": 1}, 400), ({"from_s": 1, "to_s": 500}, 422)]
)
def test_what_makes_no_sense_is_refused(video: Any, api: Client, fields: dict[str, Any], status: int) -> None:
    answer = post(api, reverse("api:segments", args=[video.pk]), **fields)
    assert answer.status_code == status
    assert isinstance(answer.json()["error"], str)


def test_a_part_that_ends_before_it_begins_is_refused(finished_run: Any, api: Client) -> None:
    answer = api.get(reverse("api:video_people", args=[finished_run.video.pk]), {"from": 5, "to": 3})
    assert answer.status_code == 400
