"""A worker killed, stopped or frozen, a broker restarted empty: the run ends well, with the bytes of an undisturbed
run, and nothing is left over.
"""

from __future__ import annotations

import os
import signal
import time
from pathlib import Path

import pytest

from tests.faults.installation import LEASE_S, Installation, release, wait_until

pytestmark = pytest.mark.slow


def begin(installation: Installation, clip: Path) -> tuple[str, int]:
    """A run of which a chunk is under way on one worker, and the worker's engine, which is held."""
    installation.start_broker()
    installation.start_upkeep()
    installation.start_worker()
    run = installation.start_run(clip)
    return run, installation.hold_chunk(run)


def test_worker_killed_while_decoding(installation, clip, undisturbed):
    run, child = begin(installation, clip)
    installation.kill("worker1", signal.SIGKILL)
    release(child)
    wait_until(lambda: not is_alive(child), "its child to follow it")
    installation.start_worker("worker2")
    assert installation.await_end(run) == "succeeded"
    assert installation.rows("SELECT max(attempt), max(worker_failures) FROM runs_chunk") == [(2, 1)]
    installation.check_whole(run, undisturbed)


def test_a_stopped_worker_gives_its_chunk_back_within_10_s(installation, clip, undisturbed):
    run, _ = begin(installation, clip)
    begun_s = time.monotonic()
    installation.kill("worker1", signal.SIGTERM)
    assert time.monotonic() - begun_s < 10
    assert installation.rows("SELECT count(*) FROM runs_chunk WHERE state = 'leased'") == [(0,)]
    installation.start_worker("worker2")
    assert installation.await_end(run) == "succeeded"
    assert installation.rows("SELECT max(worker_failures), max(child_failures) FROM runs_chunk") == [(0, 0)]
    installation.check_whole(run, undisturbed)


def test_a_frozen_worker_that_comes_back_late_changes_nothing(installation, clip, undisturbed):
    run, child = begin(installation, clip)
    frozen = installation._processes["worker1"]
    frozen.send_signal(signal.SIGSTOP)
    release(child)
    held = installation.rows("SELECT id FROM runs_chunk WHERE state = 'leased'")[0][0]
    time.sleep(LEASE_S + 2)
    installation.start_worker("worker2")

    def is_done_by_the_other() -> bool:
        return installation.rows("SELECT state, attempt FROM runs_chunk WHERE id = ?", held) == [("done", 2)]

    wait_until(is_done_by_the_other, "the other worker to do it", installation.logs)
    frozen.send_signal(signal.SIGCONT)  # its child has finished meanwhile, and it reports so
    assert installation.await_end(run) == "succeeded"
    time.sleep(2)
    checkpoint, attempt = installation.rows("SELECT checkpoint, attempt FROM runs_chunk WHERE id = ?", held)[0]
    assert attempt == 2
    assert checkpoint.endswith("-2.npz")
    assert frozen.poll() is None, "the late worker goes on to live"
    installation.check_whole(run, undisturbed)


def test_a_broker_restarted_empty(installation, clip, undisturbed):
    """Once while the notification waits in it, and once again in the midst of the run."""
    installation.start_broker()
    run = installation.start_run(clip)
    installation.kill("broker")  # it keeps nothing on disk: the notification is lost
    installation.start_broker()
    installation.start_upkeep()
    installation.start_worker()
    child = installation.hold_chunk(run)  # the reaper has notified again: the worker has found it
    installation.kill("broker")
    time.sleep(2)
    installation.start_broker()
    release(child)
    assert installation.await_end(run) == "succeeded"
    installation.check_whole(run, undisturbed)
    again = installation.start_run(clip)
    wait_until(lambda: installation.state(again) == "observing", "the worker to be notified", installation.logs)


def is_alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return "Z" not in Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0]
