"""The Audience page in a real browser: charts are drawn, lead to faces, hide series, become tables and files."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import ALL_DRAWN, PHONE, WIDE, sign_in, violations, wait_until

pytestmark = [pytest.mark.browser, pytest.mark.slow]


@pytest.fixture
def audience(page: Any, finished_run: Any) -> Any:
    page.goto(f"/audience/?video={finished_run.video_id}")
    wait_until(page, ALL_DRAWN)
    return page


def test_charts_take_their_colors_from_the_tokens_of_the_theme(audience: Any) -> None:
    fill = "getComputedStyle(document.querySelector('#chart-age-gender .point')).fill"
    light = audience.evaluate(fill)
    audience.evaluate("document.documentElement.dataset.bsTheme = 'dark'; dispatchEvent(new Event('faceline:theme'))")
    wait_until(audience, f"{fill} !== '{light}'")
    assert audience.evaluate(fill) == "rgb(171, 134, 238)"


def test_a_bar_leads_to_the_faces_behind_it(audience: Any) -> None:
    audience.locator("#chart-ethnicity .point").first.click(force=True)
    audience.wait_for_url("**/audience/faces/?*ethnicity=*")
    expect(audience.locator(".faces li")).to_have_count(1)


def test_a_series_is_hidden_and_shown(audience: Any) -> None:
    button = audience.locator("#chart-expression-over-time [data-chart-series=Happy]")
    button.click()
    expect(button).to_have_attribute("aria-pressed", "false")
    shown = (
        "document.querySelector('#chart-expression-over-time .chart__plot').data.find(t => t.name === 'Happy').visible"
    )
    wait_until(audience, f"{shown} === false")
    button.click()
    wait_until(audience, f"{shown} === true")


def test_the_table_opens_and_pictures_are_saved(audience: Any, tmp_path: Path) -> None:
    table = audience.locator("#table-age-gender")
    expect(table).to_be_hidden()
    audience.get_by_role("button", name="Table of apparent age and perceived gender").click()
    expect(table).to_be_visible()
    for kind, start in (("png", b"\x89PNG"), ("svg", b"<svg")):
        audience.get_by_role("button", name="Download apparent age and perceived gender").click()
        with audience.expect_download() as download:
            audience.locator(f"#save-age-gender [data-chart-save={kind}]").click()
        assert download.value.suggested_filename == f"age-gender.{kind}"
        download.value.save_as(tmp_path / kind)
        assert (tmp_path / kind).read_bytes().startswith(start)


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("viewport", [WIDE, PHONE], ids=["wide", "phone"])
def test_axe_finds_nothing_and_nothing_scrolls_sideways(
    theme: str, viewport: Any, open_page: Any, live_server: Any, alice: Any, finished_run: Any
) -> None:
    page = open_page(live_server.url, theme=theme, viewport=viewport)
    sign_in(page)
    video = finished_run.video_id
    for address in (
        f"/audience/?video={video}",
        "/audience/?age=0-12",
        f"/audience/faces/?video={video}",
        "/about-the-figures/",
        f"/videos/{video}/annotated/",
    ):
        page.goto(address)
        wait_until(page, ALL_DRAWN)
        for button in page.locator("[data-chart-table]").all():
            button.click()
        assert violations(page) == [], address
        page.evaluate("document.querySelectorAll('details').forEach(fold => { fold.open = true })")
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), address
