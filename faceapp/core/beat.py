"""The clock of upkeep: `CELERY_BEAT_SCHEDULER`."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from celery.beat import PersistentScheduler


class SteadyScheduler(PersistentScheduler):  # type: ignore[misc]
    """Goes on at once when the machine's clock is put back; beat's own would wait until the old time comes again."""

    def tick(self, *args: Any, **options: Any) -> Any:
        now = self.app.now()
        ahead = [entry for entry in self.schedule.values() if entry.last_run_at > now + timedelta(seconds=1)]
        for entry in ahead:
            entry.last_run_at = now
        if ahead:
            self._heap = None  # made anew: its times are of the clock before
        return super().tick(*args, **options)
