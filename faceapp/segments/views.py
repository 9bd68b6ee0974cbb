"""Segments and cues from cue lists and from shots, with a preview; and as files."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import PurePath
from uuid import UUID

from django.http import HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_POST, require_safe

from faceapp.accounts.requests import SignedInRequest
from faceapp.core.errors import NotHere
from faceapp.core.filenames import allowed
from faceapp.core.numbers import whole
from faceapp.library.access import get_video_or_404
from faceapp.library.models import Video
from faceapp.runs.selectors import current_result_run
from faceapp.segments import services
from faceapp.segments.cue_lists import ListedMark, Written, read_cue_list, to_csv, to_edl, to_webvtt
from faceapp.segments.importing import Frames, PreviewLine, preview_of

KINDS = {"csv": "text/csv", "edl": "text/plain", "vtt": "text/vtt"}


@require_POST
def import_preview(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """What would be made of the text, or of the shots: nothing is made yet."""
    video = get_video_or_404(request.user, pk)
    name, lines = _asked(request, video)
    return render(request, "segments/import_preview.html", {"video": video, "format": name, "lines": lines})


@require_POST
def import_make(request: SignedInRequest, pk: UUID) -> JsonResponse:
    """Make what is checked of a preview, in one act: `{"change_id", "n"}`; a refusal is `{"error"}`."""
    video = get_video_or_404(request.user, pk)
    _, lines = _asked(request, video)
    wanted = {whole(number) for number in request.POST.getlist("line")}
    marks = [line.mark for line in lines if line.mark is not None and line.listed.line in wanted]
    if not marks:
        return JsonResponse({"error": "Choose at least one line."}, status=422)
    try:
        _, change = services.add_marks(video=video, marks=marks, user=request.user)
    except services.MarkRefused as refused:
        return JsonResponse({"error": str(refused)}, status=422)
    return JsonResponse({"change_id": change.pk, "n": len(marks)})


@require_safe
def export(request: SignedInRequest, pk: UUID, kind: str) -> HttpResponse:
    """All segments and cues of a video as CSV, EDL or WebVTT chapters."""
    video = get_video_or_404(request.user, pk)
    if kind not in KINDS:
        raise NotHere("There is no such file.")
    marks = [Written(mark.name, mark.from_s, mark.to_s) for mark in video.marks.all()]
    texts = {
        "csv": lambda: to_csv(marks),
        "edl": lambda: to_edl(marks, PurePath(video.name).stem, video.frame_rate),
        "vtt": lambda: to_webvtt(marks),
    }
    response = HttpResponse(texts[kind](), content_type=f"{KINDS[kind]}; charset=utf-8")
    name = f"{allowed(PurePath(video.name).stem) or 'Video'} - segments.{kind}"
    response["Content-Disposition"] = content_disposition_header(True, name) or "attachment"
    return response


def _asked(request: SignedInRequest, video: Video) -> tuple[str, list[PreviewLine]]:
    """The format, and what would be made of each line."""
    run = current_result_run(video)
    shots: Sequence[tuple[float, float]] = run.shots if run else ()
    if request.POST.get("source") == "shots":
        name, listed = "Shots", _shots(shots)
    else:
        name, listed = read_cue_list(request.POST.get("text", ""), video.frame_rate)
    frames = Frames(video.duration_s, video.frame_rate, tuple(start_s for start_s, _ in shots if start_s > 0))
    taken = set(video.marks.values_list("name", flat=True))
    return name, preview_of(listed, frames, taken, snap="snap" in request.POST)


def _shots(shots: Sequence[tuple[float, float]]) -> list[ListedMark]:
    return [
        ListedMark(k, f"Shot {k}", f"{start_s:g}", f"{end_s:g}", start_s, end_s)
        for k, (start_s, end_s) in enumerate(shots, start=1)
    ]
