"""Putting a person right: name, attributes, merge, move a track, undo. Each answers with the page it came from."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.views.decorators.http import require_POST

from faceapp.accounts.requests import SignedInRequest
from faceapp.library.access import get_video_or_404
from faceapp.results import services
from faceapp.results.models import Correction
from faceapp.results.selectors import person_of
from faceapp.results.views import result_run_or_404


@require_POST
def person_rename(request: SignedInRequest, pk: UUID, person_id: int) -> HttpResponse:
    run = result_run_or_404(get_video_or_404(request.user, pk))
    name = request.POST.get("name", "")
    try:
        correction = services.rename_person(run=run, person_id=person_id, name=name, user=request.user)
        _say(request, pk, f"The name is {correction.payload['name']}.", correction)
    except services.CorrectionRefused as refused:
        messages.error(request, str(refused))
    return redirect("results:person_detail", pk=pk, person_id=person_id)


@require_POST
def person_correct(request: SignedInRequest, pk: UUID, person_id: int) -> HttpResponse:
    """Sets each of age, gender and ethnicity that differs from what is shown."""
    run = result_run_or_404(get_video_or_404(request.user, pk))
    person = person_of(run, person_id)
    made = []
    try:
        for field in ("age", "gender", "ethnicity"):
            value = _value(field, request.POST.get(field, ""))
            shown = getattr(person, field, None)
            now = None if shown is None else shown.years if field == "age" else shown.label
            if value is not None and value != now:
                made.append(
                    services.correct_person(run=run, person_id=person_id, field=field, value=value, user=request.user)
                )
    except services.CorrectionRefused as refused:
        messages.error(request, str(refused))
    if made:
        said = " and ".join(f"{each.payload['field']} {each.payload['value']}" for each in made)
        _say(request, pk, f"Set by hand: {said}. Every figure is counted again.", *made)
    return redirect("results:person_detail", pk=pk, person_id=person_id)


def _value(field: str, text: str) -> str | int | None:
    """What a form says of a field; None when it says nothing. Nonsense is left for the service to refuse."""
    if not text:
        return None
    return int(text) if field == "age" and text.isdecimal() else text


@require_POST
def person_merge(request: SignedInRequest, pk: UUID, person_id: int) -> HttpResponse:
    """The chosen other person becomes part of this one."""
    run = result_run_or_404(get_video_or_404(request.user, pk))
    other = request.POST.get("other", "")
    if not other.isdecimal():
        messages.error(request, "Choose the person to merge.")
        return redirect("results:person_detail", pk=pk, person_id=person_id)
    try:
        merged = person_of(run, int(other))
        correction = services.merge_people(run=run, person_id=int(other), into=person_id, user=request.user)
        _say(request, pk, f"{merged.name if merged else 'Someone'} is now part of this person.", correction)
    except services.CorrectionRefused as refused:
        messages.error(request, str(refused))
    return redirect("results:person_detail", pk=pk, person_id=person_id)


@require_POST
def track_move(request: SignedInRequest, pk: UUID, track_id: int) -> HttpResponse:
    """To the person in `to`, or to a new one when it is empty."""
    run = result_run_or_404(get_video_or_404(request.user, pk))
    to = request.POST.get("to", "")
    try:
        correction = services.move_track(
            run=run, track_id=track_id, to=int(to) if to.isdecimal() else None, user=request.user
        )
    except services.CorrectionRefused as refused:
        messages.error(request, str(refused))
        return _back(run, pk, request.POST.get("from", ""))
    owner = person_of(run, correction.payload["to"])
    _say(request, pk, f"The track now belongs to {owner.name if owner else 'another person'}.", correction)
    return _back(run, pk, str(correction.person_id), str(correction.payload["to"]))


@require_POST
def correction_undo(request: SignedInRequest, pk: UUID, correction_id: int) -> HttpResponse:
    run = result_run_or_404(get_video_or_404(request.user, pk))
    correction = get_object_or_404(Correction, run=run, pk=correction_id)
    if services.undo(correction):
        messages.success(request, "Undone. Everything is counted again.")
    merged_into = str(correction.payload.get("into", ""))
    return _back(run, pk, request.POST.get("from", ""), merged_into, str(correction.person_id))


def _say(request: SignedInRequest, pk: UUID, sentence: str, *made: Correction) -> None:
    """What was done, with a button that takes it back when it was one thing (`_toasts.html`)."""
    undo = reverse("results:correction_undo", args=[pk, made[0].pk]) if len(made) == 1 else ""
    messages.success(request, sentence, extra_tags=undo)


def _back(run: object, pk: UUID, *person_ids: str) -> HttpResponse:
    """To the first of these people who (still) exists, else to the video."""
    for person_id in person_ids:
        if person_id.isdecimal() and person_of(run, int(person_id)):  # type: ignore[arg-type]
            return redirect("results:person_detail", pk=pk, person_id=int(person_id))
    return redirect("results:video_detail", pk=pk)
