"""All that changes a run once it is queued (`starting.py`). Nothing else writes states; every change is an UPDATE whose
WHERE names the states it may come from, and whose row count says whether it happened.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import asdict
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.db.models import Count, Exists, Max, OuterRef, Q, QuerySet
from django.utils import timezone

from analysis.types import ChunkSpec
from faceapp.library.models import Video
from faceapp.runs import dispatch, files, leases
from faceapp.runs.models import Annotated, Assembly, Chunk, Plan, Proxy, Run, Work
from faceapp.runs.states import ACTIVE, ALLOWED_FROM

S = Run.State
Step = Plan | Chunk | Assembly  # of a run: without one of them it comes to no result
FAIR_OVER = timedelta(hours=1)  # how long a served user stands behind the others
LONG_AGO = datetime(1970, 1, 1, tzinfo=UTC)
LOST_WORKERS = "The analysis was interrupted too often: its workers stopped or ran out of memory. Run it again."
LOST_ANNOTATED = "The annotated video was interrupted too often: its workers stopped or ran out of memory. Try again."


# ---------------------------------------------------------------- what a person asks for


def cancel_run(*, run: Run) -> bool:
    """Ask for the end of a run; whoever works on it stops at their next look. False when it has ended already."""
    asked = _move(run.pk, S.CANCELING)
    if asked:
        _settle_cancel(run.pk)
    return asked


def request_annotated(*, run: Run, tag: str) -> Annotated:
    """Have a run's annotated video made; one that is there with the same tag, or on its way, is given back."""
    work, is_new = Annotated.objects.get_or_create(run=run, defaults={"tag": tag})
    ended = Annotated.objects.filter(pk=work.pk)
    if work.state == Work.State.DONE:
        ended = ended.exclude(tag=tag)
    if leases.ask_again(ended, error="", tag=tag) or is_new:
        dispatch.ring()
    work.refresh_from_db()
    return work


# ---------------------------------------------------------------- what workers do


def claim_work(queue: str) -> Plan | Chunk | Assembly | Proxy | Annotated | None:
    """The piece of work of this queue that is due next, leased to the caller; None when there is none.

    First what ends a run, then proxies of finished videos, then, fairly between users, annotated videos, chunks and
    plans.
    """
    runs_here, proxies_here = queue == settings.RUNS_QUEUE, queue == dispatch.PROXY_QUEUE
    assemblies, proxies = wanted_assemblies(), Proxy.objects.all()
    unfinished = Run.objects.filter(video=OuterRef("video"), state__in=ACTIVE)
    return (
        (runs_here and leases.claim_first(assemblies, assemblies.order_by("run__created_at")))
        or (proxies_here and leases.claim_first(proxies, proxies.filter(~Exists(unfinished)).order_by("pk")))
        or claim_in_turn(chunks=runs_here, annotated=proxies_here)
        or (proxies_here and leases.claim_first(proxies, proxies.order_by("pk")))
        or None
    )


def claim_in_turn(*, chunks: bool, annotated: bool) -> Plan | Chunk | Annotated | None:
    """Of the user with the fewest at work, then of the one who has waited longest; what ends their wait first."""
    videos = Annotated.objects.all()
    for user_id in _users_in_turn():
        of_user = videos.filter(run__started_by=user_id).order_by("pk")
        claimed = (annotated and leases.claim_first(videos, of_user)) or (chunks and _claim_part_of(user_id))
        if claimed:
            return claimed
    return None


def _claim_part_of(user_id: int | None) -> Plan | Chunk | None:
    """A chunk of theirs; the plan of their next run when none waits, so that many runs do not hold up the first."""
    plans = wanted_plans()
    of_user = plans.filter(run__started_by=user_id).order_by("run__created_at")
    return _claim_chunk_of(user_id) or leases.claim_first(plans, of_user)


@transaction.atomic
def _claim_chunk_of(user_id: int | None) -> Chunk | None:
    """The next of the oldest run."""
    chunks = wanted_chunks()
    chunk = leases.claim_first(chunks, chunks.filter(run__started_by=user_id).order_by("run__created_at", "index"))
    if chunk is not None:
        _move(chunk.run_id, S.OBSERVING, started_at=timezone.now())
    return chunk


def renew_lease(work: Work, progress: float) -> bool:
    """Put the lease forward. False: the work is no longer the caller's, or no longer wanted; stop it.

    True as well for what the caller has finished in the meantime: there is nothing to stop.
    """
    finished = type(work)._default_manager.all()
    return leases.renew(wanted_like(work), work, progress) or leases.is_finished(finished, work)


