"""Addresses of the API, version 1, its schema and its documentation."""

from __future__ import annotations

from django.contrib.auth.decorators import login_not_required
from django.urls import path
from drf_spectacular.views import SpectacularAPIView, SpectacularSwaggerSplitView

from faceapp.api import segments, views
from faceapp.core.security import allows_chart_styles

app_name = "api"

# `login_not_required`: the API asks for a token or session itself, and answers 401 instead of leading to a page
open_ = login_not_required

urlpatterns = [
    path("api/v1/projects/", open_(views.ProjectList.as_view()), name="projects"),
    path("api/v1/videos/", open_(views.VideoList.as_view()), name="videos"),
    path("api/v1/videos/<uuid:pk>/", open_(views.VideoDetail.as_view()), name="video"),
    path("api/v1/videos/<uuid:pk>/status/", open_(views.VideoStatus.as_view()), name="video_status"),
    path("api/v1/videos/<uuid:pk>/run/", open_(views.VideoRun.as_view()), name="video_run"),
    path("api/v1/videos/<uuid:pk>/people/", open_(views.VideoPeople.as_view()), name="video_people"),
    path("api/v1/videos/<uuid:pk>/segments/", open_(segments.SegmentList.as_view()), name="segments"),
    path("api/v1/videos/<uuid:pk>/segments/<uuid:mark_id>/", open_(segments.SegmentDetail.as_view()), name="segment"),
    path("api/v1/videos/<uuid:pk>/cues/", open_(segments.CueList.as_view()), name="cues"),
    path("api/v1/videos/<uuid:pk>/cues/<uuid:mark_id>/", open_(segments.CueDetail.as_view()), name="cue"),
    path(
        "api/v1/videos/<uuid:pk>/segments/changes/<int:change_id>/undo/",
        open_(segments.ChangeUndo.as_view()),
        name="segments_undo",
    ),
    path("api/v1/videos/<uuid:pk>/result/", open_(views.VideoResultFile.as_view()), name="video_result"),
    path("api/v1/videos/<uuid:pk>/downloads/<str:name>", open_(views.VideoDownload.as_view()), name="video_download"),
    path("api/v1/audience/downloads/<str:name>", open_(views.AudienceDownload.as_view()), name="audience_download"),
    path("api/v1/schema/", open_(SpectacularAPIView.as_view()), name="schema"),
    # Swagger sets styles while it draws, as Plotly does; its script comes from an address of its own
    path(
        "api/docs/",
        allows_chart_styles(
            SpectacularSwaggerSplitView.as_view(url_name="api:schema", http_method_names=["get", "head"])
        ),
        name="docs",
    ),
]
