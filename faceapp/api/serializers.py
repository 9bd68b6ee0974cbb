"""The shapes of the API: they copy, and decide nothing."""

from __future__ import annotations

from typing import Any

from django.http import QueryDict
from django.urls import reverse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from analysis.attributes import Attribute, Kind, attributes, of_kind, switches
from analysis.kinds import result_key
from faceapp.audience.bands import AGE_BANDS
from faceapp.core.names import validate_visible
from faceapp.library.models import Project
from faceapp.results.listing import SORTS, STATES, VideoRow
from faceapp.runs.models import Run


class ErrorSerializer(serializers.Serializer[Any]):
    """What went wrong, as one sentence."""

    error = serializers.CharField()


class ProjectSerializer(serializers.ModelSerializer[Project]):
    attributes = serializers.ListField(child=serializers.ChoiceField(list(switches())), help_text="What is analyzed.")

    class Meta:
        model = Project
        fields = ["id", "name", "mode", "purpose", "attributes", "is_sample", "created_at"]
        read_only_fields = fields


class WarningSerializer(serializers.Serializer[Any]):
    code = serializers.CharField()
    text = serializers.CharField()
    from_s = serializers.FloatField(allow_null=True)


class ProgressSerializer(serializers.Serializer[Any]):
    """Where a run is. `label` and `stage` are words for people; use `state` in programs."""

    run_id = serializers.UUIDField()
    state = serializers.ChoiceField(Run.State.choices)
    label = serializers.CharField()  # type: ignore[assignment]  # a field of ours, not the form's label
    percent = serializers.FloatField(help_text="0-100")
    eta_s = serializers.FloatField(allow_null=True, help_text="Seconds left. Null when unknown or finished.")
    stage = serializers.CharField(allow_blank=True)
    queue_position = serializers.IntegerField(allow_null=True)
    error = serializers.CharField(allow_blank=True, help_text="The error message if the run failed.")
    warnings = WarningSerializer(many=True)


class VideoSerializer(serializers.Serializer[Any]):
    """A video, its newest run, and how many people the newest result found."""

    id = serializers.UUIDField(source="video.pk")
    name = serializers.CharField(source="video.name")
    project = serializers.UUIDField(source="video.project_id")
    size_bytes = serializers.IntegerField(source="video.size_bytes")
    sha256 = serializers.CharField(source="video.sha256")
    duration_s = serializers.FloatField(source="video.duration_s")
    width_px = serializers.IntegerField(source="video.width_px")
    height_px = serializers.IntegerField(source="video.height_px")
    frame_rate = serializers.FloatField(source="video.frame_rate")
    codec = serializers.CharField(source="video.codec")
    created_at = serializers.DateTimeField(source="video.created_at")
    run = ProgressSerializer(source="progress", allow_null=True)
    has_result = serializers.SerializerMethodField()
    n_people = serializers.SerializerMethodField()
    page = serializers.SerializerMethodField(help_text="Address of the video's page.")

    def get_has_result(self, row: VideoRow) -> bool:
        return row.result_run is not None

    @extend_schema_field(serializers.IntegerField(allow_null=True))
    def get_n_people(self, row: VideoRow) -> int | None:
        return len(row.people) if row.result_run else None

    def get_page(self, row: VideoRow) -> str:
        address: str = self.context["request"].build_absolute_uri(reverse("results:video_detail", args=[row.video.pk]))
        return address


class VideoFilterSerializer(serializers.Serializer[Any]):
    """What a list of videos may be asked for; anything else is refused."""

    q = serializers.CharField(
        required=False, max_length=200, allow_blank=True, help_text="Part of the name of a video or project."
    )
    project = serializers.UUIDField(required=False, help_text="Only videos of this project.")
    state = serializers.ChoiceField(list(STATES), required=False, help_text="State of the newest run.")
    sort = serializers.ChoiceField(list(SORTS), required=False, help_text="Default: newest first.")


class TimeFilterSerializer(serializers.Serializer[Any]):
    """Which part of a video is read: a segment, or from one time to another; anything else is refused."""

    segment = serializers.UUIDField(required=False, help_text="Only what lies in this segment.")
    to = serializers.FloatField(
        required=False, min_value=0, max_value=100_000, help_text="Only what lies before this time, in seconds."
    )
    rest = serializers.ChoiceField(["1"], required=False, help_text="Everything outside of it instead.")

    def get_fields(self) -> dict[str, Any]:
        """With `from`, which is no name in Python."""
        words = "Only what lies at or after this time, in seconds."
        start = serializers.FloatField(required=False, min_value=0, max_value=100_000, help_text=words)
        return {"from": start, **super().get_fields()}

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if attrs.get("from", 0.0) >= attrs.get("to", float("inf")):
            raise serializers.ValidationError({"to": "Must be later than from."})
        return attrs


