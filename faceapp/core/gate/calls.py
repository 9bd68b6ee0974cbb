"""One call of the WSGI application, in a thread; what it answers may be sent from any other."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, MutableMapping
from dataclasses import dataclass
from http import HTTPStatus
from tempfile import SpooledTemporaryFile
from typing import Any, Protocol

from asgiref.wsgi import WsgiToAsgiInstance
from django.conf import settings
from django.db import connections

Scope = MutableMapping[str, Any]
Headers = list[tuple[bytes, bytes]]

PIECE_BYTES = 256 * 1024
SPOOL_BYTES = 1_000_000  # of what is made while it is sent, held in memory; the rest in a temporary file


class Readable(Protocol):
    def read(self, size: int = ..., /) -> bytes: ...

    def readline(self, size: int = ..., /) -> bytes: ...


@dataclass(frozen=True, slots=True)
class GateResponse:
    """Its content is here, or comes in `pieces`, which are read and closed in a thread."""

    status: int
    headers: Headers
    content: bytes = b""
    pieces: Iterator[bytes] | None = None
    close: Callable[[], None] = lambda: None


class Caller:
    """Calls a WSGI application."""

    def __init__(self, application: Callable[..., Iterable[bytes]]) -> None:
        self._application = application

    def __call__(self, scope: Scope, body: Readable) -> GateResponse:
        """The answer, made as far as it needs the database: its connections are given back before this returns."""
        begun: list[tuple[int, Headers]] = []

        def start_response(status: str, headers: list[tuple[str, str]], exc_info: Any = None) -> None:
            encoded = [(name.lower().encode("latin1"), value.encode("latin1")) for name, value in headers]
            begun.append((int(status.split(" ", 1)[0]), encoded))

        try:
            result = self._application(_environ_of(scope, body), start_response)
            status, headers = begun[-1]
            close = getattr(result, "close", lambda: None)
            if not getattr(result, "streaming", False):
                content = b"".join(result)
                close()
                return GateResponse(status, headers, content)
            if any(name == b"content-length" for name, _ in headers):  # a file: reading on needs no database
                return GateResponse(status, headers, pieces=iter(result), close=close)
            spool = _spooled(result)
            close()
            pieces = iter(lambda: spool.read(PIECE_BYTES), b"")
            return GateResponse(status, headers, pieces=pieces, close=spool.close)
        finally:
            connections.close_all()


def _spooled(pieces: Iterable[bytes]) -> SpooledTemporaryFile[bytes]:
    folder = str(settings.FILE_UPLOAD_TEMP_DIR)
    spool: SpooledTemporaryFile[bytes] = SpooledTemporaryFile(SPOOL_BYTES, dir=folder)  # noqa: SIM115  the answer closes it
    spool.writelines(pieces)
    spool.seek(0)
    return spool


def next_of(pieces: Iterator[bytes]) -> bytes:
    """Some hundred kilobytes of what there is to send; empty at the end."""
    gathered: list[bytes] = []
    n_bytes = 0
    for piece in pieces:
        gathered.append(piece)
        n_bytes += len(piece)
        if n_bytes >= PIECE_BYTES:
            break
    return b"".join(gathered)


def refusal(status: HTTPStatus, sentence: str) -> GateResponse:
    """An answer that Django is not asked for. The connection ends with it: what was still to come is not read."""
    content = sentence.encode()
    headers = [
        (b"content-type", b"text/plain; charset=utf-8"),
        (b"content-length", str(len(content)).encode()),
        (b"cache-control", b"no-store"),
        (b"connection", b"close"),
    ]
    return GateResponse(status, headers, content)


def _environ_of(scope: Scope, body: Readable) -> dict[str, Any]:
    """WSGI's environment. Names with an underscore are left out: they would be taken for those with a hyphen."""
    clean = {**scope, "headers": [(name, value) for name, value in scope["headers"] if b"_" not in name]}
    instance = WsgiToAsgiInstance(None)  # type: ignore[no-untyped-call]
    instance.scope = clean
    environ: dict[str, Any] = instance.build_environ(clean, body)  # type: ignore[no-untyped-call]
    return environ
