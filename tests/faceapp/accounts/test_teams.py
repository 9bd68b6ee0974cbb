"""Teams: their owner adds and removes people; the first account comes with a team."""

from __future__ import annotations

import re
from io import StringIO
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from faceapp.accounts import services
from faceapp.accounts.models import Membership, User


def test_the_owner_adds_a_person_and_sees_the_password_once(team: Any, alice_client: Client) -> None:
    page = alice_client.post(f"/settings/teams/{team.pk}/members/", {"name": "Dora Müller"})
    dora = User.objects.get(first_name="Dora Müller")
    assert re.fullmatch(r"dora-müller-\d{4}", dora.username)
    assert dora.username in page.content.decode()
    shown = [word for word in re.findall(r"[\w-]{18}", page.content.decode()) if dora.check_password(word)]
    assert len(shown) == 1
    assert shown[0] not in alice_client.get("/settings/").content.decode()
    assert list(dora.teams.all()) == [team]


def test_adding_a_person_does_not_tell_whether_a_name_exists_in_another_team(
    team: Any, alice_client: Client, charlie: Any
) -> None:
    answers = [alice_client.post(f"/settings/teams/{team.pk}/members/", {"name": name}) for name in ("Charlie", "Dora")]
    taken, free = (User.objects.get(first_name=name) for name in ("Charlie", "Dora"))
    assert [answer.status_code for answer in answers] == [200, 200]
    for user in (taken, free):
        assert re.fullmatch(rf"{user.first_name.casefold()}-\d{{4}}", user.username)
    assert not charlie.teams.filter(pk=team.pk).exists()


@pytest.mark.parametrize(("name", "username"), [("🎬", r"person-\d{4}"), ("a@b.de", r"a@b\.de-\d{4}")])
def test_a_username_is_made_of_any_name(team: Any, name: str, username: str) -> None:
    assert re.fullmatch(username, services.invite_member(team=team, name=name).user.username)


def test_a_member_cannot_add_or_remove(team: Any, bob_client: Client, alice: Any) -> None:
    assert bob_client.post(f"/settings/teams/{team.pk}/members/", {"name": "Dora"}).status_code == 404
    owner = Membership.objects.get(user=alice)
    assert bob_client.post(f"/settings/members/{owner.pk}/remove/").status_code == 404


def test_the_owner_removes_a_person_who_then_sees_nothing(
    video: Any, alice_client: Client, bob: Any, bob_client: Client
) -> None:
    address = f"/videos/{video.pk}/media"
    assert bob_client.get(address).status_code == 200
    alice_client.post(f"/settings/members/{bob.memberships.get().pk}/remove/")
    assert bob_client.get(address).status_code == 404


def test_a_team_keeps_an_owner(team: Any, alice: Any, alice_client: Client) -> None:
    alice_client.post(f"/settings/members/{alice.memberships.get().pk}/remove/")
    assert alice.memberships.count() == 1
    with pytest.raises(services.TeamChangeRefused, match="at least one owner"):
        services.remove_member(membership=alice.memberships.get())


def test_two_owners_who_leave_at_once_wait_for_each_other(team: Any, alice: Any) -> None:
    """Only rows that are read are locked; SQLite locks the whole file, so the queries are looked at."""
    membership = alice.memberships.get()
    with CaptureQueriesContext(connection) as asked, pytest.raises(services.TeamChangeRefused):
        services.remove_member(membership=membership)
    assert not any("COUNT(" in query["sql"] for query in asked)


@pytest.mark.django_db
def test_the_first_account_is_made_once_with_a_random_password() -> None:
    first, second = StringIO(), StringIO()
    call_command("first_account", stdout=first)
    call_command("first_account", stdout=second)
    password = re.search(r"Password:\s+(\S+)", first.getvalue())
    user = User.objects.get()
    assert password
    assert user.check_password(password[1])
    assert user.teams.count() == 1
    assert second.getvalue() == ""


def test_changing_the_password(alice: Any, alice_client: Client) -> None:
    from tests.conftest import PASSWORD

    data = {"old_password": PASSWORD, "new_password1": "blue horse staple 9", "new_password2": "blue horse staple 9"}
    assert alice_client.post("/settings/password/", data).status_code == 302
    alice.refresh_from_db()
    assert alice.check_password("blue horse staple 9")
