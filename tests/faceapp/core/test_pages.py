"""What every answer carries, and the pages that belong to no app."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.test import Client, RequestFactory

from faceapp.core import views
from faceapp.core.middleware import address_of
from faceapp.core.security import allows_chart_styles

HTML = {"Accept": "text/html"}


def policy_of(response: Any) -> dict[str, list[str]]:
    parts = (part.split() for part in response["Content-Security-Policy"].split(";"))
    return {words[0]: words[1:] for words in parts if words}


@pytest.mark.django_db
def test_a_page_runs_scripts_of_ours_alone() -> None:
    policy = policy_of(Client().get("/sign-in/"))
    assert policy["script-src"] == policy["style-src"] == policy["form-action"] == ["'self'"]
    assert policy["default-src"] == policy["frame-ancestors"] == policy["base-uri"] == ["'none'"]
    assert not any("http" in word or "unsafe" in word for words in policy.values() for word in words)


def test_pages_with_charts_may_set_styles_and_nothing_more() -> None:
    response = allows_chart_styles(lambda _request: HttpResponse("chart"))(RequestFactory().get("/"))
    assert response._csp_update == {"style-src": ["'unsafe-inline'"]}


@pytest.mark.django_db
def test_every_answer_takes_away_what_pages_never_need() -> None:
    for address in ("/sign-in/", "/health/", "/nowhere/"):
        response = Client().get(address)
        assert response["X-Content-Type-Options"] == "nosniff"
        assert response["X-Frame-Options"] == "DENY"
        assert response["Referrer-Policy"] == "same-origin"
        assert response["Cross-Origin-Opener-Policy"] == "same-origin"
        assert "camera=()" in response["Permissions-Policy"]


@pytest.mark.parametrize(
    "address", ["/", "/audience/", "/settings/", "/api/v1/videos/", "/api/v1/projects/", "/nowhere/"]
)
def test_no_page_and_no_answer_of_the_api_lies_in_a_cache_of_others(alice_client: Client, address: str) -> None:
    said = alice_client.get(address)["Cache-Control"]
    assert "private" in said
    assert "no-cache" in said


@pytest.mark.django_db
@pytest.mark.parametrize("address", ["/api/docs/", "/api/v1/schema/"])
@pytest.mark.parametrize("method", ["options", "get", "head", "post", "put", "patch", "delete"])
def test_a_stranger_meets_no_error_of_the_server_at_the_documentation(address: str, method: str) -> None:
    assert getattr(Client(), method)(address).status_code < 500


def test_a_page_that_is_not_there_says_so_to_people_and_to_programs(alice_client: Client) -> None:
    page = alice_client.get("/nowhere/", headers=HTML)
    assert page.status_code == 404
    assert b"This page does not exist" in page.content
    assert alice_client.get("/nowhere/", headers={"Accept": "application/json"}).json()["error"]


def test_a_failure_is_a_page_that_needs_nothing(rf: RequestFactory) -> None:
    """No database, no session, no user: whatever broke may be one of them."""
    response = views.failed(rf.get("/", headers=HTML))
    assert response.status_code == 500
    assert b"Something went wrong" in response.content


def test_denied_and_forged_are_pages_too(rf: RequestFactory) -> None:
    assert views.denied(rf.get("/", headers=HTML), PermissionDenied()).status_code == 403
    assert b"reload the page" in views.csrf_failed(rf.post("/", headers=HTML), "no cookie").content


def test_the_visitors_address_is_what_the_proxy_saw_not_what_they_claim(rf: RequestFactory, settings: Any) -> None:
    request = rf.get("/", headers={"X-Forwarded-For": "6.6.6.6, 203.0.113.9"}, REMOTE_ADDR="10.0.0.1")
    settings.TRUSTS_PROXY = True
    assert address_of(request) == "203.0.113.9"
    settings.TRUSTS_PROXY = False
    assert address_of(request) == "10.0.0.1"
