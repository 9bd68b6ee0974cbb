"""Writes about people, teams and tokens."""

from __future__ import annotations

import hashlib
import re
import secrets
import unicodedata
from dataclasses import dataclass
from datetime import timedelta

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from faceapp.accounts.models import ApiToken, Membership, Team, User
from faceapp.core.names import INVISIBLE, is_visible

FIRST_USERNAME = "admin"
TOKEN_PREFIX = "fl_"
LAST_USE_IS_EXACT_TO = timedelta(minutes=1)  # one write a minute at most


class TeamChangeRefused(Exception):
    """Cannot be done; the message is a sentence for the user."""


@dataclass(frozen=True, slots=True)
class NewAccount:
    """An account whose password was made for it, to be shown once."""

    user: User
    password: str


def make_password() -> str:
    """18 characters that a person can type: 108 bits."""
    return secrets.token_urlsafe(14)[:18]


@transaction.atomic
def create_team(*, name: str, owner: User) -> Team:
    """
    Raises:
        TeamChangeRefused: nothing of the name can be seen.
    """
    if not is_visible(name):
        raise TeamChangeRefused(INVISIBLE)
    team = Team.objects.create(name=name)
    Membership.objects.create(team=team, user=owner, role=Membership.Role.OWNER)
    return team


def create_account(*, username: str, name: str = "", password: str = "", is_staff: bool = False) -> NewAccount:
    """An account, with a random password unless one is given. `name` is what others see in place of the username.

    Raises:
        TeamChangeRefused: the name is taken, or nothing of it can be seen.
    """
    if not is_visible(username):
        raise TeamChangeRefused(INVISIBLE)
    if User.objects.filter(username__iexact=username).exists():
        raise TeamChangeRefused(f"The account “{username}” already exists.")
    password = password or make_password()
    user = User.objects.create_user(
        username, password=password, first_name=name, is_staff=is_staff, is_superuser=is_staff
    )
    return NewAccount(user, password)


@transaction.atomic
def create_first_account() -> NewAccount | None:
    """The account of a new installation, with a team of its own; nothing when there is any account."""
    if User.objects.exists():
        return None
    account = create_account(username=FIRST_USERNAME, is_staff=True)
    create_team(name="My team", owner=account.user)
    return account


def add_member(*, team: Team, user: User, role: str = Membership.Role.MEMBER) -> Membership:
    """Adds a person to a team; who is in it already stays as they are."""
    membership, _ = Membership.objects.get_or_create(team=team, user=user, defaults={"role": role})
    return membership


@transaction.atomic
def invite_member(*, team: Team, name: str) -> NewAccount:
    """A new account in a team, under a username that is made from the name.

    Every username ends with a random number: an owner of a team does not learn which names other teams use.

    Raises:
        TeamChangeRefused: nothing of the name can be seen.
    """
    if not is_visible(name):
        raise TeamChangeRefused(INVISIBLE)
    account = create_account(username=_free_username(name), name=name)
    add_member(team=team, user=account.user)
    return account


def _free_username(name: str) -> str:
    """`Anna Müller` → `anna-müller-4821`."""
    letters = re.sub(r"[^\w.@+-]+", "-", unicodedata.normalize("NFKC", name).casefold()).strip("-")
    while True:
        username = f"{letters or 'person'}-{secrets.randbelow(9000) + 1000}"
        if not User.objects.filter(username__iexact=username).exists():
            return username


@transaction.atomic
def remove_member(*, membership: Membership) -> None:
    """
    Raises:
        TeamChangeRefused: it is the team's last owner.
    """
    owners = Membership.objects.select_for_update().filter(team=membership.team, role=Membership.Role.OWNER)
    others = [owner for owner in owners if owner.pk != membership.pk]  # read, and so locked: a count locks nothing
    if membership.role == Membership.Role.OWNER and not others:
        raise TeamChangeRefused("A team needs at least one owner.")
    membership.delete()


def create_token(*, user: User, name: str, scope: str = ApiToken.Scope.READ, days: int = 0) -> tuple[ApiToken, str]:
    """A token and, this once, its text. `days`: how long it is valid; 0: until it is revoked."""
    text = TOKEN_PREFIX + secrets.token_urlsafe(32)
    expires_at = timezone.now() + timedelta(days=days) if days else None
    kept = {"sha256": hash_of(text), "hint": text[:8], "expires_at": expires_at}
    token = ApiToken.objects.create(user=user, name=name, scope=scope, **kept)
    return token, text


def revoke_token(*, token: ApiToken) -> None:
    ApiToken.objects.filter(pk=token.pk, revoked_at=None).update(revoked_at=timezone.now())


def use_token(text: str) -> ApiToken | None:
    """The token with this text, if it is valid; notes its use."""
    now = timezone.now()
    is_in_time = Q(expires_at=None) | Q(expires_at__gt=now)
    valid = ApiToken.objects.filter(is_in_time, sha256=hash_of(text), revoked_at=None, user__is_active=True)
    token = valid.select_related("user").first()
    if token and (token.last_used_at is None or now - token.last_used_at > LAST_USE_IS_EXACT_TO):
        ApiToken.objects.filter(pk=token.pk).update(last_used_at=now)
    return token


def hash_of(text: str) -> str:
    """Tokens are random and long: a plain hash cannot be guessed back, and can be looked up."""
    return hashlib.sha256(text.encode()).hexdigest()
