"""API tokens: hashed, shown once, revocable, scoped, last use shown."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from rest_framework.exceptions import AuthenticationFailed, PermissionDenied
from rest_framework.request import Request
from rest_framework.test import APIRequestFactory

from faceapp.accounts import services
from faceapp.accounts.authentication import TokenAuthentication
from faceapp.accounts.models import ApiToken


def authenticate(authorization: str, method: str = "get") -> Any:
    request = getattr(APIRequestFactory(), method)("/api/v1/videos/", HTTP_AUTHORIZATION=authorization)
    return TokenAuthentication().authenticate(Request(request))


def test_a_token_is_its_user(alice: Any) -> None:
    token, text = services.create_token(user=alice, name="script")
    assert authenticate(f"Bearer {text}") == (alice, token)
    assert authenticate(f"Token {text}") == (alice, token)


def test_the_text_of_a_token_is_not_kept(alice: Any) -> None:
    token, text = services.create_token(user=alice, name="script")
    kept = {name: str(getattr(token, name)) for name in ("sha256", "hint", "name")}
    assert all(text not in value for value in kept.values())
    assert len(text) > 40


def test_a_token_is_shown_once(alice: Any, alice_client: Client) -> None:
    page = alice_client.post("/settings/tokens/", {"name": "script", "scope": "write"})
    text = re.search(r"fl_[\w-]{40,}", page.content.decode())
    assert text
    assert "no-store" in page["Cache-Control"]
    assert text[0] not in alice_client.get("/settings/").content.decode()
    assert authenticate(f"Bearer {text[0]}", "post")


def test_a_revoked_token_is_worth_nothing(alice: Any, alice_client: Client) -> None:
    token, text = services.create_token(user=alice, name="script")
    alice_client.post(f"/settings/tokens/{token.pk}/revoke/")
    with pytest.raises(AuthenticationFailed, match="revoked"):
        authenticate(f"Bearer {text}")


def test_a_token_that_may_read_cannot_write(alice: Any) -> None:
    _, text = services.create_token(user=alice, name="script", scope=ApiToken.Scope.READ)
    assert authenticate(f"Bearer {text}", "get")
    for method in ("post", "put", "patch", "delete"):
        with pytest.raises(PermissionDenied, match="read-only"):
            authenticate(f"Bearer {text}", method)


def test_the_last_use_is_noted_once_a_minute(alice: Any) -> None:
    token, text = services.create_token(user=alice, name="script")
    assert token.last_used_at is None
    authenticate(f"Bearer {text}")
    token.refresh_from_db()
    assert timezone.now() - token.last_used_at < timedelta(seconds=10)
    first = token.last_used_at
    authenticate(f"Bearer {text}")
    token.refresh_from_db()
    assert token.last_used_at == first


@pytest.mark.parametrize("header", ["Bearer", "Bearer a b", "Bearer fl_unknown", "Bearer \xff\xfe"])
def test_what_is_no_token_is_refused(alice: Any, header: str) -> None:
    with pytest.raises(AuthenticationFailed):
        authenticate(header)


def test_other_ways_of_signing_in_are_left_alone(db: None) -> None:
    assert authenticate("Basic YWxpY2U6eA==") is None
    assert authenticate("") is None


def test_who_has_left_has_no_token(alice: Any) -> None:
    _, text = services.create_token(user=alice, name="script")
    alice.is_active = False
    alice.save()
    with pytest.raises(AuthenticationFailed):
        authenticate(f"Bearer {text}")


def test_a_token_ends_with_its_time(alice: Any, alice_client: Client) -> None:
    page = alice_client.post("/settings/tokens/", {"name": "script", "scope": "read", "days": "30"})
    text = re.search(r"fl_[\w-]{40,}", page.content.decode())
    assert text
    token = ApiToken.objects.get()
    assert timedelta(days=29) < token.expires_at - timezone.now() < timedelta(days=31)
    assert f"expires {token.expires_at:%-d %b %Y}" in page.content.decode()
    assert authenticate(f"Bearer {text[0]}") == (alice, token)
    ApiToken.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    with pytest.raises(AuthenticationFailed, match="has expired"):
        authenticate(f"Bearer {text[0]}")
    assert "expired" in alice_client.get("/settings/").content.decode()


def test_a_token_without_a_choice_lasts_ninety_days_and_never_is_a_choice(alice: Any, alice_client: Client) -> None:
    alice_client.post("/settings/tokens/", {"name": "script", "scope": "read"})
    assert ApiToken.objects.get().expires_at - timezone.now() > timedelta(days=89)
    alice_client.post("/settings/tokens/", {"name": "cron", "scope": "read", "days": "0"})
    assert ApiToken.objects.get(name="cron").expires_at is None
