"""Who asks too often is told to wait; others are not."""

from __future__ import annotations

import pytest
from django.test import Client
from rest_framework.throttling import SimpleRateThrottle

PROJECTS = "/api/v1/projects/"


@pytest.fixture
def three_a_minute(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(SimpleRateThrottle, "THROTTLE_RATES", {"user": "3/minute"})


def test_a_user_who_asks_too_often_is_told_to_wait_and_others_are_not(
    three_a_minute: None, alice_client: Client, bob_client: Client
) -> None:
    assert [alice_client.get(PROJECTS).status_code for _ in range(4)] == [200, 200, 200, 429]
    refused = alice_client.get(PROJECTS)
    assert "throttled" in refused.json()["error"]
    assert 0 < int(refused["Retry-After"]) <= 60
    assert bob_client.get(PROJECTS).status_code == 200
