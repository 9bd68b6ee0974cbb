"""The Audience page, the faces behind its bars, and its tables as files."""

from __future__ import annotations

from typing import Any, cast

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.http import content_disposition_header
from django.utils.text import slugify
from django.views.decorators.http import require_safe

from analysis.attributes import Attribute
from faceapp.accounts.models import User
from faceapp.audience.bands import AGE_BANDS
from faceapp.audience.charts.audience import audience_charts
from faceapp.audience.charts.csv import table_csv
from faceapp.audience.charts.parts import Chart
from faceapp.audience.person_charts import charts_of_person
from faceapp.audience.selection import LEAST_CHOICES_S, Selection, filterable
from faceapp.audience.selectors import ChosenAudience, chosen_audience, newest_runs
from faceapp.audience.wording import name_of
from faceapp.core.security import allows_chart_styles
from faceapp.library import access
from faceapp.results.selectors import person_of
from faceapp.segments.selectors import TimeFilter

FACES_A_PAGE = 60


@require_safe
@allows_chart_styles
def audience(request: HttpRequest) -> HttpResponse:
    """Figures and charts of a video, a selection, a project, or of everything."""
    selection = Selection.from_query(request.GET)
    chosen = _chosen(request, selection)
    return render(
        request,
        "audience/audience_detail.html",
        {
            **_scope(request, selection, chosen),
            "figures": chosen.figures,
            "charts": audience_charts(chosen.audiences, chosen.figures, selection) if chosen.audiences else (),
        },
    )


@require_safe
def faces(request: HttpRequest) -> HttpResponse:
    """Everyone whom a selection holds, as pictures that lead to their pages."""
    selection = Selection.from_query(request.GET)
    chosen = _chosen(request, selection)
    everyone = [
        (audience.video, audience.run, person)
        for audience in chosen.audiences
        for person in sorted(audience.people, key=lambda person: -person.in_view_s)
    ]
    page = Paginator(everyone, FACES_A_PAGE).get_page(request.GET.get("page"))
    return render(
        request, "audience/faces_list.html", {**_scope(request, selection, chosen), "page": page, "n": len(everyone)}
    )


@require_safe
def chart_csv(request: HttpRequest, key: str) -> HttpResponse:
    """The table of one chart of the Audience page."""
    selection = Selection.from_query(request.GET)
    chosen = _chosen(request, selection)
    if not chosen.audiences:
        raise Http404
    return _csv(key, audience_charts(chosen.audiences, chosen.figures, selection), "audience")


@require_safe
def person_chart_csv(request: HttpRequest, video_id: str, person_id: int, key: str) -> HttpResponse:
    video = access.get_video_or_404(request.user, video_id)
    run = next(iter(newest_runs([video])), None)
    person = person_of(run, person_id) if run else None
    if run is None or person is None:
        raise Http404
    return _csv(f"person-{key}", charts_of_person(video, run, person), slugify(person.name))


def _csv(key: str, charts: tuple[Chart, ...], prefix: str) -> HttpResponse:
    chart = next((chart for chart in charts if chart.key == key), None)
    if chart is None:
        raise Http404
    response = HttpResponse(table_csv(chart.table), content_type="text/csv; charset=utf-8")
    name = f"{prefix}-{chart.key.removeprefix('person-')}.csv"
    response["Content-Disposition"] = content_disposition_header(True, name) or "attachment"
    return response


def _chosen(request: HttpRequest, selection: Selection) -> ChosenAudience:
    return chosen_audience(cast(User, request.user), selection)  # the sign-in middleware lets nobody else through


def _scope(request: HttpRequest, selection: Selection, chosen: ChosenAudience) -> dict[str, Any]:
    """What filters and headings need."""
    projects = access.projects_of(request.user).filter(pk__in=selection.projects) if selection.projects else []
    return {
        "attributes": chosen.figures.attributes,
        "selection": selection,
        "query": selection.to_query(),
        "audiences": chosen.audiences,
        "n_videos": chosen.n_videos,
        "projects": projects,
        "n_people": sum(len(audience.people) for audience in chosen.audiences),
        "duration_s": sum(audience.length_s for audience in chosen.audiences),
        "filters": [filter_of(attribute, selection) for attribute in filterable(chosen.figures.attributes)],
        "least_choices": [(f"{value:g}", value == selection.least_s) for value in LEAST_CHOICES_S],
        "without_projects": selection.with_(projects=()).to_query(),
        "without_videos": selection.with_(videos=()).to_query(),
        "without_filters": selection.with_(
            ages=(), labels={}, least_s=0.0, with_static=False, watchers=False
        ).to_query(),
        "part": chosen.part,
        "without_part": selection.with_(time=TimeFilter()).to_query(),
        "with_static": selection.with_(with_static=True).to_query(),
    }


def filter_of(attribute: Attribute, selection: Selection) -> dict[str, Any]:
    """A menu of an attribute's answers, or of age bands: which there are, and which are chosen."""
    if attribute.kind == "years":
        choices = [(band.key, band.label, band.key in selection.ages) for band in AGE_BANDS]
    else:
        chosen = selection.labels.get(attribute.key, ())
        choices = [(key, name_of(key), key in chosen) for key in attribute.answers]
    return {
        "key": attribute.key,
        "term": attribute.term,
        "short": attribute.short,
        "choices": choices,
        "chosen": " ".join(label for _, label, is_on in choices if is_on),
    }
