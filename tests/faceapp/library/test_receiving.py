"""Files that come in by the API's form: the same limits as everywhere."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.files import uploadhandler
from django.core.files.uploadedfile import SimpleUploadedFile, TemporaryUploadedFile
from django.test import Client
from django.urls import reverse_lazy

from faceapp.accounts.models import ApiToken
from faceapp.accounts.services import create_token
from faceapp.library import services
from faceapp.library.models import Video
from faceapp.library.refusals import TooLarge

VIDEOS = "/api/v1/videos/"
SIGN_IN = reverse_lazy("accounts:login")


def post(client: Client, project: Any, n_bytes: int) -> Any:
    file = SimpleUploadedFile("big.mp4", b"0" * n_bytes)
    return client.post(VIDEOS, {"project": str(project.pk), "file": file}, headers={"Accept": "application/json"})


def test_a_form_over_the_limit_is_refused_by_what_it_declares(
    alice_client: Client, project: Any, settings: Any
) -> None:
    settings.MAX_UPLOAD_BYTES = 1_000_000
    answer = post(alice_client, project, 2_500_000)
    assert answer.status_code == 413
    assert answer.json()["error"] == "The file is larger than 1 MB, the limit of this server."
    assert list(settings.UPLOAD_DIR.iterdir()) == []


def test_and_by_what_it_really_sends(alice_client: Client, project: Any, settings: Any) -> None:
    settings.MAX_UPLOAD_BYTES = 500_000
    assert post(alice_client, project, 600_000).status_code == 413
    assert not Video.objects.exists()
    assert list(settings.UPLOAD_DIR.iterdir()) == []


def test_a_form_over_the_free_disk_is_refused(alice_client: Client, project: Any, settings: Any) -> None:
    settings.KEEP_FREE_BYTES = 10**18
    answer = post(alice_client, project, 1000)
    assert (answer.status_code, "disk" in answer.json()["error"]) == (413, True)


def test_the_quota_holds_for_every_way_in(video: Any, alice: Any, settings: Any) -> None:
    settings.TEAM_QUOTA_BYTES = video.size_bytes + 100
    path = settings.UPLOAD_DIR / "x.part"
    path.write_bytes(b"0" * 101)
    with pytest.raises(TooLarge, match="your team's limit"):
        services.accept_file(project=video.project, user=alice, name="x", path=path)
    assert not path.exists()


# --- files of people who have not signed in ---


@pytest.fixture
def staged(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Names of the files for which room was made on the disk."""
    names: list[str] = []

    def stage(name: str, *rest: Any) -> TemporaryUploadedFile:
        names.append(name)
        return TemporaryUploadedFile(name, *rest)

    monkeypatch.setattr(uploadhandler, "TemporaryUploadedFile", stage)
    return names


@pytest.fixture
def visitor(db: None) -> Client:
    """Nobody known, with the cookie of the sign-in page."""
    client = Client(enforce_csrf_checks=True)
    client.get(SIGN_IN)
    assert "csrftoken" in client.cookies
    return client


@pytest.mark.parametrize("address", [SIGN_IN, "/uploads/", VIDEOS], ids=str)
def test_a_file_of_a_visitor_is_not_even_begun(visitor: Client, project: Any, staged: list[str], address: str) -> None:
    fields = {"csrfmiddlewaretoken": visitor.cookies["csrftoken"].value, "project": str(project.pk)}
    answer = visitor.post(address, {**fields, "file": SimpleUploadedFile("big.mp4", b"0" * 100_000)})
    assert answer.status_code in (400, 401, 403)
    assert staged == []


def test_a_file_of_someone_who_has_signed_in_comes_through_the_api_alone(
    alice: Any, project: Any, staged: list[str]
) -> None:
    browser = Client(enforce_csrf_checks=True)
    browser.get(SIGN_IN)
    browser.force_login(alice)
    token = {"X-CSRFToken": browser.cookies["csrftoken"].value}
    for address, status in (("/projects/new/", 400), (VIDEOS, 422)):
        file = SimpleUploadedFile("text.mp4", b"Dear diary. " * 100)
        answer = browser.post(address, {"project": str(project.pk), "file": file}, headers=token)
        assert answer.status_code == status, answer.content
    assert staged == ["text.mp4"]


def test_a_program_sends_a_file_with_its_token(alice: Any, project: Any, staged: list[str]) -> None:
    _, text = create_token(user=alice, name="script", scope=ApiToken.Scope.WRITE)
    script = Client(enforce_csrf_checks=True, headers={"Authorization": f"Bearer {text}"})
    file = SimpleUploadedFile("text.mp4", b"Dear diary. " * 100)
    assert script.post(VIDEOS, {"project": str(project.pk), "file": file}).status_code == 422
    assert staged == ["text.mp4"]
