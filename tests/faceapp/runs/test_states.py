"""The table of transitions is what architecture.md says, and nothing gets around it."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from faceapp.runs import transitions
from faceapp.runs.models import Run
from faceapp.runs.states import ACTIVE, ALLOWED_FROM, TERMINAL

S = Run.State
ROOT = Path(__file__).parents[3]


def test_every_state_is_in_the_table():
    assert set(ALLOWED_FROM) == set(S)


def test_terminal_states_never_leave():
    assert not any(sources & TERMINAL for sources in ALLOWED_FROM.values())


def test_all_that_is_active_may_fail_or_be_canceled():
    assert ALLOWED_FROM[S.FAILED] == ALLOWED_FROM[S.CANCELING] == ACTIVE


@pytest.mark.parametrize("to", S.values)
@pytest.mark.parametrize("at", S.values)
def test_a_run_moves_only_where_the_table_allows(run, at, to):
    Run.objects.update(state=at)
    is_allowed = S(at) in ALLOWED_FROM[S(to)]
    assert transitions.move(run.pk, S(to)) == is_allowed
    run.refresh_from_db()
    assert run.state == (to if is_allowed else at)


def test_states_are_written_in_transitions_and_leases_alone():
    """No other file of the product updates a `state`."""
    writers = set()
    for path in ROOT.glob("faceapp/**/*.py"):
        if "migrations" in path.parts:
            continue
        for node in ast.walk(ast.parse(path.read_text())):
            is_update = isinstance(node, ast.Call) and getattr(node.func, "attr", "") in {"update", "create", "save"}
            if is_update and any(keyword.arg == "state" for keyword in node.keywords):
                writers.add(path.relative_to(ROOT).as_posix())
    assert writers <= {"faceapp/runs/transitions.py", "faceapp/runs/leases.py"}
