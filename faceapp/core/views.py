"""Pages that belong to no app: errors, health."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from health_check.views import HealthCheckView

from faceapp.core.errors import NotHere


class Health(HealthCheckView):  # type: ignore[misc]
    """Whether this process can do its work: 200 or 500, without details for strangers."""

    checks = ("health_check.checks.Database",)
    http_method_names = ["get", "head"]

    async def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        checked = await super().get(request, *args, **kwargs)
        is_well = checked.status_code == 200
        return JsonResponse({"status": "ok" if is_well else "failing"}, status=200 if is_well else 500)


def denied(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return _error(request, 403, "You may not do this.")


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    sentence = "There is no such page, or it is not yours to see."
    return _error(request, 404, str(exception) if isinstance(exception, NotHere) else sentence)


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    if isinstance(exception, RequestDataTooBig):
        return _error(request, 413, str(exception))
    return _error(request, 400, "The request could not be understood.")


def csrf_failed(request: HttpRequest, reason: str = "") -> HttpResponse:
    return _error(request, 403, "The form was too old, or came from elsewhere. Go back, reload the page, try again.")


def failed(request: HttpRequest) -> HttpResponse:
    """Must work when nothing else does: no database, no session, no context."""
    return _error(request, 500, "Something went wrong on our side. It has been noted; please try again.")


def outdated(request: HttpRequest, sentence: str, way_out: str) -> HttpResponse:
    """What was asked is of something that has changed since the page was loaded; `way_out` is where it is now."""
    return _error(request, 409, sentence, way_out=way_out)


def _error(request: HttpRequest, status: int, sentence: str, **more: str) -> HttpResponse:
    if "text/html" not in request.headers.get("Accept", "text/html"):
        return JsonResponse({"error": sentence}, status=status)
    page = 400 if status == 413 else status
    return render(request, f"core/{page}.html", {"sentence": sentence, "status": status, **more}, status=status)
