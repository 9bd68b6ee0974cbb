"""How fast pages are for people who have signed in while others are slow: strangers with forms, people with uploads.

    .venv/bin/python scripts/slow_clients.py [--strangers 60] [--uploads 18] [--for 60] [--json OUT]
    FACELINE_PASSWORD=… .venv/bin/python scripts/slow_clients.py --site https://faceline.example.org --account admin

Without `--site` it starts `manage.py up` in a folder of its own and ends it. Strangers send `POST /sign-in/` at 4 bytes
per second and connect again when they are disconnected; uploads send 4 kB a second. The exit code is 1 when a page
failed, or 95 % of them did not come in under `--within` seconds.
"""

from __future__ import annotations

import argparse
import http.client
import json
import os
import re
import socket
import ssl
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from base64 import b64encode
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlencode, urlsplit

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from faceapp.core.broker import free_port  # noqa: E402

PAGES = ("/", "/settings/", "/projects/new/", "/audience/")
PAGE_TIMEOUT_S = 30.0
STRANGERS_BYTES_S, UPLOADS_BYTES_S = 4, 4_000
FORM_BYTES, FILE_BYTES = 20_000, 50_000_000
READ_AT_ONCE = 3
TUS = {"Tus-Resumable": "1.0.0"}


@dataclass
class Site:
    """Where it is, and the cookies of an account that has signed in there."""

    address: str
    cookies: dict[str, str] = field(default_factory=dict)

    def connect(self, timeout_s: float = PAGE_TIMEOUT_S) -> http.client.HTTPConnection:
        parts = urlsplit(self.address)
        if parts.scheme == "https":
            anyone = ssl._create_unverified_context()  # the certificate of a test installation will do
            return http.client.HTTPSConnection(parts.netloc, timeout=timeout_s, context=anyone)
        return http.client.HTTPConnection(parts.netloc, timeout=timeout_s)

    def ask(self, method: str, path: str, body: bytes | None = None, **headers: str) -> tuple[int, Any, bytes]:
        """Status, headers and content."""
        connection = self.connect()
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        try:
            connection.request(method, path, body, {**self.identity(), **named})
            answer = connection.getresponse()
            for line in answer.headers.get_all("Set-Cookie") or ():
                name, _, value = line.partition(";")[0].partition("=")
                self.cookies[name] = value
            return answer.status, answer.headers, answer.read()
        finally:
            connection.close()

    def identity(self) -> dict[str, str]:
        cookies = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        token = {"X-CSRFToken": self.cookies["csrftoken"]} if "csrftoken" in self.cookies else {}
        return {"Cookie": cookies, "Referer": f"{self.address}/", "Accept": "text/html", **token}

    def sign_in(self, account: str, password: str) -> None:
        self.ask("GET", "/sign-in/")
        form = urlencode({"username": account, "password": password}).encode()
        status, _, _ = self.ask("POST", "/sign-in/", form, Content_Type="application/x-www-form-urlencoded")
        if status != 302:
            raise SystemExit(f"Signing in answered {status}.")


@dataclass
class Counts:
    """What became of the slow ones."""

    begun: int = 0
    ended_by_site: int = 0
    bytes_sent: int = 0


def drip(
    site: Site, path: str, method: str, headers: dict[str, str], rate_s: int, counts: Counts, end_s: float
) -> None:
    """Sends a body slowly until the site ends it; then again, until the time is up."""
    while time.monotonic() < end_s:
        connection = site.connect()
        try:
            connection.putrequest(method, path)
            for name, value in headers.items():
                connection.putheader(name, value)
            connection.endheaders()
            counts.begun += 1
            while time.monotonic() < end_s and not has_answered(connection.sock):
                connection.send(b"a" * rate_s)
                counts.bytes_sent += rate_s
                time.sleep(1)
            counts.ended_by_site += time.monotonic() < end_s
        except OSError:
            counts.ended_by_site += 1
        finally:
            connection.close()
        time.sleep(1)


