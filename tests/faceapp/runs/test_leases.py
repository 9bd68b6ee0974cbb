"""Claims, renewals and late comers: only the current attempt changes anything."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from faceapp.runs import reaper, services
from faceapp.runs.models import Assembly, Chunk, Proxy, Run, Work

S = Run.State
W = Work.State


def let_leases_run_out(*rows: Work) -> None:
    for row in rows:
        type(row)._default_manager.filter(pk=row.pk).update(lease_until=timezone.now() - timedelta(seconds=1))


def observe_all(run: Run) -> None:
    while (chunk := services.claim_chunk()) is not None:
        assert services.finish_chunk(chunk, f"runs/{run.pk}/{chunk.index}-{chunk.attempt}.npz")
    run.refresh_from_db()


def test_the_first_claim_starts_the_run(run):
    chunk = services.claim_chunk()
    run.refresh_from_db()
    assert (run.state, chunk.index, chunk.attempt, chunk.state) == (S.OBSERVING, 0, 1, W.LEASED)
    assert run.started_at
    assert services.claim_chunk().index == 1
    assert services.claim_chunk() is None


def test_the_last_chunk_opens_the_assembly(run):
    observe_all(run)
    assert run.state == S.ASSEMBLING
    work = services.claim_work()
    assert isinstance(work, Assembly)
    assert work.attempt == 1
    assert services.claim_work() is None


def test_a_worker_that_died_between_the_last_chunk_and_the_assembly_is_made_good(run):
    observe_all(run)
    Run.objects.update(state=S.OBSERVING)  # it died before the second statement
    reaper.reap()
    run.refresh_from_db()
    assert run.state == S.ASSEMBLING


def test_a_late_worker_changes_nothing(run):
    frozen = services.claim_chunk()
    let_leases_run_out(frozen)
    reaper.reap()
    second = services.claim_chunk()
    assert (second.pk, second.attempt) == (frozen.pk, 2)
    assert not services.renew_lease(frozen, 0.9)
    assert not services.finish_chunk(frozen, "late.npz")
    services.give_back(frozen)
    services.report_child_failure(frozen, "late")
    second.refresh_from_db()
    assert (second.state, second.checkpoint, second.child_failures) == (W.LEASED, "", 0)
    assert services.finish_chunk(second, "good.npz")
    assert not services.finish_chunk(frozen, "late.npz")
    second.refresh_from_db()
    assert second.checkpoint == "good.npz"


def test_a_renewed_lease_is_left_alone(run):
    chunk = services.claim_chunk()
    let_leases_run_out(chunk)
    assert services.renew_lease(chunk, 0.4)
    reaper.reap()
    chunk.refresh_from_db()
    assert (chunk.state, chunk.attempt, chunk.progress) == (W.LEASED, 1, 0.4)


def test_what_the_caller_has_finished_is_not_taken_for_lost(run):
    chunk = services.claim_chunk()
    services.finish_chunk(chunk, "x.npz")
    assert services.renew_lease(chunk, 1.0)
    chunk.refresh_from_db()
    assert (chunk.state, chunk.lease_until) == (W.DONE, None)


def test_three_dead_workers_fail_the_run_with_a_sentence(run):
    for _ in range(3):
        chunk = services.claim_chunk()
        assert chunk.index == 0
        let_leases_run_out(chunk)
        reaper.reap()
    run.refresh_from_db()
    assert run.state == S.FAILED
    assert run.error == services.LOST_WORKERS
    assert run.finished_at
    assert services.claim_work() is None


def test_two_dead_children_fail_the_run_with_their_sentence(run):
    services.report_child_failure(services.claim_chunk(), "It crashed.")
    run.refresh_from_db()
    assert run.state == S.OBSERVING
    services.report_child_failure(services.claim_chunk(), "It crashed again.")
    run.refresh_from_db()
    assert (run.state, run.error) == (S.FAILED, "It crashed again.")


def test_what_is_refused_is_not_tried_again(run):
    services.report_child_failure(services.claim_chunk(), "This is no video.", is_final=True)
    run.refresh_from_db()
    assert (run.state, run.error) == (S.FAILED, "This is no video.")


def test_a_cancelled_run_ends_when_nobody_works_on_it(run):
    chunk = services.claim_chunk()
    assert services.cancel_run(run=run)
    run.refresh_from_db()
    assert run.state == S.CANCELING
    assert not services.renew_lease(chunk, 0.5)
    assert not services.finish_chunk(chunk, "late.npz")
    services.give_back(chunk)
    run.refresh_from_db()
    assert run.state == S.CANCELED
    assert services.claim_work() is None
    assert not services.cancel_run(run=run)


def test_a_cancelled_run_whose_worker_died_is_ended_by_the_reaper(run):
    chunk = services.claim_chunk()
    services.cancel_run(run=run)
    let_leases_run_out(chunk)
    reaper.reap()
    run.refresh_from_db()
    assert run.state == S.CANCELED


def test_a_queued_run_is_cancelled_at_once(run):
    services.cancel_run(run=run)
    run.refresh_from_db()
    assert run.state == S.CANCELED


def test_one_users_long_queue_does_not_starve_another(make_run, alice, charlie):
    long = make_run(alice, n_chunks=20)
    assert services.claim_chunk().run_id == long.pk
    short = make_run(charlie, n_chunks=2)
    assert [services.claim_chunk().run_id for _ in range(4)] == [short.pk, long.pk, short.pk, long.pk]


def test_one_worker_alone_takes_turns_between_users(make_run, alice, charlie):
    runs = {make_run(alice, n_chunks=3).pk: "alice", make_run(charlie, n_chunks=3).pk: "charlie"}
    turns = []
    for _ in range(6):
        chunk = services.claim_chunk()
        turns.append(runs[chunk.run_id])
        services.finish_chunk(chunk, "x.npz")
    assert turns == ["alice", "charlie"] * 3


def test_a_proxy_waits_for_the_runs_of_its_video_but_not_for_others(run, video):
    Proxy.objects.create(video=video)
    assert isinstance(services.claim_work(), Chunk)
    Run.objects.update(state=S.FAILED)
    proxy = services.claim_work()
    assert isinstance(proxy, Proxy)
    assert services.finish_proxy(proxy, "proxies/x.mp4")
    video.refresh_from_db()
    assert video.proxy.name == "proxies/x.mp4"


@pytest.mark.django_db
def test_fault_49_50_a_bell_that_rings_twice_or_late_finds_no_work():
    assert services.claim_work() is None
    assert services.claim_work() is None


def test_fault_51_an_old_bell_for_a_cancelled_or_deleted_run_does_nothing(run, make_run, alice):
    services.cancel_run(run=run)
    make_run(alice).delete()
    assert services.claim_work() is None


def test_the_reaper_rings_for_waiting_work(run, rings):
    reaper.reap()
    assert rings == [2]


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
