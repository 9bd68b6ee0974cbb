"""Uploads and downloads against a real server process: killed in the middle, and its memory."""

from __future__ import annotations

import hashlib
import http.client
import os
import random
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from faceapp.core.broker import free_port

REPOSITORY = Path(__file__).parents[3]
MB = 1_000_000
TUS = {"Tus-Resumable": "1.0.0", "Content-Type": "application/offset+octet-stream"}
PREPARE = """
from django.contrib.sessions.backends.db import SessionStore
from faceapp.accounts.models import User, Team
from faceapp.accounts.services import create_first_account
from faceapp.library.services import create_project
from faceapp.library.uploads import begin, path_of
from faceapp.library.models import Video
user = create_first_account().user
project = create_project(team=Team.objects.get(), name="P")
session = SessionStore()
session["_auth_user_id"], session["_auth_user_backend"] = str(user.pk), "django.contrib.auth.backends.ModelBackend"
session["_auth_user_hash"] = user.get_session_auth_hash()
session.save()
upload = begin(project=project, user=user, name="big.mp4", size_bytes=SIZE)
facts = dict(container="mp4", codec="h264", width_px=9, height_px=9, frame_rate=1, duration_s=1, sha256="0" * 64)
video = Video.objects.create(project=project, name="v", size_bytes=SIZE, file="videos/v", **facts)
from django.conf import settings
(settings.MEDIA_ROOT / "videos").mkdir()
with (settings.MEDIA_ROOT / "videos/v").open("wb") as file: file.truncate(SIZE)
print("KEYS", session.session_key, upload.pk, video.pk)
"""

pytestmark = [
    pytest.mark.slow,
    pytest.mark.alone,
    pytest.mark.skipif(sys.platform != "linux", reason="reads memory from /proc"),
]


class Server:
    """Granian over a database of its own, with one upload of `size` bytes begun and one video of that size."""

    def __init__(self, home: Path, size: int) -> None:
        self.environment = {**os.environ, "FACELINE_HOME": str(home), "FACELINE_TETHERED": "1"}
        self.environment.pop("FACELINE_DATABASE_URL", None)
        self.port, self.size, self.home = free_port(), size, home
        self._manage("migrate", "-v0")
        printed = self._manage("shell", "-v0", "-c", PREPARE.replace("SIZE", str(size)))
        keys = re.search(r"KEYS (\S+) (\S+) (\S+)", printed)
        assert keys, printed
        self.cookie = f"sessionid={keys[1]}; csrftoken={'c' * 32}"
        self.upload, self.video = f"/uploads/{keys[2]}", f"/videos/{keys[3]}/media"
        self.process: subprocess.Popen[bytes] | None = None

    def _manage(self, *arguments: str) -> str:
        command = [sys.executable, "manage.py", *arguments]
        done = subprocess.run(command, cwd=REPOSITORY, env=self.environment, capture_output=True, text=True, check=True)
        return done.stdout

    def start(self) -> None:
        granian = Path(sys.executable).with_name("granian")
        options = [
            "--interface",
            "asginl",
            "--port",
            str(self.port),
            "--http",
            "1",
            "--no-ws",
            "--log-level",
            "warning",
        ]
        self.process = subprocess.Popen(
            [granian, *options, "faceapp.asgi:application"], cwd=REPOSITORY, env=self.environment
        )
        deadline = time.monotonic() + 60
        while time.monotonic() < deadline:
            try:
                if self.ask("GET", "/health/").status == 200:
                    return
            except OSError:
                time.sleep(0.2)
        raise AssertionError("the server does not answer")

    def kill(self) -> None:
        assert self.process
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()
        deadline = time.monotonic() + 20  # its worker hears of it from the kernel
        while time.monotonic() < deadline:
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", self.port)):
                    return
            time.sleep(0.1)
        raise AssertionError("a worker of the killed server still listens")

    def ask(self, method: str, address: str, **headers: str) -> http.client.HTTPResponse:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=120)
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        connection.request(method, address, headers={**TUS, "Cookie": self.cookie, **named})
        return connection.getresponse()

    def offset(self) -> int:
        """What is safe; as a client does, asks again while the request before is ending."""
        while (answer := self.ask("HEAD", self.upload)).status == 423:
            time.sleep(0.2)
        return int(answer.headers["Upload-Offset"])

    def open_patch(self, offset: int, n_announced: int) -> http.client.HTTPConnection:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=120)
        connection.putrequest("PATCH", self.upload)
        token = {"X-CSRFToken": "c" * 32, "Cookie": self.cookie}
        for name, value in {**TUS, **token, "Upload-Offset": offset, "Content-Length": n_announced}.items():
            connection.putheader(name, str(value))
        connection.endheaders()
        return connection

    def peak_memory_mb(self) -> float:
        assert self.process
        children = subprocess.run(["ps", "-o", "pid=", "--ppid", str(self.process.pid)], capture_output=True, text=True)
        pids = [self.process.pid, *(int(pid) for pid in children.stdout.split())]
        peaks = (re.search(r"VmHWM:\s+(\d+)", Path(f"/proc/{pid}/status").read_text()) for pid in pids)
        return max(int(peak[1]) for peak in peaks if peak) / 1000


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    made = Server(tmp_path / "home", 400 * MB)
    made.start()
    yield made
    if made.process and made.process.poll() is None:
        made.process.terminate()
        made.process.wait(20)