def has_answered(connection: socket.socket) -> bool:
    """Whether the site has sent something, or closed the connection: there is nothing to send any more."""
    connection.settimeout(0)
    try:
        connection.recv(1)
    except (BlockingIOError, ssl.SSLWantReadError):
        return False
    finally:
        connection.settimeout(PAGE_TIMEOUT_S)
    return True


def strangers(site: Site, n: int, end_s: float) -> Iterator[tuple[Counts, Callable[[], None]]]:
    headers = {"Content-Type": "application/x-www-form-urlencoded", "Content-Length": str(FORM_BYTES)}
    for _ in range(n):
        counts = Counts()
        yield counts, lambda c=counts: drip(site, "/sign-in/", "POST", headers, STRANGERS_BYTES_S, c, end_s)  # type: ignore[misc]


def uploads(site: Site, n: int, end_s: float) -> Iterator[tuple[Counts, Callable[[], None]]]:
    _, _, page = site.ask("GET", "/")
    found = re.search(rb"[?&]project=([0-9a-f-]{36})|/projects/([0-9a-f-]{36})/", page)
    if not found:
        raise SystemExit("The account has no project to upload to.")
    project = (found[1] or found[2]).decode()
    for number in range(n):
        metadata = ",".join(
            f"{k} {b64encode(v.encode()).decode()}"
            for k, v in {"filename": f"slow-{number}.mp4", "project": project}.items()
        )
        announced = {"Upload-Length": str(FILE_BYTES), "Upload-Metadata": metadata}
        status, answered, _ = site.ask("POST", "/uploads/", None, **TUS, **announced)
        if status != 201:
            raise SystemExit(f"Announcing an upload answered {status}.")
        headers = {
            **site.identity(),
            **TUS,
            "Upload-Offset": "0",
            "Content-Length": str(FILE_BYTES),
            "Content-Type": "application/offset+octet-stream",
        }
        counts, path = Counts(), urlsplit(answered["Location"]).path
        yield counts, lambda c=counts, p=path, h=headers: drip(site, p, "PATCH", h, UPLOADS_BYTES_S, c, end_s)  # type: ignore[misc]


def read_pages(site: Site, end_s: float, times: list[float], failures: list[str]) -> None:
    number = 0
    while time.monotonic() < end_s:
        path = PAGES[number % len(PAGES)]
        number += 1
        started_s = time.monotonic()
        try:
            status, _, _ = site.ask("GET", path)
        except OSError as error:
            failures.append(f"{path}: {error!r}")
        else:
            times.append(time.monotonic() - started_s)
            if status != 200:
                failures.append(f"{path}: {status}")
        time.sleep(0.1)


def measure(site: Site, *, n_strangers: int, n_uploads: int, for_s: float) -> dict[str, Any]:
    end_s = time.monotonic() + for_s
    slow = [*strangers(site, n_strangers, end_s), *uploads(site, n_uploads, end_s)]
    times: list[float] = []
    failures: list[str] = []
    readers = [lambda: read_pages(site, end_s, times, failures)] * READ_AT_ONCE
    threads = [threading.Thread(target=run, daemon=True) for run in [*(run for _, run in slow), *readers]]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(for_s + 2 * PAGE_TIMEOUT_S)
    counts = [each for each, _ in slow]
    return {
        "for_s": for_s,
        "strangers": total(counts[:n_strangers]),
        "uploads": total(counts[n_strangers:]),
        "pages": len(times),
        "median_s": round(statistics.median(times), 3) if times else None,
        "p95_s": round(sorted(times)[int(0.95 * len(times))], 3) if times else None,
        "longest_s": round(max(times), 3) if times else None,
        "failures": failures,
    }


def total(counts: list[Counts]) -> dict[str, int]:
    sums = {name: sum(getattr(each, name) for each in counts) for name in ("begun", "ended_by_site", "bytes_sent")}
    return {"n": len(counts), **sums}


