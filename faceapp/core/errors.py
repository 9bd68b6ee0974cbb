"""Errors that people read."""

from __future__ import annotations

from django.http import Http404


class NotHere(Http404):
    """What was asked for is not there; the message is a sentence for the user."""
