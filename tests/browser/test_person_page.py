"""A person put right with the mouse: from the table in two clicks, once, and back again."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import expect

pytestmark = [pytest.mark.browser, pytest.mark.slow]


def test_a_wrong_age_is_set_from_the_table_and_taken_back(page: Any, finished_run: Any) -> None:
    page.goto(f"/videos/{finished_run.video_id}/")
    row = page.locator("[data-people] tr[data-person='1']")
    row.hover()
    row.get_by_role("link", name="Correct Person 1").click()
    page.get_by_role("dialog").get_by_label("Apparent age, years").fill("41")
    page.get_by_role("button", name="Set", exact=True).click()
    age = page.locator(".answers > div", has_text="Apparent age").locator("dd")
    page.locator(".toast", has_text="Set by hand: age 41.").wait_for()
    expect(age).to_have_text("41 set by hand")
    page.locator(".toast").get_by_role("button", name="Undo").click()
    page.locator(".toast", has_text="Undone: Age set to 41.").wait_for()
    expect(age).not_to_contain_text("set by hand")


def test_a_pencil_beside_an_answer_leads_to_its_field(page: Any, finished_run: Any) -> None:
    page.goto(f"/videos/{finished_run.video_id}/people/1/")
    page.get_by_role("button", name="Correct the perceived gender").click()
    expect(page.locator("#correct-gender")).to_be_focused()


def test_a_double_click_names_a_person_once(page: Any, finished_run: Any) -> None:
    page.goto(f"/videos/{finished_run.video_id}/people/1/")
    page.get_by_role("button", name="Rename Person 1").click()
    page.get_by_role("dialog").get_by_label("Name").fill("Ann")
    page.get_by_role("dialog").get_by_role("button", name="Rename").dblclick()
    page.get_by_role("heading", name="Ann", exact=True).wait_for()
    assert finished_run.corrections.count() == 1


def test_what_is_renamed_is_selected(page: Any, finished_run: Any) -> None:
    page.goto(f"/videos/{finished_run.video_id}/people/1/")
    page.get_by_role("button", name="Rename Person 1").click()
    page.keyboard.type("Ann")
    assert page.get_by_role("dialog").get_by_label("Name").input_value() == "Ann"


def test_a_gender_set_by_hand_is_marked_in_the_table_and_on_the_page(page: Any, finished_run: Any) -> None:
    page.goto(f"/videos/{finished_run.video_id}/people/1/")
    page.get_by_role("button", name="Correct the perceived gender").click()
    chosen = page.get_by_label("Perceived gender", exact=True)
    other = "male" if chosen.input_value() == "female" else "female"
    chosen.select_option(other)
    page.get_by_role("button", name="Set", exact=True).click()
    page.locator(".toast", has_text=f"gender {other}").wait_for()
    answer = page.locator(".answers > div", has_text="Perceived gender").locator("dd")
    assert answer.inner_text() == f"{other.capitalize()} set by hand"
    page.goto(f"/videos/{finished_run.video_id}/")
    row = page.locator("[data-people] tr[data-person='1']")
    assert f"{other.capitalize()} by hand" in " ".join(row.inner_text().split())
    assert "by hand" not in page.locator("[data-people] tr[data-person='2']").inner_text()
