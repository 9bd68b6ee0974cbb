"""The API's videos: list, upload, look, start, cancel, take away. Rules live below; here they are only connected."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any, cast
from uuid import UUID

from django.core.files.uploadedfile import TemporaryUploadedFile
from django.http import Http404
from django.http.response import HttpResponseBase
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.parsers import MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response

from faceapp.accounts.requests import SignedInRequest
from faceapp.api.base import ApiRequest, ApiView, Page
from faceapp.api.serializers import (
    AudienceFilterSerializer,
    ErrorSerializer,
    NewVideoSerializer,
    PersonSerializer,
    ProgressSerializer,
    ProjectSerializer,
    TimeFilterSerializer,
    VideoFilterSerializer,
    VideoSerializer,
)
from faceapp.audience.selectors import VideoAudience, audience_of_video
from faceapp.library import access
from faceapp.library.limits import check_takes_files
from faceapp.library.models import Video
from faceapp.library.receiving import take_files
from faceapp.library.services import AlreadyHere, UploadRefused, accept_file, delete_video
from faceapp.reports import views as reports
from faceapp.reports.audience import views as audience_reports
from faceapp.results import listing
from faceapp.runs.intake import start_first_run
from faceapp.runs.selectors import active_run, latest_run, progress_of
from faceapp.runs.services import cancel_run
from faceapp.runs.starting import RunRefused, start_run
from faceapp.segments.selectors import asked_window
from faceapp.segments.window import Window

REFUSED = {400: ErrorSerializer, 404: ErrorSerializer, 409: ErrorSerializer, 422: ErrorSerializer}
NOT_HERE = {404: ErrorSerializer}

DOWNLOADS: dict[str, Callable[..., HttpResponseBase]] = {
    "report.pdf": reports.video_report_pdf,
    "report.json": reports.report_json,
    "result.json": reports.result_json,
    "people.csv": reports.people_csv,
    "tracks.csv": reports.tracks_csv,
    "samples.csv": reports.samples_csv,
    "figures.csv": reports.figures_csv,
    "annotated.mp4": reports.annotated_file,
}
AUDIENCE_DOWNLOADS: dict[str, Callable[..., HttpResponseBase]] = {
    "report.pdf": audience_reports.report_pdf,
    "figures.csv": audience_reports.figures_csv,
}


class ProjectList(ApiView):
    """The projects that you may see."""

    @extend_schema(operation_id="projects_list", responses=ProjectSerializer(many=True))
    def get(self, request: ApiRequest) -> Response:
        projects = access.projects_of(request.user).order_by("name")
        return Response(ProjectSerializer(projects, many=True).data)


class VideoList(ApiView):
    """Videos: list, and upload."""

    parser_classes = [MultiPartParser]

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        """Files may come from who is known: by a session, whose form is read to authenticate it, or by a token."""
        has_session = request._request.user.is_authenticated
        if has_session:
            take_files(request._request)
        super().initial(request, *args, **kwargs)
        if not has_session:
            take_files(request._request)

    @extend_schema(
        operation_id="videos_list",
        parameters=[
            VideoFilterSerializer,
            *Page.parameters,
        ],
        responses={200: Page.of(VideoSerializer), 400: ErrorSerializer, 404: ErrorSerializer},
    )
    def get(self, request: ApiRequest) -> Response:
        """Your videos, newest first, in pages."""
        VideoFilterSerializer(data=request.query_params.dict()).is_valid(raise_exception=True)
        videos = listing.videos_of(request.user, listing.Filters.from_query(request.query_params))
        page = Page(videos, request)
        return page.response(
            VideoSerializer(instance=listing.rows_of(page.items), many=True, context={"request": request})
        )

    @extend_schema(
        operation_id="videos_create",
        request={"multipart/form-data": NewVideoSerializer},
        responses={201: VideoSerializer, 200: VideoSerializer, **REFUSED, 413: ErrorSerializer},
    )
    def post(self, request: ApiRequest) -> Response:
        """Upload a file and start its analysis. 200 when the project already holds this very file.

        The file is checked before it is taken; a bad one is refused with a sentence. For files over a few hundred
        megabytes, use the resumable upload (tus 1.0) at `/uploads/`.
        """
        form = NewVideoSerializer(data=request.data)
        form.is_valid(raise_exception=True)
        project = access.get_project_or_404(request.user, form.validated_data["project"])
        check_takes_files(project)
        upload: TemporaryUploadedFile = form.validated_data["file"]
        name = form.validated_data.get("name") or upload.name or "Video"
        try:
            video = accept_file(project=project, user=request.user, name=name, path=Path(upload.temporary_file_path()))
        except AlreadyHere as here:
            return Response(_video(here.video, request))
        start_first_run(video, request.user)
        return Response(_video(video, request), status=201)


class VideoDetail(ApiView):
    """One video."""

    @extend_schema(operation_id="videos_retrieve", responses={200: VideoSerializer, **NOT_HERE})
    def get(self, request: ApiRequest, pk: UUID) -> Response:
        return Response(_video(access.get_video_or_404(request.user, pk), request))

    @extend_schema(operation_id="videos_destroy", responses={204: None, **NOT_HERE})
    def delete(self, request: ApiRequest, pk: UUID) -> Response:
        """Delete a video and everything that was made from it."""
        delete_video(video=access.get_video_or_404(request.user, pk))
        return Response(status=204)


class VideoStatus(ApiView):
    """Where the newest run of a video is; ask every few seconds."""

    @extend_schema(operation_id="videos_status", responses={200: ProgressSerializer, **NOT_HERE})
    def get(self, request: ApiRequest, pk: UUID) -> Response:
        run = latest_run(access.get_video_or_404(request.user, pk))
        if run is None:
            raise Http404("This video was never analyzed.")
        return Response(ProgressSerializer(progress_of(run)).data)


class VideoRun(ApiView):
    """Analyze a video again, or stop an analysis."""

    @extend_schema(operation_id="videos_run", request=None, responses={202: ProgressSerializer, **REFUSED})
    def post(self, request: ApiRequest, pk: UUID) -> Response:
        """Start a new analysis with the project's attributes; one that is under way is given back instead."""
        video = access.get_video_or_404(request.user, pk)
        try:
            run = start_run(video=video, user=request.user)
        except RunRefused as refused:
            raise UploadRefused(str(refused)) from refused
        return Response(ProgressSerializer(progress_of(run)).data, status=202)

    @extend_schema(operation_id="videos_cancel", responses={202: ProgressSerializer, **NOT_HERE, 409: ErrorSerializer})
    def delete(self, request: ApiRequest, pk: UUID) -> Response:
        """Cancel the analysis that is under way."""
        run = active_run(access.get_video_or_404(request.user, pk))
        if run is None:
            raise UploadRefused("No analysis is running for this video.", status=409)
        cancel_run(run=run)
        run.refresh_from_db()
        return Response(ProgressSerializer(progress_of(run)).data, status=202)


