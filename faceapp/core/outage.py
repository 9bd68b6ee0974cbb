"""Errors that pass: the database is away, restarting, locked, or all of its connections are in use."""

from __future__ import annotations

import sqlite3

from django.db import InterfaceError, OperationalError

RETRY_AFTER_S = 5
SENTENCE = "The server is busy, or its database is restarting. Try again in a few seconds."
LOCKED = (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED)
PASSING_STATES = ("08", "53", "57")  # PostgreSQL's classes: no connection, no room, an operator's intervention


def is_outage(error: BaseException | None) -> bool:
    """Whether the same request may succeed in a few seconds. False for mistakes, such as a missing table."""
    if not isinstance(error, OperationalError | InterfaceError):
        return False
    cause = error.__cause__
    if isinstance(cause, sqlite3.Error):
        return (cause.sqlite_errorcode & 0xFF) in LOCKED
    state = getattr(cause, "sqlstate", None)  # none of errors before there is a connection, such as the pool's timeout
    return state is None or state[:2] in PASSING_STATES
