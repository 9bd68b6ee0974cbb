"""The main job, on a real installation: sign in, open the sample, watch it, use the lanes, take the report away."""

from __future__ import annotations

import csv
import io
import json
import os
import re
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import sign_in, wait_until

pytestmark = [pytest.mark.browser, pytest.mark.slow]

ROOT = Path(__file__).parents[2]
READY_WITHIN_S = 240
ANALYSED_WITHIN_S = 600


@dataclass(frozen=True)
class Installation:
    address: str
    password: str


@pytest.fixture(scope="module")
def installation(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installation]:
    """`manage.py up` with a folder and a port of its own, as a user starts it."""
    home = tmp_path_factory.mktemp("home")
    port = _free_port()
    settings = {"FACELINE_HOME": str(home), "FACELINE_PORT": str(port), "FACELINE_WORKERS": "1"}
    cache = os.environ.get("FACELINE_CACHE") or str(ROOT / "var" / "cache")  # compiled networks, when there are any
    environment = {**os.environ, **settings, "FACELINE_CACHE": cache}
    output = home / "up.txt"
    with output.open("w") as file:
        up = subprocess.Popen([sys.executable, "manage.py", "up"], cwd=ROOT, env=environment, stdout=file, stderr=file)
        try:
            yield Installation(f"http://localhost:{port}", _wait_for_password(up, output))
        finally:
            up.terminate()
            up.wait(60)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _wait_for_password(up: subprocess.Popen[bytes], output: Path) -> str:
    deadline = time.monotonic() + READY_WITHIN_S
    while "is ready" not in output.read_text():
        assert up.poll() is None, output.read_text()
        assert time.monotonic() < deadline, output.read_text()
        time.sleep(0.2)
    found = re.search(r"Password:\s+(\S+)", output.read_text())
    assert found, output.read_text()
    return found[1]


def test_from_the_first_sign_in_to_the_report(installation: Installation, open_page: Any) -> None:
    page = open_page(installation.address)
    sign_in(page, "admin", installation.password)
    percents = _open_sample(page)
    assert len(percents) >= 2
    assert percents == sorted(percents)
    n_people = _use_lanes(page)
    video = page.url.split("?")[0]
    _see_audience(page, n_people)
    _take_report(page, video, n_people)


# The page notes them itself, and keeps them over its own reload: asked from outside, it may be between two pages.
NOTE_PERCENTS = """new MutationObserver(() => {
  const found = /(\\d+) %/.exec(document.querySelector('.progress__word')?.innerText);
  if (!found) return;
  const noted = JSON.parse(sessionStorage.getItem('percents') ?? '[]');
  if (noted.at(-1) !== +found[1]) sessionStorage.setItem('percents', JSON.stringify([...noted, +found[1]]));
}).observe(document, {subtree: true, childList: true, characterData: true})"""


def _open_sample(page: Any) -> list[int]:
    """Presses "Open the sample"; the percents that were shown until the lanes were there, without a reload by hand."""
    page.add_init_script(NOTE_PERCENTS)
    page.get_by_role("button", name="Open the sample").click()
    page.wait_for_url("**/videos/*/", timeout=60_000)
    expect(page.locator("face-timeline[data-state=ready]")).to_be_attached(timeout=1000 * ANALYSED_WITHIN_S)
    return json.loads(page.evaluate("sessionStorage.getItem('percents') ?? '[]'"))  # type: ignore[no-any-return]


def _use_lanes(page: Any) -> int:
    """A click on the second half of the last lane's first spell seeks there."""
    heads = page.locator(".lane-head[data-person]")
    row = page.locator(".lanes__table tbody tr").first
    person, _, start, *_ = row.locator("td").all_inner_texts()
    at = heads.locator(".lane-head__name").all_inner_texts().index(person)
    duration_s = page.evaluate("document.querySelector('video').duration")
    minutes, seconds = start.split(":")
    time_s = int(minutes) * 60 + float(seconds) + 0.4
    field = page.locator(".lanes__field").bounding_box()
    page.mouse.click(field["x"] + 8 + time_s / duration_s * (field["width"] - 16), field["y"] + 28 * at + 14)
    wait_until(page, f"Math.abs(document.querySelector('video').currentTime - {time_s}) < 0.1")
    expect(page.locator("tr.is-selected .people__who a.ellipsis")).to_have_text(person)
    return int(page.locator("[data-people-count]").inner_text())


def _see_audience(page: Any, n_people: int) -> None:
    page.get_by_role("button", name="More", exact=True).click()
    page.get_by_role("link", name="Audience of this video").click()
    page.get_by_role("heading", name="Audience", exact=True).wait_for()
    expect(page.locator(".figure").first).to_be_visible()
    assert n_people >= 1


def _take_report(page: Any, video: str, n_people: int) -> None:
    from pypdf import PdfReader

    page.goto(video)
    with page.expect_download() as started:
        page.get_by_role("link", name="Report").click()
    text = "\n".join(each.extract_text() for each in PdfReader(started.value.path()).pages)
    with page.expect_download() as started:
        page.get_by_role("button", name="Export").click()
        page.get_by_role("link", name="People, CSV").click()
    people = list(csv.DictReader(io.StringIO(Path(started.value.path()).read_text("utf-8-sig"))))
    report = json.loads(page.evaluate(f"fetch('{video}report.json').then((answer) => answer.text())"))
    assert len(people) == n_people
    names = [person["name"] for person in people]
    assert all(name in text for name in names)
    assert "Faceline" in text
    assert report