def memory_mb(home: str) -> dict[str, int]:
    """Resident memory of each process of the installation in this folder, by what it is."""
    found: dict[str, int] = {}
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            if f"FACELINE_HOME={home}".encode() not in (folder / "environ").read_bytes().split(b"\0"):
                continue
            command = (folder / "cmdline").read_bytes().replace(b"\0", b" ").decode()
            resident = int((folder / "statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE") // 10**6
        except OSError:
            continue
        what = re.search(r"granian|beat|upkeep|worker\d+|child_main|supervisord|manage.py up|valkey", command)
        if what:
            found[what[0]] = max(found.get(what[0], 0), resident)
    return dict(sorted(found.items()))


@contextmanager
def own_installation() -> Iterator[tuple[Site, str]]:
    """One in a folder of its own, with its first account signed in and a project."""
    with tempfile.TemporaryDirectory(prefix="faceline-slow-") as home:
        port = free_port()
        variables = {"FACELINE_HOME": home, "FACELINE_PORT": str(port), "FACELINE_WORKERS": "1"}
        cache = {"FACELINE_CACHE": os.environ.get("FACELINE_CACHE") or str(ROOT / "var" / "cache")}
        command = [sys.executable, "-u", "manage.py", "up"]
        up = subprocess.Popen(command, cwd=ROOT, env={**os.environ, **variables, **cache}, stdout=subprocess.PIPE)
        try:
            password = told_until_ready(up)
            site = Site(f"http://localhost:{port}")
            site.sign_in("admin", password)
            yield site, home
        finally:
            up.terminate()
            up.wait(60)


def told_until_ready(up: subprocess.Popen[bytes]) -> str:
    """The password of the first account."""
    assert up.stdout is not None
    password = ""
    for line in up.stdout:
        if told := re.search(rb"Password:\s+(\S+)", line):
            password = told[1].decode()
        if b"is ready" in line:
            return password
    raise SystemExit("It did not start.")


def make_project(site: Site) -> None:
    _, _, page = site.ask("GET", "/projects/new/")
    team = re.search(rb'<option value="([0-9a-f-]{36})"', page) or re.search(
        rb'name="team" value="([0-9a-f-]{36})"', page
    )
    form = urlencode({"team": team[1].decode() if team else "", "name": "Slow clients", "mode": "content"}).encode()
    status, _, _ = site.ask("POST", "/projects/new/", form, Content_Type="application/x-www-form-urlencoded")
    if status != 302:
        raise SystemExit(f"Creating a project answered {status}.")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--site", help="address of an installation that runs; its password in FACELINE_PASSWORD")
    parser.add_argument("--account", default="admin")
    parser.add_argument("--strangers", type=int, default=60)
    parser.add_argument("--uploads", type=int, default=18)
    parser.add_argument("--for", type=float, default=60.0, dest="for_s", metavar="SECONDS")
    parser.add_argument("--within", type=float, default=2.0, metavar="SECONDS")
    parser.add_argument("--json", type=Path, metavar="OUT")
    options = parser.parse_args()
    amount = {"n_strangers": options.strangers, "n_uploads": options.uploads, "for_s": options.for_s}
    if options.site:
        site = Site(options.site.rstrip("/"))
        site.sign_in(options.account, os.environ["FACELINE_PASSWORD"])
        figures = measure(site, **amount)
    else:
        with own_installation() as (site, home):
            make_project(site)
            figures = measure(site, **amount)
            figures["memory_mb"] = memory_mb(home)
    text = json.dumps(figures, indent=1)
    sys.stdout.write(f"{text}\n")
    if options.json:
        options.json.write_text(f"{text}\n")
    is_well = figures["p95_s"] is not None and figures["p95_s"] < options.within and not figures["failures"]
    return 0 if is_well else 1


if __name__ == "__main__":
    raise SystemExit(main())
