"""Makes the first account of a new installation."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from faceapp.accounts.services import create_first_account


class Command(BaseCommand):
    help = "Makes the first account and prints its password, this once. Does nothing when there is any account."

    def handle(self, *args: Any, **options: Any) -> None:
        account = create_first_account()
        if account:
            self.stdout.write(f"First account: {account.user.username}")
            self.stdout.write(f"Password:      {account.password}   (shown this once; change it under Settings)")
