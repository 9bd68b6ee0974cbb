"""What a client sends slowly holds no thread; what it sends too slowly, or too much of, is ended."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Awaitable, Callable, Iterator
from typing import Any

import pytest
from django.core.handlers.wsgi import WSGIRequest

from faceapp.core.gate import gate as gates
from faceapp.core.gate import uploads
from faceapp.core.gate.gate import Gate, Ways

WAYS = Ways(uploads="/uploads/", forms="/forms/")
N_THREADS = 2


class Site:
    """A WSGI application that writes down what it was asked, and how long it was at it at the same time."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, str, bytes]] = []
        self.offset = 0

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., None]) -> Any:
        try:
            body = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
        except OSError:  # as Django does
            start_response("400 Bad Request", [])
            return [b""]
        self.asked.append((environ["REQUEST_METHOD"], environ["PATH_INFO"], body))
        if environ["PATH_INFO"].startswith("/uploads/"):
            return self._upload(environ, body, start_response)
        if environ["PATH_INFO"] == "/film":
            return Film(start_response)
        start_response("200 OK", [("X-Seen", environ.get("HTTP_X_FORWARDED_FOR", "nothing"))])
        return [b"page"]

    def _upload(self, environ: dict[str, Any], body: bytes, start_response: Callable[..., None]) -> list[bytes]:
        if environ.get("HTTP_AUTHORIZATION") != "friend":
            start_response("401 Unauthorized", [])
            return [b"who?"]
        if environ.get("HTTP_UPLOAD_OFFSET") != str(self.offset):
            start_response("409 Conflict", [("Upload-Offset", str(self.offset))])
            return [b""]
        self.offset += len(body)
        start_response("204 No Content", [("Upload-Offset", str(self.offset))])
        return []


class Film:
    """A file of 100 pieces, of which it is known which thread read them."""

    streaming = True

    def __init__(self, start_response: Callable[..., None]) -> None:
        start_response("200 OK", [("Content-Length", str(100 * 300_000))])

    def __iter__(self) -> Iterator[bytes]:
        for _ in range(100):
            yield bytes(300_000)


class Visit:
    """One request. `say` is what the client sends; `answer` what it got."""

    def __init__(self, method: str, path: str, client: str = "203.0.113.1", **headers: str) -> None:
        encoded = [(name.replace("_", "-").encode(), value.encode()) for name, value in headers.items()]
        self.scope = {
            "type": "http",
            "method": method,
            "path": path,
            "query_string": b"",
            "http_version": "1.1",
            "headers": encoded,
            "client": (client, 1234),
            "server": ("localhost", 8000),
        }
        self.said: asyncio.Queue[dict[str, Any]] = asyncio.Queue()
        self.answer: list[dict[str, Any]] = []
        self.takes_bytes = asyncio.Event()
        self.takes_bytes.set()
        self.stops_after_start = False

    def say(self, body: bytes, *, more: bool) -> None:
        self.said.put_nowait({"type": "http.request", "body": body, "more_body": more})

    def leave(self) -> None:
        self.said.put_nowait({"type": "http.disconnect"})

    async def of(self, gate: Gate) -> Visit:
        await gate(self.scope, self.said.get, self._hear)
        return self

    async def _hear(self, message: dict[str, Any]) -> None:
        await self.takes_bytes.wait()
        self.answer.append(message)
        if self.stops_after_start:
            self.takes_bytes.clear()

    @property
    def status(self) -> int:
        return int(self.answer[0]["status"])

    @property
    def headers(self) -> dict[bytes, bytes]:
        return dict(self.answer[0]["headers"])


@pytest.fixture
def site() -> Site:
    return Site()


def run(visits: Callable[[Gate], Awaitable[None]], site: Callable[..., Any]) -> None:
    async def inside() -> None:
        await visits(Gate(site, WAYS, n_threads=N_THREADS))

    asyncio.run(inside())


def page(**headers: str) -> Visit:
    return Visit("GET", "/", **headers)


def form(client: str = "203.0.113.1") -> Visit:
    return Visit("POST", "/sign-in/", client, content_length="100")


