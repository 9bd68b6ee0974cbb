"""Backups that workers make, when asked or by the clock."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.utils import timezone

from faceapp.operations.backups import archive, asking
from faceapp.operations.models import Backup
from faceapp.runs.models import Work
from faceapp.worker import claiming, performing


@pytest.fixture
def folder(settings: Any, tmp_path: Path) -> Path:
    settings.BACKUP_DIR, settings.SECRET_KEY_FILE, settings.KEEP_FREE_BYTES = tmp_path / "kept", tmp_path / "no", 0
    return tmp_path / "kept"


def work_off() -> Backup:
    claimed = claiming.claim_work("cpu")
    assert isinstance(claimed, Backup)
    performing.perform(claimed)
    claimed.refresh_from_db()
    return claimed


@pytest.mark.django_db(transaction=True)
def test_a_worker_makes_the_backup_that_was_asked_for(video: Any, alice: Any, folder: Path) -> None:
    asking.ask_for_backup(user=alice)
    assert asking.ask_for_backup(user=alice) == Backup.objects.get()
    made = work_off()
    assert (made.state, made.n_files, made.error) == (Work.State.DONE, 1, "")
    assert archive.check(Path(made.path)).about["format"] == 1


@pytest.mark.django_db(transaction=True)
def test_one_that_finds_no_room_says_so(video: Any, settings: Any, folder: Path) -> None:
    settings.KEEP_FREE_BYTES = 10**18
    asking.ask_for_backup(user=None)
    made = work_off()
    assert made.state == Work.State.FAILED
    assert "FACELINE_BACKUP_DIR" in made.error


@pytest.mark.django_db
def test_the_clock_asks_when_the_last_one_is_old(settings: Any) -> None:
    assert not asking.ask_when_due()
    settings.BACKUP_EVERY_H = 24
    assert asking.ask_when_due()
    assert not asking.ask_when_due()
    Backup.objects.update(state=Work.State.DONE, created_at=timezone.now() - timedelta(hours=25))
    assert asking.ask_when_due()


def test_the_newest_are_kept_and_no_file_of_others_is_touched(settings: Any, tmp_path: Path) -> None:
    settings.BACKUP_KEEP = 2
    oldest, *others = (tmp_path / f"faceline-2026010{day}T000000.tar" for day in (1, 2, 3))
    for path in (oldest, *others, tmp_path / "mine.tar"):
        path.touch()
    assert asking.remove_old(tmp_path) == 1
    assert sorted(tmp_path.glob("*.tar")) == [*others, tmp_path / "mine.tar"]


@pytest.mark.django_db(transaction=True)
def test_one_that_a_command_made_is_known_to_the_page(video: Any, folder: Path) -> None:
    call_command("backup")
    assert Backup.objects.get().path.startswith(str(folder))
