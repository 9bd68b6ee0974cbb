"""Notifies workers that there may be work. Messages carry no state; losing all of them only costs some seconds."""

from __future__ import annotations

import logging

from django.conf import settings
from kombu.exceptions import OperationalError
from redis.exceptions import RedisError

from faceapp.celery import app

logger = logging.getLogger(__name__)

WORK_TASK = "worker.work"  # by name: this app lies below the workers' room
PROXY_QUEUE = "cpu"
MOST_NOTIFICATIONS = 16  # a worker takes work until none is left


def notify_workers(n_waiting: int = 1) -> bool:
    """Notify as many workers as there is work waiting.

    Where runs wait for graphics cards, a worker on processors is notified as well: there may be a copy to make.

    Returns:
        False when the queue is not reachable. The reaper notifies again.
    """
    queues = [settings.RUNS_QUEUE] * min(n_waiting, MOST_NOTIFICATIONS)
    if settings.RUNS_QUEUE != PROXY_QUEUE:
        queues.append(PROXY_QUEUE)
    try:
        with app.connection_for_write() as connection:
            connection.ensure_connection(max_retries=0, timeout=settings.CELERY_BROKER_CONNECTION_TIMEOUT)
            for queue in queues:
                app.send_task(
                    WORK_TASK,
                    queue=queue,
                    connection=connection,
                    retry=False,
                    expires=settings.RUNS_NOTIFICATION_EXPIRES_S,
                )
    except (OperationalError, RedisError, OSError) as error:
        logger.warning("the queue is not reachable: %s", error)
        return False
    return True


def is_reachable() -> bool:
    """Whether the queue answers now."""
    try:
        with app.connection_for_write() as connection:
            connection.ensure_connection(max_retries=0, timeout=1)
    except (OperationalError, RedisError, OSError):
        return False
    return True
