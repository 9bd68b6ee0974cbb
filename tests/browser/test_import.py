"""A cue list with errors in it, from the file to segments and back by one undo."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import expect

from faceapp.segments.models import Mark
from tests.browser.conftest import violations

pytestmark = [pytest.mark.browser, pytest.mark.slow]

CUES = """name,from,to
Arrival,0:00,0:02.5
The pack,0:04,
,0:05,0:06
Vote,0:09,0:20
Outro,0:41,0:50
Jingle,00:61:10,1:02
"""


def test_a_cue_list_with_errors_is_previewed_created_and_taken_back(
    page: Any, finished_run: Any, tmp_path: Path
) -> None:
    file = tmp_path / "cues.csv"
    file.write_text(CUES)
    page.goto(f"/videos/{finished_run.video_id}/")
    page.wait_for_selector("face-timeline[data-state=ready]")
    page.get_by_role("tab", name="Segments").click()
    page.get_by_role("button", name="Import").click()
    page.get_by_label("Choose a file").set_input_files(str(file))
    dialog = page.get_by_role("dialog", name="Import segments and cues")
    expect(dialog.locator("tbody tr")).to_have_count(6)
    assert dialog.locator(".import__note").all_inner_texts() == [
        "no name: it becomes “Segment 1”",
        "ends after the video: cut at 0:12.0",
        "begins after the video ends: left out",
        "“00:61:10” is not a time: left out",
    ]
    expect(dialog.locator("[data-import-sum]")).to_have_text("3 segments, 1 cue; 2 lines left out")
    assert violations(page) == []
    assert not Mark.objects.exists()
    dialog.get_by_label("Create Arrival").uncheck()
    dialog.get_by_role("button", name="Create 3").click()
    expect(page.locator("tr[data-mark]")).to_have_count(3)
    assert {mark.name for mark in Mark.objects.all()} == {"The pack", "Segment 1", "Vote"}
    page.locator(".toast", has_text="3 created").get_by_role("button", name="Undo").click()
    expect(page.locator("tr[data-mark]")).to_have_count(0)
    assert not Mark.objects.exists()


def test_shots_become_segments_and_pasted_lines_too(page: Any, finished_run: Any) -> None:
    page.goto(f"/videos/{finished_run.video_id}/")
    page.wait_for_selector("face-timeline[data-state=ready]")
    page.get_by_role("tab", name="Segments").click()
    page.get_by_role("button", name="Import").click()
    page.get_by_role("button", name="Shots").click()
    page.get_by_role("button", name="Create 2").click()
    expect(page.locator(".marks__choose")).to_have_text(["Shot 1", "Shot 2"])
    page.get_by_role("button", name="Import").click()
    page.get_by_role("button", name="Paste").click()
    page.get_by_label("Lines to import").fill("Talk; 1:00\nSpot; 0:02; 0:04")
    page.get_by_role("button", name="Create 1").click()
    expect(page.locator(".marks__choose")).to_have_text(["Shot 1", "Spot", "Shot 2"])
