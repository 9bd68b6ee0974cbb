"""Addresses of a video's and a person's pages; `library_patterns` are the library's own that show runs and people."""

from __future__ import annotations

from django.urls import path

from faceapp.results import list_views, views
from faceapp.results.corrections import views as correction_views

app_name = "results"
urlpatterns = [
    path("videos/<uuid:pk>/", views.video_detail, name="video_detail"),
    path("videos/<uuid:pk>/segments/", views.segments, name="segments"),
    path("videos/<uuid:pk>/timeline.json", views.timeline, name="timeline"),
    path("videos/<uuid:pk>/boxes.json", views.boxes, name="boxes"),
    path("videos/<uuid:pk>/portraits/<int:track_id>/<int:n>.jpg", views.portrait, name="portrait"),
    path("videos/<uuid:pk>/people/<int:person_id>/", views.person_detail, name="person_detail"),
    path("videos/<uuid:pk>/people/<int:person_id>/name", correction_views.person_rename, name="person_rename"),
    path("videos/<uuid:pk>/people/<int:person_id>/correct", correction_views.person_correct, name="person_correct"),
    path("videos/<uuid:pk>/people/<int:person_id>/merge", correction_views.person_merge, name="person_merge"),
    path("videos/<uuid:pk>/tracks/<int:track_id>/move", correction_views.track_move, name="track_move"),
    path(
        "videos/<uuid:pk>/corrections/<int:correction_id>/undo",
        correction_views.correction_undo,
        name="correction_undo",
    ),
]

library_patterns = [
    path("", list_views.video_list, name="video_list"),
    path("videos/<uuid:pk>/row", list_views.video_row, name="video_row"),
    path("videos/selection", list_views.act_on_selection, name="act_on_selection"),
    path("sample/", list_views.open_sample, name="open_sample"),
]
