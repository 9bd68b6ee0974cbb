"""Deletion removes every byte that was derived from a video, and none of another one."""

from __future__ import annotations

import os
import time
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from faceapp.library import uploads
from faceapp.library.models import Upload, Video
from faceapp.library.sweeping import sweep
from faceapp.runs.models import Run

pytestmark = pytest.mark.django_db(transaction=True)


def lay(path: Path) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(b"x")
    return path


def files_in(folder: Path) -> set[Path]:
    return {path for path in folder.rglob("*") if path.is_file()}


def test_deleting_a_video_removes_every_byte_of_it_alone(
    video: Any, alice: Any, alice_client: Client, settings: Any
) -> None:
    media = settings.MEDIA_ROOT
    run = Run.objects.create(video=video, started_by=alice, config={})
    names = ("posters/{video}.jpg", "proxies/{video}.mp4", "runs/{run}/0-1.npz", "results/{run}.json")
    for name in (*names, "portraits/{run}/3-0.jpg", "annotated/{run}.mp4"):
        lay(media / name.format(video=video.pk, run=run.pk))
        lay(media / name.format(video="11111111-1111-4111-8111-111111111111", run="other"))
    others = {path for path in files_in(media) if "1111" in str(path) or "other" in str(path)}
    alice_client.post(f"/videos/{video.pk}/delete/")
    assert not Video.objects.exists()
    assert not Run.objects.exists()
    assert files_in(media) == others


def test_deleting_a_project_deletes_its_videos(video: Any, alice_client: Client, settings: Any) -> None:
    alice_client.post(f"/projects/{video.project.pk}/delete/")
    assert not Video.objects.exists()
    assert files_in(settings.MEDIA_ROOT) == set()


def test_a_video_is_renamed(video: Any, alice_client: Client) -> None:
    alice_client.post(f"/videos/{video.pk}/rename/", {"name": "Advert, final cut"})
    video.refresh_from_db()
    assert video.name == "Advert, final cut"


def test_what_nobody_resumes_and_no_row_names_is_swept(video: Any, alice: Any, settings: Any) -> None:
    forgotten = uploads.begin(project=video.project, user=alice, name="old.mp4", size_bytes=10)
    fresh = uploads.begin(project=video.project, user=alice, name="new.mp4", size_bytes=10)
    Upload.objects.filter(pk=forgotten.pk).update(touched_at=timezone.now() - timedelta(days=2))
    stray = lay(settings.MEDIA_ROOT / "videos" / "22222222-2222-4222-8222-222222222222")
    young = lay(settings.MEDIA_ROOT / "videos" / "33333333-3333-4333-8333-333333333333")
    two_days_ago = time.time() - 2 * 24 * 3600
    for path in (stray, settings.MEDIA_ROOT / video.file.name):
        os.utime(path, (two_days_ago, two_days_ago))
    assert sweep() == 2
    assert not uploads.path_of(forgotten).exists()
    assert uploads.path_of(fresh).exists()
    assert files_in(settings.MEDIA_ROOT) == {young, settings.MEDIA_ROOT / video.file.name}
