"""What a person asks of runs that are queued already; `starting.py` queues them."""

from __future__ import annotations

from faceapp.runs import dispatch, leases
from faceapp.runs.models import Annotated, Run, Work
from faceapp.runs.transitions import move, settle_cancel


def cancel_run(*, run: Run) -> bool:
    """Ask for the end of a run; whoever works on it stops at their next look. False when it has ended already."""
    asked = move(run.pk, Run.State.CANCELING)
    if asked:
        settle_cancel(run.pk)
    return asked


def request_annotated(*, run: Run, tag: str) -> Annotated:
    """Have a run's annotated video made. One with the same tag that is there, or on its way, is given back."""
    work, is_new = Annotated.objects.get_or_create(run=run, defaults={"tag": tag})
    ended = Annotated.objects.filter(pk=work.pk)
    if work.state == Work.State.DONE:
        ended = ended.exclude(tag=tag)
    if leases.ask_again(ended, error="", tag=tag) or is_new:
        dispatch.notify_workers()
    work.refresh_from_db()
    return work
