"""The only way a view gets a project, a video or an upload: to a stranger it is not there."""

from __future__ import annotations

from uuid import UUID

from django.contrib.auth.models import AnonymousUser
from django.db.models import QuerySet
from django.shortcuts import get_object_or_404

from faceapp.accounts.access import teams_of
from faceapp.accounts.models import User
from faceapp.library.models import Project, Upload, Video

Visitor = User | AnonymousUser


def projects_of(user: Visitor) -> QuerySet[Project]:
    return Project.objects.filter(team__in=teams_of(user))


def own_projects_of(user: Visitor) -> QuerySet[Project]:
    """Those that take files: without the sample's."""
    return projects_of(user).filter(is_sample=False)


def videos_of(user: Visitor) -> QuerySet[Video]:
    return Video.objects.filter(project__team__in=teams_of(user))


def counted_videos_of(user: Visitor) -> QuerySet[Video]:
    """What totals and "everything" speak of: the sample is opened by name alone, and never counted with the rest."""
    return videos_of(user).filter(project__is_sample=False)


def get_project_or_404(user: Visitor, pk: UUID | str) -> Project:
    return get_object_or_404(projects_of(user).select_related("team"), pk=pk)


def get_video_or_404(user: Visitor, pk: UUID | str) -> Video:
    return get_object_or_404(videos_of(user).select_related("project__team"), pk=pk)


def get_upload_or_404(user: Visitor, pk: UUID | str) -> Upload:
    """An upload is its user's own, and only while they may still see its project."""
    uploads = Upload.objects.filter(user__pk__in=[user.pk], project__in=projects_of(user))
    return get_object_or_404(uploads.select_related("project__team", "video"), pk=pk)
