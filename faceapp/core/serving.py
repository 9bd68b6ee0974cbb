"""Sends one file, or one range of it, as RFC 9110 says; in production the proxy before us sends the bytes."""

from __future__ import annotations

import os
import re
import stat
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

from django.conf import settings
from django.core.exceptions import SuspiciousFileOperation
from django.http import HttpRequest, HttpResponse, HttpResponseNotModified, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.utils._os import safe_join
from django.utils.http import content_disposition_header, http_date, parse_etags

from faceapp.core.errors import NotHere

MISSING = "This file is missing on the server. Ask your administrator to restore it from a backup."
PIECE_BYTES = 256 * 1024
ONE_RANGE = re.compile(r"bytes=(\d{1,18})?-(\d{1,18})?")


@dataclass(frozen=True, slots=True)
class ByteRange:
    """Bytes ``[start, end)`` of a file."""

    start: int
    end: int


class RangeNotSatisfiable(Exception):
    """Lies outside of the file, or is no single range of bytes."""


def parse_range(header: str, size: int) -> ByteRange:
    """The one range that a header asks for, cut to the file's size.

    Raises:
        RangeNotSatisfiable: several ranges, negative or reversed ones, or one that starts behind the end.
    """
    match = ONE_RANGE.fullmatch(header.strip())
    if not match or match.groups() == (None, None):
        raise RangeNotSatisfiable
    first, last = match.groups()
    if first is None:  # the last n bytes
        start, end = max(0, size - int(last)), size
    else:
        start, end = int(first), size if last is None else min(int(last) + 1, size)
    if start >= end:
        raise RangeNotSatisfiable
    return ByteRange(start, end)


def serve_file(
    request: HttpRequest,
    name: str,
    *,
    content_type: str,
    filename: str,
    as_attachment: bool = False,
    max_age_s: int = 0,
) -> HttpResponseBase:
    """The file that the media storage calls `name`; `filename` is what a browser would save it as.

    Raises:
        NotHere: there is no such file among the media.
    """
    try:
        path = Path(safe_join(settings.MEDIA_ROOT, name))
        facts = path.stat()
    except (FileNotFoundError, NotADirectoryError, SuspiciousFileOperation, ValueError):
        raise NotHere(MISSING) from None
    if not stat.S_ISREG(facts.st_mode):
        raise NotHere(MISSING)
    etag = f'"{facts.st_mtime_ns:x}-{facts.st_size:x}"'
    if settings.ACCEL_REDIRECT_PREFIX:
        response: HttpResponseBase = HttpResponse()
        response["X-Accel-Redirect"] = quote(f"{settings.ACCEL_REDIRECT_PREFIX.rstrip('/')}/{name}")
    elif _is_known(request, etag):
        response = HttpResponseNotModified()
    else:
        response = _answer(request, path, facts, etag)
    response["ETag"] = etag
    response["Last-Modified"] = http_date(facts.st_mtime)
    response["Cache-Control"] = f"private, max-age={max_age_s}" if max_age_s else "private, no-cache"
    response["Accept-Ranges"] = "bytes"
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"  # should a browser show it as a page
    response["Content-Disposition"] = content_disposition_header(as_attachment, filename) or "inline"
    if response.status_code != 304:
        response["Content-Type"] = content_type
    return response


def _is_known(request: HttpRequest, etag: str) -> bool:
    known = parse_etags(request.headers.get("If-None-Match", ""))
    return etag in known or "*" in known


def _answer(request: HttpRequest, path: Path, facts: os.stat_result, etag: str) -> HttpResponseBase:
    whole = ByteRange(0, facts.st_size)
    header = request.headers.get("Range", "")
    has_changed = request.headers.get("If-Range", etag) not in (etag, http_date(facts.st_mtime))
    if not header or has_changed or request.method not in ("GET", "HEAD"):
        return _send(request, path, whole, status=200)
    try:
        part = parse_range(header, facts.st_size)
    except RangeNotSatisfiable:
        return HttpResponse(status=416, headers={"Content-Range": f"bytes */{facts.st_size}"})
    response = _send(request, path, part, status=206)
    response["Content-Range"] = f"bytes {part.start}-{part.end - 1}/{facts.st_size}"
    return response


def _send(request: HttpRequest, path: Path, part: ByteRange, *, status: int) -> HttpResponseBase:
    content = iter(()) if request.method == "HEAD" else _pieces(path, part)
    response = StreamingHttpResponse(content, status=status)
    response["Content-Length"] = str(part.end - part.start)
    return response


def _pieces(path: Path, part: ByteRange) -> Iterator[bytes]:
    left = part.end - part.start
    with path.open("rb") as file:
        file.seek(part.start)
        while left > 0 and (piece := file.read(min(PIECE_BYTES, left))):
            left -= len(piece)
            yield piece
