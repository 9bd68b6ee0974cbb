"""`{% answers person attributes as said %}` and `{% answer_columns attributes as columns %}`: what is printed."""

from __future__ import annotations

from collections.abc import Collection

from django import template

from analysis.attributes import Attribute
from faceapp.results import answers as printed
from faceapp.results.people import PersonView

register = template.Library()


@register.simple_tag
def answer_columns(on: Collection[str]) -> list[Attribute]:
    return printed.answer_columns(on)


@register.simple_tag
def answers(person: PersonView, on: Collection[str]) -> list[printed.Answer]:
    return printed.answers_of(person, on)
