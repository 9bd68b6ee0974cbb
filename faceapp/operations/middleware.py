"""Every request has a number, which all lines of the log about it carry, and its time is counted."""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from typing import Any
from uuid import uuid4

import structlog
from django.conf import settings
from django.http import HttpRequest, HttpResponse

from faceapp.operations.metrics import REQUEST_S

log = structlog.get_logger(__name__)

NUMBER = re.compile(r"[\w-]{8,64}", re.ASCII)  # of a proxy that gives requests one
SLOW_S = 1.0


class RequestMiddleware:
    """Outermost, so that what others log has the number as well."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        number = _number_of(request)
        request.number = number  # type: ignore[attr-defined]
        structlog.contextvars.clear_contextvars()  # threads are used again
        structlog.contextvars.bind_contextvars(request=number)
        started_s = time.perf_counter()
        response = self.get_response(request)
        took_s = time.perf_counter() - started_s
        response.setdefault("X-Request-ID", number)
        view = request.resolver_match.view_name if request.resolver_match else "none"
        REQUEST_S.labels(view, request.method or "", str(response.status_code)).observe(took_s)
        say = log.warning if response.status_code >= 500 else log.info if took_s > SLOW_S else log.debug
        say("answered", view=view, method=request.method, status=response.status_code, took_ms=round(took_s * 1000))
        return response


class RequestUserMiddleware:
    """Behind the sign-in: lines of the log carry who asks. Pages for everybody are not asked, which costs a query."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: Any, args: Any, kwargs: dict[str, Any]) -> None:
        if getattr(view, "login_required", True) and request.user.is_authenticated:
            structlog.contextvars.bind_contextvars(user=request.user.pk)


def _number_of(request: HttpRequest) -> str:
    given = request.headers.get("X-Request-ID", "") if settings.TRUSTS_PROXY else ""
    return given if NUMBER.fullmatch(given) else uuid4().hex
