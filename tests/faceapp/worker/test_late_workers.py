"""A worker that was frozen past its lease and thaws: what it finishes is refused, and the current attempt's files stay.

The engine's process is stood in for; rows, leases and files are real.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from django.utils import timezone

from analysis.outcome import write_outcome
from analysis.verbs import Assemble, MakeProxy
from faceapp.runs import files
from faceapp.runs.models import Assembly, Proxy, Run, Work
from faceapp.worker import claiming, performing, reaper
from faceapp.worker.kinds import assembly as assembly_work

pytestmark = pytest.mark.django_db(transaction=True)

W = Work.State


@pytest.fixture
def stand_in(monkeypatch) -> Callable[..., None]:
    """`stand_in(do)`: what the engine does instead with the verb that it is given."""
    monkeypatch.setattr(assembly_work, "check_content", lambda video: None)

    def stand(do: Callable[..., None]) -> None:
        monkeypatch.setattr(performing, "engine", lambda: SimpleNamespace(pid=None, do=do))

    return stand


def given_to_another(work: Work) -> Work:
    """The lease ran out meanwhile, and another worker holds the next attempt."""
    type(work)._default_manager.filter(pk=work.pk).update(lease_until=timezone.now() - timedelta(seconds=1))
    reaper.reap()
    second = claiming.claim_work("cpu")
    assert second is not None
    assert (second.pk, second.attempt) == (work.pk, work.attempt + 1)
    return second


@pytest.fixture
def checkpoint(assembling_run) -> Path:
    """What the assembly of this run reads."""
    path = files.path_of(files.checkpoint_name(assembling_run.pk, 0, 1))
    path.write_bytes(b"observations")
    return path


@pytest.fixture
def assembly(assembling_run, checkpoint) -> Assembly:
    """As a worker has claimed it."""
    Assembly.objects.update(lease_until=timezone.now() + timedelta(seconds=30))
    return Assembly.objects.get(run=assembling_run)


def write_result(result: Any) -> Callable[..., None]:
    def assemble(verb: Assemble, report: Any) -> None:
        verb.out.mkdir(parents=True)
        write_outcome(result, verb.out)

    return assemble


def test_the_checkpoints_go_when_the_result_is_stored(assembly, checkpoint, stand_in, scene_result):
    stand_in(write_result(scene_result))
    performing.perform(assembly)
    assert Run.objects.get().state == Run.State.SUCCEEDED
    assert not checkpoint.parent.exists()


def test_a_late_assembly_leaves_the_current_one_its_checkpoints(assembly, checkpoint, stand_in, scene_result):
    write = write_result(scene_result)

    def thaw_late(*values: Any) -> None:
        write(*values)
        given_to_another(assembly)

    stand_in(thaw_late)
    performing.perform(assembly)
    assert Run.objects.get().state == Run.State.ASSEMBLING
    assert checkpoint.read_bytes() == b"observations"
    stand_in(write)
    performing.perform(Assembly.objects.get())
    assert Run.objects.get().state == Run.State.SUCCEEDED
    assert not checkpoint.parent.exists()


def test_a_late_copy_is_not_written_into_the_current_one(video, stand_in):
    Proxy.objects.create(video=video)
    first = claiming.claim_work("cpu")
    written: list[Path] = []

    def thaw_late(verb: MakeProxy, report: Any) -> None:
        second = given_to_another(first)
        stand_in(lambda verb, report: written.append(verb.out) or verb.out.write_bytes(b"current"))
        performing.perform(second)
        written.append(verb.out)
        verb.out.parent.mkdir(exist_ok=True)  # the reaper may have been there
        verb.out.write_bytes(b"late")

    stand_in(thaw_late)
    performing.perform(first)
    video.refresh_from_db()
    assert video.proxy.read() == b"current"
    assert written[0] != written[1]
    assert list(files.path_of("making/x").parent.iterdir()) == []


def test_what_a_dead_worker_left_of_a_copy_is_removed_and_what_is_made_now_is_not(video):
    Proxy.objects.create(video=video)
    given_to_another(claiming.claim_work("cpu"))
    folders = [files.path_of(f"making/{video.pk}-{attempt}") for attempt in (1, 2)]
    for folder in folders:
        folder.mkdir()
        (folder / ".made.mp4.part").touch()
    reaper.reap()
    assert [folder.exists() for folder in folders] == [False, True]