def test_more_slow_forms_than_threads_take_no_page_its_thread(site: Site) -> None:
    async def visits(gate: Gate) -> None:
        slow = [asyncio.ensure_future(form().of(gate)) for _ in range(10 * N_THREADS)]
        await asyncio.sleep(0)
        assert (await asyncio.wait_for(page().of(gate), 5)).status == 200
        for task in slow:
            task.cancel()

    run(visits, site)
    assert site.asked == [("GET", "/", b"")]


def test_a_form_that_does_not_come_in_time_is_ended(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(gates, "PAGE_BODY_S", 0.1)

    async def visits(gate: Gate) -> None:
        slow = form()
        slow.say(b"name=", more=True)
        await slow.of(gate)
        assert (slow.status, slow.headers[b"connection"]) == (408, b"close")

    run(visits, site)
    assert site.asked == []


def test_a_form_that_comes_in_pieces_comes_whole(site: Site) -> None:
    async def visits(gate: Gate) -> None:
        patient = form()
        for piece in (b"a" * 60, b"b" * 40):
            patient.say(piece, more=piece[0] == ord("a"))
        assert (await patient.of(gate)).status == 200

    run(visits, site)
    assert site.asked == [("POST", "/sign-in/", b"a" * 60 + b"b" * 40)]


def test_the_oldest_form_of_a_crowd_gives_way_to_a_new_one_and_other_clients_keep_theirs(site: Site) -> None:
    async def visits(gate: Gate) -> None:
        other = form("198.51.100.1")
        waiting = asyncio.ensure_future(other.of(gate))
        crowd = [form() for _ in range(33)]
        tasks = [asyncio.ensure_future(each.of(gate)) for each in crowd]
        await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        assert [each.answer != [] for each in crowd] == [True] + [False] * 32
        assert crowd[0].status == 408
        for each in (other, crowd[-1]):
            each.say(b"c" * 100, more=False)
        assert [(await waiting).status, (await tasks[-1]).status] == [200, 200]
        for task in tasks:
            task.cancel()

    run(visits, site)


@pytest.mark.parametrize("declared", [{"content_length": "3000000"}, {"transfer_encoding": "chunked"}], ids=str)
def test_a_body_that_is_larger_than_any_page_takes_is_not_read_on(site: Site, declared: dict[str, str]) -> None:
    async def visits(gate: Gate) -> None:
        large = Visit("POST", "/sign-in/", **declared)
        large.say(bytes(3_000_000), more=True)
        assert (await large.of(gate)).status == 413

    run(visits, site)
    assert site.asked == []


def upload(offset: int, **headers: str) -> Visit:
    known = {"authorization": "friend", "upload_offset": str(offset), "content_length": "5000000"}
    return Visit("PATCH", "/uploads/1", **{**known, **headers})


def test_a_long_piece_of_an_upload_is_handed_on_as_short_ones(site: Site) -> None:
    async def visits(gate: Gate) -> None:
        long = upload(0)
        for number in range(50):
            long.say(bytes(100_000), more=number < 49)
        assert (await long.of(gate)).headers[b"upload-offset"] == b"5000000"

    run(visits, site)
    assert [len(body) for _, _, body in site.asked] == [0, 2_000_000, 2_000_000, 1_000_000]


def test_who_may_not_upload_is_told_before_a_byte_is_read(site: Site) -> None:
    async def visits(gate: Gate) -> None:
        stranger = upload(0, authorization="")
        assert (await asyncio.wait_for(stranger.of(gate), 5)).status == 401
        assert (await asyncio.wait_for(upload(7).of(gate), 5)).status == 409

    run(visits, site)
    assert [body for _, _, body in site.asked] == [b"", b""]


def test_what_came_before_the_client_left_is_kept(site: Site) -> None:
    async def visits(gate: Gate) -> None:
        broken = upload(0)
        broken.say(b"0123", more=True)
        broken.leave()
        assert (await broken.of(gate)).answer == []

    run(visits, site)
    assert site.offset == 4


def test_what_a_slow_upload_sent_is_safe_soon_and_a_dead_one_is_ended(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(uploads, "PIECE_S", 0.05)
    monkeypatch.setattr(uploads, "CHECK_EVERY_S", 0.4)
    monkeypatch.setattr(uploads, "LEAST_BYTES_S", 10)

    async def visits(gate: Gate) -> None:
        slow = upload(0)
        task = asyncio.ensure_future(slow.of(gate))
        for n_sent in (1, 2, 3):
            slow.say(b"0123", more=True)
            await asyncio.sleep(0.15)
            assert site.offset == 4 * n_sent
        assert (await asyncio.wait_for(task, 5)).status == 408

    run(visits, site)
    assert site.offset == 12


def test_slow_players_take_no_page_its_thread_and_are_given_up_at_last(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(gates, "SEND_STALLED_S", 0.5)

    async def visits(gate: Gate) -> None:
        players = [Visit("GET", "/film") for _ in range(10 * N_THREADS)]
        tasks = []
        for player in players:
            tasks.append(asyncio.ensure_future(player.of(gate)))
            while not player.answer:
                await asyncio.sleep(0.01)
            player.takes_bytes.clear()
        assert (await asyncio.wait_for(page().of(gate), 5)).status == 200
        done, _ = await asyncio.wait(tasks, timeout=20)
        assert len(done) == len(players)

    run(visits, site)


def test_who_takes_nothing_of_a_page_is_given_up_too(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(gates, "SEND_STALLED_S", 0.1)

    async def visits(gate: Gate) -> None:
        visit = page()
        visit.stops_after_start = True
        await asyncio.wait_for(visit.of(gate), 20)
        assert len(visit.answer) == 1

    run(visits, site)


def test_a_film_comes_whole(site: Site) -> None:
    async def visits(gate: Gate) -> None:
        player = await Visit("GET", "/film").of(gate)
        assert sum(len(message.get("body", b"")) for message in player.answer) == 100 * 300_000

    run(visits, site)


def test_a_form_with_a_file_is_read_as_it_comes_and_a_slow_one_is_ended(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(gates, "FORM_BODY_S", 0.2)

    async def visits(gate: Gate) -> None:
        quick, slow = (Visit("POST", "/forms/", content_length="9") for _ in range(2))
        for piece in (b"1234", b"56789"):
            quick.say(piece, more=piece == b"1234")
        assert (await quick.of(gate)).status == 200
        slow.say(b"1", more=True)
        assert (await asyncio.wait_for(slow.of(gate), 5)).status == 408
        assert threading.active_count() < 30

    run(visits, site)
    assert site.asked == [("POST", "/forms/", b"123456789")]


def test_django_finds_fields_and_files_in_a_form_that_comes_in_pieces(settings: Any) -> None:
    settings.FILE_UPLOAD_HANDLERS = ["django.core.files.uploadhandler.MemoryFileUploadHandler"]
    body = b"".join(
        b"--edge\r\nContent-Disposition: form-data; name=" + part + b"\r\n"
        for part in (b'"project"\r\n\r\nspring', b'"file"; filename="film.mp4"\r\n\r\n' + bytes(200_000))
    )
    body += b"--edge--\r\n"

    def site(environ: dict[str, Any], start_response: Callable[..., None]) -> list[bytes]:
        request = WSGIRequest(environ)
        file = request.FILES["file"]
        start_response("200 OK", [])
        return [f"{request.POST['project']} {file.name} {file.size}".encode()]

    async def visits(gate: Gate) -> None:
        visit = Visit(
            "POST", "/forms/", content_type="multipart/form-data; boundary=edge", content_length=str(len(body))
        )
        for start in range(0, len(body), 30_000):
            visit.say(body[start : start + 30_000], more=start + 30_000 < len(body))
        assert (await visit.of(gate)).answer[-1]["body"] == b"spring film.mp4 200000"

    run(visits, site)


def test_a_header_cannot_be_passed_off_as_another(site: Site) -> None:
    async def visits(gate: Gate) -> None:
        visit = page()
        visit.scope["headers"] = [(b"x_forwarded_for", b"127.0.0.1")]
        assert (await visit.of(gate)).headers[b"x-seen"] == b"nothing"

    run(visits, site)
