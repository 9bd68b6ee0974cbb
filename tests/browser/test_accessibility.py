"""axe finds nothing on any page, in light and dark, wide and on a phone."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import ALL_DRAWN, PHONE, WIDE, sign_in, violations, wait_until

pytestmark = [pytest.mark.browser, pytest.mark.slow]

LOOKS = [("light", WIDE), ("dark", WIDE), ("light", PHONE), ("dark", PHONE)]
NAMES = ["light", "dark", "light-phone", "dark-phone"]


@pytest.fixture(params=LOOKS, ids=NAMES)
def look(request: pytest.FixtureRequest) -> Any:
    return request.param


@pytest.fixture
def guest(live_server: Any, open_page: Any, look: Any) -> Any:
    theme, viewport = look
    return open_page(live_server.url, theme=theme, viewport=viewport)


@pytest.fixture
def visitor(guest: Any, alice: Any) -> Any:
    sign_in(guest)
    return guest


def test_sign_in_and_a_page_that_is_not_there(guest: Any, db: None) -> None:
    guest.goto("/sign-in/")
    assert violations(guest) == []
    guest.goto("/videos/00000000-0000-4000-8000-000000000000/")
    assert violations(guest) == []


def test_empty_library_and_project_form(visitor: Any, project: Any) -> None:
    for address in ("/", "/projects/new/", f"/projects/{project.pk}/", "/settings/", "/settings/password/"):
        visitor.goto(address)
        assert violations(visitor) == [], address


def test_first_page_before_any_project(visitor: Any, team: Any) -> None:
    visitor.goto("/")
    visitor.locator("[data-first-run] face-timeline[data-state=ready]").wait_for()
    assert violations(visitor) == []


def test_library_with_a_result(visitor: Any, finished_run: Any, team: Any) -> None:
    from faceapp.library.services import create_project

    visitor.goto(f"/?project={create_project(team=team, name='Autumn').pk}")
    assert violations(visitor) == []
    visitor.goto("/")
    assert violations(visitor) == []
    visitor.get_by_role("button", name="More about Advert.mp4").click()
    assert violations(visitor) == []
    visitor.locator(".menu:popover-open").get_by_role("button", name="Move").click()
    assert violations(visitor) == []
    visitor.keyboard.press("Escape")
    visitor.get_by_label("Choose Advert.mp4").check()
    assert violations(visitor) == []


def test_video_with_lanes_and_card(visitor: Any, finished_run: Any, look: Any) -> None:
    visitor.goto(f"/videos/{finished_run.video_id}/?person=1")
    visitor.wait_for_selector("face-timeline[data-state=ready]")
    assert violations(visitor) == []
    if look[1] is WIDE:
        visitor.locator(".lanes__field").focus()
        visitor.keyboard.press("ArrowDown")
        visitor.wait_for_selector(".lane-card:not([hidden])")
        assert violations(visitor) == []


def test_segments_of_a_video(visitor: Any, finished_run: Any) -> None:
    from faceapp.segments.services import NewMark, add_marks

    address = f"/videos/{finished_run.video_id}/"
    tab = visitor.get_by_role("tab", name="Segments")
    visitor.goto(address)
    tab.click()
    assert violations(visitor) == []
    add_marks(video=finished_run.video, marks=[NewMark("Talk", 2.0, 4.0), NewMark("Price", 3.0)], user=None)
    visitor.goto(address)
    visitor.wait_for_selector("face-timeline[data-state=ready]")
    tab.click()
    visitor.get_by_role("button", name="Talk", exact=True).click()
    assert violations(visitor) == []
    visitor.get_by_role("button", name="Edit Talk").click()
    assert violations(visitor) == []


def test_video_that_is_analyzed(visitor: Any, assembling_run: Any) -> None:
    visitor.goto(f"/videos/{assembling_run.video_id}/")
    expect(visitor.get_by_role("heading", name="Analyzing")).to_be_visible()
    assert violations(visitor) == []


def test_person_and_their_dialogs(visitor: Any, finished_run: Any) -> None:
    visitor.goto(f"/videos/{finished_run.video_id}/people/1/")
    wait_until(visitor, ALL_DRAWN)
    assert violations(visitor) == []
    visitor.get_by_role("button", name="Correct", exact=True).click()
    assert violations(visitor) == []
    visitor.keyboard.press("Escape")
    visitor.keyboard.press("?")
    visitor.get_by_role("dialog", name="Keys").wait_for()
    assert violations(visitor) == []


def test_audience_and_about(visitor: Any, finished_run: Any) -> None:
    visitor.goto("/audience/")
    wait_until(visitor, ALL_DRAWN)
    assert violations(visitor) == []
    visitor.goto("/about-the-figures/")
    assert violations(visitor) == []


def test_failed_run_and_annotated_video(visitor: Any, finished_run: Any) -> None:
    from faceapp.runs.models import Run

    visitor.goto(f"/videos/{finished_run.video_id}/annotated/")
    assert violations(visitor) == []
    Run.objects.update(state=Run.State.FAILED, error="The decoder stopped.")
    visitor.goto(f"/videos/{finished_run.video_id}/")
    expect(visitor.get_by_role("heading", name="The analysis failed")).to_be_visible()
    assert violations(visitor) == []


def test_upload_that_was_refused(visitor: Any, finished_run: Any, tmp_path: Any) -> None:
    visitor.goto("/")
    text = tmp_path / "notes.mp4"
    text.write_text("no picture here")
    visitor.set_input_files("[data-upload-files]", str(text))
    visitor.locator(".upload--refused").wait_for(timeout=60_000)
    assert violations(visitor) == []
