"""Addresses of projects, videos and uploads."""

from __future__ import annotations

from django.urls import URLPattern, path

from faceapp.accounts.middleware import accepts_token
from faceapp.library import edit_views, media_views
from faceapp.library.tus import Creation, Part
from faceapp.library.uploads import Accepted

app_name = "library"


def patterns(on_accepted: Accepted) -> list[URLPattern]:
    """`on_accepted` is what the site does with a video that has come in: the library knows of no run."""
    return [
        path("uploads/", accepts_token(Creation.as_view()), name="upload"),
        path("uploads/<uuid:pk>", accepts_token(Part.as_view(on_accepted=on_accepted)), name="upload_part"),
        path("videos/<uuid:pk>/media", media_views.video_media, name="video_media"),
        path("videos/<uuid:pk>/poster.jpg", media_views.video_poster, name="video_poster"),
        path("videos/<uuid:pk>/rename/", edit_views.video_rename, name="video_rename"),
        path("videos/<uuid:pk>/move/", edit_views.video_move, name="video_move"),
        path("videos/<uuid:pk>/delete/", edit_views.video_delete, name="video_delete"),
        path("projects/new/", edit_views.project_create, name="project_create"),
        path("projects/<uuid:pk>/", edit_views.project_detail, name="project_detail"),
        path("projects/<uuid:pk>/delete/", edit_views.project_delete, name="project_delete"),
    ]
