"""Signing in and out; guessing is slow and tells nothing."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.test import Client

from tests.conftest import PASSWORD

PAGE = "/sign-in/"


def sign_in(client: Client, username: str, password: str) -> Any:
    return client.post(PAGE, {"username": username, "password": password})


@pytest.mark.django_db
def test_who_is_not_signed_in_is_led_to_the_sign_in_page() -> None:
    response = Client().get("/settings/")
    assert response.status_code == 302
    assert response["Location"].startswith(PAGE)


def test_the_right_password_signs_in(alice: Any) -> None:
    client = Client()
    assert sign_in(client, "alice", PASSWORD).status_code == 302
    assert client.get("/settings/").status_code == 200


def test_signing_out_takes_a_post(alice: Any, alice_client: Client) -> None:
    assert alice_client.get("/sign-out/").status_code == 405
    alice_client.post("/sign-out/")
    assert alice_client.get("/settings/").status_code == 302


def test_the_answer_does_not_tell_whether_there_is_such_an_account(alice: Any) -> None:
    wrong = sign_in(Client(), "alice", "wrong")
    unknown = sign_in(Client(), "nobody", "wrong")
    assert wrong.status_code == unknown.status_code == 200
    assert wrong.content.count(b"not right") == unknown.content.count(b"not right") == 1


@pytest.mark.parametrize("username", ["alice", "nobody"])
def test_too_many_tries_lock_the_account_from_everywhere(alice: Any, settings: Any, username: str) -> None:
    for last_byte in range(settings.AXES_FAILURE_LIMIT):
        Client(REMOTE_ADDR=f"203.0.113.{last_byte}").post(PAGE, {"username": username, "password": "wrong"})
    response = sign_in(Client(REMOTE_ADDR="198.51.100.7"), username, PASSWORD)
    assert response.status_code == 429
    assert b"Too many tries" in response.content


def test_too_many_tries_lock_the_address_for_every_account(alice: Any, settings: Any) -> None:
    guesser = Client(REMOTE_ADDR="203.0.113.5")
    for number in range(settings.AXES_FAILURE_LIMIT):
        sign_in(guesser, f"guess-{number}", "wrong")
    assert sign_in(guesser, "alice", PASSWORD).status_code == 429
    assert sign_in(Client(REMOTE_ADDR="198.51.100.7"), "alice", PASSWORD).status_code == 302


def test_a_few_wrong_tries_lock_nobody(alice: Any, settings: Any) -> None:
    client = Client()
    for _ in range(settings.AXES_FAILURE_LIMIT - 1):
        sign_in(client, "alice", "wrong")
    assert sign_in(client, "alice", PASSWORD).status_code == 302


def test_signing_in_leads_nowhere_else(alice: Any) -> None:
    data = {"username": "alice", "password": PASSWORD, "next": "https://evil.example/"}
    assert Client().post(PAGE, data)["Location"] == "/"


def focused(page: str) -> list[str]:
    return re.findall(r'name="(\w+)"', " ".join(re.findall(r"<input[^>]*\bautofocus\b[^>]*>", page)))


def test_after_a_wrong_password_the_password_is_what_is_typed_next(alice: Any) -> None:
    client = Client()
    assert focused(client.get(PAGE).content.decode()) == ["username"]
    page = sign_in(client, "alice", "wrong").content.decode()
    assert focused(page) == ["password"]
    assert 'value="alice"' in page
