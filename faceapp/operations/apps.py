from __future__ import annotations

from typing import Any

import structlog
from django.apps import AppConfig
from django.db.models.signals import pre_migrate

log = structlog.get_logger(__name__)
A_NEW_DATABASE = "accounts.0001_initial"


class OperationsConfig(AppConfig):
    """What keeps an installation running."""

    name = "faceapp.operations"

    def ready(self) -> None:
        pre_migrate.connect(look_before_changes, sender=self)


def look_before_changes(plan: list[tuple[Any, bool]], **_: Any) -> None:
    """Before `migrate`, of `manage.py up` and of compose.yaml as well: refuse what is newer, say what will change."""
    from faceapp.operations import schema

    schema.refuse_newer()
    names = [f"{migration.app_label}.{migration.name}" for migration, _ in plan]
    if names and A_NEW_DATABASE not in names:
        log.info("database_changes", changes=names)
