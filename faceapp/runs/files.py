"""The names under which a run's files lie in the media storage, and writing them whole or not at all."""

from __future__ import annotations

import contextlib
import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from uuid import UUID, uuid4

from django.core.files.storage import default_storage

CHECKPOINTS = "runs"  # a folder a run, there only while the run is worked on
RESULTS = "results"
PORTRAITS = "portraits"
PROXIES = "proxies"
ANNOTATED = "annotated"
MAKING = "making"  # a folder an attempt at a copy, there only while it is made


def checkpoint_name(run_id: UUID, chunk: int, attempt: int) -> str:
    return f"{CHECKPOINTS}/{run_id}/{chunk}-{attempt}.npz"


def result_name(run_id: UUID) -> str:
    return f"{RESULTS}/{run_id}.json"


def portrait_name(run_id: UUID, track_id: int, n: int) -> str:
    """`n` counts from 0, best first."""
    return f"{PORTRAITS}/{run_id}/{track_id}-{n}.jpg"


def proxy_name(video_id: UUID) -> str:
    return f"{PROXIES}/{video_id}.mp4"


def annotated_name(run_id: UUID, attempt: int) -> str:
    """One that is made again has another name: the one before may be being watched."""
    return f"{ANNOTATED}/{run_id}-{attempt}.mp4"


@contextlib.contextmanager
def making(owner_id: UUID, attempt: int) -> Iterator[Path]:
    """A folder for one attempt alone at a copy of this video or run, so that an older one never writes into its files.

    It is removed afterwards; those of workers that died, by the reaper.
    """
    folder = path_of(f"{MAKING}/{owner_id}-{attempt}")
    folder.mkdir(exist_ok=True)
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def attempts_in_the_making() -> list[tuple[UUID, int]]:
    """Whose copies, of which attempt, have a folder; folders of other names are not ours."""
    found = []
    with contextlib.suppress(FileNotFoundError):
        for name in default_storage.listdir(MAKING)[0]:
            owner_id, _, attempt = name.rpartition("-")
            with contextlib.suppress(ValueError):
                found.append((UUID(owner_id), int(attempt)))
    return found


def remove_making(owner_id: UUID, attempt: int) -> None:
    shutil.rmtree(default_storage.path(f"{MAKING}/{owner_id}-{attempt}"), ignore_errors=True)


def path_of(name: str) -> Path:
    """Where a stored file lies; its folder is made."""
    path = Path(default_storage.path(name))
    path.parent.mkdir(parents=True, exist_ok=True)
    return path


def put(source: Path, name: str) -> None:
    """Have a file in the storage under this name too, in one step, in place of one that is there.

    It is linked, so that its bytes are not written again; copied where the disk knows no links. `flush_all` follows.
    """
    path = path_of(name)
    temporary = path.with_name(f".{path.name}.{uuid4().hex}")
    try:
        source.chmod(0o640)
        try:
            temporary.hardlink_to(source)
        except OSError:
            shutil.copyfile(source, temporary)
        temporary.replace(path)
    finally:
        temporary.unlink(missing_ok=True)  # it stays where both are links to one file


def flush_all() -> None:
    """Have everything that was written on the disk."""
    os.sync()


def runs_with_checkpoints() -> list[UUID]:
    """Ids of the runs that have a folder of checkpoints; folders of other names are not ours."""
    found = []
    with contextlib.suppress(FileNotFoundError):
        for name in default_storage.listdir(CHECKPOINTS)[0]:
            with contextlib.suppress(ValueError):
                found.append(UUID(name))
    return found


def remove_checkpoints(run_id: UUID) -> None:
    shutil.rmtree(default_storage.path(f"{CHECKPOINTS}/{run_id}"), ignore_errors=True)


def remove(name: str) -> None:
    Path(default_storage.path(name)).unlink(missing_ok=True)


def remove_results(run_id: UUID) -> None:
    """Remove what was stored of a run's result."""
    shutil.rmtree(default_storage.path(f"{PORTRAITS}/{run_id}"), ignore_errors=True)
    Path(default_storage.path(f"{RESULTS}/{run_id}.json")).unlink(missing_ok=True)
