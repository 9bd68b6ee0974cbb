"""Passwords cannot be guessed: each try is counted before the password is looked at, also of tries at once."""

from __future__ import annotations

import hashlib

import structlog
from django.conf import settings
from django.db.models import QuerySet
from django.utils import timezone

from faceapp.accounts.models import SignInTry, User

log = structlog.get_logger(__name__)

TIMES_AN_ADDRESS = 10  # more tries than for one account: an office has one address


class Locked(Exception):
    """Too many tries, of this account or from this address."""


def begin_try(*, username: str, address: str) -> SignInTry:
    """Before a password is looked at.

    Raises:
        Locked: it is one too many; it does not count itself, so that nobody can keep an account locked for ever.
    """
    mine = SignInTry.objects.create(account=_key_of(username), address=address)
    n_account = _recent().filter(account=mine.account).count()
    n_address = _recent().filter(address=address).count()
    if n_account > settings.SIGN_IN_TRIES or n_address > settings.SIGN_IN_TRIES * TIMES_AN_ADDRESS:
        mine.delete()
        _tell(username, address, by_account=n_account > settings.SIGN_IN_TRIES)
        raise Locked
    return mine


def forget_tries(mine: SignInTry) -> None:
    """The password was right: the account starts anew. Others' tries from this address go on counting."""
    SignInTry.objects.filter(account=mine.account).delete()


def unlock(username: str) -> int:
    """How many tries of this account were forgotten."""
    return SignInTry.objects.filter(account=_key_of(username)).delete()[0]


def tidy() -> None:
    """Forgets tries that lock nobody any more."""
    SignInTry.objects.exclude(pk__in=_recent().values("pk")).delete()


def _recent() -> QuerySet[SignInTry]:
    return SignInTry.objects.filter(tried_at__gt=timezone.now() - settings.SIGN_IN_LOCK)


def _key_of(username: str) -> str:
    """A hash: what is typed as a name may be a password."""
    return hashlib.sha256(username.casefold().encode(errors="replace")).hexdigest()


def _tell(username: str, address: str, *, by_account: bool) -> None:
    """Names accounts that there are, and no others, for the same reason."""
    known = User.objects.filter(username__iexact=username).values_list("username", flat=True).first()
    locked = "account" if by_account else "address"
    log.warning("sign_in_locked", locked=locked, account=known or "no such account", address=address)
