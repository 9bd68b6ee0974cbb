"""Uploads that can be resumed."""

from __future__ import annotations

import base64
from typing import Any

import pytest
from django.test import Client

from faceapp.accounts.models import ApiToken, User
from faceapp.accounts.services import create_token
from faceapp.library import uploads
from faceapp.library.models import Upload, Video
from faceapp.library.uploads import path_of

TUS = {"Tus-Resumable": "1.0.0"}
PIECE = "application/offset+octet-stream"


def b64(text: str) -> str:
    return base64.b64encode(text.encode()).decode()


def create(client: Client, project: Any, *, length: object = 10, name: str = "Advert.mp4", **headers: str) -> Any:
    metadata = f"filename {b64(name)},project {b64(str(project.pk))}"
    announced = {} if length is None else {"Upload-Length": str(length)}
    return client.post("/uploads/", headers={**TUS, "Upload-Metadata": metadata, **announced, **headers})


def send(client: Client, address: str, data: bytes, offset: int, **headers: str) -> Any:
    return client.patch(address, data, content_type=PIECE, headers={**TUS, "Upload-Offset": str(offset), **headers})


def ask(client: Client, address: str) -> Any:
    return client.head(address, headers=TUS)


def test_a_file_comes_in_pieces_and_goes_on_where_it_stopped(alice_client: Client, project: Any) -> None:
    created = create(alice_client, project, length=10)
    assert created.status_code == 201
    address = created["Location"]
    assert ask(alice_client, address)["Upload-Offset"] == "0"
    assert send(alice_client, address, b"0123", 0)["Upload-Offset"] == "4"
    answer = ask(alice_client, address)
    assert (answer["Upload-Offset"], answer["Upload-Length"], answer["Cache-Control"]) == ("4", "10", "no-store")
    assert path_of(Upload.objects.get()).read_bytes() == b"0123"


def program(user: User, scope: str) -> Client:
    """A client with nothing but a token, that keeps to the rules against forgery."""
    _, text = create_token(user=user, name="script", scope=scope)
    return Client(enforce_csrf_checks=True, headers={"Authorization": f"Bearer {text}"})


def test_a_program_uploads_with_its_token(alice: User, project: Any) -> None:
    script = program(alice, ApiToken.Scope.WRITE)
    address = create(script, project, length=10)["Location"]
    assert send(script, address, b"0123", 0)["Upload-Offset"] == "4"
    assert ask(script, address)["Upload-Offset"] == "4"


def test_a_program_that_may_only_read_or_is_unknown_is_told_so(alice: User, project: Any) -> None:
    answer = create(program(alice, ApiToken.Scope.READ), project)
    assert (answer.status_code, answer.json()) == (403, {"error": "This token is read-only."})
    stranger = Client(enforce_csrf_checks=True, headers={"Authorization": "Bearer fl_nobody"})
    answer = create(stranger, project)
    assert (answer.status_code, answer.json()) == (
        401,
        {"error": "The token is unknown, has been revoked, or has expired."},
    )
    assert not Upload.objects.exists()


def test_a_piece_from_elsewhere_is_refused_with_the_right_place(alice_client: Client, project: Any) -> None:
    address = create(alice_client, project)["Location"]
    answer = send(alice_client, address, b"0123", 3)
    assert (answer.status_code, answer["Upload-Offset"]) == (409, "0")
    assert ask(alice_client, address)["Upload-Offset"] == "0"


def test_bytes_that_were_not_yet_safe_when_the_web_died_are_sent_again(alice_client: Client, project: Any) -> None:
    """The row, not the length of the file, says what is here."""
    address = create(alice_client, project)["Location"]
    send(alice_client, address, b"0123", 0)
    upload = Upload.objects.get()
    with path_of(upload).open("ab") as file:
        file.write(b"torn")
    assert ask(alice_client, address)["Upload-Offset"] == "4"
    send(alice_client, address, b"45", 4)
    assert path_of(upload).read_bytes() == b"012345"


