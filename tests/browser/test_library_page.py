"""The library as hands use it: files dropped, refusals read, rows searched and chosen."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import expect

pytestmark = [pytest.mark.browser, pytest.mark.slow]

SAMPLE = Path(__file__).parents[2] / "static" / "sample" / "faceline-sample.mp4"


def upload(page: Any, *files: Path) -> None:
    page.set_input_files("[data-upload-files]", [str(file) for file in files])


def test_a_file_becomes_a_row_that_waits_for_a_worker(page: Any, project: Any) -> None:
    page.goto("/")
    upload(page, SAMPLE)
    row = page.locator(".library__row")
    row.wait_for(timeout=30_000)
    expect(row.locator(".library__name a")).to_have_text(SAMPLE.name)
    expect(row).to_contain_text("Queued")


def test_a_refused_file_says_why_and_stays_until_it_is_closed(page: Any, finished_run: Any, tmp_path: Path) -> None:
    page.goto("/")
    text = tmp_path / "notes.mp4"
    text.write_text("no picture here")
    upload(page, text)
    line = page.locator(".upload--refused")
    line.wait_for(timeout=30_000)
    expect(line).to_contain_text("not a video")
    line.get_by_role("button").click()
    expect(page.locator(".upload")).to_have_count(0)


def test_a_file_whose_last_answer_got_lost_still_becomes_a_row(page: Any, project: Any) -> None:
    page.goto("/")
    lost: list[str] = []

    def lose_first_answer(route: Any) -> None:
        if route.request.method == "PATCH" and not lost:
            lost.append(route.request.url)
            route.fetch()  # the server takes the file in, the browser does not hear of it
            route.abort()
        else:
            route.continue_()

    page.route("**/uploads/*", lose_first_answer)
    upload(page, SAMPLE)
    page.locator(".library__row").wait_for(timeout=60_000)
    assert lost
    expect(page.locator(".upload--refused")).to_have_count(0)


def test_uploads_that_a_reload_broke_off_are_named_until_they_are_forgotten(page: Any, finished_run: Any) -> None:
    page.goto("/")
    project = finished_run.video.project_id
    begun = {"size": 9, "metadata": {"filename": "Interview.mp4", "project": str(project)}, "uploadUrl": "/uploads/x"}
    page.evaluate(
        "begun => localStorage.setItem('tus::a::1', JSON.stringify({...begun, creationTime: new Date().toString()}))",
        begun,
    )
    page.reload()
    notice = page.locator("[data-broken-off]")
    expect(notice).to_contain_text("An upload was broken off: Interview.mp4.")
    notice.get_by_role("button", name="Forget").click()
    expect(notice).to_be_hidden()
    page.reload()
    expect(notice).to_be_hidden()


def test_the_same_file_twice_offers_its_result_or_another_analysis(page: Any, project: Any) -> None:
    page.goto("/")
    upload(page, SAMPLE)
    page.locator(".library__row").wait_for(timeout=30_000)
    upload(page, SAMPLE)
    line = page.locator(".upload--same")
    line.wait_for(timeout=30_000)
    line.get_by_role("link", name="Open the result").click()
    page.wait_for_url("**/videos/*/")


def test_the_sample_is_one_press_away(page: Any, project: Any) -> None:
    page.goto("/")
    page.get_by_role("button", name="Try the sample").click()
    page.wait_for_url("**/videos/*/", timeout=30_000)
    expect(page.get_by_role("heading", name="Being analysed")).to_be_visible()


def test_search_narrows_the_rows_while_typing(page: Any, finished_run: Any) -> None:
    page.goto("/")
    page.keyboard.press("/")
    page.keyboard.type("adv")
    page.wait_for_url("**q=adv*")
    expect(page.locator(".library__row")).to_have_count(1)
    page.keyboard.type("xyz")
    page.get_by_role("heading", name="Nothing matches").wait_for()


def test_chosen_videos_get_a_bar_of_actions(page: Any, finished_run: Any) -> None:
    page.goto("/")
    bar = page.locator("[data-selection]")
    expect(bar).to_be_hidden()
    page.get_by_label("Choose Advert.mp4").check()
    expect(bar).to_contain_text("1 selected")
    bar.get_by_role("button", name="Audience").click()
    page.wait_for_url(f"**/audience/?video={finished_run.video_id}")


def test_chosen_videos_are_deleted_after_a_question(page: Any, finished_run: Any) -> None:
    page.goto("/")
    page.get_by_label("Choose Advert.mp4").check()
    page.locator("[data-selection]").get_by_role("button", name="Delete").click()
    page.get_by_role("dialog").get_by_role("button", name="Delete").click()
    page.get_by_role("heading", name="No videos yet").wait_for()


def test_light_or_dark_is_kept_and_written_by_the_server(page: Any, project: Any) -> None:
    page.goto("/")
    page.get_by_role("button", name="Account of alice").click()
    page.get_by_role("radio", name="Dark").click()
    expect(page.locator("html")).to_have_attribute("data-bs-theme", "dark")
    answer = page.goto("/")
    assert 'data-bs-theme="dark"' in answer.text()


def test_a_navigation_that_was_folded_stays_so_when_the_window_grows(page: Any, project: Any) -> None:
    page.goto("/")
    page.locator("[data-rail-fold]").click()
    for width in (1100, 1500):
        page.set_viewport_size({"width": width, "height": 800})
        page.wait_for_timeout(100)
        expect(page.locator("html")).to_have_attribute("data-rail", "folded")
