"""Uploads that can be resumed: the server's side of tus 1.0 (https://tus.io/protocols/resumable-upload).

Extensions: creation, creation-defer-length, termination. `GET` on an upload is ours: what has become of it.

The answer to the last PATCH tells what the file is: 200 with {"video": address, "id", "already_here": false}, or
`already_here: true` when the project holds the same file; 4xx with {"error": sentence} when it is refused.
"""

from __future__ import annotations

import base64
import binascii
from typing import Any
from uuid import UUID

from django.conf import settings
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.views import View

from faceapp.accounts.requests import SignedInRequest
from faceapp.core.numbers import whole
from faceapp.library import access, uploads
from faceapp.library.models import Upload, Video
from faceapp.library.refusals import AlreadyHere, UploadRefused

TUS = "1.0.0"
CONTENT_TYPE = "application/offset+octet-stream"
ABOUT = {"Tus-Version": TUS, "Tus-Extension": "creation,creation-defer-length,termination"}


class TusView(View):
    """What the protocol asks of every answer. `on_accepted` is called with each video that has come in."""

    on_accepted: uploads.Accepted | None = None

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if request.method not in ("GET", "OPTIONS") and request.headers.get("Tus-Resumable") != TUS:
            response: HttpResponseBase = HttpResponse(status=412, headers={"Tus-Version": TUS})
        else:
            response = self._answer(request, *args, **kwargs)
        response["Tus-Resumable"] = TUS
        response["Cache-Control"] = "no-store"
        return response

    def _answer(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        try:
            return super().dispatch(request, *args, **kwargs)
        except UploadRefused as refused:
            return _error(refused.sentence, refused.status)
        except uploads.Busy:
            return _error("Another request is writing to this upload. Try again in a moment.", 423)
        except Upload.DoesNotExist:
            raise Http404 from None

    def options(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return HttpResponse(status=204, headers={**ABOUT, "Tus-Max-Size": str(settings.MAX_UPLOAD_BYTES)})


class Creation(TusView):
    """`POST /uploads/`: announces a file. Metadata: `filename`, and `project`, its id."""

    http_method_names = ["post", "options"]

    def post(self, request: SignedInRequest) -> HttpResponse:
        metadata = read_metadata(request.headers.get("Upload-Metadata", ""))
        try:
            project = access.get_project_or_404(request.user, metadata.get("project", ""))
        except ValidationError:
            raise UploadRefused(
                "The project is missing. State which project the file belongs to.", status=400
            ) from None
        upload = uploads.begin(
            project=project, user=request.user, name=metadata.get("filename", ""), size_bytes=_announced(request)
        )
        return HttpResponse(status=201, headers={"Location": reverse("library:upload_part", args=[upload.pk])})


class Part(TusView):
    """`/uploads/<id>`: how much is here (HEAD), more of it (PATCH), what became of it (GET), give up (DELETE)."""

    http_method_names = ["head", "patch", "get", "delete", "options"]

    def head(self, request: SignedInRequest, pk: UUID) -> HttpResponse:
        upload = access.get_upload_or_404(request.user, pk)
        with uploads.sole_use(upload):  # else bytes of a request that is ending could still come behind the answer
            if upload.refusal:
                return HttpResponse(status=410)
            return _with_offset(HttpResponse(), upload)

    def patch(self, request: SignedInRequest, pk: UUID) -> HttpResponse:
        upload = access.get_upload_or_404(request.user, pk)
        if request.content_type != CONTENT_TYPE:
            return _error(f"The content type must be {CONTENT_TYPE}.", 415)
        with uploads.sole_use(upload):
            if upload.refusal:
                return _error(upload.refusal, 410)
            if request.headers.get("Upload-Offset") != str(upload.offset_bytes):
                return _with_offset(
                    _error(f"{upload.offset_bytes} bytes have arrived. Continue from there.", 409), upload
                )
            if uploads.is_complete(upload):  # the answer to the last piece was not heard
                return _with_offset(self._finish(upload), upload)
            if upload.size_bytes is None and "Upload-Length" in request.headers:
                uploads.declare_size(upload, _length(request.headers["Upload-Length"]))
            uploads.keep_room(upload, _content_length(request) or 0)
            uploads.append(upload, request, _content_length(request))
            if uploads.is_complete(upload):
                return _with_offset(self._finish(upload), upload)
        return _with_offset(HttpResponse(status=204), upload)

    def get(self, request: SignedInRequest, pk: UUID) -> HttpResponse:
        """For a client that did not hear the answer to its last PATCH: `{"state": "receiving" | "accepted", …}`."""
        upload = access.get_upload_or_404(request.user, pk)
        with uploads.sole_use(upload):
            if uploads.is_complete(upload) or upload.refusal:
                return self._finish(upload)
        facts = {"state": "receiving", "offset_bytes": upload.offset_bytes, "size_bytes": upload.size_bytes}
        return JsonResponse(facts)

    def delete(self, request: SignedInRequest, pk: UUID) -> HttpResponse:
        upload = access.get_upload_or_404(request.user, pk)
        with uploads.sole_use(upload):
            uploads.cancel(upload)
        return HttpResponse(status=204)

    def _finish(self, upload: Upload) -> HttpResponse:
        try:
            video = uploads.finish(upload, self.on_accepted or _nothing)
        except AlreadyHere as same:
            return _accepted(same.video, already_here=True, sentence=same.sentence)
        return _accepted(video, already_here=False)


def read_metadata(header: str) -> dict[str, str]:
    """`name base64, name base64 …`; what cannot be read is left out."""
    pairs = (pair.strip().partition(" ") for pair in header.split(","))
    return {name: _decode(value) for name, _, value in pairs if name}


def _decode(value: str) -> str:
    try:
        return base64.b64decode(value).decode(errors="replace")
    except (binascii.Error, ValueError):
        return ""


def _announced(request: HttpRequest) -> int | None:
    if request.headers.get("Upload-Defer-Length") == "1":
        return None
    return _length(request.headers.get("Upload-Length", ""))


def _length(value: str) -> int:
    n_bytes = whole(value)
    if n_bytes is None:
        raise UploadRefused("The length is missing. State how many bytes the file has.", status=400)
    return n_bytes


def _content_length(request: HttpRequest) -> int | None:
    return whole(request.headers.get("Content-Length", ""))


def _with_offset(response: HttpResponse, upload: Upload) -> HttpResponse:
    response["Upload-Offset"] = str(upload.offset_bytes)
    if upload.size_bytes is None:
        response["Upload-Defer-Length"] = "1"
    else:
        response["Upload-Length"] = str(upload.size_bytes)
    return response


def _accepted(video: Video, *, already_here: bool, sentence: str = "") -> HttpResponse:
    address = reverse("results:video_detail", args=[video.pk])
    facts = {"state": "accepted", "video": address, "id": str(video.pk), "already_here": already_here}
    return JsonResponse({**facts, "sentence": sentence}, headers={"Faceline-Video": address})


def _error(sentence: str, status: int) -> HttpResponse:
    return JsonResponse({"error": sentence}, status=status)


def _nothing(_video: Video, _user: object) -> None:
    """A library that stands alone starts nothing."""
