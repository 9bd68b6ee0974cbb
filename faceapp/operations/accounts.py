"""Accounts of the whole installation, as staff manages them."""

from __future__ import annotations

from django.db import transaction
from django.db.models import QuerySet

from faceapp.accounts.models import Membership, Team, User
from faceapp.accounts.services import (
    NewAccount,
    TeamChangeRefused,
    add_member,
    create_account,
    create_team,
    make_password,
)
from faceapp.library.models import Project


def all_accounts() -> QuerySet[User]:
    return User.objects.prefetch_related("memberships__team").order_by("-is_active", "username")


@transaction.atomic
def create(*, username: str, name: str, team: Team | None, is_staff: bool) -> NewAccount:
    """An account in a team; without one, in a new team of its own.

    Raises:
        TeamChangeRefused: the username is taken.
    """
    account = create_account(username=username, name=name, is_staff=is_staff)
    if team:
        add_member(team=team, user=account.user)
    else:
        create_team(name=f"{name or username}'s team", owner=account.user)
    return account


@transaction.atomic
def reset_password(*, account: User) -> NewAccount:
    """A new random password, which ends the sessions of the account."""
    password = make_password()
    account.set_password(password)
    account.save(update_fields=["password"])
    return NewAccount(account, password)


@transaction.atomic
def set_active(*, account: User, is_active: bool, by: User) -> None:
    """One that is not active cannot sign in; its sessions and tokens are worth nothing until it is active again.

    Raises:
        TeamChangeRefused: it is one's own, or the last active one of staff.
    """
    if not is_active:
        _check_may_go(account, by)
    User.objects.filter(pk=account.pk).update(is_active=is_active)


@transaction.atomic
def delete(*, account: User, by: User) -> None:
    """With its tokens and memberships. What it uploaded stays with the team, as that of "a former member".

    A team whose only owner it is goes to the member who is there for longest; one without anybody else goes with it.

    Raises:
        TeamChangeRefused: see `set_active`; or projects would belong to nobody.
    """
    _check_may_go(account, by)
    for membership in account.memberships.filter(role=Membership.Role.OWNER).select_related("team"):
        _leave_team(membership)
    account.delete()


def _leave_team(membership: Membership) -> None:
    others = Membership.objects.filter(team=membership.team).exclude(pk=membership.pk).order_by("pk")
    if others.filter(role=Membership.Role.OWNER).exists():
        return
    heir = others.first()
    if heir:
        Membership.objects.filter(pk=heir.pk).update(role=Membership.Role.OWNER)
    elif Project.objects.filter(team=membership.team).exists():
        raise TeamChangeRefused(
            f"“{membership.team}” has projects and nobody else. Add a person to it, or delete its projects first."
        )
    else:
        membership.team.delete()


def _check_may_go(account: User, by: User) -> None:
    if account == by:
        raise TeamChangeRefused("You cannot deactivate or delete your own account.")
    staff = User.objects.select_for_update().filter(is_staff=True, is_active=True)
    if account.is_staff and not [other for other in staff if other.pk != account.pk]:
        raise TeamChangeRefused("An installation needs at least one active account of staff.")
