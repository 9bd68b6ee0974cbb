"""Changing projects and videos."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_http_methods, require_POST

from faceapp.accounts.requests import SignedInRequest
from faceapp.library import access, services
from faceapp.library.forms import ProjectForm, VideoNameForm
from faceapp.library.services import AlreadyHere, UploadRefused


@require_http_methods(["GET", "POST"])
def project_create(request: SignedInRequest) -> HttpResponse:
    """The first project asks plainly which attributes may be computed."""
    form = ProjectForm(request.POST or None, user=request.user)
    if request.method == "POST" and form.is_valid():
        project = form.save()
        messages.success(request, f"Project “{project.name}” created.")
        return redirect(f"{reverse('library:video_list')}?project={project.pk}")
    is_first = not access.own_projects_of(request.user).exists()
    context = {"form": form, "project": None, "is_first": is_first}
    return render(request, "library/project_edit.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
def project_detail(request: SignedInRequest, pk: UUID) -> HttpResponse:
    project = access.get_project_or_404(request.user, pk)
    form = ProjectForm(request.POST or None, instance=project, user=request.user)
    if request.method == "POST" and form.is_valid():
        form.save()
        messages.success(
            request, "Saved. Results you switched off are hidden, and future analyses do not compute them."
        )
        return redirect("library:project_detail", pk=pk)
    context = {"form": form, "project": project, "is_first": False}
    return render(request, "library/project_edit.html", context, status=422 if form.errors else 200)


@require_POST
def project_delete(request: SignedInRequest, pk: UUID) -> HttpResponse:
    project = access.get_project_or_404(request.user, pk)
    services.delete_project(project=project)
    messages.success(request, f"Project “{project.name}” and all its videos deleted.")
    return redirect("library:video_list")


@require_POST
def video_rename(request: SignedInRequest, pk: UUID) -> HttpResponse:
    video = access.get_video_or_404(request.user, pk)
    form = VideoNameForm(request.POST)
    if not form.is_valid():
        messages.error(request, str(form.errors["name"][0]))
    else:
        services.rename_video(video=video, name=form.cleaned_data["name"])
    return redirect(_asked(request) or reverse("results:video_detail", args=[pk]))


@require_POST
def video_move(request: SignedInRequest, pk: UUID) -> HttpResponse:
    video = access.get_video_or_404(request.user, pk)
    try:
        project = access.get_project_or_404(request.user, request.POST.get("project", ""))
    except ValidationError:
        raise Http404 from None
    try:
        services.move_video(video=video, project=project)
        messages.success(request, f"“{video.name}” moved to “{project.name}”.")
    except AlreadyHere as same:
        messages.error(request, f"“{project.name}” already contains this file as “{same.video.name}”.")
    except UploadRefused as refused:
        messages.error(request, refused.sentence)
    return redirect(_asked(request) or "library:video_list")


@require_POST
def video_delete(request: SignedInRequest, pk: UUID) -> HttpResponse:
    video = access.get_video_or_404(request.user, pk)
    services.delete_video(video=video)
    messages.success(request, f"“{video.name}” and all its results deleted.")
    return redirect(_asked(request) or "library:video_list")


def _asked(request: SignedInRequest) -> str:
    """The page that a form came from, when it says so; empty else, and for other sites."""
    page = request.POST.get("next", "")
    return page if url_has_allowed_host_and_scheme(page, allowed_hosts=None) else ""
