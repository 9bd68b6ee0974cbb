"""Nothing changes without a token of the page that asked for it. Walks every address."""

from __future__ import annotations

import uuid
from typing import Any

import pytest
from django.test import Client
from django.urls import NoReverseMatch, URLPattern, URLResolver, get_resolver, reverse

CHANGING = ("post", "put", "patch", "delete")


def all_addresses(resolver: URLResolver | None = None, namespace: str = "") -> set[str]:
    found: set[str] = set()
    for entry in (resolver or get_resolver()).url_patterns:
        if isinstance(entry, URLResolver):
            found |= all_addresses(entry, f"{namespace}{entry.namespace}:" if entry.namespace else namespace)
        elif isinstance(entry, URLPattern):
            names = entry.pattern.converters or entry.pattern.regex.groupindex
            for value in (uuid.UUID(int=1), 1):
                values = {name: value if name == "pk" or name.startswith("video") else 1 for name in names}
                try:
                    found.add(reverse(f"{namespace}{entry.name}", kwargs=values))
                except NoReverseMatch:
                    continue
    return found


@pytest.mark.parametrize("address", sorted(all_addresses()))
def test_a_change_that_another_site_asks_for_is_refused(alice: Any, address: str) -> None:
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(alice)
    for method in CHANGING:
        answer = getattr(browser, method)(address, headers={"Tus-Resumable": "1.0.0"})
        assert answer.status_code in (403, 405), f"{method} {address} answered {answer.status_code}"


def test_the_json_api_with_a_session_needs_the_token(alice: Any) -> None:
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(alice)
    assert browser.post("/api/v1/videos/", {"name": "x"}, content_type="application/json").status_code == 403


def test_the_same_change_with_the_pages_token_goes_through(alice: Any) -> None:
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(alice)
    browser.get("/settings/")
    data = {"name": "script", "scope": "read", "csrfmiddlewaretoken": browser.cookies["csrftoken"].value}
    assert browser.post("/settings/tokens/", data).status_code == 200
    assert alice.api_tokens.count() == 1
