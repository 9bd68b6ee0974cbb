"""The queue: `celery -A faceapp worker`. Its settings are the `CELERY_` names of faceapp.settings.

Queues: `cpu` and `gpu` for work on videos (one thread a worker), `upkeep` for short tasks that must not wait for it.
"""

from __future__ import annotations

import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "faceapp.settings")

app = Celery("faceapp")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()  # <app>/tasks.py
