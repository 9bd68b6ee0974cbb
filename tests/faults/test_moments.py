"""Parts that die, hang, fill up or vanish at one exact moment of a run.

All in one installation, whose broker and upkeep go on; each test has a worker of its own.
"""

from __future__ import annotations

import contextlib
import os
import signal
import sqlite3
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.faults.installation import Installation, release, wait_until

pytestmark = [pytest.mark.slow, pytest.mark.alone]
SILENCE_S = 40  # more than an engine needs to start on a busy machine


@pytest.fixture(scope="module")
def standing(tmp_path_factory) -> Iterator[Installation]:
    """Broker and upkeep run; workers come and go."""
    made = Installation(tmp_path_factory.mktemp("standing"))
    made.manage("migrate", "-v0")
    made.start_broker()
    made.start_upkeep()
    yield made
    made.close()


@pytest.fixture
def worker(standing) -> Iterator[Installation]:
    """The installation with a healthy worker."""
    standing.start_worker()
    yield standing
    standing.kill("worker1", signal.SIGTERM)


@pytest.fixture
def impatient_worker(standing, monkeypatch) -> Iterator[Installation]:
    """It waits less than three minutes for a sign of life."""
    monkeypatch.setitem(standing.environment, "FACELINE_SILENCE_S", str(SILENCE_S))
    standing.start_worker()
    yield standing
    standing.kill("worker1", signal.SIGTERM)


def shorten(file: Path) -> None:
    file.write_bytes(file.read_bytes()[:-1])


def change_a_byte(file: Path) -> None:
    """Of its end, where no picture lies."""
    content = bytearray(file.read_bytes())
    content[-1] ^= 1
    file.write_bytes(content)


@pytest.mark.parametrize(
    ("moment", "n_failures"),
    [("while_assembling", 1), ("before_the_assembly", 0), ("in_the_results_transaction", 1)],
    ids=["while assembling", "before the assembly", "inside the result's transaction"],
)
def test_a_worker_killed_at_the_end_of_a_run(standing, clip, undisturbed, moment, n_failures):
    killed = standing.start_dying_worker(moment)
    run = standing.start_run(clip)
    wait_until(lambda: killed.poll() == -signal.SIGKILL, "the worker to die", standing.logs)
    assert standing.rows("SELECT count(*) FROM results_track WHERE run_id = ?", run) == [(0,)]
    standing.start_worker()
    assert standing.await_end(run) == "succeeded"
    failures = standing.rows("SELECT worker_failures FROM runs_assembly WHERE run_id = ?", run)
    assert failures == [(n_failures,)]
    standing.check_whole(run, undisturbed)
    standing.kill("worker1", signal.SIGTERM)


def test_the_engine_is_killed_for_its_memory(worker, clip, undisturbed):
    run = worker.start_run(clip)
    child = worker.hold_chunk(run)
    os.kill(child, signal.SIGKILL)
    check_done_by_another_engine(worker, run, child, undisturbed)


def test_the_engine_hangs(impatient_worker, clip, undisturbed):
    run = impatient_worker.start_run(clip)
    child = impatient_worker.hold_chunk(run)
    check_done_by_another_engine(impatient_worker, run, child, undisturbed)


def check_done_by_another_engine(installation: Installation, run: str, child: int, expected: bytes) -> None:
    assert installation.await_end(run) == "succeeded"
    query = "SELECT sum(child_failures), sum(worker_failures) FROM runs_chunk WHERE run_id = ?"
    assert installation.rows(query, run) == [(1, 0)]
    assert not Path(f"/proc/{child}").exists()
    installation.check_whole(run, expected)


def test_the_database_is_locked_for_longer_than_anyone_waits(worker, clip, undisturbed):
    run = worker.start_run(clip)
    child = worker.hold_chunk(run)
    with contextlib.closing(sqlite3.connect(worker.home / "faceline.sqlite3", timeout=60)) as database:
        database.execute("BEGIN IMMEDIATE")
        release(child)  # it ends its chunk meanwhile
        time.sleep(25)
        database.rollback()
    assert worker.await_end(run) == "succeeded"
    worker.check_whole(run, undisturbed)


def test_the_disk_is_full_when_a_checkpoint_is_written(worker, clip, undisturbed):
    folder = worker.home / "media" / "runs"
    folder.mkdir(parents=True, exist_ok=True)
    mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=16k", "none", str(folder)], check=False)
    if mounted.returncode:
        pytest.skip("needs leave to mount a small disk")
    try:
        run = worker.start_run(clip)
        assert worker.await_end(run) == "failed"
    finally:
        subprocess.run(["umount", "--lazy", str(folder)], check=True)
    assert "disk is full" in worker.rows("SELECT error FROM runs_run WHERE id = ?", run)[0][0]
    again = worker.start_run(clip)
    assert worker.await_end(again) == "succeeded"
    worker.check_whole(again, undisturbed)


@pytest.mark.parametrize("change", [Path.unlink, shorten, change_a_byte], ids=["missing", "shorter", "another"])
def test_a_file_that_is_gone_or_another(standing, clip, change):
    run = standing.start_run(clip)
    (name,) = standing.rows("SELECT file FROM library_video")[0]
    file = standing.home / "media" / name
    content = file.read_bytes()
    change(file)
    try:
        standing.start_worker()
        assert standing.await_end(run) == "failed"
    finally:
        standing.kill("worker1", signal.SIGTERM)
        file.write_bytes(content)
    (error,) = standing.rows("SELECT error FROM runs_run WHERE id = ?", run)[0]
    assert error.startswith("The file of this video is missing or was changed")