class AudienceFilterSerializer(TimeFilterSerializer):
    """Which videos and people are summed up, as in the address of the page Audience; anything else is refused."""

    project = serializers.ListField(
        child=serializers.UUIDField(), required=False, help_text="All videos of these projects."
    )
    video = serializers.ListField(child=serializers.UUIDField(), required=False, help_text="Only these videos.")
    age = serializers.ListField(child=serializers.ChoiceField([band.key for band in AGE_BANDS]), required=False)
    least = serializers.FloatField(
        required=False, min_value=0, max_value=100_000, help_text="Minimum time in view, in seconds."
    )
    watchers = serializers.ChoiceField(["1"], required=False, help_text="Only people who looked at the camera.")
    static = serializers.ChoiceField(["1"], required=False, help_text="Include faces that never move.")

    def get_fields(self) -> dict[str, Any]:
        """With a list of answers for each attribute that gives one label."""
        answers = {
            attribute.key: serializers.ListField(
                child=serializers.ChoiceField(attribute.answers), required=False, help_text=f"{attribute.term}."
            )
            for attribute in of_kind("label")
        }
        return super().get_fields() | answers

    @classmethod
    def of_query(cls, query: QueryDict) -> AudienceFilterSerializer:
        """An empty value is a wrong one, which DRF passes over where it knows that it reads an address."""
        many = [name for name, field in cls().fields.items() if isinstance(field, serializers.ListField)]
        return cls(data={name: values if name in many else values[-1] for name, values in query.lists()})


@extend_schema_field(OpenApiTypes.BINARY)
class FileContent(serializers.FileField):
    """A file as a form sends it; DRF's own field is told as the address of one."""


class NewVideoSerializer(serializers.Serializer[Any]):
    file = FileContent()
    project = serializers.UUIDField()
    name = serializers.CharField(
        required=False, max_length=400, validators=[validate_visible], help_text="Default: the name of the file."
    )


class YearsSerializer(serializers.Serializer[Any]):
    """Whole years with a 90 % interval."""

    years = serializers.IntegerField()
    low = serializers.IntegerField()
    high = serializers.IntegerField()


class LabelEstimateSerializer(serializers.Serializer[Any]):
    """The answer of a network; "unknown" where it is not sure enough. The distribution is given all the same."""

    label = serializers.CharField()  # type: ignore[assignment]  # a field of ours, not the form's label
    confidence = serializers.FloatField()
    distribution = serializers.DictField(child=serializers.FloatField())


class SharesSerializer(serializers.Serializer[Any]):
    """What was shown most, and the share of time of each label."""

    label = serializers.CharField()  # type: ignore[assignment]
    shares = serializers.DictField(child=serializers.FloatField())


class StrengthsSerializer(serializers.Serializer[Any]):
    """How strongly each movement was shown, 0 to 5."""

    mean = serializers.DictField(child=serializers.FloatField())
    peak = serializers.DictField(child=serializers.FloatField())


def reading_field(attribute: Attribute) -> serializers.Field[Any, Any, Any, Any]:
    """The field of what is said of an attribute; null where it is switched off."""
    source = {"source": f"readings.{attribute.key}", "allow_null": True, "default": None}
    said = f"{attribute.term}: {', '.join(attribute.answers)}." if attribute.labels else f"{attribute.term}."
    kinds: dict[Kind, Any] = {
        "years": YearsSerializer,
        "label": LabelEstimateSerializer,
        "labels_over_time": SharesSerializer,
        "spells": serializers.FloatField,
        "strengths": StrengthsSerializer,
    }
    field: serializers.Field[Any, Any, Any, Any] = kinds[attribute.kind](**source, help_text=said)
    return field


class TrackSerializer(serializers.Serializer[Any]):
    track_id = serializers.IntegerField()
    start_s = serializers.FloatField()
    end_s = serializers.FloatField()
    in_view_s = serializers.FloatField()


class PersonSerializer(serializers.Serializer[Any]):
    """One individual after corrections. What is switched off in the project is null."""

    person_id = serializers.IntegerField()
    name = serializers.CharField()
    start_s = serializers.FloatField()
    end_s = serializers.FloatField()
    in_view_s = serializers.FloatField()
    certainty = serializers.FloatField(help_text="Probability from 0 to 1 that these tracks show one individual.")
    is_static = serializers.BooleanField(help_text="Never moves, such as a poster. Not included in audience figures.")
    corrected = serializers.ListField(child=serializers.CharField(), source="corrected_fields")
    tracks = TrackSerializer(many=True)

    def get_fields(self) -> dict[str, Any]:
        """With one field for each attribute, after the seconds in view."""
        said = {result_key(attribute): reading_field(attribute) for attribute in attributes().values()}
        fields = super().get_fields()
        first = list(fields).index("in_view_s") + 1
        return dict([*list(fields.items())[:first], *said.items(), *list(fields.items())[first:]])
