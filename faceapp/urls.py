"""Every address of the site."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, include, path

from faceapp.library import urls as library
from faceapp.results import urls as results_urls
from faceapp.runs.intake import start_first_run

urlpatterns: list[URLPattern | URLResolver] = [
    path("", include("faceapp.core.urls")),
    path("", include("faceapp.operations.urls")),
    path("", include("faceapp.accounts.urls")),
    path("", include(([*library.patterns(start_first_run), *results_urls.library_patterns], library.app_name))),
    path("", include("faceapp.runs.urls")),
    path("", include("faceapp.segments.urls")),
    path("", include("faceapp.results.urls")),
    path("", include("faceapp.audience.urls")),
    path("", include("faceapp.audience.about")),
    path("", include("faceapp.reports.urls")),
    path("", include("faceapp.comparisons.urls")),
    path("", include("faceapp.api.urls")),
]

handler400 = "faceapp.core.views.bad_request"
handler403 = "faceapp.core.views.denied"
handler404 = "faceapp.core.views.not_found"
handler500 = "faceapp.core.views.failed"
