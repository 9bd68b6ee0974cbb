"""The Celery tasks: workers are told that there may be work, and do what is due until nothing is.

What is due, and whose it is, is decided by rows (`claiming.py`). Decoding and networks run in a child process
(`analysis.child`), so that this one stays light and alive.
"""

from __future__ import annotations

from typing import Any

from celery import shared_task
from celery.signals import worker_ready, worker_shutting_down
from django.conf import settings
from django.db import close_old_connections

from analysis import verbs
from analysis.config import AnalysisConfig
from faceapp.worker import reaper
from faceapp.worker.claiming import claim_work
from faceapp.worker.performing import engine, perform, stopping

WARM_UP_VIDEO = settings.BASE_DIR / "static" / "sample" / "faceline-sample.mp4"


@worker_ready.connect  # type: ignore[untyped-decorator]
def warm_up(sender: Any = None, **_: Any) -> None:
    """Load the networks before the first video comes; not in a worker that works on no runs."""
    if sender is None or settings.RUNS_QUEUE in sender.app.amqp.queues.consume_from:
        engine().warm_up(verbs.WarmUp(WARM_UP_VIDEO, AnalysisConfig()))


@worker_shutting_down.connect  # type: ignore[untyped-decorator]
def stop(**_: Any) -> None:
    """On SIGTERM, give back what is being done."""
    stopping.set()


@shared_task(name="worker.work", bind=True)  # type: ignore[untyped-decorator]
def work(self: Any) -> None:
    """Do what is due in the queue that the message came from."""
    queue = self.request.delivery_info["routing_key"]
    while not stopping.is_set():
        close_old_connections()
        claimed = claim_work(queue)
        if claimed is None:
            if queue == settings.RUNS_QUEUE:
                warm_up()  # if its process was ended meanwhile
            return
        perform(claimed)


@shared_task(name="worker.reap")  # type: ignore[untyped-decorator]
def reap() -> None:
    """Asked for by beat, in the queue `upkeep`, so that it never waits behind a video."""
    reaper.reap()
