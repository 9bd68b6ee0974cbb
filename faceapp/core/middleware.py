"""What happens to every request: who it comes from, whether it must sign in, what a browser may do with the answer."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect

from faceapp.core.addresses import visitors_address

GetResponse = Callable[[HttpRequest], HttpResponse]
POWERFUL_FEATURES = ("camera", "microphone", "geolocation", "payment", "usb", "display-capture", "browsing-topics")


def address_of(request: HttpRequest) -> str:
    """The visitor's address."""
    return visitors_address(str(request.META.get("REMOTE_ADDR", "")), request.headers.get("X-Forwarded-For", ""))


class SignInMiddleware(LoginRequiredMiddleware):
    """Who is not signed in is led to the sign-in page; but what names an object is simply not there.

    A page that is opened in a browser leads to signing in, whether or not the object exists. Everything else (media,
    fragments, JSON, scripts of others) answers 404, as it does to a stranger.
    """

    def handle_no_permission(self, request: HttpRequest, view_func: Callable[..., Any]) -> HttpResponseRedirect:
        match = request.resolver_match
        is_page = "text/html" in request.headers.get("Accept", "") and "HX-Request" not in request.headers
        if match and match.kwargs and not is_page:
            raise Http404
        return super().handle_no_permission(request, view_func)


class BrowserRightsMiddleware:
    """Headers that take from our pages what they never need, and what they must not do: lie in caches of others."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        response.setdefault("Permissions-Policy", ", ".join(f"{feature}=()" for feature in POWERFUL_FEATURES))
        response.setdefault("Cross-Origin-Resource-Policy", "same-origin")
        response.setdefault("Cache-Control", "private, no-cache")
        return response
