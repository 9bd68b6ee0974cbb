"""Requests as views see them behind the sign-in."""

from __future__ import annotations

from django.http import HttpRequest
from django_htmx.middleware import HtmxDetails

from faceapp.accounts.models import User


class SignedInRequest(HttpRequest):
    """A request that has passed `SignInMiddleware`: there is a user."""

    user: User
    htmx: HtmxDetails
