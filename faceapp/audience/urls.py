"""Addresses of the Audience page and of charts' tables."""

from __future__ import annotations

from django.urls import path

from faceapp.audience import views

app_name = "audience"
urlpatterns = [
    path("audience/", views.audience, name="audience"),
    path("audience/faces/", views.faces, name="faces"),
    path("audience/charts/<slug:key>.csv", views.chart_csv, name="chart_csv"),
    path(
        "videos/<uuid:video_id>/people/<int:person_id>/charts/<slug:key>.csv",
        views.person_chart_csv,
        name="person_chart_csv",
    ),
]
