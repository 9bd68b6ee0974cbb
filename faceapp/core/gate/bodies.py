"""Reading what a client sends, under a deadline, a least rate and a bound for each client."""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any

from faceapp.core.gate.calls import Scope

Receive = Callable[[], Awaitable[dict[str, Any]]]


class Gone(ConnectionError):
    """The client has closed the connection."""


class TooLong(Exception):
    """The client sends more than it may."""


class Crowd:
    """Bodies that are under way. A client that has more than its share loses the one that began first.

    So an office behind one address goes on working while somebody there holds bodies open: a form that comes within
    milliseconds is never the oldest.
    """

    def __init__(self, most_per_client: int, most: int) -> None:
        self._most_per_client, self._most = most_per_client, most
        self._held: OrderedDict[asyncio.Timeout, str] = OrderedDict()  # oldest first

    @asynccontextmanager
    async def deadline(self, client: str, within_s: float | None = None) -> AsyncIterator[asyncio.Timeout]:
        """
        Raises:
            TimeoutError: the time is up, or a newer body needed the place.
        """
        async with asyncio.timeout(within_s) as deadline:
            self._make_room(client)
            self._held[deadline] = client
            try:
                yield deadline
            finally:
                self._held.pop(deadline, None)

    def _make_room(self, client: str) -> None:
        own = [deadline for deadline, holder in self._held.items() if holder == client]
        if len(own) >= self._most_per_client:
            self._end(own[0])
        elif len(self._held) >= self._most:
            self._end(next(iter(self._held)))

    def _end(self, deadline: asyncio.Timeout) -> None:
        del self._held[deadline]
        deadline.reschedule(0)  # long past


def has_body(scope: Scope) -> bool:
    headers = dict(scope["headers"])
    return b"transfer-encoding" in headers or headers.get(b"content-length", b"0") != b"0"


def declared_bytes(scope: Scope) -> int:
    value: bytes = dict(scope["headers"]).get(b"content-length", b"0")
    return int(value) if value.isdigit() and len(value) < 19 else 0


async def receive_piece(receive: Receive) -> tuple[bytes, bool]:
    """What has come, and whether there is more.

    Raises:
        Gone: nobody is there any more.
    """
    message = await receive()
    if message["type"] == "http.disconnect":
        raise Gone
    return message.get("body", b""), message.get("more_body", False)


async def read_whole(
    receive: Receive, deadline: asyncio.Timeout, *, within_s: float, most_bytes: int, least_bytes_s: int
) -> bytes:
    """The whole body; each byte that comes puts the deadline off by what it may take.

    Raises:
        Gone: the client has left.
        TooLong: it is larger than `most_bytes`.
    """
    started_s = asyncio.get_running_loop().time()
    body, more = bytearray(), True
    while more:
        piece, more = await receive_piece(receive)
        body += piece
        if len(body) > most_bytes:
            raise TooLong
        deadline.reschedule(started_s + within_s + len(body) / least_bytes_s)
    return bytes(body)
