"""A long `PATCH` of tus, handed to Django as many short ones: between two of them no thread knows of it."""

from __future__ import annotations

import asyncio
import io
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import aclosing
from http import HTTPStatus

from faceapp.core.gate.bodies import Gone, Receive, receive_piece
from faceapp.core.gate.calls import GateResponse, Readable, Scope

Call = Callable[[Scope, Readable], Awaitable[GateResponse]]

PIECE_BYTES = 2_000_000  # of a fast client
PIECE_S = 5.0  # of a slow one: what it sends is safe after so long
CHECK_EVERY_S, LEAST_BYTES_S = 60.0, 1_000  # who sends less for a minute must begin a new request
LENGTHS = {b"content-length", b"transfer-encoding", b"upload-offset"}


async def hand_over(scope: Scope, receive: Receive, call: Call) -> GateResponse:
    """The answer to the last piece, or to the first that is refused.

    The first piece is empty: who may not upload is told before a byte is read.

    Raises:
        Gone: the client has left.
        TimeoutError: it sends too little. In both cases all that had come is safe.
    """
    offset = dict(scope["headers"]).get(b"upload-offset", b"")
    answer = await call(_patch(scope, offset, 0), io.BytesIO())
    if answer.status != HTTPStatus.NO_CONTENT:
        return answer
    at = int(offset)  # Django has read it
    async with aclosing(_pieces(receive)) as pieces:
        async for piece in pieces:
            answer = await call(_patch(scope, str(at).encode(), len(piece)), io.BytesIO(piece))
            at += len(piece)
            if answer.status != HTTPStatus.NO_CONTENT:
                return answer
    return answer


async def _pieces(receive: Receive) -> AsyncGenerator[bytes, None]:
    """What comes, gathered.

    Raises:
        Gone: the client has left.
        TimeoutError: it sends nothing, or too little; in both cases what had come was given before.
    """
    gathering = Gathering(receive)
    try:
        while gathering.more:
            try:
                await gathering.go_on()
            except (Gone, TimeoutError):
                if gathering.held:
                    yield gathering.take()
                raise
            if gathering.held:
                yield gathering.take()
    finally:
        gathering.close()


class Gathering:
    """Bytes of one request that have come and are not handed on yet."""

    def __init__(self, receive: Receive) -> None:
        self.held, self.more = bytearray(), True
        self._receive = receive
        self._coming: asyncio.Task[tuple[bytes, bool]] | None = None
        self._now_s = asyncio.get_running_loop().time
        self._since_s, self._n_since = self._now_s(), 0

    async def go_on(self) -> None:
        """Until there is a piece to hand on, or nothing more to come."""
        until_s = self._now_s() + PIECE_S
        while self.more and len(self.held) < PIECE_BYTES:
            # waited for over and over, never canceled and begun anew: bytes could be lost between the two
            self._coming = self._coming or asyncio.ensure_future(receive_piece(self._receive))
            done, _ = await asyncio.wait([self._coming], timeout=until_s - self._now_s())
            if not done:
                return self._check_rate()
            (piece, self.more), self._coming = self._coming.result(), None
            self.held += piece
            self._n_since += len(piece)
        return None

    def close(self) -> None:
        if self._coming:
            self._coming.cancel()

    def take(self) -> bytes:
        taken = bytes(self.held)
        self.held.clear()
        return taken

    def _check_rate(self) -> None:
        if self._now_s() - self._since_s < CHECK_EVERY_S:
            return
        if self._n_since < CHECK_EVERY_S * LEAST_BYTES_S:
            raise TimeoutError
        self._since_s, self._n_since = self._now_s(), 0


def _patch(scope: Scope, offset: bytes, n_bytes: int) -> Scope:
    """This request, as one of `n_bytes` at this offset."""
    kept = [(name, value) for name, value in scope["headers"] if name not in LENGTHS]
    own = [(b"content-length", str(n_bytes).encode()), (b"upload-offset", offset)]
    return {**scope, "headers": kept + own}
