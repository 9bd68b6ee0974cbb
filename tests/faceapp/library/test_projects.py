"""Projects: switches, and whose they are."""

from __future__ import annotations

from typing import Any

from django.test import Client

from faceapp.library.models import Project


def fields(team: Any, **changed: Any) -> dict[str, Any]:
    return {"team": team.pk, "name": "Launch", "mode": "audience", "purpose": "Shop window", **changed}


def test_a_project_computes_what_is_ticked_and_nothing_else(team: Any, alice_client: Client) -> None:
    alice_client.post("/projects/new/", fields(team, switches=["emotion"]))
    assert Project.objects.get().attributes == ("emotion",)


def test_ethnicity_is_off_in_a_new_project_and_the_form_says_what_the_law_asks(team: Any, alice_client: Client) -> None:
    assert Project(team=team, name="By a program").attributes == ("age_gender", "emotion", "attention")
    page = alice_client.get("/projects/new/")
    off = [switch.key for switch, is_on in page.context["form"].options if not is_on]
    assert off == ["ethnicity", "gaze", "action_units"]
    assert "Switch it on only if the people shown have agreed or another law allows it" in page.content.decode()


def test_what_is_switched_off_later_is_said_to_be_hidden_at_once(project: Any, team: Any, alice_client: Client) -> None:
    answer = alice_client.post(f"/projects/{project.pk}/", fields(team, switches=["emotion"]), follow=True)
    assert "Results you switched off are hidden, and future analyses do not compute them." in answer.content.decode()


def test_the_first_project_asks_plainly(team: Any, alice_client: Client) -> None:
    assert alice_client.get("/projects/new/").context["is_first"]
    alice_client.post("/projects/new/", fields(team))
    assert not alice_client.get("/projects/new/").context["is_first"]


def test_nobody_makes_a_project_in_another_team(team: Any, charlie_client: Client) -> None:
    assert charlie_client.post("/projects/new/", fields(team)).status_code == 422
    assert not Project.objects.filter(team=team).exists()


def test_a_project_changes_but_never_moves(project: Any, charlie: Any, alice: Any, alice_client: Client) -> None:
    from faceapp.accounts.services import add_member

    elsewhere = charlie.teams.get()
    add_member(team=elsewhere, user=alice)
    alice_client.post(f"/projects/{project.pk}/", fields(elsewhere, name="Renamed"))
    project.refresh_from_db()
    assert (project.name, project.team == elsewhere) == ("Renamed", False)


def test_deleting_a_project_says_how_many_videos_go(project: Any, alice_client: Client, video: Any) -> None:
    page = alice_client.get(f"/projects/{project.pk}/").content.decode()
    assert "Delete project and 1 video</button>" in page


def test_a_project_without_a_name_is_refused(team: Any, alice_client: Client) -> None:
    assert alice_client.post("/projects/new/", fields(team, name=" ")).status_code == 422
