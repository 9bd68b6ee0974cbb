"""Renews the lease of one piece of work while a worker does it."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable

from django.conf import settings
from django.db import DatabaseError, connection

from analysis.child import ProcessDied
from faceapp.runs import leases
from faceapp.runs.models import Work
from faceapp.worker.kind import kind_of

logger = logging.getLogger(__name__)

TICK_S = 0.25
PROGRESS_EVERY_S = 1.0  # pages look every 2 s


def renew_lease(work: Work, progress: float) -> bool:
    """Put the lease forward. False: the work is no longer the caller's, or no longer wanted; stop it.

    True as well for what the caller has finished in the meantime: there is nothing to stop.
    """
    finished = type(work)._default_manager.all()
    return leases.renew(kind_of(work).wanted(), work, progress) or leases.is_finished(finished, work)


class LeaseRenewal:
    """Renews the lease in a thread of its own, and interrupts the work when it is no longer ours or no longer wanted.

    The interruption is repeated until the work ends, because it may come before there is anything to interrupt.
    """

    def __init__(self, work: Work, interrupt: Callable[[], None], stopping: threading.Event) -> None:
        self.is_interrupted = False
        self._work = work
        self._interrupt = interrupt
        self._stopping = stopping  # the worker was asked to end
        self._progress = 0.0
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._keep, name="lease renewal", daemon=True)

    def __enter__(self) -> LeaseRenewal:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._ended.set()
        self._thread.join()

    def report(self, progress: float) -> None:
        """The share of the work that is done, 0-1; written with the next renewal.

        Raises:
            ProcessDied: the work was interrupted.
        """
        self._progress = progress
        if self.is_interrupted:
            raise ProcessDied("interrupted", "The work was interrupted.")

    def _keep(self) -> None:
        written, written_at_s = 0.0, time.monotonic()
        try:
            while not self._ended.wait(TICK_S):
                age_s = time.monotonic() - written_at_s
                has_news = self._progress != written and age_s >= PROGRESS_EVERY_S
                if has_news or age_s >= min(settings.RUNS_RENEW_S, settings.RUNS_LEASE_S / 3):
                    written, written_at_s = self._progress, time.monotonic()
                    self.is_interrupted |= not self._renew(written)
                self.is_interrupted |= self._stopping.is_set()
                if self.is_interrupted:
                    self._interrupt()
        finally:
            connection.close()

    def _renew(self, progress: float) -> bool:
        try:
            return renew_lease(self._work, progress)
        except DatabaseError as error:  # it may come back before the lease ends; if not, the reaper decides
            logger.warning("cannot renew a lease: %s", error)
            connection.close()
            return True
