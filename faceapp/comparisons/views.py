"""The page Compare, the faces behind its figures, saved comparisons, and what can be taken away."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse, QueryDict, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_POST, require_safe

from faceapp.accounts.access import teams_of
from faceapp.accounts.models import Team
from faceapp.accounts.requests import SignedInRequest
from faceapp.audience.selection import LEAST_CHOICES_S, filterable
from faceapp.audience.views import filter_of
from faceapp.comparisons import access, services
from faceapp.comparisons.columns import ColumnQuery, Columns
from faceapp.comparisons.document import ComparisonDocument, document_of
from faceapp.comparisons.faces import faces_behind
from faceapp.comparisons.forms import ComparisonNameForm
from faceapp.comparisons.page import page_of
from faceapp.comparisons.selectors import Comparison, Party, comparison_of
from faceapp.comparisons.tables import COLUMNS, figure_rows
from faceapp.library import access as library
from faceapp.reports import tables
from faceapp.reports.names import titled_name
from faceapp.segments.access import marks_of
from faceapp.segments.models import Mark

FACES_A_PAGE = 60
MOST_CHOICES = 200  # videos that a column can be chosen from; the library finds others


@require_safe
def compare(request: SignedInRequest) -> HttpResponse:
    """Columns side by side; without a second one, how to choose it."""
    columns = Columns.from_query(request.GET)
    comparison = comparison_of(request.user, columns)
    document = document_of(comparison)
    saved = list(access.comparisons_of(request.user))
    context = {
        "columns": columns,
        "query": columns.to_query(),
        "document": document,
        "page": page_of(comparison, document),
        "saved": saved,
        "saved_as": next((each for each in saved if each.address == columns.to_query()), None),
        **_choices(request, comparison),
    }
    return render(request, "comparisons/compare.html", context)


@require_safe
def add_column(request: SignedInRequest) -> HttpResponse:
    """The comparison in `to` with one more column: the selection that the rest of the address names."""
    query = request.GET.copy()
    before = Columns.from_query(QueryDict("".join(query.pop("to", [])[:1])))
    return _to(before.with_column(ColumnQuery.from_text(query.urlencode())))


@require_safe
def faces(request: SignedInRequest) -> HttpResponse:
    """Whom a figure of a column counts, as pictures that lead to their pages."""
    columns = Columns.from_query(request.GET)
    comparison = comparison_of(request.user, columns)
    letter, key = request.GET.get("column", ""), request.GET.get("figure", "")
    behind = faces_behind(comparison, letter, key)
    if behind is None:
        raise Http404
    page = Paginator(behind.faces, FACES_A_PAGE).get_page(request.GET.get("page"))
    context = {"behind": behind, "page": page, "query": columns.to_query(), "here": _without_page(request)}
    return render(request, "comparisons/faces_list.html", context)


@require_POST
def save(request: SignedInRequest) -> HttpResponse:
    """Gives the columns of `query` a name."""
    columns = Columns.from_query(QueryDict(request.POST.get("query", "")))
    form = ComparisonNameForm(request.POST)
    team = _team(request, comparison_of(request.user, columns))
    if not form.is_valid() or team is None:
        messages.error(request, " ".join(map(str, form.errors.get("name", ["There is no team to save it for."]))))
        return _to(columns)
    name = form.cleaned_data["name"]
    services.save_comparison(team=team, user=request.user, name=name, columns=columns)
    messages.success(request, f"Saved as “{name}”.")
    return _to(columns)


@require_safe
def open_saved(request: SignedInRequest, pk: UUID) -> HttpResponse:
    return redirect(f"{reverse('comparisons:compare')}?{access.get_comparison_or_404(request.user, pk).address}")


@require_POST
def delete(request: SignedInRequest, pk: UUID) -> HttpResponse:
    saved = access.get_comparison_or_404(request.user, pk)
    services.delete_comparison(saved=saved)
    messages.success(request, f"“{saved.name}” is no longer saved.")
    return redirect(f"{reverse('comparisons:compare')}?{saved.address}")


@require_safe
def figures_csv(request: SignedInRequest) -> StreamingHttpResponse:
    """Every figure of every column, and the differences."""
    document = get_document(request)
    lines = tables.csv_lines(COLUMNS, figure_rows(document))
    response = StreamingHttpResponse(lines, content_type="text/csv; charset=utf-8")
    name = titled_name(" and ".join(column.name for column in document.columns[:2]), "comparison.csv")
    response["Content-Disposition"] = content_disposition_header(True, name) or "attachment"
    response["Cache-Control"] = "private, no-store"
    return response


def get_document(request: SignedInRequest) -> ComparisonDocument:
    """Of the columns in the address; what the user may not see is not there.

    Raises:
        Http404: the address names no column.
    """
    columns = Columns.from_query(request.GET)
    if not columns.by_letter:
        raise Http404
    return document_of(comparison_of(request.user, columns))


def _choices(request: SignedInRequest, comparison: Comparison) -> dict[str, Any]:
    """What a further column can be."""
    videos = library.videos_of(request.user).select_related("project")
    on = sorted({name for party in comparison.parties for each in party.audiences for name in each.attributes})
    projects = list(library.projects_of(request.user))
    empty = ColumnQuery.from_text("").selection
    return {
        "projects": projects,
        "others_in": _others_in(comparison.parties),
        "videos": videos[:MOST_CHOICES],
        "n_videos": videos.count(),
        "segments": _segments(request, comparison),
        "filters": [filter_of(attribute, empty) for attribute in filterable(on)],
        "least_choices": [f"{value:g}" for value in LEAST_CHOICES_S],
    }


def _segments(request: SignedInRequest, comparison: Comparison) -> list[Mark]:
    """Those of the columns' videos; of all videos where these have none."""
    shown = {each.video.pk for party in comparison.parties for each in party.audiences}
    segments = marks_of(request.user).filter(to_s__isnull=False).select_related("video")
    return list(segments.filter(video__in=shown)[:MOST_CHOICES]) or list(segments[:MOST_CHOICES])


def _others_in(parties: tuple[Party, ...]) -> str:
    """The project whose rest can be compared: that of the first column with anybody in it."""
    return next((str(each.audiences[0].video.project_id) for each in parties if each.audiences), "")


def _team(request: SignedInRequest, comparison: Comparison) -> Team | None:
    """Whose the first column is."""
    of_columns = (each.audiences[0].video.project.team for each in comparison.parties if each.audiences)
    return next(of_columns, None) or teams_of(request.user).order_by("created_at").first()


def _to(columns: Columns) -> HttpResponse:
    return redirect(f"{reverse('comparisons:compare')}?{columns.to_query()}".rstrip("?"))


def _without_page(request: SignedInRequest) -> str:
    return urlencode([(key, value) for key, values in request.GET.lists() if key != "page" for value in values])
