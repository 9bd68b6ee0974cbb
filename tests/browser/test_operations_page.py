"""The page Operations in a browser: axe finds nothing, it fits a phone, and a refresh moves nothing."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from tests.browser.conftest import PHONE, WIDE, sign_in, violations
from tests.conftest import PASSWORD

pytestmark = [pytest.mark.browser, pytest.mark.slow]

LOOKS = [("light", WIDE), ("dark", WIDE), ("light", PHONE), ("dark", PHONE)]
NAMES = ["light", "dark", "light-phone", "dark-phone"]
REFRESH = """htmx.ajax("GET", document.querySelector("#board").getAttribute("hx-get"),
    {target: "#board", swap: "morph:outerHTML"})"""


@pytest.fixture
def operator(db: None) -> Any:
    from faceapp.accounts.services import create_account

    return create_account(username="olga", password=PASSWORD, is_staff=True).user


@pytest.fixture
def busy(video: Any, alice: Any) -> Any:
    """Three workers, one of them silent; a chunk under way, one run that waits, one that failed, a backup."""
    from faceapp.operations import presence, services
    from faceapp.operations.backups.asking import note_made
    from faceapp.operations.backups.making import Made
    from faceapp.operations.models import Sign
    from faceapp.runs.models import Chunk, Run

    Run.objects.create(
        video=video, started_by=alice, config={}, state=Run.State.FAILED, cause="memory", finished_at=timezone.now(),
        error="The analysis was ended from outside; most often memory has run out.",
    )  # fmt: skip
    other = type(video)(**{field.attname: getattr(video, field.attname) for field in video._meta.concrete_fields})
    other.pk, other.name, other.sha256, other.duration_s = None, "Shop window, 27 Nov, evening.mp4", "1" * 64, 7860.0
    other.id = type(video)().id
    other.save()
    run = Run.objects.create(video=other, started_by=alice, config={"sample_rate": 5.0}, state=Run.State.OBSERVING)
    since = timezone.now() - timedelta(minutes=2)
    chunk = Chunk.objects.create(
        run=run, index=0, first_sample=0, end_sample=3000, seek_pts=0, state="leased", attempt=1, leased_at=since,
        progress=0.7,
    )  # fmt: skip
    third = type(video)(**{field.attname: getattr(other, field.attname) for field in video._meta.concrete_fields})
    third.id, third.name, third.sha256 = type(video)().id, "Focus group 3, Leeds.mp4", "2" * 64
    third.save()
    Run.objects.create(video=third, started_by=alice, config={})
    Run.objects.filter(video=third).update(created_at=timezone.now() - timedelta(minutes=4))
    for number in (1, 2):
        mine = presence.Presence(f"worker{number}@leeds", ["cpu"])
        mine.is_doing("Analyzes", chunk, since) if number == 1 else mine.is_doing("", None, None)
        services.note_sign(name=f"worker{number}@leeds", queues=["cpu"], device="CPU, 8 cores", **mine._doing)
    services.note_sign(name="cellar@leeds", queues=["cpu"], device="CPU, 4 cores")
    Sign.objects.filter(name="cellar@leeds").update(seen_at=timezone.now() - timedelta(minutes=6))
    note_made(Made(path=video.file.path, size_bytes=4_100_000_000, n_files=812, missing=()))
    return run


@pytest.fixture(params=LOOKS, ids=NAMES)
def opened(request: pytest.FixtureRequest, live_server: Any, open_page: Any, operator: Any, busy: Any) -> Any:
    theme, viewport = request.param
    page = open_page(live_server.url, theme=theme, viewport=viewport)
    sign_in(page, "olga")
    return page


def test_axe_finds_nothing_and_it_fits(opened: Any) -> None:
    for address in ("/operations/", "/operations/?show=waiting", "/operations/?show=done", "/operations/accounts/"):
        opened.goto(address)
        assert violations(opened) == [], address
        assert opened.evaluate("document.documentElement.scrollWidth <= innerWidth"), address


@pytest.mark.parametrize("opened", [("light", WIDE)], ids=["wide"], indirect=True)
def test_a_refresh_shows_what_is_new_and_moves_no_row(opened: Any, busy: Any) -> None:
    from faceapp.runs.models import Chunk

    opened.goto("/operations/")
    row = opened.locator("tr", has_text="worker1@leeds")
    before = [each.bounding_box() for each in opened.locator("#board tr, #board li").all()]
    button = opened.get_by_role("button", name="Run again Advert.mp4")
    button.focus()
    Chunk.objects.update(progress=0.9)
    opened.evaluate(REFRESH)
    expect(row.locator("progress")).to_have_attribute("value", "0.9")
    expect(button).to_be_focused()
    assert [each.bounding_box() for each in opened.locator("#board tr, #board li").all()] == before


@pytest.mark.parametrize("opened", [("light", WIDE)], ids=["wide"], indirect=True)
def test_pause_run_again_and_resume(opened: Any, busy: Any) -> None:
    opened.goto("/operations/")
    opened.get_by_role("button", name="Pause work").click()
    expect(opened.get_by_text("Work is paused")).to_be_visible()
    opened.get_by_role("link", name="Failed 1").click()
    opened.get_by_role("button", name="Run again Advert.mp4").click()
    expect(opened.get_by_text("Nothing has failed in the last 7 days.")).to_be_visible()
    opened.get_by_role("button", name="Resume work").click()
    expect(opened.get_by_role("button", name="Pause work")).to_be_visible()


@pytest.mark.parametrize("opened", [("light", WIDE)], ids=["wide"], indirect=True)
def test_a_new_token_is_copied_with_a_button(opened: Any) -> None:
    opened.context.grant_permissions(["clipboard-read", "clipboard-write"])
    opened.goto("/settings/")
    opened.get_by_label("Purpose").fill("script")
    opened.get_by_role("button", name="Create token").click()
    text = opened.locator("#new-token").text_content()
    opened.get_by_role("button", name="Copy").click()
    expect(opened.get_by_text("Copied.")).to_be_visible()
    assert opened.evaluate("navigator.clipboard.readText()") == text
    assert violations(opened) == []


@pytest.mark.parametrize("opened", [("light", WIDE)], ids=["wide"], indirect=True)
def test_an_account_is_deleted_after_a_question(opened: Any) -> None:
    from faceapp.accounts.services import create_account

    create_account(username="zoe")
    opened.goto("/operations/accounts/")
    opened.get_by_role("button", name="Delete zoe").click()
    opened.get_by_role("dialog", name="Delete zoe").get_by_role("button", name="Delete account").click()
    expect(opened.get_by_text("zoe was deleted.")).to_be_visible()
    expect(opened.locator("li", has_text="zoe")).to_have_count(0)
