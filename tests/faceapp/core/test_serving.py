"""One file, one range of it; nothing strange gets more."""

from __future__ import annotations

from typing import Any

import pytest
from django.http import Http404
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from faceapp.core.serving import ByteRange, RangeNotSatisfiable, parse_range, serve_file

CONTENT = bytes(range(250)) * 4  # what the fixture `video` holds


def body(response: Any) -> bytes:
    return b"".join(response.streaming_content) if response.streaming else response.content


@pytest.fixture
def address(video: Any) -> str:
    return f"/videos/{video.pk}/media"


def get(client: Client, address: str, **headers: str) -> Any:
    return client.get(address, headers={name.replace("_", "-"): value for name, value in headers.items()})


def test_the_whole_file(alice_client: Client, address: str) -> None:
    response = get(alice_client, address)
    assert response.status_code == 200
    assert response["Content-Length"] == "1000"
    assert response["Accept-Ranges"] == "bytes"
    assert body(response) == CONTENT


RANGES = (
    ("bytes=0-0", 0, 1),
    ("bytes=10-19", 10, 20),
    ("bytes=990-", 990, 1000),
    ("bytes=-5", 995, 1000),
    ("bytes=0-99999", 0, 1000),
    ("bytes=-5000", 0, 1000),
)


@pytest.mark.parametrize(("asked", "start", "end"), RANGES)
def test_one_range(alice_client: Client, address: str, asked: str, start: int, end: int) -> None:
    response = get(alice_client, address, Range=asked)
    assert response.status_code == 206
    assert response["Content-Range"] == f"bytes {start}-{end - 1}/1000"
    assert response["Content-Length"] == str(end - start)
    assert body(response) == CONTENT[start:end]


STRANGE_RANGES = {
    "behind the end": "bytes=1000-",
    "reversed": "bytes=20-10",
    "negative": "bytes=-10--5",
    "of nothing": "bytes=-",
    "the last none": "bytes=-0",
    "another unit": "lines=1-2",
    "two": "bytes=0-1,5-6",
    "ten thousand": "bytes=" + ",".join(f"{n}-{n}" for n in range(10_000)),
    "a huge number": "bytes=" + "9" * 5000 + "-",
    "a path": "bytes=../../etc/passwd",
}


@pytest.mark.parametrize("asked", STRANGE_RANGES.values(), ids=STRANGE_RANGES.keys())
def test_a_strange_range_is_refused(alice_client: Client, address: str, asked: str) -> None:
    response = get(alice_client, address, Range=asked)
    assert response.status_code == 416
    assert response["Content-Range"] == "bytes */1000"
    assert body(response) == b""


@given(header=st.text(max_size=40), size=st.integers(0, 10**12))
def test_whatever_is_asked_a_range_lies_inside_of_the_file(header: str, size: int) -> None:
    for asked in (header, f"bytes={header}"):
        try:
            part = parse_range(asked, size)
        except RangeNotSatisfiable:
            continue
        assert 0 <= part.start < part.end <= size


@given(first=st.integers(0, 2000), last=st.integers(0, 2000))
def test_a_range_is_cut_to_the_file(first: int, last: int) -> None:
    if first <= last and first < 1000:
        assert parse_range(f"bytes={first}-{last}", 1000) == ByteRange(first, min(last + 1, 1000))


def test_what_the_browser_has_is_not_sent_again(alice_client: Client, address: str) -> None:
    etag = get(alice_client, address)["ETag"]
    assert get(alice_client, address, If_None_Match=etag).status_code == 304
    assert get(alice_client, address, If_None_Match='"another"').status_code == 200


def test_a_range_of_a_file_that_has_changed_is_the_whole_file(alice_client: Client, address: str) -> None:
    etag = get(alice_client, address)["ETag"]
    assert get(alice_client, address, Range="bytes=0-9", If_Range=etag).status_code == 206
    assert get(alice_client, address, Range="bytes=0-9", If_Range='"old"').status_code == 200


def test_head_sends_no_bytes(alice_client: Client, address: str) -> None:
    response = alice_client.head(address)
    assert (response.status_code, response["Content-Length"], body(response)) == (200, "1000", b"")


def test_a_file_is_served_with_its_own_type_and_runs_nothing(alice_client: Client, video: Any) -> None:
    video.name = 'x.html"; filename="evil.html\r\nX-Evil: 1'
    video.save()
    response = get(alice_client, f"/videos/{video.pk}/media")
    assert response["Content-Type"] == "video/mp4"  # of the container, not of the name
    assert response["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in response["Content-Security-Policy"]
    assert "X-Evil" not in response
    original = get(alice_client, f"/videos/{video.pk}/media?original")
    assert original["Content-Disposition"].startswith("attachment;")


def test_an_unknown_container_is_bytes(alice_client: Client, video: Any) -> None:
    video.container = "something,else"
    video.save()
    assert get(alice_client, f"/videos/{video.pk}/media")["Content-Type"] == "application/octet-stream"


def test_the_proxy_is_played_where_there_is_one(alice_client: Client, video: Any, settings: Any) -> None:
    video.proxy.name = f"proxies/{video.pk}.mp4"
    video.save()
    path = settings.MEDIA_ROOT / video.proxy.name
    path.parent.mkdir()
    path.write_bytes(b"proxy")
    address = f"/videos/{video.pk}/media"
    assert body(get(alice_client, address)) == b"proxy"
    assert body(get(alice_client, f"{address}?original")) == CONTENT


def test_in_production_the_proxy_before_us_sends_the_bytes(alice_client: Client, video: Any, settings: Any) -> None:
    settings.ACCEL_REDIRECT_PREFIX = "/protected/"
    response = get(alice_client, f"/videos/{video.pk}/media", Range="bytes=0-9")
    assert response["X-Accel-Redirect"] == f"/protected/videos/{video.pk}"
    assert (response.status_code, response["Content-Type"], body(response)) == (200, "video/mp4", b"")


def test_a_file_that_is_gone_is_not_found(alice_client: Client, video: Any, settings: Any) -> None:
    (settings.MEDIA_ROOT / video.file.name).unlink()
    assert get(alice_client, f"/videos/{video.pk}/media").status_code == 404


@pytest.mark.parametrize("name", ["../secret-key", "/etc/passwd", "videos/../../secret-key", "a\x00b", "videos"])
def test_nothing_outside_of_the_media_is_served(rf: Any, settings: Any, name: str) -> None:
    (settings.MEDIA_ROOT.parent / "secret-key").write_text("secret")
    (settings.MEDIA_ROOT / "videos").mkdir()
    with pytest.raises(Http404):
        body(serve_file(rf.get("/"), name, content_type="text/plain", filename="x"))
