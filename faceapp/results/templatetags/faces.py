"""Faces on pages: the one picture that stands for a person, and several in a pile."""

from __future__ import annotations

from typing import Any

from django import template
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString

from faceapp.results.selectors import PersonView
from faceapp.runs.models import Run

register = template.Library()


@register.simple_tag
def portrait_url(run: Run, track_id: int, n: int = 0) -> str:
    """The address of a saved picture; it names its run, so that browsers may keep it."""
    return f"{reverse('results:portrait', args=[run.video_id, track_id, n])}?run={run.pk}"


@register.simple_tag
def face(run: Run, person: PersonView, size: str = "") -> SafeString:
    """A person's face; the name stands beside it, so the picture itself says nothing."""
    name = f"face face--{size}" if size else "face"
    if person.portrait is None:
        return format_html('<span class="{}"></span>', name)
    return format_html('<img class="{}" src="{}" alt="" loading="lazy">', name, portrait_url(run, *person.portrait))


@register.inclusion_tag("results/partials/_facepile.html")
def facepile(run: Run, people: list[PersonView], most: int = 4) -> dict[str, Any]:
    """The first faces and how many there are."""
    return {"run": run, "people": [person for person in people if person.portrait][:most], "n_people": len(people)}
