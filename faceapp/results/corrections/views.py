"""Corrections of a person: name, attributes, merge, move a track, undo. Each answers with the page it came from."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.views.decorators.http import require_POST

from analysis.attributes import Attribute
from faceapp.accounts.requests import SignedInRequest
from faceapp.core.numbers import whole
from faceapp.core.views import outdated
from faceapp.library.access import get_video_or_404
from faceapp.results import services
from faceapp.results.corrections import sentences
from faceapp.results.corrections.correctable import correctable, value_of
from faceapp.results.models import Correction
from faceapp.results.selectors import person_of
from faceapp.results.views import result_run_or_404
from faceapp.runs.models import Run

ANOTHER_RESULT = "This video was analyzed again. Reload the page to correct the new result."


def corrects_what_is_shown(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Hands the view the run that its form was made of; once another result is shown, nothing is corrected: 409."""

    @require_POST
    @wraps(view)
    def corrects(request: SignedInRequest, pk: UUID, **numbers: Any) -> HttpResponse:
        run = result_run_or_404(get_video_or_404(request.user, pk))
        if request.POST.get("run") != str(run.pk):
            return _another_result(request, pk)
        return view(request, run, **numbers)

    return corrects


@corrects_what_is_shown
def person_rename(request: SignedInRequest, run: Run, person_id: int) -> HttpResponse:
    name = request.POST.get("name", "")
    try:
        correction = services.rename_person(run=run, person_id=person_id, name=name, user=request.user)
        _say(request, run, f"Renamed to {correction.payload['name']}.", correction)
    except services.CorrectionRefused as refused:
        messages.error(request, str(refused))
    return _to_person(run, person_id)


@corrects_what_is_shown
def person_correct(request: SignedInRequest, run: Run, person_id: int) -> HttpResponse:
    """Sets each attribute that differs from what is shown."""
    person = person_of(run, person_id)
    made = []
    try:
        for field, attribute in correctable().items():
            value = _value(attribute, request.POST.get(field, ""))
            if value is not None and value != value_of(person.readings.get(field) if person else None):
                made.append(
                    services.correct_person(run=run, person_id=person_id, field=field, value=value, user=request.user)
                )
    except services.CorrectionRefused as refused:
        messages.error(request, str(refused))
    for each in made:
        said = f"{each.payload['field']} {each.payload['value']}"
        _say(request, run, f"Set by hand: {said}. All figures were updated.", each)
    return _to_person(run, person_id)


def _value(attribute: Attribute, text: str) -> str | int | None:
    """What a form says of an attribute; None when it says nothing. Nonsense is left for the service to refuse."""
    if not text:
        return None
    number = whole(text) if attribute.kind == "years" else None
    return text if number is None else number


@corrects_what_is_shown
def person_merge(request: SignedInRequest, run: Run, person_id: int) -> HttpResponse:
    """The chosen other person becomes part of this one."""
    other = whole(request.POST.get("other", ""))
    if other is None:
        messages.error(request, "Choose the person to merge.")
        return _to_person(run, person_id)
    try:
        merged = person_of(run, other)
        correction = services.merge_people(run=run, person_id=other, into=person_id, user=request.user)
        _say(request, run, f"{merged.name if merged else 'Someone'} is now part of this person.", correction)
    except services.CorrectionRefused as refused:
        messages.error(request, str(refused))
    return _to_person(run, person_id)


@corrects_what_is_shown
def track_move(request: SignedInRequest, run: Run, track_id: int) -> HttpResponse:
    """To the person in `to`, or to a new one when it is empty."""
    chosen = request.POST.get("to", "")
    to = whole(chosen)
    if chosen and to is None:
        messages.error(request, "Choose the person to whom the track belongs.")
        return _back(run, request.POST.get("from", ""))
    try:
        correction = services.move_track(run=run, track_id=track_id, to=to, user=request.user)
    except services.CorrectionRefused as refused:
        messages.error(request, str(refused))
        return _back(run, request.POST.get("from", ""))
    owner = person_of(run, correction.payload["to"])
    _say(request, run, f"The track now belongs to {owner.name if owner else 'another person'}.", correction)
    return _back(run, str(correction.person_id), str(correction.payload["to"]))


@require_POST
def correction_undo(request: SignedInRequest, pk: UUID, correction_id: int) -> HttpResponse:
    """The correction itself says of which run it is."""
    run = result_run_or_404(get_video_or_404(request.user, pk))
    correction = get_object_or_404(Correction, run__video=pk, pk=correction_id)
    if correction.run_id != run.pk:
        return _another_result(request, pk)
    try:
        gone = services.undo(correction)
        messages.success(request, sentences.undone(gone) if gone else "This was already undone.")
    except services.CorrectionRefused as refused:
        messages.error(request, str(refused))
    merged_into = str(correction.payload.get("into", ""))
    return _back(run, request.POST.get("from", ""), merged_into, str(correction.person_id))


def _another_result(request: SignedInRequest, pk: UUID) -> HttpResponse:
    return outdated(request, ANOTHER_RESULT, reverse("results:video_detail", args=[pk]))


def _say(request: SignedInRequest, run: Run, sentence: str, made: Correction) -> None:
    """What was done, with a button that takes it back (`_toasts.html`)."""
    undo = reverse("results:correction_undo", args=[run.video_id, made.pk])
    messages.success(request, sentence, extra_tags=undo)


def _to_person(run: Run, person_id: int) -> HttpResponse:
    return redirect("results:person_detail", pk=run.video_id, person_id=person_id)


def _back(run: Run, *person_ids: str) -> HttpResponse:
    """To the first of these people who (still) exists, else to the video."""
    for person_id in map(whole, person_ids):
        if person_id is not None and person_of(run, person_id):
            return _to_person(run, person_id)
    return redirect("results:video_detail", pk=run.video_id)
