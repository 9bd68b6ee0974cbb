"""Pages have room for what they show: long names, few people, narrow windows, 200 % zoom."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import pytest

from tests.browser.conftest import PHONE, WIDE, sign_in, wait_until

pytestmark = [pytest.mark.browser, pytest.mark.slow]

DRAWN = "[...document.querySelectorAll('plotly-chart')].every((chart) => chart.classList.contains('is-drawn'))"
LONG_NAME = "Donaudampfschifffahrtsgesellschaftskapitän von Hohenzollern-Sigmaringen the 3rd."
NARROW = [{"width": 720, "height": 450}, {"width": 768, "height": 1024}]  # the first: 1440 × 900 at 200 % zoom


@pytest.fixture
def opened(live_server: Any, alice: Any, open_page: Any) -> Any:
    """`opened(viewport)`: a page of that size, signed in."""

    def make(viewport: dict[str, int]) -> Any:
        page = open_page(live_server.url, viewport=viewport)
        sign_in(page)
        return page

    return make


def boxes(page: Any, selector: str) -> list[dict[str, float]]:
    """Where all that match lie, asked at one moment: one by one, the page may be laid out anew in between."""
    asked = "all => all.map((each) => each.getBoundingClientRect().toJSON())"
    found: list[dict[str, float]] = page.locator(selector).evaluate_all(asked)
    return found


def resize(page: Any, width: int, height: int) -> None:
    page.set_viewport_size({"width": width, "height": height})
    wait_until(page, f"innerWidth === {width} && innerHeight === {height}")


@pytest.mark.parametrize("viewport", NARROW, ids=["zoomed", "tablet"])
def test_a_title_is_read_between_phone_and_desk(opened: Any, finished_run: Any, viewport: dict[str, int]) -> None:
    finished_run.video.name = "Spring campaign, advert for Austria, second cut.mp4"
    finished_run.video.save()
    page = opened(viewport)
    page.goto(f"/videos/{finished_run.video_id}/")
    title = "document.querySelector('h1')"
    assert page.evaluate(f"{title}.scrollWidth <= {title}.clientWidth + 1")
    assert page.evaluate(f"{title}.scrollHeight <= {title}.clientHeight + 1")


@pytest.mark.parametrize("viewport", [*NARROW, WIDE, PHONE], ids=["zoomed", "tablet", "wide", "phone"])
def test_a_name_of_eighty_letters_leaves_buttons_as_they_are(
    opened: Any, finished_run: Any, viewport: dict[str, int]
) -> None:
    from faceapp.results.services import rename_person

    assert len(LONG_NAME) == 80
    rename_person(run=finished_run, person_id=1, name=LONG_NAME, user=finished_run.started_by)
    page = opened(viewport)
    for address in (f"/videos/{finished_run.video_id}/people/1/", f"/videos/{finished_run.video_id}/"):
        page.goto(address)
        page.wait_for_timeout(300)
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), address
        assert {box["height"] for box in boxes(page, ".person-head__actions .button")} <= {32, 40}
    page.goto(f"/videos/{finished_run.video_id}/people/1/")
    assert page.locator("h1").bounding_box()["width"] >= min(240, 0.5 * viewport["width"])


def test_with_few_people_the_player_takes_the_room(opened: Any, finished_run: Any) -> None:
    page = opened(WIDE)
    page.goto(f"/videos/{finished_run.video_id}/")
    page.wait_for_selector("face-timeline[data-state=ready]")
    player, people = boxes(page, ".player")[0], boxes(page, ".people")[0]
    assert player["width"] > 700
    assert people["width"] > 500  # so that the table keeps ethnicity
    names = "[...document.querySelectorAll('.people__who a.ellipsis')]"
    assert page.evaluate(f"{names}.every((name) => name.scrollWidth <= name.clientWidth)")
    assert page.evaluate("document.documentElement.scrollHeight <= innerHeight")


def test_charts_beside_each_other_fill_one_height(opened: Any, finished_run: Any) -> None:
    page = opened(WIDE)
    page.goto(f"/audience/?video={finished_run.video_id}")
    wait_until(page, DRAWN)
    left_empty = """[...document.querySelectorAll('.columns > .chart')].map((chart) => {
        const plot = chart.querySelector('.main-svg');
        return plot ? chart.querySelector('.chart__foot').offsetTop - chart.querySelector('plotly-chart').offsetTop
            - plot.getBoundingClientRect().height : 0;
    })"""
    for viewport in (WIDE, {"width": 1240, "height": 900}):
        resize(page, **viewport)
        wait_until(page, f"{left_empty}.every((px) => -1 < px && px < 20)")
    first, second = boxes(page, ".columns > .chart")[:2]
    assert first["y"] + first["height"] == pytest.approx(second["y"] + second["height"], abs=1)


def test_legends_on_phones_stand_in_two_columns_of_32_px(opened: Any, finished_run: Any) -> None:
    page = opened(PHONE)
    page.goto(f"/videos/{finished_run.video_id}/people/1/")
    legend = boxes(page, "#chart-person-expression .legend > *")
    assert len({box["x"] for box in legend}) == 2
    rows = sorted({box["y"] for box in legend})
    assert {below - above for above, below in pairwise(rows)} == {32}


def test_the_words_of_a_legend_stay_inside_their_chart_on_a_phone(opened: Any, finished_run: Any) -> None:
    page = opened(PHONE)
    page.goto(f"/audience/?video={finished_run.video_id}")
    page.get_by_text("In view; the rest is neutral").wait_for()
    inside = "[...document.querySelectorAll('.legend > *')].every((each) => each.scrollWidth <= each.clientWidth + 1)"
    assert page.evaluate(inside)


@pytest.mark.parametrize("viewport", [WIDE, PHONE], ids=["wide", "phone"])
def test_a_long_name_of_a_project_stays_inside_the_first_page(opened: Any, team: Any, viewport: dict[str, int]) -> None:
    from faceapp.library.services import create_project

    long = create_project(team=team, name="W" * 80)
    page = opened(viewport)
    page.goto(f"/?project={long.pk}")
    text = boxes(page, ".first-run__text")[0]
    within = boxes(page, ".first-run__text > *, .first-run__text strong")
    assert max(box["x"] + box["width"] for box in within) <= text["x"] + text["width"]


def test_settings_and_the_project_form_have_two_columns(opened: Any, project: Any) -> None:
    page = opened(WIDE)
    for address, cards in (("/settings/", ".settings > .card"), ("/projects/new/", ".project-form > .card")):
        page.goto(address)
        first, second = boxes(page, cards)[:2]
        assert (first["y"], first["x"] < second["x"]) == (second["y"], True), address
    resize(page, 1199, 800)
    first, second = boxes(page, ".project-form > .card")[:2]
    assert first["x"] == second["x"]


def test_a_person_alone_is_not_one_of_one(opened: Any, finished_run: Any) -> None:
    page = opened(WIDE)
    page.goto(f"/videos/{finished_run.video_id}/people/1/")
    assert page.get_by_text("1 of 2", exact=True).count() == 1
    finished_run.people.filter(person_id=2).delete()
    page.reload()
    assert page.get_by_text("1 of 1", exact=True).count() == 0
