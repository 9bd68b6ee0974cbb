"""The bytes of a video: the file itself, what the browser plays instead of it, its poster."""

from __future__ import annotations

from uuid import UUID

from django.http import Http404
from django.http.response import HttpResponseBase
from django.views.decorators.http import require_safe

from faceapp.accounts.requests import SignedInRequest
from faceapp.core.filenames import saved_name
from faceapp.core.serving import serve_file
from faceapp.library import access
from faceapp.library.models import Video

# by FFmpeg's name of the container; what is not here is offered as bytes, never guessed from a stranger's file name
CONTENT_TYPES = {
    "mov": "video/mp4",
    "mp4": "video/mp4",
    "matroska": "video/x-matroska",
    "webm": "video/webm",
    "avi": "video/x-msvideo",
    "mpegts": "video/mp2t",
    "mpeg": "video/mpeg",
    "ogg": "video/ogg",
    "asf": "video/x-ms-asf",
    "flv": "video/x-flv",
    "gif": "image/gif",
}
DAY_S = 24 * 3600


def content_type_of(video: Video) -> str:
    if video.container.startswith("matroska") and video.codec in ("vp8", "vp9", "av1"):
        return "video/webm"  # the demuxer is the same; browsers play it under this name
    names = video.container.split(",")
    return next((CONTENT_TYPES[name] for name in names if name in CONTENT_TYPES), "application/octet-stream")


@require_safe
def video_media(request: SignedInRequest, pk: UUID) -> HttpResponseBase:
    """What the browser plays: the file, or its h264 proxy. With `?original` the file as it came, to be saved."""
    video = access.get_video_or_404(request.user, pk)
    name = saved_name(video.name)
    is_original = "original" in request.GET
    if video.proxy and not is_original:
        return serve_file(request, str(video.proxy.name), content_type="video/mp4", filename=f"{name}.mp4")
    return serve_file(
        request,
        str(video.file.name),
        content_type=content_type_of(video),
        filename=name,
        as_attachment=is_original,
    )


@require_safe
def video_poster(request: SignedInRequest, pk: UUID) -> HttpResponseBase:
    video = access.get_video_or_404(request.user, pk)
    if not video.poster:
        raise Http404
    return serve_file(
        request, str(video.poster.name), content_type="image/jpeg", filename="poster.jpg", max_age_s=DAY_S
    )
