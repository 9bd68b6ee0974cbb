"""Addresses of a video's segments and cues as lists; single ones are changed over the API."""

from __future__ import annotations

from django.urls import path

from faceapp.segments import views

app_name = "segments"
urlpatterns = [
    path("videos/<uuid:pk>/segments/import", views.import_preview, name="import_preview"),
    path("videos/<uuid:pk>/segments/import/make", views.import_make, name="import_make"),
    path("videos/<uuid:pk>/segments.<str:kind>", views.export, name="export"),
]
