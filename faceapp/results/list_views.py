"""The library page. It stands here and not in the library, because its rows show runs and people."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from faceapp.accounts.access import teams_of
from faceapp.accounts.requests import SignedInRequest
from faceapp.library import access
from faceapp.library.refusals import UploadRefused
from faceapp.library.services import delete_video
from faceapp.results import sample
from faceapp.results.listing import LENGTHS, SORTS, STATES, Filters, rows_of, totals_of, videos_of
from faceapp.runs.starting import start_runs

ROWS_A_PAGE = 50
MOST_AT_ONCE = 200  # videos that one press of a button deletes or runs again


@require_GET
@never_cache
def video_list(request: SignedInRequest) -> HttpResponse:
    """Everything that a user may see, as rows; a fragment for htmx, which asks while typing."""
    filters = Filters.from_query(request.GET)
    videos = videos_of(request.user, filters)
    page = Paginator(videos, ROWS_A_PAGE).get_page(request.GET.get("page"))
    projects = list(access.projects_of(request.user))
    chosen = next((each for each in projects if each.pk == filters.project), None)
    own = [each for each in projects if not each.is_sample]
    totals = totals_of(access.counted_videos_of(request.user))
    shown = totals_of(videos)
    is_sample = chosen is not None and chosen.is_sample
    context = {
        "filters": filters,
        "page": page,
        "rows": rows_of(list(page.object_list)),
        "projects": own,
        "project": chosen,
        "upload_project": chosen if chosen in own else next(iter(own), None),
        "totals": totals,
        "shown": shown,
        "is_part": shown["n"] != totals["n"] and not is_sample,
        "is_first_run": not totals["n"] and not shown["n"] and not filters.is_filtered,
        "states": STATES,
        "lengths": LENGTHS,
        "sorts": SORTS,
        "query": _query_without_page(request),
    }
    is_fragment = getattr(request, "htmx", False) and request.headers.get("HX-Target") == "rows"
    return render(request, "library/partials/_found.html" if is_fragment else "library/video_list.html", context)


def _query_without_page(request: SignedInRequest) -> str:
    query = request.GET.copy()
    query.pop("page", None)
    return query.urlencode()


@require_GET
@never_cache
def video_row(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """One row again, once its run has ended."""
    (row,) = rows_of([access.get_video_or_404(request.user, pk)])
    return render(request, "library/partials/_video_row.html", {"row": row})


@require_POST
def open_sample(request: SignedInRequest) -> HttpResponse:
    """One press: the sample, in a project of its own."""
    team = teams_of(request.user).order_by("created_at").first()
    if team is None:
        raise Http404
    try:
        video = sample.open_sample(team=team, user=request.user)
    except UploadRefused as refused:
        messages.error(request, refused.sentence)
        return redirect("library:video_list")
    return redirect("results:video_detail", pk=video.pk)


@require_POST
def act_on_selection(request: SignedInRequest) -> HttpResponse:
    """Runs again or deletes the videos that are ticked."""
    videos = list(access.videos_of(request.user).filter(pk__in=_uuids(request.POST.getlist("video"))[:MOST_AT_ONCE]))
    if request.POST.get("action") == "delete":
        for video in videos:
            delete_video(video=video)
        messages.success(request, f"{_videos(len(videos))} and all their results deleted.")
    elif request.POST.get("action") == "run":
        runs = start_runs(videos=videos, user=request.user)
        messages.success(request, f"{_videos(len(runs))} will be analyzed again.")
    return redirect(f"{reverse('library:video_list')}?{_query_without_page(request)}".rstrip("?"))


def _videos(n: int) -> str:
    return "1 video" if n == 1 else f"{n} videos"


def _uuids(values: list[str]) -> list[UUID]:
    found = []
    for value in values:
        try:
            found.append(UUID(value))
        except ValueError:
            continue
    return found
