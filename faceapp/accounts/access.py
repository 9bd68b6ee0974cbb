"""The only way a view gets a team, a membership or a token: to a stranger it is not there."""

from __future__ import annotations

from uuid import UUID

from django.contrib.auth.models import AnonymousUser
from django.db.models import QuerySet
from django.shortcuts import get_object_or_404

from faceapp.accounts.models import ApiToken, Membership, Team, User


def teams_of(user: User | AnonymousUser) -> QuerySet[Team]:
    return Team.objects.filter(memberships__user_id=user.pk) if user.pk else Team.objects.none()


def teams_owned_by(user: User) -> QuerySet[Team]:
    return Team.objects.filter(memberships__user=user, memberships__role=Membership.Role.OWNER)


def get_team_owned_or_404(user: User, pk: UUID) -> Team:
    return get_object_or_404(teams_owned_by(user), pk=pk)


def get_membership_or_404(user: User, pk: int) -> Membership:
    """A membership in a team that this user owns."""
    return get_object_or_404(Membership.objects.filter(team__in=teams_owned_by(user)).select_related("team"), pk=pk)


def get_token_or_404(user: User, pk: UUID) -> ApiToken:
    return get_object_or_404(ApiToken, user=user, pk=pk)
