"""What an account is called on pages and in reports."""

from __future__ import annotations

from faceapp.accounts.models import User


def name_of_account(user: User | None) -> str:
    """The full name, else the name to sign in with; None is an account that was deleted."""
    return (user.get_full_name() or user.username) if user else "a former member"
