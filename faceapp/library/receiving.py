"""Files in forms: none but the API's, straight to the disk, and never more than may come in."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.exceptions import RequestDataTooBig, SuspiciousOperation
from django.core.files.uploadhandler import FileUploadHandler, TemporaryFileUploadHandler
from django.http import HttpRequest

from faceapp.library import limits

FORM_BYTES = 1_000_000  # what a form has beside its file


def take_files(request: HttpRequest) -> None:
    """From here on the request's form may bring files; before, none is even begun (`NoFiles`)."""
    request.upload_handlers = [LimitedUploadHandler(request)]


class NoFiles(FileUploadHandler):
    """Of all forms of the site: none has a file. A form is read before it is known who sent it.

    Raises:
        SuspiciousOperation: a file begins; nothing of it is read.
    """

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        raise SuspiciousOperation("This form accepts no files.")


class LimitedUploadHandler(TemporaryFileUploadHandler):
    """
    Raises:
        RequestDataTooBig: before a byte is read when the size is declared, at the limit when it is not.
    """

    n_received = 0

    def handle_raw_input(self, input_data: Any, META: Any, content_length: int, *rest: Any) -> None:  # noqa: N803
        self._check(content_length - FORM_BYTES)
        if content_length > limits.free_bytes():
            raise RequestDataTooBig("The server's disk is too full for this file.")

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        self.n_received += len(raw_data)
        self._check(self.n_received)
        super().receive_data_chunk(raw_data, start)

    def _check(self, n_bytes: int) -> None:
        if n_bytes > settings.MAX_UPLOAD_BYTES:
            self.upload_interrupted()  # removes what is here
            most = limits.in_words(settings.MAX_UPLOAD_BYTES)
            raise RequestDataTooBig(f"The file is larger than {most}, the limit of this server.")
