"""The video page as hands use it: lanes, player and table are one thing."""

from __future__ import annotations

import re
import shutil
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import ALL_DRAWN, PHONE, sign_in, wait_until

pytestmark = [pytest.mark.browser, pytest.mark.slow]

SAMPLE = Path(__file__).parents[2] / "static" / "sample" / "faceline-sample.mp4"


@pytest.fixture
def video_page(page: Any, finished_run: Any) -> Any:
    """Ann and Ben of `scene_result`, over 12 s of the sample's picture, so that a player can seek."""
    shutil.copyfile(SAMPLE, finished_run.video.file.path)
    page.goto(f"/videos/{finished_run.video_id}/")
    page.wait_for_selector("face-timeline[data-state=ready]")
    wait_until(page, "document.querySelector('video').readyState >= 1")
    return page


def now(page: Any) -> float:
    wait_until(page, "!document.querySelector('video').seeking")
    return float(page.evaluate("document.querySelector('video').currentTime"))


def comes_to(page: Any, time_s: float, within_s: float) -> None:
    """The player seeks there; a key or a click is answered later than it is sent."""
    wait_until(page, f"Math.abs(document.querySelector('video').currentTime - {time_s}) <= {within_s}")
    assert now(page) == pytest.approx(time_s, abs=within_s)


def click_lane(page: Any, row: int, time_s: float) -> None:
    """On the lane of the row-th person (from 0), at a time of the 12 s."""
    box = page.locator(".lanes__field").bounding_box()
    x = box["x"] + 8 + time_s / 12 * (box["width"] - 16)
    page.mouse.click(x, box["y"] + 28 * row + 14)


def expect_chosen(page: Any, person: str) -> None:
    expect(page.locator("tr.is-selected")).to_have_attribute("data-person", person)


def test_a_click_on_a_lane_seeks_and_selects(video_page: Any) -> None:
    click_lane(video_page, 1, 6.0)
    comes_to(video_page, 6.0, 0.1)
    expect_chosen(video_page, "2")
    expect(video_page.locator(".lanes__flag")).to_have_text(re.compile(r"^0:0(5\.9|6\.0)"))


def test_a_click_on_a_person_of_the_table_goes_to_their_first_sight(video_page: Any) -> None:
    video_page.locator("tr[data-person='2'] .col-time").click()
    comes_to(video_page, 4.0, 0.25)
    expect_chosen(video_page, "2")


def test_the_keyboard_walks_spells_and_enter_goes_there(video_page: Any) -> None:
    video_page.locator(".lanes__field").focus()
    video_page.keyboard.press("Home")
    expect(video_page.locator(".lanes__said")).to_contain_text("neutral, 0:00.0 to 0:05.0")
    video_page.keyboard.press("ArrowRight")
    expect(video_page.locator(".lanes__said")).to_contain_text("happy, 0:05.0 to 0:06.0")
    video_page.keyboard.press("Enter")
    comes_to(video_page, 5.0, 0.05)
    expect_chosen(video_page, "1")


def test_the_card_of_the_keyboard_stays_with_its_spell_when_the_lanes_scroll(video_page: Any) -> None:
    video_page.locator(".lanes__field").focus()
    video_page.keyboard.press("Home")
    video_page.wait_for_selector(".lane-card:not([hidden])")
    video_page.evaluate("document.querySelector('.lanes__scroll').dispatchEvent(new Event('scroll'))")
    video_page.wait_for_timeout(100)
    expect(video_page.locator(".lane-card")).to_be_visible()


def test_the_keyboard_plays_and_steps(video_page: Any) -> None:
    video_page.locator("h1").click()
    video_page.keyboard.press("ArrowRight")
    comes_to(video_page, 1.0, 0.05)
    video_page.keyboard.press("]")
    comes_to(video_page, 6.0, 0.05)  # the cut
    video_page.keyboard.press(" ")
    wait_until(video_page, "!document.querySelector('video').paused")
    wait_until(video_page, "document.querySelector('video').currentTime > 6.3")
    video_page.keyboard.press(" ")
    wait_until(video_page, "document.querySelector('video').paused")


# The middle of what is drawn over the picture, as a fraction of its width; 0 where nothing is.
DRAWN = """(() => {
    const canvas = document.querySelector('.player__overlay');
    const {data, width, height} = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height);
    let [left, right] = [width, 0];
    for (let i = 3; i < data.length; i += 4) if (data[i] > 200) {
        const x = ((i - 3) / 4) % width;
        left = Math.min(left, x); right = Math.max(right, x);
    }
    return right && (left + right) / 2 / width;
})()"""


def ann_at(time_s: float) -> Any:
    """The middle of Ann's face: she walks from x 300 with 20 px/s, in a picture 1280 px wide."""
    return pytest.approx((300 + 20 * time_s) / 1280, abs=0.006)


def test_a_box_is_drawn_where_the_face_is(video_page: Any) -> None:
    video_page.evaluate("document.dispatchEvent(new CustomEvent('faceline:seek', {detail: {time_s: 3}}))")
    now(video_page)
    wait_until(video_page, f"{DRAWN} > 0.27")  # the boxes of this stretch have come
    assert video_page.evaluate(DRAWN) == ann_at(3)


