"""Addresses for whoever keeps an installation running."""

from __future__ import annotations

from django.urls import path

from faceapp.operations import views

app_name = "operations"
urlpatterns = [
    path("health/", views.health, name="health"),
    path("ready/", views.ready, name="ready"),
]