@transaction.atomic
def finish_plan(plan: Plan, chunks: Sequence[ChunkSpec]) -> bool:
    """Whether the caller's attempt was the current one; its run has these chunks then, and workers are woken."""
    finished = leases.finish(wanted_plans(), plan)
    if finished:
        Chunk.objects.bulk_create(Chunk(run_id=plan.run_id, **asdict(chunk)) for chunk in chunks)
        transaction.on_commit(lambda: dispatch.ring(len(chunks)))
    return finished


def finish_chunk(chunk: Chunk, checkpoint: str) -> bool:
    """Whether the caller's attempt was the current one; the chunk is done then, its run perhaps ready to assemble."""
    finished = leases.finish(wanted_chunks(), chunk, checkpoint=checkpoint)
    _open_assembly(chunk.run_id)  # in a statement of its own: of two last ones at once, the later sees both
    return finished


def finish_run(*, run: Run, attempt: int, **facts: Any) -> bool:
    """Whether the assembly with this attempt was the current one; the run has succeeded then, with these columns.

    Called by `results.services.store_result` inside the transaction that stores the rows.
    """
    assembly = Assembly(pk=run.assembly.pk, attempt=attempt)
    if not leases.finish(wanted_assemblies(), assembly):
        return False
    return _move(run.pk, S.SUCCEEDED, finished_at=timezone.now(), **facts)


@transaction.atomic
def finish_proxy(proxy: Proxy, made: Path) -> bool:
    """Whether the caller's attempt was the current one; the file is put in its place and played then."""
    finished = leases.finish(Proxy.objects.all(), proxy)
    if finished:
        name = files.proxy_name(proxy.video_id)
        made.replace(files.path_of(name))
        Video.objects.filter(pk=proxy.video_id).update(proxy=name)
    return finished


@transaction.atomic
def finish_annotated(work: Annotated, made: Path, tag: str) -> bool:
    """Whether the caller's attempt was the current one; the file is put in its place then, an older one removed."""
    name = files.annotated_name(work.run_id, work.attempt)
    before = str(work.file.name or "")
    finished = leases.finish(Annotated.objects.all(), work, file=name, tag=tag, error="")
    if finished:
        made.replace(files.path_of(name))
        if before and before != name:
            transaction.on_commit(lambda: files.remove(before))
    return finished


def give_back(work: Work) -> None:
    """Leave work undone for another worker: this one is asked to stop, or the work is not wanted any more."""
    leases.give_back(type(work)._default_manager.all(), work)
    if isinstance(work, Step):
        _settle_cancel(work.run_id)
    dispatch.ring()


@transaction.atomic
def report_child_failure(work: Work, sentence: str, *, is_final: bool = False) -> None:
    """The engine's process came to no result; the run fails with the sentence when it was the last try."""
    state = leases.count_child_failure(type(work)._default_manager.all(), work, is_final=is_final)
    if state == Work.State.FAILED:
        _tell_failure(work, sentence)


def _tell_failure(work: Work, sentence: str) -> None:
    """Work that is out of tries says so where its user looks."""
    if isinstance(work, Step):
        fail_run(work.run_id, sentence)
    elif isinstance(work, Annotated):
        Annotated.objects.filter(pk=work.pk).update(error=sentence[:400])


def fail_run(run_id: UUID, sentence: str) -> bool:
    return _move(run_id, S.FAILED, error=sentence[:400], finished_at=timezone.now())


# ---------------------------------------------------------------- what the reaper does


def expire_leases() -> int:
    """Give back what dead or frozen workers hold; runs that are out of tries fail. How many leases ran out."""
    n_expired = 0
    for kind in (Plan, Chunk, Assembly, Proxy, Annotated):
        rows: QuerySet[Any] = kind._default_manager.all()
        leases.shorten(rows)
        for work in leases.expired(rows):
            with transaction.atomic():
                state = leases.expire(rows, work)
                if state == Work.State.FAILED:
                    _tell_failure(work, LOST_ANNOTATED if kind is Annotated else LOST_WORKERS)
            n_expired += state is not None
    return n_expired


