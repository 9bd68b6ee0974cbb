"""Times a real installation through its API: from the end of an upload to first progress and to the result.

    .venv/bin/python scripts/measure_installation.py VIDEO … [--workers 1 2] [--loop-to SECONDS] [--repeat 3]

Starts `manage.py up` in a folder of its own for each number of workers, waits until their networks are loaded, and
sends each video as a user's program would. With `--loop-to` the video is repeated, without coding it anew.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import av

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from faceapp.core.broker import free_port  # noqa: E402

ACCOUNT = """
from faceapp.accounts.models import ApiToken, User
from faceapp.accounts.services import create_team, create_token
from faceapp.library.services import create_project
user = User.objects.get()
team = user.teams.first() or create_team(name="Team", owner=user)
print(create_token(user=user, name="measuring", scope=ApiToken.Scope.WRITE)[1])
for n in range({n_projects}):  # in one project, a file that is sent again is not analyzed again
    print(create_project(team=team, name=f"Measured {{n}}").pk)
"""
ASK_EVERY_S = 0.1
WARM_AFTER_S = 20.0  # since the site answered; networks are loaded by then


@dataclass(frozen=True, slots=True)
class Times:
    """Seconds since the last byte of the upload was sent."""

    accepted_s: float
    progress_s: float  # the status speaks of work
    done_s: float
    peak_mb: float  # of the largest worker with its engine


@dataclass(frozen=True, slots=True)
class Installation:
    address: str
    projects: tuple[str, ...]
    token: str
    home: Path

    def ask(self, path: str, body: bytes | None = None, kind: str = "") -> Any:
        headers = {"Authorization": f"Bearer {self.token}"} | ({"Content-Type": kind} if kind else {})
        with urllib.request.urlopen(urllib.request.Request(f"{self.address}{path}", body, headers)) as answer:
            return json.load(answer)

    def upload(self, video: Path, name: str, project: str) -> str:
        """The new video's id."""
        mark = "a-border-between-parts"
        parts = [
            f'--{mark}\r\nContent-Disposition: form-data; name="project"\r\n\r\n{project}\r\n'.encode(),
            f'--{mark}\r\nContent-Disposition: form-data; name="file"; filename="{name}"\r\n\r\n'.encode(),
            video.read_bytes(),
            f"\r\n--{mark}--\r\n".encode(),
        ]
        return str(self.ask("/api/v1/videos/", b"".join(parts), f"multipart/form-data; boundary={mark}")["id"])


@contextmanager
def installation(n_workers: int, n_projects: int) -> Iterator[Installation]:
    with tempfile.TemporaryDirectory(prefix="faceline-measured-") as folder:
        port = free_port()
        variables = {"FACELINE_HOME": folder, "FACELINE_PORT": str(port), "FACELINE_WORKERS": str(n_workers)}
        cache = {"FACELINE_CACHE": os.environ.get("FACELINE_CACHE") or str(ROOT / "var" / "cache")}
        environment = {**os.environ, **variables, **cache, "FACELINE_KEEP_FREE": "0"}
        up = subprocess.Popen(
            [sys.executable, "-u", "manage.py", "up"], cwd=ROOT, env=environment, stdout=subprocess.PIPE
        )
        try:
            assert up.stdout is not None
            if not any(b"is ready" in line for line in up.stdout):
                raise SystemExit("It did not start.")
            told = subprocess.run(
                [sys.executable, "manage.py", "shell", "--no-imports", "-c", ACCOUNT.format(n_projects=n_projects)],
                cwd=ROOT,
                env=environment,
                capture_output=True,
                text=True,
                check=True,
            )
            token, *projects = told.stdout.split()
            time.sleep(WARM_AFTER_S)
            yield Installation(f"http://127.0.0.1:{port}", tuple(projects), token, Path(folder))
        finally:
            up.terminate()
            up.wait(60)


def measure(site: Installation, video: Path, name: str, project: str) -> Times:
    sent_s = time.monotonic()  # on one machine, sending takes milliseconds
    key = site.upload(video, name, project)
    accepted_s = time.monotonic() - sent_s
    progress_s, peak_mb = None, 0.0
    while True:
        status = site.ask(f"/api/v1/videos/{key}/status/")
        now_s = time.monotonic() - sent_s
        if progress_s is None and status["percent"] > 0:
            progress_s = now_s
        if status["state"] not in ("queued", "observing", "assembling"):
            break
        peak_mb = max(peak_mb, largest_worker_mb(site.home))
        time.sleep(ASK_EVERY_S)
    if status["state"] != "succeeded":
        raise SystemExit(f"{name}: {status}")
    return Times(accepted_s, progress_s if progress_s is not None else now_s, now_s, peak_mb)


def largest_worker_mb(home: Path) -> float:
    """Resident memory of the largest worker together with its engine's process."""
    mark = f"FACELINE_HOME={home}".encode()
    sums: dict[int, float] = {}
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            if mark not in (folder / "environ").read_bytes().split(b"\0"):
                continue
            command = (folder / "cmdline").read_bytes()
            resident_mb = int((folder / "statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE") / 2**20
            parent = int((folder / "stat").read_text().rpartition(")")[2].split()[1])
        except OSError:
            continue
        if b"child_main" in command:
            sums[parent] = sums.get(parent, 0.0) + resident_mb
        elif b"\0worker\0" in command:
            sums[int(folder.name)] = sums.get(int(folder.name), 0.0) + resident_mb
    return max(sums.values(), default=0.0)


def looped(video: Path, to_s: float, folder: Path) -> Path:
    """The video over and over, until it is so long; packets are copied."""
    target = folder / f"looped-{to_s:.0f}{video.suffix}"
    with av.open(str(target), "w") as out:
        with av.open(str(video)) as source:
            stream = out.add_stream_from_template(source.streams.video[0])
        ahead = 0
        base: Any = None
        while base is None or ahead * base < to_s:
            with av.open(str(video)) as source:
                own = source.streams.video[0]
                base, end = own.time_base, 0
                for packet in source.demux(own):
                    if packet.pts is None or packet.dts is None:
                        continue
                    end = max(end, packet.pts + (packet.duration or 0))
                    packet.pts, packet.dts, packet.stream = packet.pts + ahead, packet.dts + ahead, stream
                    out.mux(packet)
                ahead += end
    return target


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("videos", type=Path, nargs="+", metavar="VIDEO")
    parser.add_argument("--workers", type=int, nargs="+", default=[1, 2])
    parser.add_argument("--loop-to", type=float, metavar="SECONDS")
    parser.add_argument("--repeat", type=int, default=1)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="faceline-") as folder:
        videos = [looped(each, options.loop_to, Path(folder)) if options.loop_to else each for each in options.videos]
        say("| video | workers | accepted | first progress | done | peak of a worker with its engine |")
        say("|---|---|---|---|---|---|")
        for n_workers in options.workers:
            with installation(n_workers, options.repeat) as site:
                for video, original in zip(videos, options.videos, strict=True):
                    name = original.name
                    times = [measure(site, video, name, project) for project in site.projects]
                    middle = [
                        statistics.median(getattr(each, field) for each in times)
                        for field in ("accepted_s", "progress_s", "done_s", "peak_mb")
                    ]
                    accepted_s, progress_s, done_s, peak_mb = middle
                    say(
                        f"| {name} | {n_workers} | {accepted_s:.1f} s | {progress_s:.1f} s | {done_s:.1f} s "
                        f"| {peak_mb:.0f} MB |"
                    )


def say(text: str) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
