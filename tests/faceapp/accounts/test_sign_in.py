"""Signing in and out; guessing is slow and tells nothing."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from datetime import timedelta
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.test import Client
from django.utils import timezone
from structlog.testing import capture_logs

from faceapp.accounts.models import SignInTry
from tests.conftest import PASSWORD

PAGE = "/sign-in/"
ROOT = Path(__file__).parents[3]
AT_ONCE = """
import threading
from django.db import connections
from faceapp.accounts.guessing import Locked, begin_try
start, passed = threading.Barrier(24), []

def guess():
    start.wait()
    try:
        passed.append(begin_try(username="alice", address="203.0.113.5"))
    except Locked:
        pass
    finally:
        connections.close_all()

threads = [threading.Thread(target=guess) for _ in range(24)]
[thread.start() for thread in threads]
[thread.join() for thread in threads]
print(len(passed))
"""


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
    assert wrong.content.count(b"is incorrect") == unknown.content.count(b"is incorrect") == 1


@pytest.mark.parametrize("username", ["alice", "nobody"])
def test_too_many_tries_lock_the_account_from_everywhere(alice: Any, settings: Any, username: str) -> None:
    for last_byte in range(settings.SIGN_IN_TRIES):
        Client(REMOTE_ADDR=f"203.0.113.{last_byte}").post(PAGE, {"username": username, "password": "wrong"})
    response = sign_in(Client(REMOTE_ADDR="198.51.100.7"), username, PASSWORD)
    assert response.status_code == 429
    assert b"Too many attempts" in response.content


def test_an_office_behind_one_address_is_not_locked_by_one_name(alice: Any, settings: Any) -> None:
    office = Client(REMOTE_ADDR="203.0.113.5")
    for _ in range(2 * settings.SIGN_IN_TRIES):
        sign_in(office, "nobody", "wrong")
    assert sign_in(office, "nobody", "wrong").status_code == 429
    assert sign_in(office, "alice", PASSWORD).status_code == 302


def test_ten_times_as_many_tries_lock_the_address_for_every_account(alice: Any, settings: Any) -> None:
    settings.SIGN_IN_TRIES = 2
    guesser = Client(REMOTE_ADDR="203.0.113.5")
    for number in range(20):
        assert sign_in(guesser, f"guess-{number}", "wrong").status_code == 200
    assert sign_in(guesser, "alice", PASSWORD).status_code == 429
    assert sign_in(Client(REMOTE_ADDR="198.51.100.7"), "alice", PASSWORD).status_code == 302


def test_tries_that_are_refused_do_not_keep_the_account_locked(alice: Any, settings: Any) -> None:
    for _ in range(settings.SIGN_IN_TRIES):
        sign_in(Client(), "alice", "wrong")
    SignInTry.objects.update(tried_at=timezone.now() - settings.SIGN_IN_LOCK + timedelta(minutes=1))
    assert sign_in(Client(), "alice", "wrong").status_code == 429
    SignInTry.objects.update(tried_at=timezone.now() - settings.SIGN_IN_LOCK)
    assert sign_in(Client(), "alice", PASSWORD).status_code == 302


def test_the_operator_reads_who_is_locked_and_unlocks_them(alice: Any, settings: Any) -> None:
    with capture_logs() as lines:
        for name in ("Alice", "my secret password"):
            for _ in range(settings.SIGN_IN_TRIES + 1):
                sign_in(Client(REMOTE_ADDR="203.0.113.5"), name, "wrong")
    told = [(line["account"], line["address"]) for line in lines if line["event"] == "sign_in_locked"]
    assert told == [("alice", "203.0.113.5"), ("no such account", "203.0.113.5")]
    call_command("unlock", "alice", stdout=StringIO())
    assert sign_in(Client(), "alice", PASSWORD).status_code == 302


@pytest.mark.slow
def test_fault_65_of_tries_at_once_no_more_pass_than_of_tries_in_turn(tmp_path: Path) -> None:
    environment = {**os.environ, "FACELINE_HOME": str(tmp_path), "FACELINE_DATABASE_URL": ""}

    def manage(*arguments: str) -> str:
        command = [sys.executable, "manage.py", *arguments]
        return subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=True).stdout

    manage("migrate", "-v0")
    assert int(manage("shell", "--no-imports", "-c", AT_ONCE).split()[-1]) <= 10


def test_a_few_wrong_tries_lock_nobody(alice: Any, settings: Any) -> None:
    client = Client()
    for _ in range(settings.SIGN_IN_TRIES - 1):
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
