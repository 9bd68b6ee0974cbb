"""Progress of a run as a fragment that pages poll, and the two things that can be asked of a run: again, and stop."""

from __future__ import annotations

import hashlib
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_POST

from faceapp.accounts.requests import SignedInRequest
from faceapp.library.access import get_video_or_404
from faceapp.runs import selectors, services
from faceapp.runs.models import Run
from faceapp.runs.starting import RunRefused, start_run

STOP_POLLING = 286  # htmx's own status
FRAGMENT = "runs/partials/_progress.html"


@require_GET
def run_progress(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The fragment; 304 while nothing has changed, 286 once the run has ended."""
    run = _get_run_or_404(request, pk)
    progress = selectors.progress_of(run)
    tag = f'"{hashlib.sha256(repr(progress).encode()).hexdigest()[:24]}"'
    if progress.is_active and request.headers.get("If-None-Match") == tag:
        response = HttpResponse(status=304)
    else:
        response = render(request, FRAGMENT, {"run": run, "video": run.video, "progress": progress})
    response.headers["ETag"] = tag
    response.headers["Cache-Control"] = "private, no-cache"
    if not progress.is_active:
        response.status_code = STOP_POLLING
        response.headers["HX-Trigger"] = "run-ended"
    return response


@require_POST
def run_cancel(request: HttpRequest, pk: UUID) -> HttpResponse:
    run = _get_run_or_404(request, pk)
    services.cancel_run(run=run)
    return redirect("runs:run_progress", pk=pk) if _is_htmx(request) else _to_video(request, run)


@require_POST
def run_start(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """Analyze a video again."""
    video = get_video_or_404(request.user, pk)
    try:
        start_run(video=video, user=request.user)
    except RunRefused as refused:
        messages.error(request, str(refused))
    return redirect("results:video_detail", pk=pk)


def _get_run_or_404(request: HttpRequest, pk: UUID) -> Run:
    run = Run.objects.filter(pk=pk).first()
    if run is None:
        raise Http404
    run.video = get_video_or_404(request.user, run.video_id)
    return run


def _to_video(request: HttpRequest, run: Run) -> HttpResponse:
    return redirect("results:video_detail", pk=run.video_id)


def _is_htmx(request: HttpRequest) -> bool:
    return bool(getattr(request, "htmx", False))
