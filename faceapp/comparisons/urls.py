"""Addresses of comparisons."""

from __future__ import annotations

from django.urls import path

from faceapp.comparisons import views

app_name = "comparisons"
urlpatterns = [
    path("compare/", views.compare, name="compare"),
    path("compare/add/", views.add_column, name="add_column"),
    path("compare/faces/", views.faces, name="faces"),
    path("compare/save/", views.save, name="save"),
    path("compare/saved/<uuid:pk>/", views.open_saved, name="open_saved"),
    path("compare/saved/<uuid:pk>/delete/", views.delete, name="delete"),
    path("compare/figures.csv", views.figures_csv, name="figures_csv"),
]
