"""Asks what a file is, in a process of its own: a file of a stranger is never opened in the web's process."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import structlog
from django.conf import settings

from faceapp.core import slots
from faceapp.core.confined import Outcome, run_module
from faceapp.core.processes import count_cores
from faceapp.library.refusals import UploadRefused

log = structlog.get_logger(__name__)

REFUSED = 2  # exit code of the probe
UNREADABLE = "The file could not be read as a video. It may be damaged; export it again, or convert it to MP4."
TOO_SLOW = "Reading the file took too long. It may be damaged; export it again, or convert it to MP4."
POSTER_TIMEOUT_S = 30
POSTER_FILE_BYTES = 20 * 10**6


def probe(path: Path) -> dict[str, Any]:
    """The fields of `analysis.types.VideoProbe`.

    Raises:
        UploadRefused: it is no video that can be analyzed, or it made the probe crash or hang.
    """
    outcome = _read_file("analysis.video.probe", str(path), timeout_s=settings.PROBE_TIMEOUT_S)
    if outcome.code is None:
        raise UploadRefused(TOO_SLOW)
    answer = _read_json(outcome.output)
    if outcome.code == 0 and "codec" in answer:
        return answer
    if outcome.code == REFUSED and answer.get("message"):
        raise UploadRefused(str(answer["message"]))
    log.warning("probe_died", code=outcome.code)
    raise UploadRefused(UNREADABLE)


def make_poster(path: Path, poster: Path, *, at_s: float) -> bool:
    """Writes a JPEG of the frame at this time; False, and no file, when that did not work."""
    arguments = ("poster", str(path), str(poster), "--at", f"{at_s:.3f}")
    outcome = _read_file("analysis.video.writer", *arguments, timeout_s=POSTER_TIMEOUT_S, file_bytes=POSTER_FILE_BYTES)
    is_made = outcome.code == 0 and poster.exists()
    if not is_made:
        poster.unlink(missing_ok=True)
        log.warning("no_poster", code=outcome.code)
    return is_made


def _read_file(module: str, *arguments: str, timeout_s: int, file_bytes: int = 0) -> Outcome:
    """However many files come in at once: as many are read as there are cores."""
    with slots.one_of("probe", count_cores()):
        return run_module(module, *arguments, timeout_s=timeout_s, file_bytes=file_bytes)


def _read_json(text: str) -> dict[str, Any]:
    try:
        value = json.loads(text)
    except ValueError:
        return {}
    return value if isinstance(value, dict) else {}
