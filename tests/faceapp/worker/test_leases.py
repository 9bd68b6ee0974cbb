"""Claims, renewals and late comers: only the current attempt changes anything."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from django.utils import timezone

from faceapp.runs import leases, services
from faceapp.runs.models import Annotated, Assembly, Chunk, Proxy, Run, Work
from faceapp.worker import claiming, failures, lease_renewal, reaper
from faceapp.worker.kinds.chunk import finish_chunk
from faceapp.worker.kinds.proxy import finish_proxy
from faceapp.worker.kinds.step import Step

S = Run.State
W = Work.State


def let_leases_run_out(*rows: Work) -> None:
    for row in rows:
        type(row)._default_manager.filter(pk=row.pk).update(lease_until=timezone.now() - timedelta(seconds=1))


def observe_all(run: Run) -> None:
    for _ in range(run.chunks.count()):
        chunk = claiming.claim_work("cpu")
        assert finish_chunk(chunk, f"runs/{run.pk}/{chunk.index}-{chunk.attempt}.npz")
    run.refresh_from_db()


def test_the_first_claim_starts_the_run(run):
    chunk = claiming.claim_work("cpu")
    run.refresh_from_db()
    assert (run.state, chunk.index, chunk.attempt, chunk.state) == (S.OBSERVING, 0, 1, W.LEASED)
    assert run.started_at
    assert claiming.claim_work("cpu").index == 1
    assert claiming.claim_work("cpu") is None


def test_the_last_chunk_opens_the_assembly(run):
    observe_all(run)
    assert run.state == S.ASSEMBLING
    work = claiming.claim_work("cpu")
    assert isinstance(work, Assembly)
    assert work.attempt == 1
    assert claiming.claim_work("cpu") is None


def test_a_worker_that_died_between_the_last_chunk_and_the_assembly_is_made_good(run):
    observe_all(run)
    Run.objects.update(state=S.OBSERVING)  # it died before the second statement
    reaper.reap()
    run.refresh_from_db()
    assert run.state == S.ASSEMBLING


def test_a_late_worker_changes_nothing(run):
    frozen = claiming.claim_work("cpu")
    let_leases_run_out(frozen)
    reaper.reap()
    second = claiming.claim_work("cpu")
    assert (second.pk, second.attempt) == (frozen.pk, 2)
    assert not lease_renewal.renew_lease(frozen, 0.9)
    assert not finish_chunk(frozen, "late.npz")
    failures.give_back(frozen)
    failures.report_child_failure(frozen, "late")
    second.refresh_from_db()
    assert (second.state, second.checkpoint, second.child_failures) == (W.LEASED, "", 0)
    assert finish_chunk(second, "good.npz")
    assert not finish_chunk(frozen, "late.npz")
    second.refresh_from_db()
    assert second.checkpoint == "good.npz"


def test_a_renewed_lease_is_left_alone(run):
    chunk = claiming.claim_work("cpu")
    let_leases_run_out(chunk)
    assert lease_renewal.renew_lease(chunk, 0.4)
    reaper.reap()
    chunk.refresh_from_db()
    assert (chunk.state, chunk.attempt, chunk.progress) == (W.LEASED, 1, 0.4)


def test_what_the_caller_has_finished_is_not_taken_for_lost(run):
    chunk = claiming.claim_work("cpu")
    finish_chunk(chunk, "x.npz")
    assert lease_renewal.renew_lease(chunk, 1.0)
    chunk.refresh_from_db()
    assert (chunk.state, chunk.lease_until) == (W.DONE, None)


def test_three_dead_workers_fail_the_run_with_a_sentence(run):
    for _ in range(3):
        chunk = claiming.claim_work("cpu")
        assert chunk.index == 0
        let_leases_run_out(chunk)
        reaper.reap()
    run.refresh_from_db()
    assert run.state == S.FAILED
    assert run.error == Step.lost
    assert run.finished_at
    assert claiming.claim_work("cpu") is None


def test_two_dead_children_fail_the_run_with_their_sentence(run):
    failures.report_child_failure(claiming.claim_work("cpu"), "It crashed.")
    run.refresh_from_db()
    assert run.state == S.OBSERVING
    failures.report_child_failure(claiming.claim_work("cpu"), "It crashed again.")
    run.refresh_from_db()
    assert (run.state, run.error) == (S.FAILED, "It crashed again.")


def test_what_is_refused_is_not_tried_again(run):
    failures.report_child_failure(claiming.claim_work("cpu"), "This is no video.", is_final=True)
    run.refresh_from_db()
    assert (run.state, run.error) == (S.FAILED, "This is no video.")


def test_a_canceled_run_ends_when_nobody_works_on_it(run):
    chunk = claiming.claim_work("cpu")
    assert services.cancel_run(run=run)
    run.refresh_from_db()
    assert run.state == S.CANCELING
    assert not lease_renewal.renew_lease(chunk, 0.5)
    assert not finish_chunk(chunk, "late.npz")
    failures.give_back(chunk)
    run.refresh_from_db()
    assert run.state == S.CANCELED
    assert claiming.claim_work("cpu") is None
    assert not services.cancel_run(run=run)


def test_a_canceled_run_whose_worker_died_is_ended_by_the_reaper(run):
    chunk = claiming.claim_work("cpu")
    services.cancel_run(run=run)
    let_leases_run_out(chunk)
    reaper.reap()
    run.refresh_from_db()
    assert run.state == S.CANCELED


def test_a_queued_run_is_canceled_at_once(run):
    services.cancel_run(run=run)
    run.refresh_from_db()
    assert run.state == S.CANCELED


def test_one_users_long_queue_does_not_starve_another(make_run, alice, charlie):
    long = make_run(alice, n_chunks=20)
    assert claiming.claim_work("cpu").run_id == long.pk
    short = make_run(charlie, n_chunks=2)
    assert [claiming.claim_work("cpu").run_id for _ in range(4)] == [
        short.pk,
        long.pk,
        short.pk,
        long.pk,
    ]


def test_one_worker_alone_takes_turns_between_users(make_run, alice, charlie):
    runs = {make_run(alice, n_chunks=4).pk: "alice", make_run(charlie, n_chunks=4).pk: "charlie"}
    turns = []
    for _ in range(6):
        chunk = claiming.claim_work("cpu")
        turns.append(runs[chunk.run_id])
        finish_chunk(chunk, "x.npz")
    assert turns == ["alice", "charlie"] * 3


def test_annotated_videos_take_turns_with_the_chunks_of_others(make_run, alice, charlie):
    """One worker, three films to draw of Alice's: Charlie's chunks do not wait for all of them."""
    for _ in range(3):
        Annotated.objects.create(run=make_run(alice))
    Run.objects.update(state=S.SUCCEEDED)
    make_run(charlie, n_chunks=3)
    turns = []
    for _ in range(6):
        work = claiming.claim_work("cpu")
        turns.append(type(work).__name__)
        leases.finish(type(work)._default_manager.all(), work)
    assert turns == ["Annotated", "Chunk"] * 3


def test_a_short_run_is_done_while_a_long_one_of_another_goes_on(make_run, alice, charlie):
    """Two workers, 40 chunks of Alice's before Charlie's two: he waits for one chunk, not for all."""
    long = make_run(alice, n_chunks=40)
    at_work = [
        claiming.claim_work("cpu"),
        claiming.claim_work("cpu"),
    ]
    short = make_run(charlie, n_chunks=2)
    n_done = 0
    while short.state != S.ASSEMBLING:
        finish_chunk(at_work.pop(0), "x.npz")
        at_work.append(claiming.claim_work("cpu"))
        n_done += 1
        short.refresh_from_db()
    assert n_done <= 5
    assert long.chunks.filter(state=Chunk.State.WAITING).count() > 30


def test_workers_on_processors_leave_runs_to_graphics_cards(run, video, settings):
    """Else a run would be done half by one and half by the other, whose results differ in the last digits."""
    settings.RUNS_QUEUE = "gpu"
    Proxy.objects.create(video=video)
    assert isinstance(claiming.claim_work("gpu"), Chunk)
    assert isinstance(claiming.claim_work("cpu"), Proxy)
    assert claiming.claim_work("cpu") is None
    assert isinstance(claiming.claim_work("gpu"), Chunk)


def test_who_comes_too_late_for_the_first_rows_takes_a_later_one(make_run, alice, monkeypatch):
    """Many workers wake up at once and see the same rows waiting."""
    make_run(alice, n_chunks=20)
    seen = leases._claim_one_of

    def others_are_quicker(rows, candidates):
        monkeypatch.setattr(leases, "_claim_one_of", seen)
        for _ in range(len(candidates)):
            claiming.claim_work("cpu")
        return seen(rows, candidates)

    monkeypatch.setattr(leases, "_claim_one_of", others_are_quicker)
    assert claiming.claim_work("cpu").index == 8


def test_a_proxy_waits_for_the_runs_of_its_video_but_not_for_others(run, video, tmp_path):
    Proxy.objects.create(video=video)
    assert isinstance(claiming.claim_work("cpu"), Chunk)
    Run.objects.update(state=S.FAILED)
    proxy = claiming.claim_work("cpu")
    assert isinstance(proxy, Proxy)
    made = tmp_path / "made.mp4"
    made.write_bytes(b"made")
    assert finish_proxy(proxy, made)
    video.refresh_from_db()
    assert video.proxy.read() == b"made"


def test_a_folder_among_the_checkpoints_that_is_no_runs_is_left_alone(run, settings):
    stray = settings.MEDIA_ROOT / "runs" / "lost+found"
    stray.mkdir(parents=True)
    claiming.claim_work("cpu")
    reaper.reap()
    assert stray.exists()


def test_a_clock_that_jumps_forward_costs_one_more_try(run, monkeypatch):
    chunk = claiming.claim_work("cpu")
    set_clock(monkeypatch, timedelta(hours=1))
    reaper.reap()
    assert not lease_renewal.renew_lease(chunk, 0.5), "the worker learns that it has lost its work"
    again = claiming.claim_work("cpu")
    assert (again.pk, again.attempt) == (chunk.pk, 2)


def test_a_clock_that_is_put_back_does_not_hold_a_dead_workers_lease_for_an_hour(run, monkeypatch, settings):
    dead, alive = (
        claiming.claim_work("cpu"),
        claiming.claim_work("cpu"),
    )
    back = timedelta(hours=-1)
    set_clock(monkeypatch, back)
    reaper.reap()  # begins both leases anew
    assert lease_renewal.renew_lease(alive, 0.5)
    set_clock(monkeypatch, back + timedelta(seconds=settings.RUNS_LEASE_S - 1))
    assert lease_renewal.renew_lease(alive, 0.6)
    set_clock(monkeypatch, back + timedelta(seconds=settings.RUNS_LEASE_S + 1))
    reaper.reap()
    states = dict(run.chunks.values_list("pk", "state"))
    assert states == {dead.pk: W.WAITING, alive.pk: W.LEASED}


def set_clock(monkeypatch, ahead: timedelta) -> None:
    monkeypatch.setattr("faceapp.runs.leases.timezone.now", lambda: datetime.now(UTC) + ahead)


@pytest.mark.django_db
def test_a_notification_that_comes_twice_or_late_finds_no_work():
    assert claiming.claim_work("cpu") is None
    assert claiming.claim_work("cpu") is None


def test_an_old_notification_of_a_canceled_or_deleted_run_does_nothing(run, make_run, alice):
    services.cancel_run(run=run)
    make_run(alice).delete()
    assert claiming.claim_work("cpu") is None


def test_the_reaper_notifies_of_waiting_work(run, notified):
    reaper.reap()
    assert notified == [2]


def test_orphans_are_removed_and_files_of_active_runs_are_not(run, make_run, alice, settings):
    gone, ended = make_run(alice), make_run(alice)
    folders = {}
    for each in (run, gone, ended):
        folders[each.pk] = settings.MEDIA_ROOT / "runs" / str(each.pk)
        folders[each.pk].mkdir(parents=True)
        (folders[each.pk] / "0-1.npz").touch()
        (folders[each.pk] / ".0-1.npz.tmp").touch()
    half_stored = settings.MEDIA_ROOT / "results" / f"{ended.pk}.json"
    half_stored.parent.mkdir()
    half_stored.touch()
    services.cancel_run(run=ended)
    gone_folder = folders[gone.pk]
    gone.delete()
    reaper.reap()
    assert folders[run.pk].is_dir()
    assert not gone_folder.exists()
    assert not folders[ended.pk].exists()
    assert not half_stored.exists()
