"""What the page says of uploads is true: while they run, after a reload, and wherever files are dropped."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.browser.conftest import wait_until
from tests.browser.test_library_page import SAMPLE, upload

pytestmark = [pytest.mark.browser, pytest.mark.slow]

DROP = """name => {
  const carried = new DataTransfer();
  carried.items.add(new File(["some bytes"], name, {type: "video/mp4"}));
  const send = (kind) => document.querySelector("main").dispatchEvent(
    new DragEvent(kind, {dataTransfer: carried, bubbles: true, cancelable: true}));
  send("dragenter"); send("dragover");
  return send("drop");  // true: nobody took it, and a browser would leave the page for the file
}"""


@pytest.fixture
def films(tmp_path: Path) -> Callable[[str], Path]:
    """`films("a.mp4")`: a video of that name with bytes of its own."""

    def make(name: str) -> Path:
        path = tmp_path / name
        path.write_bytes(SAMPLE.read_bytes() + name.encode())
        return path

    return make


def hold(page: Any, *names: str) -> None:
    """The bytes of these files stay under way: their pieces are never sent."""
    held: set[str] = set()

    def creation(route: Any) -> None:
        import base64

        answer = route.fetch()
        metadata = route.request.headers["upload-metadata"]
        name = base64.b64decode(re.search(r"filename ([^,]+)", metadata)[1]).decode()  # type: ignore[index]
        if name in names and answer.ok:  # one that was refused, as the database was locked, is asked again
            held.add(answer.headers["location"].rsplit("/", 1)[1])
        route.fulfill(response=answer)

    def part(route: Any) -> None:
        if route.request.method == "PATCH" and route.request.url.rsplit("/", 1)[1] in held:
            return  # neither answered nor refused: the file is still on its way
        route.continue_()

    page.route("**/uploads/", creation)
    page.route(re.compile(r"/uploads/[0-9a-f-]{36}$"), part)


def row(page: Any, name: str) -> Any:
    return page.locator(".library__row", has=page.get_by_role("link", name=name, exact=True))


def reload(page: Any) -> None:
    """As a person does who says yes to "Leave the page?"."""
    page.on("dialog", lambda dialog: dialog.accept())
    page.reload()


def test_fault_86_a_file_that_has_arrived_is_a_row_while_the_next_is_on_its_way(
    page: Any, project: Any, films: Any
) -> None:
    page.goto("/")
    hold(page, "second.mp4")
    upload(page, films("first.mp4"), films("second.mp4"))
    row(page, "first.mp4").wait_for(timeout=60_000)
    assert page.locator(".upload", has_text="second.mp4").is_visible()
    assert page.get_by_role("heading", name="See who is in a video").is_hidden()
    page.locator("#library-facts", has_text="1 video").wait_for()


def test_fault_86_the_first_page_comes_back_when_nothing_has_come_in(page: Any, project: Any, tmp_path: Path) -> None:
    page.goto("/")
    text = tmp_path / "notes.mp4"
    text.write_text("no picture here")
    upload(page, text)
    page.locator(".upload--refused").get_by_role("button").click()
    page.get_by_role("heading", name="See who is in a video").wait_for()


def test_fault_86_after_a_reload_the_notice_names_what_has_not_arrived_and_nothing_else(
    page: Any, project: Any, films: Any
) -> None:
    page.goto("/")
    names = ["arrived.mp4", "half.mp4", "other half.mp4", "never began.mp4"]
    hold(page, "half.mp4", "other half.mp4")
    upload(page, *map(films, names))
    row(page, "arrived.mp4").wait_for(timeout=60_000)
    wait_until(page, "JSON.parse(localStorage['faceline:uploads']).filter((each) => each.url).length === 2")
    reload(page)
    notice = page.locator("[data-interrupted]")
    notice.wait_for()
    said = notice.inner_text()
    assert "3 uploads were interrupted: half.mp4, other half.mp4, never began.mp4." in said
    assert "arrived" not in said


def test_fault_86_a_file_whose_answer_the_reload_cut_off_has_arrived(page: Any, project: Any, films: Any) -> None:
    page.goto("/")
    sent: list[str] = []

    def keep_answer(route: Any) -> None:
        if route.request.method == "PATCH":
            route.fetch()
            sent.append(route.request.url)  # taken in; the browser does not hear of it
        else:
            route.continue_()

    page.route(re.compile(r"/uploads/[0-9a-f-]{36}$"), keep_answer)
    upload(page, films("whole.mp4"))
    for _ in range(300):
        if sent:
            break
        page.wait_for_timeout(100)
    assert sent
    reload(page)
    row(page, "whole.mp4").wait_for(timeout=60_000)
    wait_until(page, "JSON.parse(localStorage['faceline:uploads']).length === 0")
    assert page.locator("[data-interrupted]").is_hidden()


def test_fault_86_an_interrupted_upload_is_resumed_where_it_was_bound_for(
    page: Any, project: Any, team: Any, films: Any
) -> None:
    from faceapp.library.models import Video
    from faceapp.library.services import create_project

    other = create_project(team=team, name="Autumn")
    page.goto(f"/?project={other.pk}")
    hold(page, "film.mp4")
    film = films("film.mp4")
    upload(page, film)
    wait_until(page, "JSON.parse(localStorage['faceline:uploads']).some((each) => each.url)")
    page.on("dialog", lambda dialog: dialog.accept())
    page.goto(f"/?project={project.pk}")
    page.unroute_all(behavior="ignoreErrors")
    with page.expect_file_chooser() as chooser:
        page.get_by_role("button", name="Resume").click()
    chooser.value.set_files(str(film))
    row(page, "film.mp4").wait_for(timeout=60_000)
    assert page.locator("[data-interrupted]").is_hidden()
    assert Video.objects.get().project == other


def test_fault_86_discarded_uploads_are_forgotten_here_and_on_the_server(page: Any, project: Any, films: Any) -> None:
    from faceapp.library.models import Upload

    page.goto("/")
    hold(page, "film.mp4")
    upload(page, films("film.mp4"))
    wait_until(page, "JSON.parse(localStorage['faceline:uploads']).some((each) => each.url)")
    reload(page)
    with page.expect_response(lambda answer: answer.request.method == "DELETE") as deleted:
        page.get_by_role("button", name="Discard").click()
    assert deleted.value.status == 204
    assert Upload.objects.count() == 0
    page.reload()
    page.get_by_role("button", name="Open the sample").wait_for()
    assert page.locator("[data-interrupted]").is_hidden()


def test_fault_86_a_second_tab_does_not_call_interrupted_what_the_first_uploads(
    page: Any, project: Any, films: Any
) -> None:
    page.goto("/")
    hold(page, "film.mp4")
    upload(page, films("film.mp4"))
    page.locator(".upload", has_text="film.mp4").wait_for()
    second = page.context.new_page()
    second.goto("/")
    second.get_by_role("button", name="Open the sample").wait_for()
    left = second.evaluate(
        "import(document.querySelector('script[src*=\"library/page\"]').src.replace('page.js', 'ledger.js'))"
        ".then((ledger) => ledger.leftBehind())"
    )
    assert left == []
    assert second.locator("[data-interrupted]").is_hidden()


def test_searching_does_not_lose_the_uploads_that_run(page: Any, finished_run: Any, films: Any) -> None:
    page.goto("/")
    hold(page, "film.mp4")
    upload(page, films("film.mp4"))
    page.locator(".upload", has_text="film.mp4").wait_for()
    page.keyboard.press("/")
    page.keyboard.type("nothing of this name")
    page.get_by_role("heading", name="Nothing matches").wait_for()
    assert page.locator(".upload", has_text="film.mp4").is_visible()


def test_fault_86_a_file_dropped_on_another_page_leaves_the_page_alone(page: Any, finished_run: Any) -> None:
    for address in ("/audience/", f"/videos/{finished_run.video_id}/", "/settings/"):
        page.goto(address)
        assert page.evaluate(DROP, "film.mp4") is False
        toast = page.locator(".toast", has_text="Nothing was uploaded. Drop files in the library.")
        toast.get_by_role("button", name="Go to library").click()
        page.wait_for_url(lambda url: url.endswith(":" + url.split(":")[2].split("/")[0] + "/"))


def test_a_file_dropped_on_the_library_is_uploaded(page: Any, project: Any) -> None:
    page.goto("/")
    assert page.evaluate(DROP, "text.mp4") is False
    page.locator(".upload--refused", has_text="text.mp4").wait_for(timeout=60_000)


def test_a_file_dropped_before_there_is_a_project_leads_to_one(page: Any, team: Any) -> None:
    page.goto("/")
    assert page.evaluate(DROP, "film.mp4") is False
    page.locator(".toast").get_by_role("button", name="Create project").click()
    page.wait_for_url("**/projects/new/")
