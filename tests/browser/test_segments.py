"""Segments and cues on the video page, by keys and by pointer; each act can be undone."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import expect

from faceapp.segments.models import Mark
from faceapp.segments.services import NewMark, add_mark
from tests.browser.conftest import wait_until

pytestmark = [pytest.mark.browser, pytest.mark.slow]

SAMPLE = Path(__file__).parents[2] / "static" / "sample" / "faceline-sample.mp4"


def opened(page: Any, run: Any, query: str = "") -> Any:
    """The video page, with the sample's picture in the player."""
    shutil.copyfile(SAMPLE, run.video.file.path)
    page.goto(f"/videos/{run.video_id}/{query}")
    page.wait_for_selector("face-timeline[data-state=ready]")
    wait_until(page, "document.querySelector('video').readyState >= 1")
    return page


def seek(page: Any, time_s: float) -> None:
    page.evaluate(f"document.dispatchEvent(new CustomEvent('faceline:seek', {{detail: {{time_s: {time_s}}}}}))")
    wait_until(page, f"Math.abs(document.querySelector('video').currentTime - {time_s}) < 0.05")
    wait_until(page, "!document.querySelector('video').seeking")


def rows(page: Any) -> Any:
    return page.locator("tr[data-mark]")


def times() -> list[tuple[str, float, float | None]]:
    return [(mark.name, mark.from_s, mark.to_s) for mark in Mark.objects.all()]


def x_of(page: Any, time_s: float) -> float:
    """Where a time of the 12 s lies on the lanes."""
    box = page.locator(".lanes__field").bounding_box()
    return float(box["x"] + 8 + time_s / 12 * (box["width"] - 16))


def test_keys_make_a_segment_and_a_cue_and_undo_takes_one_back(page: Any, finished_run: Any) -> None:
    opened(page, finished_run)
    seek(page, 2)
    page.keyboard.press("i")
    seek(page, 4)
    page.keyboard.press("o")
    expect(rows(page)).to_have_count(1)
    expect(rows(page)).to_have_class("is-selected")
    expect(page.locator(".marks .col-count").last).to_have_text("1")
    seek(page, 5)
    page.keyboard.press("m")
    expect(rows(page)).to_have_count(2)
    expect(page.locator(".lanes__track .mark[data-id]")).to_have_count(2)
    [(name, from_s, to_s), (cue, at_s, _)] = times()
    assert (name, from_s, to_s) == ("Segment 1", pytest.approx(2, abs=0.05), pytest.approx(4, abs=0.05))
    assert (cue, at_s) == ("Cue 1", pytest.approx(5, abs=0.05))
    page.locator(".toast", has_text="Cue at").get_by_role("button", name="Undo").click()
    expect(rows(page)).to_have_count(1)


def test_the_keyboard_alone_moves_an_edge_renames_deletes_and_undoes(page: Any, finished_run: Any) -> None:
    add_mark(video=finished_run.video, mark=NewMark("Talk", 2.0, 4.0), user=None)
    opened(page, finished_run)
    page.get_by_role("tab", name="People").focus()
    page.keyboard.press("ArrowRight")
    page.locator(".marks__choose").focus()
    page.keyboard.press(" ")
    expect(rows(page)).to_have_class("is-selected")
    page.keyboard.press("e")
    page.keyboard.press("Shift+ArrowRight")
    page.keyboard.press("Enter")
    expect(page.locator(".toast")).to_contain_text("Talk now ends at 0:05.0.")
    page.keyboard.press("e")
    page.keyboard.press("ArrowLeft")
    page.keyboard.press("Escape")
    assert times() == [("Talk", 2.0, 5.0)]
    page.keyboard.press("Enter")
    page.get_by_role("textbox", name="Name").fill("Pitch")
    page.get_by_label("To", exact=True).fill("0:06.5")
    page.keyboard.press("Enter")
    expect(page.locator(".marks__choose")).to_have_text("Pitch")
    assert times() == [("Pitch", 2.0, 6.5)]
    page.locator(".marks__choose").focus()
    page.keyboard.press("Delete")
    expect(rows(page)).to_have_count(0)
    page.locator(".toast", has_text="Pitch deleted").get_by_role("button", name="Undo").press("Enter")
    expect(rows(page)).to_have_count(1)
    assert times() == [("Pitch", 2.0, 6.5)]


def test_an_edge_is_dragged_and_snaps_to_a_cut(page: Any, finished_run: Any) -> None:
    add_mark(video=finished_run.video, mark=NewMark("Talk", 2.0, 4.0), user=None)
    opened(page, finished_run)
    page.locator(".lanes__track .mark[data-id]").click()
    box = page.locator(".mark__edge--to").bounding_box()
    y = box["y"] + box["height"] / 2
    page.mouse.move(x_of(page, 4.0), y)
    page.mouse.down()
    page.mouse.move(x_of(page, 5.0), y)
    page.mouse.move(x_of(page, 5.9), y)  # 0.1 s before the cut
    page.mouse.up()
    expect(page.locator(".toast")).to_contain_text("Talk now ends at 0:06.0.")
    assert times() == [("Talk", 2.0, 6.0)]


def test_a_segment_narrows_people_and_downloads(page: Any, finished_run: Any) -> None:
    mark, _ = add_mark(video=finished_run.video, mark=NewMark("Talk", 1.0, 3.0), user=None)
    opened(page, finished_run)
    page.get_by_role("tab", name="Segments").click()
    rows(page).hover()
    page.get_by_role("link", name="People in Talk").click()
    page.wait_for_url(f"**?segment={mark.pk}")
    page.get_by_role("tab", name="People").click()
    expect(page.locator("[data-people] tr[data-person]")).to_have_count(1)
    expect(page.locator("[data-people] tr[data-person] .col-time")).to_have_text("2.0\u202fs")
    assert f"segment={mark.pk}" in page.get_by_role("link", name="Report").get_attribute("href")
    page.get_by_role("link", name="show everyone in the video").click()
    expect(page.locator("[data-people] tr[data-person]")).to_have_count(2)


def test_times_that_make_no_sense_are_said_in_the_dialog(page: Any, finished_run: Any) -> None:
    add_mark(video=finished_run.video, mark=NewMark("Talk", 2.0, 4.0), user=None)
    opened(page, finished_run)
    page.locator(".lanes__track .mark[data-id]").click()
    page.keyboard.press("Enter")
    page.get_by_label("To", exact=True).fill("0:01")
    page.keyboard.press("Enter")
    expect(page.get_by_role("alert")).to_have_text("A segment must end after it starts.")
    page.get_by_label("To", exact=True).fill("soon")
    page.keyboard.press("Enter")
    expect(page.get_by_role("alert")).to_contain_text("Write times as")
    assert times() == [("Talk", 2.0, 4.0)]