class BrokenStream:
    """A connection that breaks after some bytes."""

    def __init__(self, data: bytes) -> None:
        self.data = data

    def read(self, size: int = -1, /) -> bytes:
        if not self.data:
            raise OSError("connection reset")
        piece, self.data = self.data[:size], self.data[size:]
        return piece


def test_what_came_before_the_connection_broke_is_kept(alice_client: Client, project: Any) -> None:
    create(alice_client, project)
    upload = Upload.objects.get()
    with pytest.raises(OSError, match="reset"):
        uploads.append(upload, BrokenStream(b"01234"), 10)
    assert Upload.objects.get().offset_bytes == 5
    assert path_of(upload).read_bytes() == b"01234"


def test_two_requests_do_not_write_one_upload_at_a_time(alice_client: Client, project: Any) -> None:
    address = create(alice_client, project)["Location"]
    with uploads.sole_use(Upload.objects.get()):
        assert send(alice_client, address, b"0123", 0).status_code == ask(alice_client, address).status_code == 423
    assert send(alice_client, address, b"0123", 0).status_code == 204


def test_the_length_may_come_later(alice_client: Client, project: Any) -> None:
    address = create(alice_client, project, length=None, **{"Upload-Defer-Length": "1"})["Location"]
    assert send(alice_client, address, b"0123", 0)["Upload-Defer-Length"] == "1"
    assert send(alice_client, address, b"45", 4, **{"Upload-Length": "10"})["Upload-Length"] == "10"


def test_giving_up_leaves_nothing(alice_client: Client, project: Any, settings: Any) -> None:
    address = create(alice_client, project)["Location"]
    send(alice_client, address, b"0123", 0)
    assert alice_client.delete(address, headers=TUS).status_code == 204
    assert ask(alice_client, address).status_code == 404
    assert list(settings.UPLOAD_DIR.iterdir()) == []


def test_an_unknown_version_of_the_protocol_is_refused(alice_client: Client, project: Any) -> None:
    answer = alice_client.post("/uploads/", headers={"Tus-Resumable": "0.2.2", "Upload-Length": "10"})
    assert (answer.status_code, answer["Tus-Version"]) == (412, "1.0.0")


def test_options_tell_what_is_possible(alice_client: Client, settings: Any) -> None:
    answer = alice_client.options("/uploads/")
    assert answer["Tus-Max-Size"] == str(settings.MAX_UPLOAD_BYTES)
    assert "creation" in answer["Tus-Extension"]


@pytest.mark.parametrize("length", ["", "-1", "many", "1e9", "9" * 40])
def test_a_length_that_is_none_is_refused(alice_client: Client, project: Any, length: str) -> None:
    assert create(alice_client, project, length=length).status_code == 400


def test_another_content_type_is_refused(alice_client: Client, project: Any) -> None:
    address = create(alice_client, project)["Location"]
    answer = alice_client.patch(address, b"0123", content_type="text/plain", headers={**TUS, "Upload-Offset": "0"})
    assert answer.status_code == 415


def test_a_piece_for_an_upload_that_was_taken_in_gets_the_same_answer(alice_client: Client, video: Any) -> None:
    address = create(alice_client, video.project, length=4)["Location"]
    Upload.objects.update(offset_bytes=4, video=video)
    path_of(Upload.objects.get()).unlink()
    answer = send(alice_client, address, b"9", 4)  # nothing of it is written
    assert (answer.status_code, answer.json()["id"]) == (200, str(video.pk))


def test_a_piece_for_an_upload_whose_file_got_lost_is_refused_with_a_sentence(
    alice_client: Client, project: Any, settings: Any
) -> None:
    address = create(alice_client, project)["Location"]
    path_of(Upload.objects.get()).unlink()
    for status in (422, 410):
        answer = send(alice_client, address, b"0123", 0)
        assert (answer.status_code, "was lost" in answer.json()["error"]) == (status, True)
    assert list(settings.UPLOAD_DIR.iterdir()) == []


def test_an_upload_that_another_request_gave_up_is_not_there(alice_client: Client, project: Any, settings: Any) -> None:
    create(alice_client, project)
    upload = Upload.objects.get()
    uploads.cancel(Upload.objects.get())
    with pytest.raises(Upload.DoesNotExist), uploads.sole_use(upload):
        pass
    assert list(settings.UPLOAD_DIR.iterdir()) == []


