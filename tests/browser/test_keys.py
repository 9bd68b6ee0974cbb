"""Keys: every one that a page listens for is in its list, and none else."""

from __future__ import annotations

from typing import Any

import pytest

from tests.browser.conftest import wait_until

pytestmark = [pytest.mark.browser, pytest.mark.slow]


def listed(page: Any) -> dict[str, list[str]]:
    """What the list says, by group."""
    page.keyboard.press("?")
    dialog = page.get_by_role("dialog", name="Keys")
    dialog.wait_for()
    groups = {
        group.locator("h3").inner_text(): group.locator("dt").all_inner_texts()
        for group in dialog.locator(".keys__group").all()
    }
    page.keyboard.press("Escape")
    dialog.wait_for(state="hidden")
    return groups


def test_each_page_lists_its_own_keys(page: Any, finished_run: Any) -> None:
    page.goto("/")
    assert listed(page) == {
        "On every page": ["Show keyboard shortcuts"],
        "Library": ["Search by name or project"],
    }
    page.goto("/audience/")
    assert list(listed(page)) == ["On every page"]
    page.goto(f"/videos/{finished_run.video_id}/")
    groups = listed(page)
    assert list(groups) == [
        "On every page",
        "Player",
        "Segments and cues",
        "Edge of a segment, once taken",
        "Timeline, when focused",
    ]
    assert "1 frame back" in groups["Player"]
    assert "Whole video" in groups["Timeline, when focused"]


def test_every_key_that_is_declared_does_something(page: Any, finished_run: Any) -> None:
    """A key of the list without an act would be left to the browser."""
    page.goto(f"/videos/{finished_run.video_id}/")
    page.wait_for_selector("face-timeline[data-state=ready]")
    left = page.evaluate("""async () => {
      const shell = document.querySelector("script[src*='js/shell']").src;
      const { GROUPS } = await import(shell.replace("shell.js", "parts/keys.js"));
      const targets = { player: document.body, lanes: document.querySelector(".lanes__field") };
      const left = [];
      for (const [group, target] of Object.entries(targets)) {
        for (const key of GROUPS[group].keys.flatMap((each) => each.keys)) {
          const [name, shiftKey] = key.startsWith("Shift+") ? [key.slice(6), true] : [key, false];
          const press = new KeyboardEvent("keydown", { key: name, shiftKey, bubbles: true, cancelable: true });
          if (target.dispatchEvent(press)) left.push(`${group} ${key}`);
        }
      }
      return left;
    }""")
    assert left == []


def test_a_question_mark_that_is_typed_opens_nothing(page: Any, finished_run: Any) -> None:
    page.goto("/")
    page.keyboard.press("/")
    page.keyboard.type("who?")
    assert page.get_by_role("dialog").count() == 0
    assert page.locator("#search-wide").input_value() == "who?"


def test_lanes_take_the_arrows_that_they_use_and_leave_the_player_alone(page: Any, finished_run: Any) -> None:
    page.goto(f"/videos/{finished_run.video_id}/")
    page.wait_for_selector("face-timeline[data-state=ready]")
    page.locator(".lanes__field").focus()
    before_s = page.evaluate("document.querySelector('video').currentTime")
    page.keyboard.press("ArrowRight")
    page.locator(".lane-card:not([hidden])").wait_for()
    assert page.evaluate("document.querySelector('video').currentTime") == before_s


def test_keys_are_in_the_menu_too(page: Any, finished_run: Any) -> None:
    page.goto("/")
    page.get_by_role("button", name="Account of alice").click()
    page.get_by_role("button", name="Keys").click()
    page.get_by_role("dialog", name="Keys").wait_for()
    wait_until(page, "document.activeElement.getAttribute('aria-label') === 'Close'")