def settle_runs() -> None:
    """Move on runs whose worker died between the last piece of work and the change of state."""
    for run_id in Run.objects.filter(state=S.OBSERVING).values_list("pk", flat=True):
        _open_assembly(run_id)
    for run_id in Run.objects.filter(state=S.CANCELING).values_list("pk", flat=True):
        _settle_cancel(run_id)


def count_waiting() -> int:
    """Pieces of work that a worker could claim now."""
    copies = (Proxy.objects.all(), Annotated.objects.all())
    kinds: tuple[QuerySet[Any], ...] = (wanted_plans(), wanted_chunks(), wanted_assemblies(), *copies)
    return sum(rows.filter(state=Work.State.WAITING).count() for rows in kinds)


def is_being_made(owner_id: UUID, attempt: int) -> bool:
    """Whether a worker holds this attempt at a copy of this video or run."""
    held = {"attempt": attempt, "state": Work.State.LEASED}
    proxies, annotated = Proxy.objects.filter(video=owner_id, **held), Annotated.objects.filter(run=owner_id, **held)
    return proxies.exists() or annotated.exists()


# ---------------------------------------------------------------- which work is wanted (without joins, see leases.py)


def wanted_plans() -> QuerySet[Plan]:
    return Plan.objects.filter(run__in=Run.objects.filter(state=S.QUEUED))


def wanted_chunks() -> QuerySet[Chunk]:
    """Chunks whose run wants them now, whoever holds them."""
    return Chunk.objects.filter(run__in=Run.objects.filter(state__in=(S.QUEUED, S.OBSERVING))).order_by()


def wanted_assemblies() -> QuerySet[Assembly]:
    return Assembly.objects.filter(run__in=Run.objects.filter(state=S.ASSEMBLING))


def wanted_like(work: Work) -> QuerySet[Any]:
    """All wanted work of the same kind."""
    if isinstance(work, Plan):
        return wanted_plans()
    if isinstance(work, Chunk):
        return wanted_chunks()
    return wanted_assemblies() if isinstance(work, Assembly) else type(work)._default_manager.all()


# ---------------------------------------------------------------- inside


def _move(run_id: UUID, to: S, **values: Any) -> bool:
    """Bring a run into a state; False when the table in states.py does not allow it from where it is."""
    return bool(Run.objects.filter(pk=run_id, state__in=ALLOWED_FROM[to]).update(state=to, **values))


def _open_assembly(run_id: UUID) -> bool:
    undone = Chunk.objects.filter(run=OuterRef("pk")).exclude(state=Work.State.DONE)
    ready = Run.objects.filter(~Exists(undone), pk=run_id, state__in=ALLOWED_FROM[S.ASSEMBLING])
    return bool(ready.update(state=S.ASSEMBLING))


def _settle_cancel(run_id: UUID) -> bool:
    """A run that was asked to end has ended once nobody works on it."""
    worked_on = [
        Exists(kind._default_manager.filter(run=OuterRef("pk"), state=Work.State.LEASED))
        for kind in (Plan, Chunk, Assembly)
    ]
    idle = Run.objects.filter(*(~one for one in worked_on), pk=run_id, state__in=ALLOWED_FROM[S.CANCELED])
    return bool(idle.update(state=S.CANCELED, finished_at=timezone.now()))


def _users_in_turn() -> list[int | None]:
    """Who has waiting plans, chunks or annotated videos, in the order of claiming."""
    kinds: tuple[QuerySet[Any], ...] = (wanted_plans(), wanted_chunks(), Annotated.objects.order_by())
    users = {user for rows in kinds for user in _users_of(rows.filter(state=Work.State.WAITING))}
    if len(users) < 2:
        return list(users)
    n_leased: Counter[int | None] = Counter()
    last_at: dict[int | None, datetime] = {}
    for rows in (Plan.objects.all(), Chunk.objects.order_by(), Annotated.objects.order_by()):
        recent = rows.filter(leased_at__gte=timezone.now() - FAIR_OVER).values_list("run__started_by")
        leased = Count("pk", filter=Q(state=Work.State.LEASED))
        for user_id, n, at in recent.annotate(n_leased=leased, last_at=Max("leased_at")):
            n_leased[user_id] += n
            last_at[user_id] = max(at, last_at.get(user_id, LONG_AGO))
    return sorted(users, key=lambda user_id: (n_leased[user_id], last_at.get(user_id, LONG_AGO), user_id or 0))


def _users_of(rows: QuerySet[Any]) -> Iterable[int | None]:
    return rows.values_list("run__started_by", flat=True).distinct()