# --- sizes ---


def test_an_empty_file_is_refused_before_a_byte_travels(alice_client: Client, project: Any) -> None:
    answer = create(alice_client, project, length=0)
    assert (answer.status_code, answer.json()["error"]) == (422, "The file is empty.")
    assert not Upload.objects.exists()


def test_more_than_the_limit_is_refused_before_a_byte_travels(
    alice_client: Client, project: Any, settings: Any
) -> None:
    answer = create(alice_client, project, length=settings.MAX_UPLOAD_BYTES + 1)
    assert answer.status_code == 413
    assert "larger than 4 GB" in answer.json()["error"]
    assert not Upload.objects.exists()
    assert list(settings.UPLOAD_DIR.iterdir()) == []


def test_more_than_the_quota_is_refused(alice_client: Client, video: Any, settings: Any) -> None:
    settings.TEAM_QUOTA_BYTES = video.size_bytes + 100
    assert create(alice_client, video.project, length=101).status_code == 413
    assert create(alice_client, video.project, length=60).status_code == 201
    answer = create(alice_client, video.project, length=60)  # the one before is on its way
    assert answer.status_code == 413
    assert "your team's limit" in answer.json()["error"]


def test_more_than_the_free_disk_is_refused(alice_client: Client, project: Any, settings: Any) -> None:
    settings.KEEP_FREE_BYTES = 10**18
    answer = create(alice_client, project)
    assert answer.status_code == 413
    assert "disk is too full" in answer.json()["error"]


def test_an_undeclared_size_is_refused_at_the_limit(alice_client: Client, project: Any, settings: Any) -> None:
    settings.MAX_UPLOAD_BYTES = 8
    address = create(alice_client, project, length=None, **{"Upload-Defer-Length": "1"})["Location"]
    assert send(alice_client, address, b"0123", 0).status_code == 204
    assert send(alice_client, address, b"456789", 4).status_code == 413
    assert list(settings.UPLOAD_DIR.iterdir()) == []
    assert ask(alice_client, address).status_code == 410


def test_more_bytes_than_announced_are_refused(alice_client: Client, project: Any, settings: Any) -> None:
    address = create(alice_client, project, length=5)["Location"]
    assert send(alice_client, address, b"0123456789", 0).status_code == 413
    assert list(settings.UPLOAD_DIR.iterdir()) == []


def test_a_full_disk_ends_the_upload_with_a_sentence(
    alice_client: Client, project: Any, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(_file: int, _piece: bytes) -> None:
        raise OSError(28, "No space left on device")

    address = create(alice_client, project)["Location"]
    monkeypatch.setattr(uploads, "_write_all", full)
    answer = send(alice_client, address, b"0123", 0)
    assert answer.status_code == 413
    assert "disk is full" in answer.json()["error"]
    assert list(settings.UPLOAD_DIR.iterdir()) == []


# --- strangers ---


def test_a_stranger_cannot_upload_here(charlie_client: Client, project: Any) -> None:
    assert create(charlie_client, project).status_code == 404


def test_an_upload_is_its_users_own(alice_client: Client, bob_client: Client, project: Any) -> None:
    address = create(alice_client, project)["Location"]
    for call in (bob_client.head, bob_client.get, bob_client.delete):
        assert call(address, headers=TUS).status_code == 404
    assert send(bob_client, address, b"0123", 0).status_code == 404


def test_an_upload_without_a_project_is_refused_with_a_sentence(alice_client: Client) -> None:
    answer = alice_client.post("/uploads/", headers={**TUS, "Upload-Length": "10"})
    assert (answer.status_code, answer.json()["error"]) == (
        400,
        "The project is missing. State which project the file belongs to.",
    )


def test_nothing_of_an_upload_is_a_video_yet(alice_client: Client, project: Any) -> None:
    send(alice_client, create(alice_client, project)["Location"], b"0123", 0)
    assert not Video.objects.exists()
