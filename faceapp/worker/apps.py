from __future__ import annotations

from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules


class WorkerConfig(AppConfig):
    """The workers' room: what is done in the background, by whom, and when."""

    name = "faceapp.worker"

    def ready(self) -> None:
        autodiscover_modules("kinds")  # <app>/kinds.py, of plugins too
