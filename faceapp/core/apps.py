"""The floor all apps stand on."""

from __future__ import annotations

from django.apps import AppConfig
from django.conf import settings
from django.contrib.staticfiles.apps import StaticFilesConfig

from analysis.attributes import attributes


class CoreConfig(AppConfig):
    name = "faceapp.core"

    def ready(self) -> None:
        """Makes the folders that everything else takes for granted, and loads the plugins: a bad one is told now."""
        attributes()
        for folder in (settings.HOME, settings.MEDIA_ROOT, settings.UPLOAD_DIR, settings.STATIC_ROOT):
            folder.mkdir(parents=True, exist_ok=True, mode=0o750)


class OurStaticFilesConfig(StaticFilesConfig):
    """Leaves out what libraries bring for pages that we do not have."""

    ignore_patterns = [*StaticFilesConfig.ignore_patterns, "rest_framework", "redoc"]
