"""Segments and cues of a video: list, make, change, delete, undo."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.http import Http404
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.response import Response

from faceapp.api.base import ApiRequest, ApiView, Page
from faceapp.api.serializers import ErrorSerializer
from faceapp.library import access
from faceapp.library.models import Video
from faceapp.segments import services
from faceapp.segments.models import Mark, MarkChange

LATEST_S = 1e6
REFUSED = {400: ErrorSerializer, 404: ErrorSerializer, 422: ErrorSerializer}


class CueSerializer(serializers.Serializer[Any]):
    id = serializers.UUIDField(read_only=True)
    name = serializers.CharField(
        max_length=services.LONGEST_NAME, required=False, help_text='Default: the next free one, such as "Cue 2".'
    )
    from_s = serializers.FloatField(min_value=0, max_value=LATEST_S, help_text="When it is, in seconds.")


class SegmentSerializer(CueSerializer):
    from_s = serializers.FloatField(min_value=0, max_value=LATEST_S, help_text="Start, in seconds.")
    to_s = serializers.FloatField(
        min_value=0, max_value=LATEST_S, help_text="End, in seconds. What is at the end is outside."
    )


class ChangeSerializer(serializers.Serializer[Any]):
    """What was done, for `undo`."""

    change_id = serializers.IntegerField(allow_null=True, help_text="Null where nothing changed.")


class CueChangedSerializer(CueSerializer, ChangeSerializer):
    """A cue, and what was done to it."""


class SegmentChangedSerializer(SegmentSerializer, ChangeSerializer):
    """A segment, and what was done to it."""


class UndoneSerializer(serializers.Serializer[Any]):
    undone = serializers.BooleanField(help_text="False when this was undone before.")


class MarksView(ApiView):
    """What lists of segments and of cues share."""

    serializer: type[serializers.Serializer[Any]]
    are_cues: bool

    def marks(self, video: Video) -> QuerySet[Mark]:
        return video.marks.filter(to_s__isnull=self.are_cues)

    def list(self, request: ApiRequest, pk: UUID) -> Response:
        page = Page(self.marks(access.get_video_or_404(request.user, pk)), request)
        return page.response(self.serializer(page.items, many=True))

    def add(self, request: ApiRequest, pk: UUID) -> Response:
        video = access.get_video_or_404(request.user, pk)
        form = self.serializer(data=request.data)
        form.is_valid(raise_exception=True)
        given = {"name": "", **form.validated_data}
        mark, change = services.add_mark(video=video, mark=services.NewMark(**given), user=request.user)
        return Response(self.told(mark, change), status=201)

    def told(self, mark: Mark, change: MarkChange | None) -> dict[str, Any]:
        return {**self.serializer(mark).data, "change_id": change.pk if change else None}


class MarkView(MarksView):
    """What one segment and one cue share."""

    def mark(self, request: ApiRequest, pk: UUID, mark_id: UUID) -> Mark:
        mark = self.marks(access.get_video_or_404(request.user, pk)).filter(pk=mark_id).first()
        if mark is None:
            raise Http404
        return mark

    def change(self, request: ApiRequest, pk: UUID, mark_id: UUID) -> Response:
        mark = self.mark(request, pk, mark_id)
        form = self.serializer(data=request.data, partial=True)
        form.is_valid(raise_exception=True)
        change = services.change_mark(mark=mark, user=request.user, **form.validated_data)
        mark.refresh_from_db()
        return Response(self.told(mark, change))

    def remove(self, request: ApiRequest, pk: UUID, mark_id: UUID) -> Response:
        mark = self.mark(request, pk, mark_id)
        change = services.delete_marks(video=mark.video, marks=[mark], user=request.user)
        return Response({"change_id": change.pk})


class SegmentList(MarksView):
    """The segments of a video."""

    serializer, are_cues = SegmentSerializer, False

    @extend_schema(
        operation_id="segments_list",
        parameters=list(Page.parameters),
        responses={200: Page.of(SegmentSerializer), 400: ErrorSerializer, 404: ErrorSerializer},
    )
    def get(self, request: ApiRequest, pk: UUID) -> Response:
        """In the order of time, in pages."""
        return self.list(request, pk)

    @extend_schema(
        operation_id="segments_create",
        request=SegmentSerializer,
        responses={201: SegmentChangedSerializer, **REFUSED},
    )
    def post(self, request: ApiRequest, pk: UUID) -> Response:
        """Make a segment."""
        return self.add(request, pk)


class CueList(MarksView):
    """The cues of a video."""

    serializer, are_cues = CueSerializer, True

    @extend_schema(
        operation_id="cues_list",
        parameters=list(Page.parameters),
        responses={200: Page.of(CueSerializer), 400: ErrorSerializer, 404: ErrorSerializer},
    )
    def get(self, request: ApiRequest, pk: UUID) -> Response:
        """In the order of time, in pages."""
        return self.list(request, pk)

    @extend_schema(operation_id="cues_create", request=CueSerializer, responses={201: CueChangedSerializer, **REFUSED})
    def post(self, request: ApiRequest, pk: UUID) -> Response:
        """Make a cue."""
        return self.add(request, pk)


class SegmentDetail(MarkView):
    """One segment."""

    serializer, are_cues = SegmentSerializer, False

    @extend_schema(
        operation_id="segments_change",
        request=SegmentSerializer(partial=True),
        responses={200: SegmentChangedSerializer, **REFUSED},
    )
    def patch(self, request: ApiRequest, pk: UUID, mark_id: UUID) -> Response:
        """Rename a segment or move its ends."""
        return self.change(request, pk, mark_id)

    @extend_schema(operation_id="segments_destroy", responses={200: ChangeSerializer, 404: ErrorSerializer})
    def delete(self, request: ApiRequest, pk: UUID, mark_id: UUID) -> Response:
        """Delete a segment; `undo` brings it back."""
        return self.remove(request, pk, mark_id)


class CueDetail(MarkView):
    """One cue."""

    serializer, are_cues = CueSerializer, True

    @extend_schema(
        operation_id="cues_change",
        request=CueSerializer(partial=True),
        responses={200: CueChangedSerializer, **REFUSED},
    )
    def patch(self, request: ApiRequest, pk: UUID, mark_id: UUID) -> Response:
        """Rename or move a cue."""
        return self.change(request, pk, mark_id)

    @extend_schema(operation_id="cues_destroy", responses={200: ChangeSerializer, 404: ErrorSerializer})
    def delete(self, request: ApiRequest, pk: UUID, mark_id: UUID) -> Response:
        """Delete a cue; `undo` brings it back."""
        return self.remove(request, pk, mark_id)


class ChangeUndo(ApiView):
    """One act on the segments and cues of a video."""

    @extend_schema(
        operation_id="segments_undo",
        request=None,
        responses={200: UndoneSerializer, 404: ErrorSerializer, 409: ErrorSerializer},
    )
    def post(self, request: ApiRequest, pk: UUID, change_id: int) -> Response:
        """Take it back; an import is one act."""
        video = access.get_video_or_404(request.user, pk)
        change = video.mark_changes.filter(pk=change_id).first()
        if change is None:
            raise Http404
        return Response({"undone": services.undo_change(change)})
