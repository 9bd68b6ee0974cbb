"""Every address of the site."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, include, path

from faceapp.accounts.models import User
from faceapp.library import urls as library
from faceapp.library.models import Video
from faceapp.library.services import Refused, delete_video
from faceapp.results import urls as results_urls
from faceapp.runs.planning import RunRefused
from faceapp.runs.services import start_run


def start_first_run(video: Video, user: User) -> None:
    """What happens with a video that has come in, once; one that cannot be planned is refused after all."""
    if video.runs.exists():  # the web died between the start and its answer, and is asked again
        return
    try:
        start_run(video=video, user=user)
    except RunRefused as refused:
        delete_video(video=video)
        raise Refused(str(refused)) from refused


urlpatterns: list[URLPattern | URLResolver] = [
    path("", include("faceapp.core.urls")),
    path("", include("faceapp.accounts.urls")),
    path("", include(([*library.patterns(start_first_run), *results_urls.library_patterns], library.app_name))),
    path("", include("faceapp.runs.urls")),
    path("", include("faceapp.results.urls")),
    path("", include("faceapp.audience.urls")),
    path("", include("faceapp.audience.about")),
    path("", include("faceapp.reports.urls")),
    path("", include("faceapp.api.urls")),
]

handler400 = "faceapp.core.views.bad_request"
handler403 = "faceapp.core.views.denied"
handler404 = "faceapp.core.views.not_found"
handler500 = "faceapp.core.views.failed"
