"""Everything that can be taken away from a video: report, tables, JSON, the annotated video."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import TypeVar
from uuid import UUID

from django.http import HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.http import content_disposition_header
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from faceapp.accounts.requests import SignedInRequest
from faceapp.audience.selectors import VideoAudience, audience_of_video
from faceapp.core.errors import NotHere
from faceapp.core.serving import serve_file
from faceapp.library import access
from faceapp.reports import annotating, pdf, tables
from faceapp.reports.document import build_report
from faceapp.reports.names import download_name
from faceapp.results.shown import hides_computed, shown_result
from faceapp.segments.selectors import asked_window

R = TypeVar("R", bound=HttpResponseBase)
STOP_POLLING = 286  # htmx's own status
Rows = Callable[[VideoAudience], Iterable[tables.Row]]


@require_safe
def video_report_pdf(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """One click: the report of this video, made now."""
    audience = get_audience_or_404(request, pk)
    content = pdf.render(build_report(audience), poster=str(audience.video.poster.name or ""))
    return _download(HttpResponse(content, content_type="application/pdf"), audience, "report.pdf")


@require_safe
def report_json(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """The report's document: every figure with interval and n, corrections applied."""
    audience = get_audience_or_404(request, pk)
    content = json.dumps(build_report(audience).to_dict(), ensure_ascii=False, indent=1)
    return _download(HttpResponse(content, content_type="application/json"), audience, "report.json")


@require_safe
def result_json(request: SignedInRequest, pk: UUID) -> HttpResponseBase:
    """What the engine said, untouched by corrections (docs/result-format.md), without what is switched off since."""
    audience = _whole_or_404(request, pk)
    name = download_name(audience.video.name, "result.json")
    if hides_computed(audience.run):
        content = shown_result(audience.run)
        return _download(HttpResponse(content, content_type="application/json"), audience, "result.json")
    stored = str(audience.run.result_file.name)
    return serve_file(request, stored, content_type="application/json", filename=name, as_attachment=True)


@require_safe
def people_csv(request: SignedInRequest, pk: UUID) -> StreamingHttpResponse:
    return _csv(request, pk, "people.csv", tables.PEOPLE, tables.people_rows)


@require_safe
def tracks_csv(request: SignedInRequest, pk: UUID) -> StreamingHttpResponse:
    return _csv(request, pk, "tracks.csv", tables.TRACKS, tables.track_rows)


@require_safe
def samples_csv(request: SignedInRequest, pk: UUID) -> StreamingHttpResponse:
    return _csv(request, pk, "samples.csv", tables.SAMPLES, tables.sample_rows)


@require_safe
def figures_csv(request: SignedInRequest, pk: UUID) -> StreamingHttpResponse:
    return _csv(request, pk, "figures.csv", tables.FIGURES, lambda audience: tables.figure_rows(build_report(audience)))


@require_safe
@never_cache
def annotated(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """The page of the annotated video: ask for it, watch it being made, take it away."""
    return _annotated(request, pk, "reports/annotated_detail.html")


@require_safe
@never_cache
def annotated_progress(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """The fragment that the page polls; 286 ends the polling."""
    response = _annotated(request, pk, "reports/partials/_annotated.html")
    if b"data-polls" not in response.content:
        response.status_code = STOP_POLLING
    return response


@require_POST
def annotated_make(request: SignedInRequest, pk: UUID) -> HttpResponse:
    annotating.request_annotated(_whole_or_404(request, pk))
    return redirect("reports:annotated", pk=pk)


@require_safe
def annotated_file(request: SignedInRequest, pk: UUID) -> HttpResponseBase:
    """The finished video, also in ranges; `?save` as a download."""
    audience = _whole_or_404(request, pk)
    work = annotating.current(audience)
    if work is None or not work.file:
        raise NotHere("The annotated video has not been created yet.")
    if annotating.shows_what_is_off(audience, work):
        raise NotHere("The annotated video shows something that is now switched off. Create again.")
    name = download_name(audience.video.name, "annotated.mp4")
    stored = str(work.file.name)
    return serve_file(request, stored, content_type="video/mp4", filename=name, as_attachment="save" in request.GET)


def get_audience_or_404(request: SignedInRequest, pk: UUID) -> VideoAudience:
    """The video's people after corrections, or those in the part that the address asks for.

    Raises:
        Http404: a stranger asks.
        NotHere: there is no result yet.
    """
    video = access.get_video_or_404(request.user, pk)
    return _with_result(audience_of_video(video, asked_window(request.user, video, request.GET)))


def _whole_or_404(request: SignedInRequest, pk: UUID) -> VideoAudience:
    """As `get_audience_or_404`, whatever part the address asks for."""
    return _with_result(audience_of_video(access.get_video_or_404(request.user, pk)))


def _with_result(audience: VideoAudience | None) -> VideoAudience:
    if audience is None:
        raise NotHere("This video has no result to download yet.")
    return audience


def _annotated(request: SignedInRequest, pk: UUID, template: str) -> HttpResponse:
    audience = _whole_or_404(request, pk)
    work = annotating.current(audience)
    is_old = work is not None and work.state == work.State.DONE and work.tag != annotating.tag_of(audience)
    is_hidden = work is not None and annotating.shows_what_is_off(audience, work)
    context = {"video": audience.video, "work": work, "is_old": is_old, "is_hidden": is_hidden}
    return render(request, template, context)


def _csv(request: SignedInRequest, pk: UUID, name: str, header: Sequence[str], rows_of: Rows) -> StreamingHttpResponse:
    audience = get_audience_or_404(request, pk)
    lines: Iterator[str] = tables.csv_lines(header, rows_of(audience))
    return _download(StreamingHttpResponse(lines, content_type="text/csv; charset=utf-8"), audience, name)


def _download(response: R, audience: VideoAudience, what: str) -> R:
    name = download_name(audience.video.name, what, audience.window)
    response["Content-Disposition"] = content_disposition_header(True, name) or "attachment"
    response["Cache-Control"] = "private, no-store"
    return response
