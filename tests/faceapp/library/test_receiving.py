"""Files that come in by the API's form: the same limits as everywhere."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from faceapp.library import services
from faceapp.library.models import Video
from faceapp.library.refusals import TooLarge

VIDEOS = "/api/v1/videos/"


def post(client: Client, project: Any, n_bytes: int) -> Any:
    file = SimpleUploadedFile("big.mp4", b"0" * n_bytes)
    return client.post(VIDEOS, {"project": str(project.pk), "file": file}, headers={"Accept": "application/json"})


def test_fault_25_a_form_over_the_limit_is_refused_by_what_it_declares(
    alice_client: Client, project: Any, settings: Any
) -> None:
    settings.MAX_UPLOAD_BYTES = 1_000_000
    answer = post(alice_client, project, 2_500_000)
    assert answer.status_code == 413
    assert answer.json()["error"] == "The file is larger than 1 MB, the limit of this server."
    assert list(settings.UPLOAD_DIR.iterdir()) == []


def test_fault_25_and_by_what_it_really_sends(alice_client: Client, project: Any, settings: Any) -> None:
    settings.MAX_UPLOAD_BYTES = 500_000
    assert post(alice_client, project, 600_000).status_code == 413
    assert not Video.objects.exists()
    assert list(settings.UPLOAD_DIR.iterdir()) == []


def test_fault_25_a_form_over_the_free_disk_is_refused(alice_client: Client, project: Any, settings: Any) -> None:
    settings.KEEP_FREE_BYTES = 10**18
    answer = post(alice_client, project, 1000)
    assert (answer.status_code, "disk" in answer.json()["error"]) == (413, True)


def test_fault_25_the_quota_holds_for_every_way_in(video: Any, alice: Any, settings: Any) -> None:
    settings.TEAM_QUOTA_BYTES = video.size_bytes + 100
    path = settings.UPLOAD_DIR / "x.part"
    path.write_bytes(b"0" * 101)
    with pytest.raises(TooLarge, match="Your team"):
        services.accept_file(project=video.project, user=alice, name="x", path=path)
    assert not path.exists()
