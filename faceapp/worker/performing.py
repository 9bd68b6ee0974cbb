"""A worker does one claimed piece of work, and says how it went."""

from __future__ import annotations

import contextlib
import os
import signal
import threading
from functools import cache

from django.conf import settings

from analysis.child import EngineProcess, Limits, ProcessDied, RequestRefused
from faceapp.operations import presence
from faceapp.runs.models import Work
from faceapp.worker.failures import give_back, report_child_failure
from faceapp.worker.kind import kind_of
from faceapp.worker.lease_renewal import LeaseRenewal

stopping = threading.Event()  # set when this worker is asked to end


@cache
def engine() -> EngineProcess:
    """This worker's only engine process."""
    return EngineProcess(settings.RUNS_DEVICE, Limits(silence_s=settings.RUNS_SILENCE_S))


def perform(work: Work) -> None:
    """Do it while its lease is renewed. What goes wrong is counted, told to the user, or left to another worker."""
    with presence.doing(kind_of(work).doing, work), LeaseRenewal(work, _end_engine, stopping) as lease:
        try:
            kind_of(work).perform(work, engine(), lease.report)
        except RequestRefused as refused:
            report_child_failure(work, str(refused), cause=refused.code, is_final=True)
        except ProcessDied as died:
            if lease.is_interrupted:
                give_back(work)
            else:
                report_child_failure(work, str(died), cause=died.reason)


def _end_engine() -> None:
    if pid := engine().pid:
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
