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


def test_the_same_file_twice_offers_its_result_or_another_analysis(page: Any, project: Any) -> None:
    page.goto("/")
    upload(page, SAMPLE)
    page.locator(".library__row").wait_for(timeout=30_000)
    upload(page, SAMPLE)
    line = page.locator(".upload--same")
    line.wait_for(timeout=30_000)
    line.get_by_role("link", name="Open the result").click()
    page.wait_for_url("**/videos/*/")


def test_the_sample_is_one_press_away_before_there_is_any_project(page: Any, team: Any) -> None:
    page.goto("/")
    page.locator("[data-first-run] face-timeline[data-state=ready]").wait_for()
    page.get_by_role("button", name="Open the sample").click()
    page.wait_for_url("**/videos/*/", timeout=30_000)
    expect(page.get_by_role("heading", name="Analyzing")).to_be_visible()
    notice = page.locator(".notice", has_text="This is the sample.")
    notice.get_by_role("button", name="Hide permanently").click()
    page.reload()
    expect(page.get_by_role("heading", name="Analyzing")).to_be_visible()
    expect(notice).to_have_count(0)


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
    dialog = page.get_by_role("dialog", name="Delete 1 video?")
    dialog.get_by_role("button", name="Delete 1 video").click()
    page.get_by_role("heading", name="See who is in a video").wait_for()


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


def test_a_row_is_renamed_moved_and_deleted_where_it_stands(page: Any, finished_run: Any, team: Any) -> None:
    from faceapp.library.services import create_project

    create_project(team=team, name="Autumn")
    page.goto("/?sort=name")

    def choose(entry: str) -> Any:
        page.get_by_role("button", name="More about").click()
        page.locator(".menu:popover-open").get_by_role("button", name=entry).click()
        return page.get_by_role("dialog")

    dialog = choose("Rename")
    assert page.evaluate("getSelection().toString() || document.activeElement.value") == "Advert.mp4"
    page.keyboard.type("Spot.mp4")  # what was selected is replaced
    dialog.get_by_role("button", name="Rename").click()
    page.get_by_role("link", name="Spot.mp4").wait_for()
    dialog = choose("Move")
    assert dialog.locator(".pick:visible").all_inner_texts() == ["Autumn"]
    dialog.get_by_label("Autumn").check()
    dialog.get_by_role("button", name="Move").click()
    page.locator(".toast", has_text="“Spot.mp4” moved to “Autumn”.").wait_for()
    assert page.url.endswith("/?sort=name")
    dialog = choose("Delete")
    assert "Delete 1 video?" in dialog.inner_text()
    dialog.get_by_role("button", name="Delete 1 video").click()
    page.get_by_role("heading", name="See who is in a video").wait_for()


def test_long_names_stay_inside_rail_rows_chips_and_dialogs(page: Any, finished_run: Any, team: Any) -> None:
    from faceapp.library.models import Video
    from faceapp.library.services import create_project

    long = create_project(team=team, name="W" * 80)
    Video.objects.update(name="W" * 300, project=long)
    for width, height in ((1440, 900), (768, 1024), (720, 450), (360, 780)):
        page.set_viewport_size({"width": width, "height": height})
        page.goto(f"/?project={long.pk}")
        page.locator(".library__row").wait_for()
        page.get_by_role("button", name="More about").click()
        page.locator(".menu:popover-open").get_by_role("button", name="Move").click()
        page.get_by_role("dialog").wait_for()
        wide = page.evaluate("""["html", ".rail", "dialog[open]", ".library__name"]
          .map((each) => document.querySelector(each))
          .filter((each) => each.scrollWidth > each.clientWidth + 1).map((each) => each.className || each.tagName)""")
        assert wide == [], f"{width} px"
