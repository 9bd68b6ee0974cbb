"""Whose request it is, as far as the network tells."""

from __future__ import annotations

from django.conf import settings


def visitors_address(direct: str, forwarded_for: str) -> str:
    """The visitor's address. Behind a proxy that we trust, the one which that proxy saw: the last of the list."""
    return (settings.TRUSTS_PROXY and forwarded_for.rpartition(",")[2].strip()) or direct