class VideoPeople(ApiView):
    """The people of a video, corrections applied."""

    @extend_schema(
        operation_id="videos_people",
        parameters=[TimeFilterSerializer],
        responses={200: PersonSerializer(many=True), 400: ErrorSerializer, **NOT_HERE},
    )
    def get(self, request: ApiRequest, pk: UUID) -> Response:
        """All of them, or those in a part of the video, with what they do in it."""
        TimeFilterSerializer(data=request.query_params.dict()).is_valid(raise_exception=True)
        video = access.get_video_or_404(request.user, pk)
        audience = _audience_or_404(video, asked_window(request.user, video, request.query_params))
        return Response(PersonSerializer(audience.people, many=True).data)


class VideoResultFile(ApiView):
    """The result as the engine gave it, untouched by corrections (docs/result-format.md)."""

    @extend_schema(operation_id="videos_result", responses={200: OpenApiTypes.OBJECT, **NOT_HERE})
    def get(self, request: ApiRequest, pk: UUID) -> HttpResponseBase:
        return reports.result_json(_plain(request), pk)


class VideoDownload(ApiView):
    """Files: the report, tables, JSON."""

    @extend_schema(
        operation_id="videos_download",
        parameters=[
            OpenApiParameter("name", str, OpenApiParameter.PATH, enum=list(DOWNLOADS)),
            TimeFilterSerializer,
        ],
        responses={
            (200, "application/pdf"): OpenApiTypes.BINARY,
            (200, "text/csv"): OpenApiTypes.STR,
            (200, "application/json"): OpenApiTypes.OBJECT,
            (400, "application/json"): ErrorSerializer,
            (404, "application/json"): ErrorSerializer,
        },
    )
    def get(self, request: ApiRequest, pk: UUID, name: str) -> HttpResponseBase:
        """Of all of the video, or of a part of it; result.json and annotated.mp4 are always of all."""
        if name not in DOWNLOADS:
            raise Http404(f"There is no download {name}; there are {', '.join(DOWNLOADS)}.")
        TimeFilterSerializer(data=request.query_params.dict()).is_valid(raise_exception=True)
        return DOWNLOADS[name](_plain(request), pk)


class AudienceDownload(ApiView):
    """Several videos summed up, as the page Audience does: the report, and its figures."""

    @extend_schema(
        operation_id="audience_download",
        parameters=[
            OpenApiParameter("name", str, OpenApiParameter.PATH, enum=list(AUDIENCE_DOWNLOADS)),
            AudienceFilterSerializer,
        ],
        responses={
            (200, "application/pdf"): OpenApiTypes.BINARY,
            (200, "text/csv"): OpenApiTypes.STR,
            (400, "application/json"): ErrorSerializer,
            (404, "application/json"): ErrorSerializer,
        },
    )
    def get(self, request: ApiRequest, name: str) -> HttpResponseBase:
        """Without projects and videos: everything that you may see."""
        if name not in AUDIENCE_DOWNLOADS:
            raise Http404(f"There is no download {name}; there are {', '.join(AUDIENCE_DOWNLOADS)}.")
        AudienceFilterSerializer.of_query(request.query_params).is_valid(raise_exception=True)
        return AUDIENCE_DOWNLOADS[name](_plain(request))


def _plain(request: ApiRequest) -> SignedInRequest:
    """Django's request with the user that the API's token stands for."""
    plain = cast(SignedInRequest, request._request)
    plain.user = request.user
    return plain


def _video(video: Video, request: ApiRequest) -> dict[str, Any]:
    data: dict[str, Any] = VideoSerializer(listing.rows_of([video])[0], context={"request": request}).data
    return data


def _audience_or_404(video: Video, window: Window | None) -> VideoAudience:
    audience = audience_of_video(video, window)
    if audience is None:
        raise Http404("This video has no result yet.")
    return audience
