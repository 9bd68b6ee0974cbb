"""The lease is kept while the work goes on, and the work is interrupted when it is lost."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

import pytest
from django.db import OperationalError

from faceapp.runs import services
from faceapp.runs.models import Chunk
from faceapp.worker import claiming, lease_renewal
from faceapp.worker.lease_renewal import LeaseRenewal

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def _quick(settings, monkeypatch):
    settings.RUNS_RENEW_S = 0.1
    monkeypatch.setattr(lease_renewal, "TICK_S", 0.02)


def wait_until(is_so: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 5
    while not is_so():
        assert time.monotonic() < deadline
        time.sleep(0.02)


def test_the_lease_and_the_progress_are_written_while_the_work_goes_on(run):
    chunk = claiming.claim_work("cpu")
    with LeaseRenewal(chunk, pytest.fail, threading.Event()) as kept:
        kept.report(0.5)
        wait_until(lambda: Chunk.objects.get(pk=chunk.pk).progress == 0.5)
        assert Chunk.objects.get(pk=chunk.pk).lease_until > chunk.lease_until
    assert not kept.is_interrupted


def test_a_canceled_run_interrupts_the_work_until_it_ends(run):
    interrupts: list[float] = []
    with LeaseRenewal(claiming.claim_work("cpu"), lambda: interrupts.append(1), threading.Event()) as kept:
        services.cancel_run(run=run)
        wait_until(lambda: len(interrupts) >= 2)
    assert kept.is_interrupted


def test_a_worker_that_is_asked_to_stop_interrupts_the_work(run):
    stopping, interrupted = threading.Event(), threading.Event()
    with LeaseRenewal(claiming.claim_work("cpu"), interrupted.set, stopping) as kept:
        stopping.set()
        assert interrupted.wait(5)
    assert kept.is_interrupted


def test_a_database_that_is_away_for_a_moment_does_not_end_the_work(run, monkeypatch):
    tries: list[float] = []

    def away(*_):
        tries.append(1)
        if len(tries) < 3:
            raise OperationalError("the database is away")
        return True

    monkeypatch.setattr(lease_renewal, "renew_lease", away)
    with LeaseRenewal(claiming.claim_work("cpu"), pytest.fail, threading.Event()) as kept:
        wait_until(lambda: len(tries) >= 4)
    assert not kept.is_interrupted
