"""What happens to work that its worker leaves unfinished."""

from __future__ import annotations

from django.db import transaction

from faceapp.runs import dispatch, leases
from faceapp.runs.models import Work
from faceapp.worker.kind import kind_of


def give_back(work: Work) -> None:
    """Leave work for another worker: this one was asked to stop, or the work is not wanted any more."""
    leases.give_back(type(work)._default_manager.all(), work)
    kind_of(work).on_given_back(work)
    dispatch.notify_workers()


@transaction.atomic
def report_child_failure(work: Work, sentence: str, *, cause: str = "", is_final: bool = False) -> None:
    """The engine process came to no result. The work is tried again, or fails with this sentence after the last try."""
    state = leases.count_child_failure(type(work)._default_manager.all(), work, is_final=is_final)
    if state == Work.State.FAILED:
        kind_of(work).on_failed(work, sentence, cause)
