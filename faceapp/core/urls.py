"""Addresses that belong to no app."""

from __future__ import annotations

from django.contrib.auth.decorators import login_not_required
from django.urls import path

from faceapp.core.categories import categories

app_name = "core"
urlpatterns = [
    path("categories.css", login_not_required(categories), name="categories"),
]
