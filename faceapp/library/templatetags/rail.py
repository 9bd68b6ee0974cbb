"""What the rail shows of the library."""

from __future__ import annotations

from typing import Any

from django import template
from django.template.context import RequestContext

from faceapp.library import access

register = template.Library()


@register.inclusion_tag("partials/_rail_projects.html", takes_context=True)
def rail_projects(context: RequestContext) -> dict[str, Any]:
    """The projects that the person who looks may open."""
    request = context["request"]
    return {
        "projects": access.projects_of(request.user).order_by("is_sample", "name")[:12],
        "active": request.GET.get("project"),
    }


@register.simple_tag(takes_context=True)
def rail_count(context: RequestContext) -> int | str:
    """How many videos there are; nothing for none."""
    return access.counted_videos_of(context["request"].user).count() or ""
