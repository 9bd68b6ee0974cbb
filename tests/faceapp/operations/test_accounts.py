"""Staff creates, deactivates and deletes accounts on a page; nobody is locked out, and nothing is left to nobody."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.test import Client

from faceapp.accounts.models import Membership, Team, User
from faceapp.accounts.services import TeamChangeRefused, create_account, create_token, use_token
from faceapp.operations import accounts

PAGE = "/operations/accounts/"


@pytest.fixture
def olga(db: None) -> User:
    return create_account(username="olga", is_staff=True).user


@pytest.fixture
def operator(olga: User, client_of: Any) -> Client:
    return client_of(olga)  # type: ignore[no-any-return]


def act(client: Client, account: User, what: str, **data: str) -> Any:
    return client.post(f"{PAGE}{account.pk}/{what}/", data)


def test_to_all_but_staff_it_is_not_there(alice: Any, alice_client: Client, bob: Any) -> None:
    assert alice_client.get(PAGE).status_code == 404
    assert alice_client.post(f"{PAGE}new/", {"username": "dora"}).status_code == 404
    for what in ("password", "active", "delete"):
        assert act(alice_client, bob, what).status_code == 404
    assert "Manage accounts" not in alice_client.get("/settings/").content.decode()


def test_an_account_is_created_and_its_password_shown_once(operator: Client, team: Team) -> None:
    page = operator.post(f"{PAGE}new/", {"username": "dora", "name": "Dora M.", "team": str(team.pk)})
    dora = User.objects.get(username="dora")
    shown = [word for word in re.findall(r"[\w-]{18}", page.content.decode()) if dora.check_password(word)]
    assert len(shown) == 1
    assert (list(dora.teams.all()), dora.is_staff) == ([team], False)
    assert shown[0] not in operator.get(PAGE).content.decode()
    assert operator.post(f"{PAGE}new/", {"username": "DORA"}).status_code == 422


def test_without_a_team_it_has_one_of_its_own(operator: Client) -> None:
    operator.post(f"{PAGE}new/", {"username": "dora", "is_staff": "on"})
    dora = User.objects.get(username="dora")
    assert dora.is_staff
    assert dora.memberships.get().role == Membership.Role.OWNER


def test_one_that_is_deactivated_is_out_at_once_and_back_when_active(
    operator: Client, bob: User, bob_client: Client, video: Any
) -> None:
    _, token = create_token(user=bob, name="script")
    address = f"/videos/{video.pk}/media"
    act(operator, bob, "active", active="0")
    assert bob_client.get(address).status_code == 404
    assert use_token(token) is None
    act(operator, bob, "active", active="1")
    assert use_token(token) is not None


def test_a_new_password_ends_sessions(operator: Client, bob: User, bob_client: Client, video: Any) -> None:
    page = act(operator, bob, "password").content.decode()
    bob.refresh_from_db()
    assert any(bob.check_password(word) for word in re.findall(r"[\w-]{18}", page))
    assert bob_client.get(f"/videos/{video.pk}/media").status_code == 404


def test_what_a_deleted_person_uploaded_stays_with_the_team(
    operator: Client, alice: User, bob: User, bob_client: Client, finished_run: Any
) -> None:
    act(operator, alice, "delete")
    assert not User.objects.filter(username="alice").exists()
    assert Membership.objects.get(user=bob).role == Membership.Role.OWNER
    assert bob_client.get(f"/videos/{finished_run.video_id}/").status_code == 200


def test_projects_are_not_left_to_nobody(olga: User, alice: User, project: Any) -> None:
    with pytest.raises(TeamChangeRefused, match="has projects and nobody else"):
        accounts.delete(account=alice, by=olga)
    project.delete()
    accounts.delete(account=alice, by=olga)
    assert not Team.objects.filter(pk=project.team_id).exists()


def test_nobody_removes_themselves_nor_the_last_of_staff(olga: User, alice: User) -> None:
    for change in (accounts.delete, lambda **who: accounts.set_active(is_active=False, **who)):
        with pytest.raises(TeamChangeRefused, match="your own"):
            change(account=olga, by=olga)
        with pytest.raises(TeamChangeRefused, match="at least one"):
            change(account=olga, by=alice)
    assert User.objects.get(pk=olga.pk).is_active
