"""The library page."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from faceapp.accounts.requests import SignedInRequest
from faceapp.library import access


@require_safe
def video_list(request: SignedInRequest) -> HttpResponse:
    return render(request, "library/video_list.html", {"videos": access.videos_of(request.user)})
