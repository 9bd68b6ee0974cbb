"""Whether the installation is alive, and whether it is ready; for monitors, which do not sign in."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from faceapp.accounts.middleware import accepts_token
from faceapp.core.middleware import address_of
from faceapp.operations import metrics, readiness
from faceapp.operations.pages import staff_only

ASKED_EVERY_S = 2  # however often strangers ask


@login_not_required
@require_safe
@never_cache
def health(request: HttpRequest) -> HttpResponse:
    """This process answers. It asks nobody: a database that is away is no reason to start the web again.

    And it tells how the request came here, which `manage.py doctor` compares with how it was sent.
    """
    return JsonResponse({"status": "ok", "https": request.is_secure(), "address": address_of(request)})


@login_not_required
@require_safe
@never_cache
def ready(request: HttpRequest) -> HttpResponse:
    """Whether everything is there that the work needs: 200 or 503, with what is wrong."""
    facts: dict[str, Any] = cache.get_or_set("operations.ready", readiness.look, ASKED_EVERY_S) or {}
    return JsonResponse(facts, status=200 if facts["status"] == "ok" else 503)


@accepts_token
@require_safe
@never_cache
@staff_only
def metrics_text(request: HttpRequest) -> HttpResponse:
    """For Prometheus, which shows a token of an account of staff."""
    return HttpResponse(metrics.text(), content_type=metrics.CONTENT_TYPE)
