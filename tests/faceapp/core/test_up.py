"""`manage.py up`: everything starts, what dies comes back, everything ends; a second start keeps the data."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from faceapp.core.broker import free_port, is_free, prepare

REPOSITORY = Path(__file__).parents[3]
pytestmark = [
    pytest.mark.slow,
    pytest.mark.alone,
    pytest.mark.skipif(sys.platform != "linux", reason="looks for processes in /proc"),
]


def parent_of(pid: int) -> int:
    """0 when the process is gone."""
    try:
        return int(Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[1])
    except (FileNotFoundError, ProcessLookupError):
        return 0


class Installation:
    """One that runs in a folder of its own."""

    def __init__(self, home: Path, port: int) -> None:
        self.home, self.port = home, port
        self.log = home.with_suffix(".log")
        self.process: subprocess.Popen[bytes] | None = None

    def up(self) -> None:
        variables = {"FACELINE_HOME": str(self.home), "FACELINE_PORT": str(self.port), "FACELINE_WORKERS": "1"}
        with self.log.open("w") as out:
            self.process = subprocess.Popen(
                [sys.executable, "manage.py", "up"],
                cwd=REPOSITORY,
                env={**os.environ, **variables},
                stdout=out,
                stderr=out,
                start_new_session=True,
            )

    def said(self) -> str:
        return self.log.read_text()

    def await_ready(self, within_s: float = 200) -> float:
        started = time.monotonic()
        wait_for(lambda: "ready" in self.said() or self.process.poll() is not None, within_s)  # type: ignore[union-attr]
        assert "ready" in self.said(), self.said()
        return time.monotonic() - started

    def processes(self) -> dict[int, str]:
        """Those that belong to this folder, by their environment, or (the broker writes over it) by where they are."""
        mark = f"FACELINE_HOME={self.home}".encode()
        found = {}
        for folder in Path("/proc").glob("[0-9]*"):
            try:
                is_inside = (folder / "cwd").readlink().is_relative_to(self.home)
                if is_inside or mark in (folder / "environ").read_bytes().split(b"\0"):
                    found[int(folder.name)] = (folder / "cmdline").read_bytes().replace(b"\0", b" ").decode()
            except (FileNotFoundError, ProcessLookupError, PermissionError):
                continue
        return found

    def pid_of(self, word: str) -> int:
        """Of the one that the supervisor started itself: its own children bear the same name a moment longer."""
        supervisor = int((self.home / "supervisor.pid").read_text())
        found = (pid for pid, command in sorted(self.processes().items()) if word in command)
        return next((pid for pid in found if parent_of(pid) == supervisor), 0)

    def orphans(self) -> list[int]:
        """Engine processes whose worker is gone."""
        running = self.processes()
        engines = [pid for pid, command in running.items() if "analysis.child_main" in command]
        return [pid for pid in engines if "celery" not in running.get(parent_of(pid), "")]

    def answers(self) -> bool:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/health/", timeout=2) as response:
                return response.status == 200
        except OSError:
            return False

    def close(self) -> None:
        if self.process and self.process.poll() is None:
            self.process.terminate()
            self.process.wait(40)
        for pid in self.processes():
            os.kill(pid, signal.SIGKILL)


def wait_for(condition: Callable[[], bool], within_s: float) -> bool:
    """Whether it held at one moment within this time; a moment later it may not (what came back may die again)."""
    deadline = time.monotonic() + within_s
    while not (holds := condition()) and time.monotonic() < deadline:
        time.sleep(0.1)
    return holds


@pytest.fixture
def installation(tmp_path: Path) -> Iterator[Installation]:
    made = Installation(tmp_path / "home", free_port())
    yield made
    made.close()


def test_it_starts_heals_ends_and_starts_again(installation: Installation) -> None:
    installation.up()
    installation.await_ready()
    password = re.search(r"Password:\s+(\S+)", installation.said())
    assert password
    assert f"http://localhost:{installation.port}" in installation.said()
    assert "Ctrl-C stops" in installation.said()

    for word in ("valkey-server", "celery -A faceapp worker -n worker1", "granian", "celery -A faceapp beat"):
        wait_for(lambda word=word: bool(installation.pid_of(word)), 60)
        killed = installation.pid_of(word)
        assert killed, f"no {word} runs"
        os.kill(killed, signal.SIGKILL)
        came_back = wait_for(lambda word=word, killed=killed: installation.pid_of(word) not in (0, killed), 60)
        assert came_back, f"{word} did not come back"
        wait_for(lambda: not installation.orphans(), 30)
        assert installation.orphans() == []
    wait_for(installation.answers, 60)
    assert installation.answers()

    for _ in range(2):  # as an impatient hand does
        installation.process.send_signal(signal.SIGINT)  # type: ignore[union-attr]
        time.sleep(0.3)
    assert installation.process.wait(40) == 0  # type: ignore[union-attr]
    assert installation.processes() == {}

    installation.up()
    installation.await_ready()
    assert "Password" not in installation.said()  # it is the same installation


@pytest.mark.parametrize("killed", ["manage.py up", "supervisord"])
def test_when_it_is_killed_nothing_of_it_stays(installation: Installation, killed: str) -> None:
    installation.up()
    installation.await_ready()
    wait_for(lambda: any("child_main" in command for command in installation.processes().values()), 60)
    running = installation.processes()
    assert len(running) > 6
    os.kill(next(pid for pid, command in running.items() if killed in command and "launch" not in command), 9)
    wait_for(lambda: not installation.processes(), 60)
    assert installation.processes() == {}
    installation.process.wait(10)  # type: ignore[union-attr]
    installation.up()
    installation.await_ready()


def test_a_port_that_is_taken_is_said_plainly(installation: Installation) -> None:
    import socket

    with socket.socket() as other:
        other.bind(("127.0.0.1", installation.port))
        other.listen()
        installation.up()
        assert installation.process.wait(60) == 1  # type: ignore[union-attr]
    assert f"Port {installation.port} is taken by another program." in installation.said()
    assert "Traceback" not in installation.said()
    assert installation.processes() == {}


def test_the_broker_keeps_its_port_and_password_and_tells_nobody(tmp_path: Path) -> None:
    folder = tmp_path / "broker"
    prepare(folder)
    url = (folder / "url").read_text()
    prepare(folder)
    assert (folder / "url").read_text() == url
    assert {path.stat().st_mode & 0o077 for path in folder.iterdir()} == {0}
    port = int(re.search(r":(\d+)/0", url)[1])  # type: ignore[index]
    assert is_free("127.0.0.1", port)
