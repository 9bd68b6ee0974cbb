"""What can be taken away from the page Audience: its report and its figures, for exactly what is chosen there."""

from __future__ import annotations

from typing import TypeVar

from django.http import HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_safe

from faceapp.accounts.requests import SignedInRequest
from faceapp.audience.selection import Selection
from faceapp.audience.selectors import chosen_audience
from faceapp.library import access
from faceapp.reports import tables
from faceapp.reports.audience import pdf
from faceapp.reports.audience.document import AudienceDocument, build_audience_report
from faceapp.reports.audience.tables import FIGURES, figure_rows
from faceapp.reports.names import titled_name

R = TypeVar("R", bound=HttpResponseBase)


@require_safe
def report_pdf(request: SignedInRequest) -> HttpResponse:
    """One click: the report of this selection, made now."""
    document = get_document(request)
    return _download(HttpResponse(pdf.render(document), content_type="application/pdf"), document, "audience.pdf")


@require_safe
def figures_csv(request: SignedInRequest) -> StreamingHttpResponse:
    """The figures of the report, one row per figure."""
    document = get_document(request)
    lines = tables.csv_lines(FIGURES, figure_rows(document))
    return _download(StreamingHttpResponse(lines, content_type="text/csv; charset=utf-8"), document, "figures.csv")


def get_document(request: SignedInRequest) -> AudienceDocument:
    """Of the selection in the address; what the user may not see is not there."""
    selection = Selection.from_query(request.GET)
    projects = access.projects_of(request.user).filter(pk__in=selection.projects) if selection.projects else ()
    return build_audience_report(chosen_audience(request.user, selection), selection, list(projects))


def _download(response: R, document: AudienceDocument, what: str) -> R:
    name = titled_name(document.title, what)
    response["Content-Disposition"] = content_disposition_header(True, name) or "attachment"
    response["Cache-Control"] = "private, no-store"
    return response
