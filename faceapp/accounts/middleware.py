"""Views of the site that programs may call as well, with a token in place of a session."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from rest_framework.exceptions import APIException
from rest_framework.request import Request

from faceapp.accounts.authentication import TokenAuthentication

View = Callable[..., HttpResponseBase]


def accepts_token(view: View) -> View:
    """Marks a view that programs may call as well."""
    view.accepts_token = True  # type: ignore[attr-defined]
    return view


class TokenMiddleware:
    """Signs in a program that shows its token to a marked view; it has no cookie, so nothing can be forged with it.

    It stands before the middleware that looks for a page's CSRF token; that of the session has run when views are
    looked at, wherever it stands.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: View, args: Any, kwargs: Any) -> HttpResponse | None:
        if not getattr(view, "accepts_token", False):
            return None
        try:
            found = TokenAuthentication().authenticate(Request(request))
        except APIException as refused:
            return JsonResponse({"error": str(refused.detail)}, status=refused.status_code)
        if found is not None:
            request.user, _ = found
            request.csrf_processing_done = True  # type: ignore[attr-defined]  # Django's own mark: nothing left to ask
        return None
