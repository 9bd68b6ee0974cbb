"""A real Chromium for tests that click: `page` is signed in as Alice on a live server, in light or dark."""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from django.core.signals import request_finished, request_started

from tests.conftest import PASSWORD

AXE = Path(__file__).parent / "vendor" / "axe.min.js"
WIDE = {"width": 1440, "height": 900}
PHONE = {"width": 360, "height": 780}
LAST_ANSWERS_S = 5.0  # a browser that has gone breaks answers off, which are then never said to have ended
# an expression, for `wait_until`: charts are drawn after the page has loaded
ALL_DRAWN = "[...document.querySelectorAll('plotly-chart')].every((chart) => chart.classList.contains('is-drawn'))"

os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "1")  # Playwright's loop runs in this thread, the database too


@pytest.fixture(autouse=True)
def _static_files(settings: Any) -> None:
    """The live server serves `STATIC_ROOT`; tests need no `collectstatic`."""
    settings.STATIC_ROOT = settings.BASE_DIR / "static"


@pytest.fixture(scope="session")
def live_server() -> Iterator[Any]:
    """pytest-django's, with an address for media: without one, Django's live server takes every path for a file."""
    from django.test import override_settings
    from pytest_django.live_server_helper import LiveServer

    with override_settings(MEDIA_URL="/media-of-tests/"):
        server = LiveServer("localhost")
        yield server
        server.stop()


OpenPage = Callable[..., Any]


@pytest.fixture
def open_page(browser: Any) -> Iterator[OpenPage]:
    """`open_page(base_url, theme="dark", viewport=PHONE)`: a page of its own; at the end it has said no error."""
    contexts: list[Any] = []
    said: list[str] = []

    def make(base_url: str, *, theme: str = "light", viewport: dict[str, int] = WIDE) -> Any:
        # without motion: what axe sees of a dialog that is still fading in depends on how quick the machine is
        context = browser.new_context(base_url=base_url, viewport=viewport, color_scheme=theme, reduced_motion="reduce")
        context.add_cookies([{"name": "theme", "value": theme, "url": base_url}])
        contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: said.append(str(error)))
        page.on("console", lambda message: said.append(message.text) if "Content Security" in message.text else None)
        return page

    with counted_requests() as under_way:
        yield make
        for context in contexts:
            context.close()
        deadline = time.monotonic() + LAST_ANSWERS_S
        while under_way and time.monotonic() < deadline:  # the database goes with the test: nobody may be reading it
            time.sleep(0.02)
    assert not said


@contextmanager
def counted_requests() -> Iterator[set[int]]:
    """The threads of the live server that are answering now."""
    under_way: set[int] = set()

    def begun(**_: Any) -> None:
        under_way.add(threading.get_ident())

    def ended(**_: Any) -> None:
        under_way.discard(threading.get_ident())

    request_started.connect(begun)
    request_finished.connect(ended)
    try:
        yield under_way
    finally:
        request_started.disconnect(begun)
        request_finished.disconnect(ended)


def sign_in(page: Any, username: str = "alice", password: str = PASSWORD) -> None:
    page.goto("/sign-in/")
    page.get_by_label("Name").fill(username)
    page.get_by_label("Password").fill(password)
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_url(lambda address: "sign-in" not in address)


def wait_until(page: Any, expression: str, timeout_s: float = 15) -> None:
    """Asks until it is true; Playwright's own `wait_for_function` needs the `eval` that our pages forbid."""
    deadline = time.monotonic() + timeout_s
    while not page.evaluate(expression):
        assert time.monotonic() < deadline, expression
        page.wait_for_timeout(50)


@pytest.fixture
def page(live_server: Any, alice: Any, open_page: OpenPage) -> Any:
    opened = open_page(live_server.url)
    sign_in(opened)
    return opened


def violations(page: Any) -> list[str]:
    """What axe finds on a page, as lines of rule, impact and element."""
    page.evaluate(AXE.read_text())
    found = page.evaluate("axe.run(document, {resultTypes: ['violations']})")["violations"]
    return [f"{each['id']} ({each['impact']}): {node['target']}" for each in found for node in each["nodes"]]
