"""One installation on one machine: prepares its folders, then keeps its processes running until Ctrl-C or SIGTERM."""

from __future__ import annotations

import fcntl
import hashlib
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Protocol

from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core.management import call_command

from faceapp import env
from faceapp.core import broker, processes
from faceapp.core.asking import answers

READY_WITHIN_S = 180  # a slow machine, the first start
CHECK_EVERY_S = 0.2
STOPPED_WITHIN_S = processes.STOP_WAIT_S + 15


class Output(Protocol):
    def write(self, msg: str) -> object: ...


class NotStarted(Exception):
    """Cannot start; the message is a sentence for the operator."""


class Embedded:
    """`run` returns when everything has ended."""

    def __init__(self, output: Output) -> None:
        self.output = output
        self.host = env.text("FACELINE_BIND", "127.0.0.1")
        self.port = env.whole("FACELINE_PORT", 8000, least=1, most=65535)
        self.asked_to_stop = False

    def run(self) -> None:
        """
        Raises:
            NotStarted: the port is taken, another one runs in this folder, or it did not get ready.
        """
        os.umask(0o027)  # what we write is nobody else's
        with _only_one_here():
            if not broker.is_free(self.host, self.port):
                free = f"FACELINE_PORT={self.port + 1} make run"
                raise NotStarted(f"Port {self.port} is taken by another program. Stop that one, or run: {free}")
            self._prepare()
            for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
                signal.signal(number, self._ask_to_stop)
            supervisor = self._start()
            try:
                self._announce(supervisor)
                self._wait(supervisor)
            finally:
                _stop(supervisor)

    def _prepare(self) -> None:
        call_command("migrate", verbosity=0, interactive=False)
        _collect_static()
        call_command("first_account", stdout=self.output)

    def _start(self) -> subprocess.Popen[bytes]:
        programs = [processes.web(self.host, self.port)]
        n_workers = env.whole("FACELINE_WORKERS", 0) or None
        if processes.count_cards():
            os.environ.setdefault("FACELINE_RUN_QUEUE", "gpu")  # read by web, workers and reaper
        programs += processes.workers(n_workers) + processes.upkeep()
        if not env.text("FACELINE_BROKER_URL", ""):
            programs.append(processes.broker(broker.prepare(settings.BROKER_URL_FILE.parent)))
        (settings.HOME / "log").mkdir(exist_ok=True, mode=0o750)
        configuration = settings.HOME / "supervisor.conf"
        configuration.write_text(processes.supervisor_configuration(programs, settings.HOME, settings.BASE_DIR))
        supervisor = (sys.executable, "-m", "supervisor.supervisord", "-n", "-c", str(configuration))
        launch = (sys.executable, "-m", "faceapp.core.launch", "--parent", str(os.getpid()), "--")
        # in a session of its own: the terminal's Ctrl-C reaches us alone, and we end the others in order
        return subprocess.Popen((*launch, *supervisor), cwd=settings.BASE_DIR, start_new_session=True)

    def _announce(self, supervisor: subprocess.Popen[bytes]) -> None:
        address = f"http://{self._shown_host()}:{self.port}"
        deadline = time.monotonic() + READY_WITHIN_S
        while not self.asked_to_stop and not answers(f"{address}/health/", settings.ALLOWED_HOSTS):
            if supervisor.poll() is not None or time.monotonic() > deadline:
                raise NotStarted(f"Faceline did not start. For the reason, see {settings.HOME / 'log'}.")
            time.sleep(CHECK_EVERY_S)
        if not self.asked_to_stop:
            self.output.write(f"Faceline is ready: {address}\nCtrl-C stops. Logs are in {settings.HOME / 'log'}.")

    def _shown_host(self) -> str:
        return "localhost" if self.host in ("127.0.0.1", "0.0.0.0", "::", "::1") else self.host

    def _wait(self, supervisor: subprocess.Popen[bytes]) -> None:
        while not self.asked_to_stop:
            if supervisor.poll() is not None:
                raise NotStarted(f"The supervisor stopped. For the reason, see {settings.HOME / 'log'}.")
            time.sleep(CHECK_EVERY_S)
        self.output.write("Stopping …")

    def _ask_to_stop(self, _number: int, _frame: object) -> None:
        self.asked_to_stop = True


@contextmanager
def _only_one_here() -> Iterator[None]:
    with (settings.HOME / "up.lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise NotStarted(f"Faceline is already running from {settings.HOME}.") from None
        yield


def _stop(supervisor: subprocess.Popen[bytes]) -> None:
    if supervisor.poll() is None:
        supervisor.terminate()
    try:
        supervisor.wait(STOPPED_WITHIN_S)
    except subprocess.TimeoutExpired:
        supervisor.kill()  # its processes are told by the kernel, see launch.py


def _collect_static() -> None:
    """Copies and names static files, when any of them has changed since the last start."""
    stamp_file = settings.STATIC_ROOT / ".collected"
    stamp = _stamp_of_static()
    if stamp_file.exists() and stamp_file.read_text() == stamp:
        return
    call_command("collectstatic", verbosity=0, interactive=False, clear=True)
    stamp_file.write_text(stamp)


def _stamp_of_static() -> str:
    digest = hashlib.sha256()
    for finder in get_finders():
        for name, storage in finder.list([]):
            facts = Path(storage.path(name)).stat()
            digest.update(f"{name} {facts.st_size} {facts.st_mtime_ns}\n".encode())
    return digest.hexdigest()
