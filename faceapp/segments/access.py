"""The only way a view gets a segment or a cue: of a video that the user may see."""

from __future__ import annotations

from uuid import UUID

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404

from faceapp.library.access import Visitor, videos_of
from faceapp.segments.models import Mark


def marks_of(user: Visitor) -> QuerySet[Mark]:
    return Mark.objects.filter(video__in=videos_of(user))


def get_mark_or_404(user: Visitor, pk: UUID | str) -> Mark:
    return get_object_or_404(marks_of(user).select_related("video__project__team"), pk=pk)


def get_segment_or_404(user: Visitor, pk: UUID | str) -> Mark:
    """A cue has no figures of its own."""
    return get_object_or_404(marks_of(user).filter(to_s__isnull=False).select_related("video"), pk=pk)
