"""Pages that say what went wrong."""

from __future__ import annotations

import sys

from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render

from faceapp.core import outage
from faceapp.core.errors import NotHere


def denied(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return _error(request, 403, "You do not have permission to do this.")


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    sentence = "This page does not exist, or you do not have access."
    return _error(request, 404, str(exception) if isinstance(exception, NotHere) else sentence)


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    if isinstance(exception, RequestDataTooBig):
        return _error(request, 413, str(exception))
    return _error(request, 400, "The request is invalid.")


def csrf_failed(request: HttpRequest, reason: str = "") -> HttpResponse:
    return _error(
        request, 403, "The form has expired or came from another site. Go back, reload the page and try again."
    )


def failed(request: HttpRequest) -> HttpResponse:
    """Must work when nothing else does: no database, no session, no context."""
    if outage.is_outage(sys.exc_info()[1]):
        response = _error(request, 503, outage.SENTENCE)
        response["Retry-After"] = str(outage.RETRY_AFTER_S)
        return response
    return _error(request, 500, "Something went wrong on the server. The error was logged. Please try again.")


def outdated(request: HttpRequest, sentence: str, way_out: str) -> HttpResponse:
    """What was asked is of something that has changed since the page was loaded; `way_out` is where it is now."""
    return _error(request, 409, sentence, way_out=way_out)


def _error(request: HttpRequest, status: int, sentence: str, **more: str) -> HttpResponse:
    if "text/html" not in request.headers.get("Accept", "text/html"):
        return JsonResponse({"error": sentence}, status=status)
    page = 400 if status == 413 else status
    return render(request, f"core/{page}.html", {"sentence": sentence, "status": status, **more}, status=status)
