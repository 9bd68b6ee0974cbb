"""Whether an installation can do its work: each part is asked, and the time that it took is told."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import timedelta
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import DatabaseError, connection
from django.utils import timezone

from faceapp.library import limits
from faceapp.operations.models import Sign
from faceapp.operations.services import SIGN_EVERY_S, UPKEEP, program_version
from faceapp.runs import dispatch

SILENT_AFTER = timedelta(seconds=4 * SIGN_EVERY_S)


class Failing(Exception):
    """The message is a sentence for the operator, and says what to do."""


class Doubtful(Exception):
    """Works now, and may not for long; the message is as that of `Failing`."""


@dataclass(frozen=True, slots=True)
class Check:
    """What was found of one part. `took_ms`: how long it took to find out."""

    status: str  # ok, doubtful, failing
    said: str
    took_ms: float


def look() -> dict[str, Any]:
    """`{"status", "version", "checks": {name: Check}}`; failing when any check is."""
    checks = {name: found(ask) for name, ask in CHECKS.items()}
    is_well = all(check.status != "failing" for check in checks.values())
    facts = {name: asdict(check) for name, check in checks.items()}
    return {"status": "ok" if is_well else "failing", "version": program_version(), "checks": facts}


def found(ask: Callable[[], str]) -> Check:
    """What a check found out, and how long it took."""
    started = time.perf_counter()
    try:
        status, said = "ok", ask()
    except Failing as failing:
        status, said = "failing", str(failing)
    except Doubtful as doubtful:
        status, said = "doubtful", str(doubtful)
    except DatabaseError:
        status, said = "failing", "The database does not answer."
    return Check(status, said, round((time.perf_counter() - started) * 1000, 1))


def database() -> str:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return "It answers."


def broker() -> str:
    if not dispatch.is_reachable():
        raise Failing("The broker does not answer. Start it. No work is lost.")
    return "It answers."


def upkeep() -> str:
    """Celery beat, and the worker of its tasks."""
    sign = Sign.objects.filter(name=UPKEEP).first()
    if sign is None or timezone.now() - sign.seen_at > SILENT_AFTER:
        raise Failing("Upkeep has not run recently. Start beat and the worker of the queue upkeep.")
    return f"It ran {_seconds_since(sign)} s ago."


def workers() -> str:
    """Those that may do a run."""
    live = Sign.objects.filter(seen_at__gt=timezone.now() - SILENT_AFTER)
    able = [sign for sign in live if settings.RUNS_QUEUE in sign.queues.split(",")]
    if not able:
        raise Failing(f"No worker listens to the queue {settings.RUNS_QUEUE}. Start one. Analyses are waiting for it.")
    if old := [sign for sign in able if sign.version != program_version()]:
        raise Failing(f"{len(old)} of {len(able)} workers run another version. Restart them.")
    return f"{len(able)} listen."


def disk() -> str:
    free_bytes = limits.free_bytes()
    if free_bytes <= 0:
        raise Failing("The disk is too full for uploads. Delete videos, or set FACELINE_KEEP_FREE lower.")
    return f"{limits.in_words(free_bytes)} are left for uploads."


def weights() -> str:
    """Of the networks; whether their content is right, a worker finds out when it opens them."""
    manifest = Path(settings.BASE_DIR, "models/weights/manifest.json")
    names = [entry["file"] for entry in json.loads(manifest.read_text())["weights"].values()]
    missing = [name for name in names if not weights_file(manifest.parent, name).is_file()]
    if missing:
        raise Failing(f"{', '.join(missing)} is missing. Install Faceline again.")
    return f"{len(names)} files are there."


def weights_file(folder: Path, name: str) -> Path:
    """Where the manifest's file lies: beside it, or in a package."""
    kind, _, rest = name.rpartition(":")
    if kind != "package":
        return folder / name
    package, _, inside = rest.partition("/")
    spec = find_spec(package)
    return Path(spec.origin or "").parent / inside if spec else Path(rest)


def _seconds_since(sign: Sign) -> int:
    return max(0, round((timezone.now() - sign.seen_at).total_seconds()))


CHECKS: dict[str, Callable[[], str]] = {
    "database": database,
    "broker": broker,
    "upkeep": upkeep,
    "workers": workers,
    "disk": disk,
    "weights": weights,
}
