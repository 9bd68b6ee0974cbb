from __future__ import annotations

from django.apps import AppConfig


class ApiConfig(AppConfig):
    name = "faceapp.api"

    def ready(self) -> None:
        from faceapp.api import schema  # noqa: F401  drf-spectacular finds it by being imported