def test_fault_74_an_opened_video_shows_the_moment_of_its_boxes(page: Any, finished_run: Any) -> None:
    """The stored poster, of another moment, is plain red here: none of it may be seen under the boxes of 0:00."""
    import io

    import numpy as np
    from django.core.files.base import ContentFile
    from PIL import Image

    red = io.BytesIO()
    Image.new("RGB", (320, 180), (255, 0, 0)).save(red, "JPEG")
    finished_run.video.poster.save("poster.jpg", ContentFile(red.getvalue()))
    shutil.copyfile(SAMPLE, finished_run.video.file.path)
    page.goto(f"/videos/{finished_run.video_id}/")
    wait_until(page, f"{DRAWN} > 0")
    assert page.evaluate(DRAWN) == ann_at(0)
    shot = page.locator(".player__screen").screenshot()
    picture = np.asarray(Image.open(io.BytesIO(shot)).convert("RGB"), int)
    is_red = (picture[..., 0] > 200) & (picture[..., 1:].max(axis=-1) < 60)
    assert is_red.mean() < 0.01
    assert page.locator("[data-now]").inner_text() == "0:00.0"


def test_fault_74_boxes_wait_for_the_picture_that_a_seek_asks_for(video_page: Any) -> None:
    wait_until(video_page, f"{DRAWN} > 0")
    before, is_seeking = video_page.evaluate(
        f"""(() => {{
            document.dispatchEvent(new CustomEvent('faceline:seek', {{detail: {{time_s: 3}}}}));
            return [{DRAWN}, document.querySelector('video').seeking];
        }})()"""
    )
    assert is_seeking
    assert before == ann_at(0)
    wait_until(video_page, f"{DRAWN} > 0.27")
    assert video_page.evaluate(DRAWN) == ann_at(3)


def test_boxes_that_did_not_come_are_asked_for_again_while_the_player_stands_still(
    page: Any, finished_run: Any
) -> None:
    shutil.copyfile(SAMPLE, finished_run.video.file.path)
    page.route("**/boxes.json*", lambda route: route.abort(), times=1)
    page.goto(f"/videos/{finished_run.video_id}/")
    wait_until(page, f"{DRAWN} > 0")
    assert page.evaluate(DRAWN) == ann_at(0)


def test_the_played_part_is_drawn_in_every_browser(video_page: Any) -> None:
    video_page.evaluate("document.dispatchEvent(new CustomEvent('faceline:seek', {detail: {time_s: 6}}))")
    now(video_page)
    played, whole = (video_page.locator(f".player__{part}").bounding_box()["width"] for part in ("played", "track"))
    length = video_page.evaluate("document.querySelector('video').duration")
    assert played / whole == pytest.approx(6 / length, abs=0.01)
    color = video_page.evaluate("getComputedStyle(document.querySelector('.player__played')).backgroundColor")
    assert color == "rgb(69, 201, 183)"


def test_zoom_shows_less_time_and_fit_all(video_page: Any) -> None:
    fit = video_page.get_by_role("button", name="Fit")
    expect(fit).to_be_disabled()
    video_page.get_by_role("button", name="Zoom in").click()
    expect(fit).to_be_enabled()
    fit.click()
    expect(fit).to_be_disabled()


def test_the_lanes_are_also_a_table(video_page: Any) -> None:
    rows = video_page.locator(".lanes__table tbody tr").all_inner_texts()
    assert "Person 1\tNeutral\t0:00.0\t0:05.0\t3.0\u202fs" in rows
    assert sum(row.startswith("Person 2") for row in rows) == 2


def test_the_table_that_is_read_and_not_seen_takes_no_room(video_page: Any) -> None:
    video_page.set_viewport_size({"width": 1440, "height": 400})
    wait_until(video_page, "innerHeight === 400")
    height = "document.documentElement.scrollHeight"
    with_it = video_page.evaluate(height)
    video_page.evaluate("document.querySelector('.lanes__table').remove()")
    assert video_page.evaluate(height) == with_it


def test_the_order_of_lanes_is_the_order_of_the_table(video_page: Any) -> None:
    video_page.get_by_role("button", name="Order of the lanes").click()
    video_page.get_by_role("menuitemradio", name="Name").click()
    names = ["Person 1", "Person 2"]
    expect(video_page.locator(".lane-head:not([hidden]) .lane-head__name")).to_have_text(names)
    expect(video_page.locator("[data-people] tbody .people__who a.ellipsis")).to_have_text(names)


def test_nothing_but_lanes_and_chips_scrolls_sideways_on_a_phone(
    live_server: Any, alice: Any, finished_run: Any, open_page: Any
) -> None:
    phone = open_page(live_server.url, viewport=PHONE)
    sign_in(phone)
    video = f"/videos/{finished_run.video_id}/"
    for address in (
        "/",
        video,
        f"{video}people/1/",
        "/settings/",
        "/projects/new/",
        "/audience/",
        "/about-the-figures/",
    ):
        phone.goto(address)
        wait_until(phone, ALL_DRAWN)
        assert phone.evaluate("document.documentElement.scrollWidth") <= PHONE["width"], address
