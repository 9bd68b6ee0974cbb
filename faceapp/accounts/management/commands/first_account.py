"""Makes the first account of a new installation."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from faceapp.accounts.services import create_first_account


class Command(BaseCommand):
    help = "Creates the first account and prints its password once. Does nothing if any account exists."

    def handle(self, *args: Any, **options: Any) -> None:
        account = create_first_account()
        if account:
            self.stdout.write(f"First account: {account.user.username}")
            self.stdout.write(f"Password:      {account.password}   (shown only once; change it under Settings)")
