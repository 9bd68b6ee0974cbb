"""The library page. It stands here and not in the library, because its rows show runs and people."""

from __future__ import annotations

import shutil
from pathlib import Path
from uuid import UUID, uuid4

from django.conf import settings
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from faceapp.accounts.requests import SignedInRequest
from faceapp.library import access
from faceapp.library.refusals import AlreadyHere
from faceapp.library.services import Refused, accept_file, delete_video
from faceapp.results.listing import LENGTHS, SORTS, STATES, Filters, rows_of, totals_of, videos_of
from faceapp.runs.intake import start_first_run
from faceapp.runs.starting import start_runs

ROWS_A_PAGE = 50
SAMPLE = Path(settings.BASE_DIR, "static", "sample", "faceline-sample.mp4")
MOST_AT_ONCE = 200  # videos that one press of a button deletes or runs again


@require_GET
@never_cache
def video_list(request: SignedInRequest) -> HttpResponse:
    """Everything that a user may see, as rows; a fragment for htmx, which asks while typing."""
    filters = Filters.from_query(request.GET)
    pages = Paginator(videos_of(request.user, filters), ROWS_A_PAGE)
    page = pages.get_page(request.GET.get("page"))
    projects = list(access.projects_of(request.user))
    chosen = next((each for each in projects if each.pk == filters.project), None)
    context = {
        "filters": filters,
        "page": page,
        "rows": rows_of(list(page.object_list)),
        "projects": projects,
        "project": chosen,
        "upload_project": chosen or (projects[0] if projects else None),
        "totals": totals_of(request.user),
        "states": STATES,
        "lengths": LENGTHS,
        "sorts": SORTS,
        "has_sample": SAMPLE.exists(),
        "query": _query_without_page(request),
    }
    is_fragment = getattr(request, "htmx", False) and request.headers.get("HX-Target") == "rows"
    return render(request, "library/partials/_rows.html" if is_fragment else "library/video_list.html", context)


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
def try_sample(request: SignedInRequest) -> HttpResponse:
    """Takes the video that ships with the product in, like any other file."""
    project = access.projects_of(request.user).filter(pk__in=_uuids([request.POST.get("project", "")])).first()
    if project is None:
        messages.info(request, "Say first what may be computed in your first project; then try the sample.")
        return redirect("library:project_create")
    copy = Path(settings.UPLOAD_DIR, f"sample-{uuid4()}.part")
    copy.parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(SAMPLE, copy)
    try:
        video = accept_file(project=project, user=request.user, name="Faceline sample.mp4", path=copy)
        start_first_run(video, request.user)
    except AlreadyHere as same:
        messages.info(request, "The sample is here already; this is its result.")
        return redirect("results:video_detail", pk=same.video.pk)
    except Refused as refused:
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
        messages.success(request, f"{_videos(len(videos))} and all that was derived from them are deleted.")
    elif request.POST.get("action") == "run":
        runs = start_runs(videos=videos, user=request.user)
        messages.success(request, f"{_videos(len(runs))} will be analysed again.")
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
