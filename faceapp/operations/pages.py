"""The page Operations, for staff: what the installation does, what is wrong, and the one act that helps."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.cache import cache
from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from faceapp.accounts.requests import SignedInRequest
from faceapp.operations import health, overview, pausing
from faceapp.operations.backups import asking
from faceapp.operations.services import program_version
from faceapp.runs.causes import cause_of
from faceapp.runs.models import Run
from faceapp.runs.starting import RunRefused, start_run

HEALTH, HEALTH_KEPT_S = "operations.health", 10
TABS = ("waiting", "failed", "done")

View = Callable[..., HttpResponseBase]


def staff_only(view: View) -> View:
    """To everybody else it is not there."""

    @wraps(view)
    def guarded(request: SignedInRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not request.user.is_staff:
            raise Http404
        return view(request, *args, **kwargs)

    return guarded


@require_GET
@staff_only
def operations(request: SignedInRequest) -> HttpResponse:
    return render(request, "operations/operations.html", _facts(request))


@require_GET
@staff_only
def board(request: SignedInRequest) -> HttpResponse:
    """What the page replaces every 10 s."""
    if "again" in request.GET:
        cache.delete(HEALTH)
    return render(request, "operations/partials/_board.html", _facts(request))


@require_POST
@staff_only
def pause(request: SignedInRequest) -> HttpResponse:
    pausing.pause(user=request.user)
    return redirect("operations:operations")


@require_POST
@staff_only
def resume(request: SignedInRequest) -> HttpResponse:
    pausing.resume(n_waiting=overview.waiting().count())
    return redirect("operations:operations")


@require_POST
@staff_only
def back_up(request: SignedInRequest) -> HttpResponse:
    asking.ask_for_backup(user=request.user)
    messages.success(request, "A worker makes the backup next.")
    return redirect("operations:operations")


@require_POST
@staff_only
def run_again(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """A run that failed, for the person who had started it."""
    run = get_object_or_404(Run.objects.select_related("video__project", "started_by"), pk=pk, state=Run.State.FAILED)
    if cause_of(run.cause).helps != "again":
        raise Http404
    try:
        start_run(video=run.video, user=run.started_by)
    except RunRefused as refused:
        messages.error(request, str(refused))
    return redirect(f"{reverse('operations:operations')}?show=failed")


def _facts(request: SignedInRequest) -> dict[str, Any]:
    wanted = request.GET.get("show", "")
    workers, failed = overview.workers(), overview.failed()
    live = [worker for worker in workers if not worker.is_silent]
    return {
        "show": wanted if wanted in TABS else "failed" if failed else "waiting",
        "workers": workers,
        "n_live": len(live),
        "n_working": sum(bool(worker.doing) for worker in live),
        "silent": [worker for worker in workers if worker.is_silent],
        "waiting": overview.waiting()[: overview.MOST_ROWS],
        "n_waiting": overview.waiting().count(),
        "oldest": overview.oldest_waiting(),
        "empty_in_s": overview.empty_in_s(len(live)),
        "failed": failed,
        "done": overview.done_today()[: overview.MOST_ROWS],
        "n_done": overview.done_today().count(),
        "disk": overview.disk(),
        "pause": overview.current_pause(),
        "backups": overview.last_backups(),
        "version": program_version(),
        "versions_of_workers": sorted({worker.version for worker in live}),
        "health": cache.get_or_set(HEALTH, health.look, HEALTH_KEPT_S),
    }
