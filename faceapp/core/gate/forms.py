"""A form with a file: Django reads it as it comes, in a thread of a few that are kept for such forms."""

from __future__ import annotations

import asyncio
import io
from typing import Any

from faceapp.core.gate.bodies import Receive, receive_piece


class TooSlow(OSError):
    """The client sends less than it must; Django takes it for a connection that broke."""


class Incoming(io.RawIOBase):
    """What a thread reads from while the event loop receives. Nothing is received before it is asked for."""

    def __init__(self, receive: Receive, *, within_s: float, least_bytes_s: int) -> None:
        self.is_too_slow = False
        self._receive = receive
        self._loop = asyncio.get_running_loop()
        self._within_s, self._least_bytes_s = within_s, least_bytes_s
        self._started_s = self._loop.time()
        self._held, self._n_received, self._more = b"", 0, True

    def readable(self) -> bool:
        return True

    def readinto(self, room: Any, /) -> int:
        """Fills `room`, a buffer of bytes, from its start with what has come; returns how many bytes, 0 at the end.

        Raises:
            TooSlow: less has come than must, since the start.
            Gone: the client has left.
        """
        while self._more and not self._held:
            self._held, self._more = asyncio.run_coroutine_threadsafe(self._next(), self._loop).result()
        taken, self._held = self._held[: len(room)], self._held[len(room) :]
        room[: len(taken)] = taken
        return len(taken)

    async def _next(self) -> tuple[bytes, bool]:
        until_s = self._started_s + self._within_s + self._n_received / self._least_bytes_s
        try:
            async with asyncio.timeout_at(until_s):
                piece, more = await receive_piece(self._receive)
        except TimeoutError:
            self.is_too_slow = True
            raise TooSlow("The form was sent too slowly.") from None
        self._n_received += len(piece)
        return piece, more