def await_offset(server: Server, offset: int) -> None:
    deadline = time.monotonic() + 30
    while server.offset() < offset and time.monotonic() < deadline:
        time.sleep(0.2)


def test_an_upload_goes_on_after_the_web_was_killed(server: Server) -> None:
    connection = server.open_patch(0, server.size)
    for _ in range(100):
        connection.send(bytes(MB))
    time.sleep(1)
    server.kill()
    server.start()
    offset = server.offset()
    assert 32 * MB < offset <= 100 * MB
    connection = server.open_patch(offset, MB)
    connection.send(bytes(MB))
    assert connection.getresponse().status == 204
    assert server.offset() == offset + MB


def test_a_connection_that_breaks_loses_nothing_that_came(server: Server) -> None:
    connection = server.open_patch(0, server.size)
    for _ in range(50):
        connection.send(bytes(MB))
    await_offset(server, 49 * MB)
    connection.close()
    await_offset(server, 49 * MB)
    assert 49 * MB <= server.offset() <= 50 * MB


def test_every_byte_of_a_slow_upload_is_where_it_belongs(server: Server) -> None:
    """Longer than a piece is waited for, in bursts that end at any moment."""
    connection, sent = server.open_patch(0, server.size), b""
    chance = random.Random(1)
    for _ in range(24):
        burst = chance.randbytes(chance.randrange(1, 600_000))
        connection.send(burst)
        sent += burst
        time.sleep(chance.random() * 0.6)
    await_offset(server, len(sent))
    (part,) = (server.home / "uploads").glob("*.part")
    assert hashlib.sha256(part.read_bytes()).digest() == hashlib.sha256(sent).digest()


def test_the_memory_of_the_web_does_not_grow_with_the_file(server: Server) -> None:
    before_mb = server.peak_memory_mb()
    connection = server.open_patch(0, server.size)
    for _ in range(server.size // MB):
        connection.send(bytes(MB))
    assert connection.getresponse().status == 422  # zeros are no video
    whole = server.ask("GET", server.video)
    n_read = 0
    while piece := whole.read(MB):
        n_read += len(piece)
    assert n_read == server.size
    assert server.peak_memory_mb() - before_mb < 80


def test_a_download_goes_on_after_the_web_was_killed(server: Server) -> None:
    first = server.ask("GET", server.video)
    etag = first.headers["ETag"]
    assert len(first.read(10 * MB)) == 10 * MB
    server.kill()
    server.start()
    rest = server.ask("GET", server.video, Range=f"bytes={10 * MB}-{20 * MB - 1}", If_Range=etag)
    assert (rest.status, len(rest.read())) == (206, 10 * MB)


def test_more_slow_players_than_threads_stop_no_page(server: Server) -> None:
    request = f"GET {server.video} HTTP/1.1\r\nHost: localhost\r\nCookie: {server.cookie}\r\n\r\n".encode()
    players = [socket.create_connection(("127.0.0.1", server.port)) for _ in range(60)]
    try:
        for player in players:
            player.sendall(request)
            assert player.recv(12).startswith(b"HTTP/1.1 200")  # and not a byte more
        started = time.monotonic()
        assert server.ask("GET", "/health/").status == 200
        assert time.monotonic() - started < 2
    finally:
        for player in players:
            player.close()
