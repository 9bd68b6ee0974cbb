"""What is wrong with an installation, and how to mend it: checks that take too long, or ask too much, for a page."""

from __future__ import annotations

import hashlib
import json
import shutil
import socket
import ssl
import subprocess
import urllib.error
import urllib.request
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import partial
from importlib import metadata
from pathlib import Path
from urllib.parse import urlsplit

from django.conf import settings
from django.utils import timezone

from faceapp.core.processes import count_cards
from faceapp.operations import health, readiness
from faceapp.operations.health import Named
from faceapp.operations.models import Sign
from faceapp.operations.readiness import Doubtful, Failing

FORGED = "203.0.113.77"  # of a range that belongs to nobody (RFC 5737)
WITHIN_S = 10
RENEWED_BEFORE = timedelta(days=14)


def look(site: str) -> list[Named]:
    """All checks, bad ones first. `site`: its address from outside; empty: it is not asked."""
    mine: dict[str, Callable[[], str]] = {"Weights, content": weights, "Graphics cards": cards}
    if site:
        mine["Proxy"] = partial(proxy, site)
    if site.startswith("https://"):
        mine["HTTPS"] = partial(https, site)
    named = health.look() + [Named(name, readiness.found(ask)) for name, ask in mine.items()]
    return sorted(named, key=lambda each: health.ORDER.index(each.check.status))


def default_site() -> str:
    """Under the first name that leads here."""
    origin = next((origin for origin in settings.CSRF_TRUSTED_ORIGINS if "*" not in origin), "")
    return origin if settings.PRODUCTION else ""


def weights() -> str:
    """Whether every file of weights is the one that the manifest describes."""
    manifest = Path(settings.BASE_DIR, "models/weights/manifest.json")
    entries = json.loads(manifest.read_text())["weights"].values()
    for entry in entries:
        path = readiness.weights_file(manifest.parent, entry["file"])
        if not path.is_file() or hashlib.sha256(path.read_bytes()).hexdigest() != entry["sha256"]:
            raise Failing(f"{entry['file']} is missing or changed. Install Faceline again.")
    return f"{len(entries)} files are as they were published."


def cards() -> str:
    """Graphics cards that are there and are used."""
    n_usable = count_cards()
    n_there = _cards_there()
    if n_there and metadata.version("torch").endswith("+cpu"):
        raise Doubtful(f"{n_there} are there, and torch was installed without CUDA. Set TORCH_INDEX and install again.")
    if not n_usable:
        if settings.RUNS_QUEUE == "gpu":
            raise Failing("FACELINE_RUN_QUEUE is gpu, and there is no card on this machine that can be used.")
        return "There is none on this machine."
    live = Sign.objects.filter(seen_at__gt=timezone.now() - readiness.SILENT_AFTER)
    n_listening = sum("gpu" in sign.queues.split(",") for sign in live)
    if settings.RUNS_QUEUE != "gpu":
        raise Doubtful(f"{n_usable} could be used. Set FACELINE_RUN_QUEUE=gpu for all processes.")
    if n_listening < n_usable:
        raise Doubtful(f"{n_usable} could be used; {n_listening} workers listen to the queue gpu. Start one per card.")
    return f"{n_usable}, and {n_listening} workers for them."


def _cards_there() -> int:
    tool = shutil.which("nvidia-smi")
    if not tool:
        return 0
    try:
        listed = subprocess.run([tool, "-L"], capture_output=True, text=True, timeout=WITHIN_S, check=False).stdout
    except (OSError, subprocess.TimeoutExpired):
        return 0
    return sum(line.startswith("GPU ") for line in listed.splitlines())


def proxy(site: str) -> str:
    """Whether what the proxy says of visitors can be believed."""
    asked = urllib.request.Request(f"{site}/health/", headers={"X-Forwarded-For": FORGED})
    anyone = ssl._create_unverified_context()  # certificates are looked at by `https`
    try:
        with urllib.request.urlopen(asked, timeout=WITHIN_S, context=anyone) as answer:
            seen = json.load(answer)
    except urllib.error.HTTPError as error:
        if error.code == 400:
            raise Failing("The site refuses its name. The proxy must pass Host on, FACELINE_HOSTS name it.") from None
        raise Failing(f"{site} answers {error.code}.") from None
    except (OSError, ValueError) as error:
        raise Failing(f"{site} cannot be reached from here: {error}") from None
    if site.startswith("https://") and not seen.get("https"):
        raise Failing("The web sees HTTP. The proxy must set X-Forwarded-Proto, and FACELINE_TRUST_PROXY be 1.")
    if seen.get("address") == FORGED:
        raise Failing("The proxy hands on X-Forwarded-For as visitors send it. It must set it itself.")
    return "Host, X-Forwarded-Proto and X-Forwarded-For are right."


def https(site: str) -> str:
    """The certificate, and that plain HTTP leads to it."""
    parts = urlsplit(site)
    host, port = parts.hostname or "", parts.port or 443
    try:
        with (
            socket.create_connection((host, port), timeout=WITHIN_S) as plain,
            ssl.create_default_context().wrap_socket(plain, server_hostname=host) as secured,
        ):
            certificate = secured.getpeercert() or {}
    except ssl.SSLError as error:
        raise Failing(f"The certificate is not accepted: {error.reason or error}") from None
    except OSError as error:
        raise Failing(f"{host} cannot be reached: {error}") from None
    ends_at = datetime.fromtimestamp(ssl.cert_time_to_seconds(str(certificate["notAfter"])), UTC)
    left = ends_at - timezone.now()
    if left < RENEWED_BEFORE:
        raise Doubtful(f"The certificate ends in {left.days} days. Renew it.")
    return f"The certificate is good for {left.days} days."
