"""The web server's application: what is short goes to Django whole, what is long in pieces.

A request takes a thread only once all that Django needs of it is here, and only until its answer is made. Uploads and
forms with files have threads of their own, so that pages are answered however many of them come, and however slowly.
"""

from __future__ import annotations

import asyncio
import contextlib
import io
from collections.abc import Awaitable, Callable, Iterable, Iterator
from concurrent.futures import Executor, ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from http import HTTPStatus
from typing import Any, TypeVar, TypeVarTuple, Unpack

from faceapp.core.addresses import visitors_address
from faceapp.core.gate import bodies, uploads
from faceapp.core.gate.bodies import Crowd, Gone, Receive, TooLong
from faceapp.core.gate.calls import Caller, GateResponse, Readable, Scope, next_of, refusal
from faceapp.core.gate.forms import Incoming
from faceapp.core.gate.threads import FORM_THREADS, SENDING_THREADS, UPLOAD_THREADS

Send = Callable[[dict[str, Any]], Awaitable[None]]
T = TypeVar("T")
V = TypeVarTuple("V")

PAGE_BODY_BYTES = 2_000_000  # Django takes forms of up to DATA_UPLOAD_MAX_MEMORY_SIZE and says so itself
PAGE_BODY_S, PAGE_LEAST_BYTES_S = 20.0, 16_000
FORM_BODY_S, FORM_LEAST_BYTES_S = 30.0, 64_000
SEND_STALLED_S = 120.0  # a player that waits asks again, with a range
TOO_SLOW = "The request was sent too slowly. Try again."


@dataclass(frozen=True, slots=True)
class Ways:
    """Addresses with bodies that are long: `uploads` is what those of tus begin with, `forms` takes files."""

    uploads: str
    forms: str


class Gate:
    """An ASGI application around a WSGI one."""

    def __init__(self, application: Callable[..., Iterable[bytes]], ways: Ways, *, n_threads: int) -> None:
        self._call, self._ways = Caller(application), ways
        self._pages = ThreadPoolExecutor(n_threads, "page")
        self._uploads = ThreadPoolExecutor(UPLOAD_THREADS, "upload")
        self._forms = ThreadPoolExecutor(FORM_THREADS, "form")
        self._sending = ThreadPoolExecutor(SENDING_THREADS, "sending")
        self._page_bodies = Crowd(most_per_client=32, most=512)
        self._upload_bodies = Crowd(most_per_client=64, most=128)
        self._n_forms = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """A client that has left, or takes nothing for long, is given up: the server closes its connection."""
        with contextlib.suppress(Gone, TimeoutError):
            answer = await self._answer(scope, receive)
            await send({"type": "http.response.start", "status": answer.status, "headers": answer.headers})
            if answer.pieces:
                try:
                    await self._send(answer.pieces, receive, send)
                finally:
                    await _in(self._sending, answer.close)
            async with asyncio.timeout(SEND_STALLED_S):
                await send({"type": "http.response.body", "body": answer.content})

    async def _answer(self, scope: Scope, receive: Receive) -> GateResponse:
        try:
            if scope["path"].startswith(self._ways.uploads):
                return await self._take_upload(scope, receive)
            if scope["path"] == self._ways.forms and scope["method"] == "POST":
                return await self._take_form(scope, receive)
            return await self._take_page(scope, receive)
        except TimeoutError:
            return refusal(HTTPStatus.REQUEST_TIMEOUT, TOO_SLOW)
        except TooLong:
            return refusal(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, "The request is too large for this page.")

    async def _take_page(self, scope: Scope, receive: Receive) -> GateResponse:
        return await self._call_in(self._pages, scope, io.BytesIO(await self._short_body(scope, receive)))

    async def _take_upload(self, scope: Scope, receive: Receive) -> GateResponse:
        call = partial(self._call_in, self._uploads)
        if scope["method"] != "PATCH":
            return await call(scope, io.BytesIO(await self._short_body(scope, receive)))
        async with self._upload_bodies.deadline(_client_of(scope)):
            return await uploads.hand_over(scope, receive, call)

    async def _take_form(self, scope: Scope, receive: Receive) -> GateResponse:
        if self._n_forms == FORM_THREADS:
            told = "Too many form uploads are in progress. Try again in a minute, or use the resumable upload."
            return refusal(HTTPStatus.TOO_MANY_REQUESTS, told)
        incoming = Incoming(receive, within_s=FORM_BODY_S, least_bytes_s=FORM_LEAST_BYTES_S)
        self._n_forms += 1
        try:
            answer = await self._call_in(self._forms, scope, io.BufferedReader(incoming))
        finally:
            self._n_forms -= 1
        return refusal(HTTPStatus.REQUEST_TIMEOUT, TOO_SLOW) if incoming.is_too_slow else answer

    async def _short_body(self, scope: Scope, receive: Receive) -> bytes:
        if not bodies.has_body(scope):
            return b""
        if bodies.declared_bytes(scope) > PAGE_BODY_BYTES:
            raise TooLong
        async with self._page_bodies.deadline(_client_of(scope), PAGE_BODY_S) as deadline:
            return await bodies.read_whole(
                receive,
                deadline,
                within_s=PAGE_BODY_S,
                most_bytes=PAGE_BODY_BYTES,
                least_bytes_s=PAGE_LEAST_BYTES_S,
            )

    async def _send(self, pieces: Iterator[bytes], receive: Receive, send: Send) -> None:
        """
        Raises:
            TimeoutError: the client takes nothing for long.
        """
        leaving = asyncio.ensure_future(_left(receive))
        try:
            while (piece := await _in(self._sending, next_of, pieces)) and not leaving.done():
                async with asyncio.timeout(SEND_STALLED_S):
                    await send({"type": "http.response.body", "body": piece, "more_body": True})
        finally:
            leaving.cancel()

    async def _call_in(self, threads: Executor, scope: Scope, body: Readable) -> GateResponse:
        return await _in(threads, self._call, scope, body)


async def _in(threads: Executor, work: Callable[[Unpack[V]], T], *values: *V) -> T:
    return await asyncio.get_running_loop().run_in_executor(threads, work, *values)


async def _left(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass


def _client_of(scope: Scope) -> str:
    """The address for which bodies are counted."""
    forwarded = dict(scope["headers"]).get(b"x-forwarded-for", b"")
    return visitors_address((scope.get("client") or ("",))[0], forwarded.decode("latin1"))
