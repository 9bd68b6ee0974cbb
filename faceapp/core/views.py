"""Pages that belong to no app: errors, health, the choice of light or dark."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import render
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST
from health_check.views import HealthCheckView

THEMES = ("light", "dark", "auto")
YEAR_S = 365 * 24 * 3600


@login_not_required
@require_POST
def set_theme(request: HttpRequest) -> HttpResponse:
    """Keeps the choice in a cookie, which the base template reads; back to where the visitor was."""
    theme = request.POST.get("theme", "")
    if theme not in THEMES:
        return HttpResponse("The theme is light, dark or auto.", status=400, content_type="text/plain")
    wants_no_page = "HX-Request" in request.headers or request.headers.get("Accept") == "application/json"
    response = HttpResponse(status=204) if wants_no_page else HttpResponseRedirect(_way_back(request))
    response.set_cookie("theme", theme, max_age=YEAR_S, samesite="Lax", secure=request.is_secure(), httponly=False)
    return response


def _way_back(request: HttpRequest) -> str:
    back = request.POST.get("next") or request.headers.get("Referer", "")
    is_ours = url_has_allowed_host_and_scheme(back, {request.get_host()}, require_https=request.is_secure())
    return back if is_ours else "/"


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
    return _error(request, 404, "There is no such page, or it is not yours to see.")


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
