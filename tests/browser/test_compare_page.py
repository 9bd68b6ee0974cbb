"""Comparing in a real browser: from the library to the verdict, by mouse and by keys, and as it looks."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import PHONE, WIDE, sign_in, violations
from tests.panels import make_panel

pytestmark = [pytest.mark.browser, pytest.mark.slow]


@pytest.fixture
def adverts(project: Any) -> list[Any]:
    return [
        make_panel(project, "Cut A.mp4", 40, happy=0.1, female=0.2, seed=1),
        make_panel(project, "Cut B.mp4", 36, happy=0.9, female=0.9, seed=2),
        make_panel(project, "Few.mp4", 4, seed=3),
    ]


def address_of(videos: list[Any]) -> str:
    return (
        f"/compare/?{urlencode([(letter, f'video={video.pk}') for letter, video in zip('abc', videos, strict=False)])}"
    )


def row_of(page: Any, term: str, detail: str) -> Any:
    return page.locator(".differences .line").filter(has_text=term).filter(has_text=detail).first


def test_from_the_library_to_the_verdict_in_three_clicks(page: Any, adverts: list[Any]) -> None:
    page.goto("/")
    page.get_by_label("Choose Cut A.mp4").click()
    page.get_by_label("Choose Cut B.mp4").click()
    page.get_by_role("button", name="Compare").click()
    page.wait_for_url("**/compare/?**")
    expect(page.locator(".compared__one")).to_have_count(2)
    expect(row_of(page, "Female", "share of people").locator(".says")).to_contain_text("higher")
    expect(page.locator(".compare__finding")).to_contain_text("B differs from A")


def test_by_keys_alone_columns_are_swapped_and_drawn(page: Any, adverts: list[Any]) -> None:
    page.goto(address_of(adverts))
    says = row_of(page, "Female", "share of people").locator(".says")
    expect(says).to_have_text("B higher")
    page.keyboard.press("x")
    expect(says).to_have_text("B lower")
    page.keyboard.press("3")
    expect(page.locator(".compared__one.is-on")).to_contain_text("Few.mp4")
    expect(says).to_have_text("Under 5: not shown")


def test_a_column_is_added_from_the_menu_and_taken_out(page: Any, adverts: list[Any]) -> None:
    page.goto(address_of(adverts[:1]))
    page.get_by_role("button", name="Add").first.click()
    page.locator('[data-dialog="add-video"]').click()
    page.get_by_role("dialog").get_by_text("Cut B.mp4").click()
    page.get_by_role("dialog").get_by_role("button", name="Add").click()
    expect(page.locator(".compared__one")).to_have_count(2)
    page.get_by_role("button", name="Add").first.click()
    page.get_by_role("link", name="Everything else").click()
    expect(page.locator(".compared__one")).to_have_count(3)
    page.get_by_role("link", name="Remove column C").click()
    expect(page.locator(".compared__one")).to_have_count(2)


def test_a_comparison_is_saved_and_found_again(page: Any, adverts: list[Any]) -> None:
    page.goto(address_of(adverts))
    page.get_by_role("button", name="Save").click()
    page.get_by_label("Name").fill("Cut test")
    page.get_by_role("dialog").get_by_role("button", name="Save").click()
    expect(page.locator(".page-header__facts")).to_contain_text("Cut test")
    page.goto("/compare/")
    page.get_by_role("link", name="Cut test").click()
    expect(page.locator(".compared__one")).to_have_count(3)


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("viewport", [WIDE, PHONE], ids=["wide", "phone"])
def test_axe_finds_nothing_and_nothing_scrolls_sideways(
    theme: str, viewport: Any, open_page: Any, live_server: Any, alice: Any, adverts: list[Any]
) -> None:
    page = open_page(live_server.url, theme=theme, viewport=viewport)
    sign_in(page)
    compared = address_of(adverts)
    faces = f"{compared.replace('/compare/', '/compare/faces/')}&column=a&figure=gender%3Afemale"
    for address in (
        "/compare/",
        address_of(adverts[:1]),
        compared,
        f"{compared}&order=size",
        f"{compared}&draw=c",
        faces,
    ):
        page.goto(address)
        assert violations(page) == [], address
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), address
    page.goto(compared)
    page.locator(".compared__add").click()
    assert violations(page) == []
    page.get_by_role("button", name="Filter").click()
    assert violations(page) == []
