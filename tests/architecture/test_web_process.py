"""A web process stays light: it has never loaded the networks' libraries."""

from __future__ import annotations

import subprocess
import sys

HEAVY = ("torch", "cv2", "openvino", "av")


def modules_loaded_by(code: str) -> set[str]:
    """The names in `sys.modules` after a fresh interpreter has run this code."""
    script = f"{code}\nimport sys; print(*sys.modules, sep='\\n')"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    return set(done.stdout.split())


def test_loading_every_address_of_the_site_loads_no_network_library() -> None:
    loaded = modules_loaded_by(
        "import os; os.environ['DJANGO_SETTINGS_MODULE'] = 'faceapp.settings'\n"
        "import faceapp.asgi; from django.urls import get_resolver; get_resolver().url_patterns"
    )
    assert "faceapp.urls" in loaded
    assert not loaded.intersection(HEAVY)


def test_the_celery_side_of_the_web_loads_no_network_library() -> None:
    loaded = modules_loaded_by(
        "import os; os.environ['DJANGO_SETTINGS_MODULE'] = 'faceapp.settings'\n"
        "import django; django.setup(); import faceapp.worker.tasks"
    )
    assert not loaded.intersection(HEAVY)


def test_the_engines_nouns_load_without_it_either() -> None:
    assert not modules_loaded_by("import analysis.types, analysis.config, analysis.serialize").intersection(HEAVY)
