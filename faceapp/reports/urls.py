"""Addresses of everything that can be taken away from a video, or from several at once."""

from __future__ import annotations

from django.urls import path

from faceapp.reports import views
from faceapp.reports.audience import views as audience

app_name = "reports"
urlpatterns = [
    path("videos/<uuid:pk>/report.pdf", views.video_report_pdf, name="video_report_pdf"),
    path("videos/<uuid:pk>/report.json", views.report_json, name="report_json"),
    path("videos/<uuid:pk>/result.json", views.result_json, name="result_json"),
    path("videos/<uuid:pk>/people.csv", views.people_csv, name="people_csv"),
    path("videos/<uuid:pk>/tracks.csv", views.tracks_csv, name="tracks_csv"),
    path("videos/<uuid:pk>/samples.csv", views.samples_csv, name="samples_csv"),
    path("videos/<uuid:pk>/figures.csv", views.figures_csv, name="figures_csv"),
    path("audience/report.pdf", audience.report_pdf, name="audience_report_pdf"),
    path("audience/figures.csv", audience.figures_csv, name="audience_figures_csv"),
    path("videos/<uuid:pk>/annotated/", views.annotated, name="annotated"),
    path("videos/<uuid:pk>/annotated/make", views.annotated_make, name="annotated_make"),
    path("videos/<uuid:pk>/annotated/progress", views.annotated_progress, name="annotated_progress"),
    path("videos/<uuid:pk>/annotated.mp4", views.annotated_file, name="annotated_file"),
]
