"""A worker that is killed at one exact moment: `python -m tests.faults.dying MOMENT CELERY-ARGUMENTS …`."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Callable
from typing import Any
from unittest.mock import patch

import django

django.setup()

from analysis.child import EngineProcess  # noqa: E402
from analysis.verbs import Assemble  # noqa: E402
from faceapp.celery import app  # noqa: E402
from faceapp.results import services as results  # noqa: E402
from faceapp.runs.models import Chunk  # noqa: E402
from faceapp.worker.kinds import chunk as chunk_work  # noqa: E402


def die(*_: Any, **__: Any) -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def while_assembling() -> Any:
    """At the engine's first sign of life in an assembly: it goes on without anyone to hear it."""
    do: Callable[..., Any] = EngineProcess.do

    def begun(self: EngineProcess, verb: Any, report: Any = None) -> Any:
        return do(self, verb, die if isinstance(verb, Assemble) else report)

    return patch.object(EngineProcess, "do", begun)


def before_the_assembly() -> Any:
    """The last chunk is done; the run's state does not say so yet."""
    open_assembly = chunk_work.open_assembly

    def die_at_the_last(run_id: Any) -> bool:
        if not Chunk.objects.filter(run=run_id).exclude(state="done").exists():
            die()
        return open_assembly(run_id)

    return patch.object(chunk_work, "open_assembly", die_at_the_last)


def in_the_results_transaction() -> Any:
    store_rows = results._store_rows

    def store(*values: Any) -> None:
        store_rows(*values)
        die()

    return patch.object(results, "_store_rows", store)


MOMENTS = {each.__name__: each for each in (while_assembling, before_the_assembly, in_the_results_transaction)}


if __name__ == "__main__":
    app.loader.import_default_modules()  # tasks first: they take names that are replaced here as they find them
    with MOMENTS[sys.argv[1]]():
        app.worker_main(sys.argv[2:])
