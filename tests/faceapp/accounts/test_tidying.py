"""Sessions that have ended and old wrong tries are forgotten."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.contrib.sessions.models import Session
from django.test import Client
from django.utils import timezone

from faceapp.accounts.models import SignInTry
from faceapp.accounts.tasks import tidy


def test_what_has_ended_is_forgotten_and_nothing_else(alice: Any, alice_client: Client, settings: Any) -> None:
    ended = Session.objects.create(session_key="x" * 32, session_data="", expire_date=timezone.now())
    for client in (Client(REMOTE_ADDR="203.0.113.1"), Client(REMOTE_ADDR="203.0.113.2")):
        client.post("/sign-in/", {"username": "alice", "password": "wrong"})
    old = timezone.now() - settings.SIGN_IN_LOCK - timedelta(minutes=1)
    SignInTry.objects.filter(address="203.0.113.1").update(tried_at=old)
    tidy()
    assert not Session.objects.filter(pk=ended.pk).exists()
    assert SignInTry.objects.get().address == "203.0.113.2"
    assert alice_client.get("/settings/").status_code == 200
