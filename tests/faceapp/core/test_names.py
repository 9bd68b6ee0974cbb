"""A name of whatever it is must have a sign that can be seen."""

from __future__ import annotations

import unicodedata
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from faceapp.accounts import services as accounts
from faceapp.accounts.models import ApiToken, Team, User
from faceapp.core.names import INVISIBLE, is_visible
from faceapp.library.models import Project
from faceapp.library.names import NAMELESS, clean_name
from faceapp.results import services as results
from faceapp.results.models import Correction
from tests.names import NAMES

UNSEEN = {
    "zero-width": "\u200b\u200d\ufeff",
    "spaces": "\u2003 \u3000",
    "directions": "\u200f\u202e",
    "blank letters": "\u3164\u2800\u115f",
    "selectors": "\ufe0f\U000e0101",
    "controls": "\x01\x7f",
}
nobody_sees = pytest.mark.parametrize("name", UNSEEN.values(), ids=UNSEEN)


@pytest.mark.parametrize("name", [*NAMES.values(), "0", ".", "🙂", "\u0301", "\ue000", "\u200ba"])
def test_fault_75_a_name_with_a_sign_can_be_seen(name: str) -> None:
    assert is_visible(name)


@given(st.text(st.characters(categories=("L", "N", "P", "S")), min_size=1))
def test_fault_75_letters_digits_and_signs_can_be_seen(name: str) -> None:
    blank = {"\u3164", "\uffa0", "\u115f", "\u1160", "\u2800"}
    assert is_visible(name) == bool(set(name) - blank), unicodedata.name(name[0], "")


@nobody_sees
def test_fault_75_a_project_that_nobody_sees_is_refused(name: str, team: Team, alice_client: Client) -> None:
    answer = alice_client.post("/projects/new/", {"team": team.pk, "name": name, "mode": "audience"})
    assert answer.status_code == 422
    assert not Project.objects.exists()
    if name.strip() and "\x01" not in name:
        assert INVISIBLE in answer.content.decode()


@nobody_sees
def test_fault_75_a_video_keeps_its_name_rather_than_one_that_nobody_sees(
    name: str, video: Any, alice_client: Client
) -> None:
    answer = alice_client.post(f"/videos/{video.pk}/rename/", {"name": name}, follow=True)
    before, _ = video.name, video.refresh_from_db()
    assert video.name == before
    assert answer.context["messages"]


@nobody_sees
def test_fault_75_the_api_refuses_a_name_that_nobody_sees(name: str, project: Project, alice_client: Client) -> None:
    sample = Path(__file__).resolve().parents[3] / "static/sample/faceline-sample.mp4"
    file = SimpleUploadedFile("a.mp4", sample.read_bytes()[:1000])
    answer = alice_client.post(reverse("api:videos"), {"file": file, "project": project.pk, "name": name})
    assert answer.status_code == 400
    assert answer.json()["error"]


@nobody_sees
def test_fault_75_a_person_keeps_the_name_rather_than_one_that_nobody_sees(
    name: str, finished_run: Any, alice: User
) -> None:
    with pytest.raises(results.CorrectionRefused, match=INVISIBLE):
        results.rename_person(run=finished_run, person_id=1, name=name, user=alice)
    assert not Correction.objects.exists()


@nobody_sees
def test_fault_75_teams_accounts_and_tokens_have_names_that_can_be_seen(
    name: str, team: Team, alice: User, alice_client: Client
) -> None:
    n_accounts = User.objects.count()
    with pytest.raises(accounts.TeamChangeRefused, match=INVISIBLE):
        accounts.create_team(name=name, owner=alice)
    with pytest.raises(accounts.TeamChangeRefused, match=INVISIBLE):
        accounts.create_account(username=name)
    invited = alice_client.post(reverse("accounts:add_member", args=[team.pk]), {"name": name})
    token = alice_client.post(reverse("accounts:create_token"), {"name": name, "scope": "read"})
    assert (invited.status_code, token.status_code) == (422, 422)
    assert (User.objects.count(), ApiToken.objects.count()) == (n_accounts, 0)


@nobody_sees
def test_a_file_whose_name_nobody_sees_is_taken_and_called_untitled(name: str) -> None:
    assert clean_name(name) == NAMELESS
