"""Downloads in a real browser: files are saved, and a failure is a sentence on the screen."""

from __future__ import annotations

from typing import Any

import pytest

from faceapp.reports import pdf
from tests.browser.conftest import sign_in, wait_until

pytestmark = [pytest.mark.browser, pytest.mark.slow]


@pytest.fixture
def video(open_page: Any, live_server: Any, alice: Any, finished_run: Any) -> Any:
    page = open_page(live_server.url)
    sign_in(page)
    page.goto(f"/videos/{finished_run.video_id}/")
    return page


def test_fault_85_a_report_is_saved_and_the_page_stays(video: Any) -> None:
    address = video.url
    with video.expect_download() as download:
        video.get_by_role("link", name="Report").click()
    assert download.value.suggested_filename == "Advert - report.pdf"
    assert video.url == address


def test_fault_85_a_report_that_fails_is_said(video: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: Any, **__: Any) -> bytes:
        raise RuntimeError("broken")

    monkeypatch.setattr(pdf, "render", fail)
    address = video.url
    video.get_by_role("link", name="Report").click()
    video.get_by_role("heading", name="Something went wrong").wait_for()
    assert "Please try again" in video.locator("main").inner_text()
    monkeypatch.undo()
    with video.expect_download():
        video.get_by_role("link", name="Try again").click()
    video.go_back()
    assert video.url == address


def test_fault_85_a_chart_that_cannot_be_saved_is_said(video: Any) -> None:
    video.goto("/audience/")
    wait_until(video, "document.querySelector('plotly-chart.is-drawn') !== null")
    video.evaluate("() => { Plotly.toImage = () => Promise.reject(new Error('broken')); }")
    video.locator("[popovertarget='save-age-gender']").click()
    video.locator("#save-age-gender [data-chart-save=png]").click()
    video.get_by_text("The picture could not be created.").wait_for()
