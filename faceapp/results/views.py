"""The pages of one video and of one person in it, and what they load: timeline, portraits."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.core.files.storage import default_storage
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotModified, JsonResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.gzip import gzip_page
from django.views.decorators.http import require_GET, require_safe

from analysis.config import AnalysisConfig
from faceapp.accounts.requests import SignedInRequest
from faceapp.core.numbers import whole
from faceapp.core.security import allows_chart_styles
from faceapp.core.serving import serve_file
from faceapp.library.access import get_video_or_404
from faceapp.library.models import Video
from faceapp.results.corrections.history import corrections_of
from faceapp.results.corrections.making import in_view_at_once, next_person_id
from faceapp.results.models import Correction
from faceapp.results.people import TrackView
from faceapp.results.segment_rows import mark_rows
from faceapp.results.selectors import PersonView, boxes_of, joined_person_of, people_of, timeline_of
from faceapp.results.shown import attributes_of, standing_corrections
from faceapp.results.windowed import people_within
from faceapp.runs.files import portrait_name
from faceapp.runs.models import Proxy, Run
from faceapp.runs.selectors import current_result_run, latest_run, progress_of
from faceapp.segments.selectors import TimeFilter, segment_of_video, window_of, words_of

MONTH_S = 30 * 24 * 3600
N_BEST_PICTURES = 12
BOXES_S = 30  # as in static/js/video/boxes.js
LATEST_S = 10**7
BRIEF_S = 2.0  # people seen for less are folded away when there are many


@require_GET
@never_cache
def video_detail(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """Player, people, lanes; or what is under way, or why there is nothing."""
    video = get_video_or_404(request.user, pk)
    newest, run = latest_run(video), current_result_run(video)
    people = longest_first(people_of(run)) if run else []
    asked = TimeFilter.from_query(request.GET)
    segment = segment_of_video(request.user, video, asked)
    window = window_of(asked, video, segment)
    context = {
        "video": video,
        "run": run,
        "newest": newest,
        "progress": progress_of(newest) if newest else None,
        "is_newer_run": newest is not None and newest != run,
        "people": people,
        "listed": people if run is None or window is None else longest_first(people_within(run, people, window)),
        "window": window,
        "part": words_of(asked, segment),
        "part_query": urlencode(asked.pairs),
        "segment": segment,
        "mark_rows": mark_rows(run, people) if run else [],
        "n_corrections": len(standing_corrections(run)) if run else 0,
        "n_brief": sum(person.in_view_s < BRIEF_S for person in people),
        "attributes": attributes_of(run) if run else video.project.attributes,
        "least_face_px": AnalysisConfig.of_result(run.config).smallest_face_px(video.height_px) if run else None,
        "proxy_state": _proxy_state(video),
        "needs_proxy": not video.plays_in_browser and not video.proxy,
    }
    return render(request, "results/video_detail.html", context)


@require_GET
@never_cache
def segments(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """The rows of the tab Segments, which the page asks for again after each change."""
    run = result_run_or_404(get_video_or_404(request.user, pk))
    context = {"video": run.video, "run": run, "mark_rows": mark_rows(run, people_of(run))}
    return render(request, "results/partials/_segment_rows.html", context)


def _proxy_state(video: Video) -> str:
    if video.plays_in_browser or video.proxy:
        return ""
    return Proxy.objects.filter(video=video).values_list("state", flat=True).first() or ""


def longest_first(people: list[PersonView]) -> list[PersonView]:
    return sorted(people, key=lambda person: (-person.in_view_s, person.person_id))


@require_GET
@gzip_page
def timeline(request: SignedInRequest, pk: UUID) -> HttpResponseBase:
    """JSON for lanes and overlay; 304 until a run finishes, a correction is made or undone, or a switch is set."""
    run = result_run_or_404(get_video_or_404(request.user, pk))
    corrections = Correction.objects.filter(run=run).order_by("pk").values_list("pk", "undone_at")
    tag = f'"{hashlib.sha256(repr((run.pk, attributes_of(run), list(corrections))).encode()).hexdigest()[:24]}"'
    if request.headers.get("If-None-Match", "").removeprefix("W/") == tag:
        response: HttpResponseBase = HttpResponseNotModified()
    else:
        response = JsonResponse(timeline_of(run), json_dumps_params={"separators": (",", ":")})
    response["ETag"] = tag
    response["Cache-Control"] = "private, no-cache"
    return response


@require_GET
@gzip_page
def boxes(request: SignedInRequest, pk: UUID) -> HttpResponseBase:
    """JSON for the overlay: faces of one stretch of `BOXES_S` that begins at `from`, a multiple of it, seconds."""
    run = _named_run(get_video_or_404(request.user, pk), request.GET.get("run", ""))
    from_s = whole(request.GET.get("from", ""), most=LATEST_S)
    if run is None or from_s is None or from_s % BOXES_S:
        raise Http404
    response = JsonResponse(boxes_of(run, from_s, from_s + BOXES_S), json_dumps_params={"separators": (",", ":")})
    response["Cache-Control"] = f"private, max-age={MONTH_S}"  # corrections move no face
    return response


@require_safe
def portrait(request: SignedInRequest, pk: UUID, track_id: int, n: int) -> HttpResponseBase:
    """A saved picture of a track, best first; of the run that the address names, else of the current result."""
    video = get_video_or_404(request.user, pk)
    named = _named_run(video, request.GET.get("run", ""))
    run = named or result_run_or_404(video)
    name = portrait_name(run.pk, track_id, n)
    if not default_storage.exists(name):
        raise Http404
    kept_s = MONTH_S if named else 0  # the same address shows other faces after the next run
    return serve_file(request, name, content_type="image/jpeg", filename=f"{track_id}-{n}.jpg", max_age_s=kept_s)


def _named_run(video: Video, name: str) -> Run | None:
    try:
        return video.runs.filter(pk=UUID(name)).first()
    except ValueError:
        return None


@require_GET
@never_cache
@allows_chart_styles  # type: ignore[arg-type]  # django-csp's types know no arguments from the address
def person_detail(request: HttpRequest, pk: UUID, person_id: int) -> HttpResponse:
    """Everything about one person, and how to put it right."""
    video = get_video_or_404(request.user, pk)
    run = result_run_or_404(video)
    people = longest_first(people_of(run))
    person = next((each for each in people if each.person_id == person_id), None)
    if person is None:
        return _to_who_they_are_now(request, run, person_id)
    return render(request, "results/person_detail.html", _person_context(video, run, people, person))


def _to_who_they_are_now(request: HttpRequest, run: Run, person_id: int) -> HttpResponse:
    """An old address leads on: to whom the person was merged into, or to the video where a new person is undone.

    Raises:
        Http404: there never was such a person.
    """
    now = joined_person_of(run, person_id)
    if now is not None:
        messages.info(request, f"Person {person_id} was merged into {now.name}, shown here.")
        return redirect("results:person_detail", pk=run.video_id, person_id=now.person_id)
    if not 0 < person_id < next_person_id(run):
        raise Http404
    messages.info(request, f"Person {person_id} no longer exists because the correction that created them was undone.")
    return redirect("results:video_detail", pk=run.video_id)


def _person_context(video: Video, run: Run, people: list[PersonView], person: PersonView) -> dict[str, Any]:
    at = people.index(person)
    best = sorted(person.tracks, key=lambda track: -track.quality)
    pictures = [(track, n) for track in best for n in range(track.n_portraits)]
    return {
        "video": video,
        "run": run,
        "person": person,
        "mergeable": _who_may_be(person.tracks, people, person),
        "track_owners": [(track, _who_may_be([track], people, person)) for track in person.tracks],
        "place": at + 1,
        "n_people": len(people),
        "before": people[at - 1] if at else None,
        "after": people[at + 1] if at + 1 < len(people) else None,
        "pictures": pictures[:N_BEST_PICTURES],
        "n_pictures": len(pictures),
        "corrections": corrections_of(run, person.person_id),
        "attributes": attributes_of(run),
    }


def _who_may_be(tracks: Iterable[TrackView], people: Iterable[PersonView], person: PersonView) -> list[PersonView]:
    """The others who are never in view at the same time as these tracks."""
    tracks = list(tracks)
    return [each for each in people if each is not person and in_view_at_once(tracks, each.tracks) is None]


def result_run_or_404(video: Video) -> Run:
    run = current_result_run(video)
    if run is None:
        raise Http404
    run.video = video
    return run
