"""Addresses for whoever keeps an installation running."""

from __future__ import annotations

from django.urls import path

from faceapp.operations import account_pages, pages, views

app_name = "operations"
urlpatterns = [
    path("health/", views.health, name="health"),
    path("ready/", views.ready, name="ready"),
    path("metrics", views.metrics_text, name="metrics"),
    path("operations/", pages.operations, name="operations"),
    path("operations/board/", pages.board, name="board"),
    path("operations/pause/", pages.pause, name="pause"),
    path("operations/resume/", pages.resume, name="resume"),
    path("operations/back-up/", pages.back_up, name="back_up"),
    path("operations/accounts/", account_pages.show, name="accounts"),
    path("operations/accounts/new/", account_pages.create, name="account_create"),
    path("operations/accounts/<int:number>/password/", account_pages.reset_password, name="account_password"),
    path("operations/accounts/<int:number>/active/", account_pages.set_active, name="account_active"),
    path("operations/accounts/<int:number>/delete/", account_pages.delete, name="account_delete"),
    path("operations/runs/<uuid:pk>/again/", pages.run_again, name="run_again"),
]
