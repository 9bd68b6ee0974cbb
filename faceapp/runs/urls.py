"""Addresses of runs."""

from __future__ import annotations

from django.urls import path

from faceapp.runs import views

app_name = "runs"

urlpatterns = [
    path("runs/<uuid:pk>/progress", views.run_progress, name="run_progress"),
    path("runs/<uuid:pk>/cancel", views.run_cancel, name="run_cancel"),
    path("videos/<uuid:pk>/runs", views.run_start, name="run_start"),
]
