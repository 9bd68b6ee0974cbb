"""The queue may be away: nothing breaks, and nothing waits long."""

from __future__ import annotations

import subprocess
import sys
import time
from collections import Counter

import pytest
from kombu import Connection

from faceapp.runs import dispatch
from faceapp.runs.dispatch import notify_workers  # the function itself, before a fixture puts another in its place


@pytest.mark.parametrize(
    ("queue", "heard"), [("cpu", {"cpu": 3}), ("gpu", {"gpu": 3, "cpu": 1})], ids=["processors", "graphics cards"]
)
def test_notifications_reach_the_queues_that_workers_listen_to(settings, monkeypatch, queue, heard):
    settings.RUNS_QUEUE = queue
    told = Counter()
    monkeypatch.setattr(dispatch.app, "send_task", lambda name, queue, **_: told.update([queue]))
    monkeypatch.setattr(dispatch.app, "connection_for_write", lambda: Connection("memory://"))
    assert notify_workers(3)
    assert told == heard


CODE = """
import django; django.setup()
from faceapp.runs import dispatch
from faceapp.runs.dispatch import notify_workers  # the function itself, before a fixture puts another in its place
print(dispatch.notify_workers(3), dispatch.is_reachable())
"""


def test_a_bell_without_a_queue_is_given_up_within_seconds(tmp_path):
    environment = {
        "DJANGO_SETTINGS_MODULE": "faceapp.settings",
        "FACELINE_HOME": str(tmp_path),
        "FACELINE_BROKER_URL": "redis://127.0.0.1:9/0",
        "FACELINE_LOG_LEVEL": "ERROR",
    }
    begun_s = time.monotonic()
    done = subprocess.run([sys.executable, "-c", CODE], env=environment, capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["False", "False"]
    assert time.monotonic() - begun_s < 20
