"""Runs the program that draws the annotated video, and keeps the lease while it works."""

from __future__ import annotations

import json
import os
import select
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from django.conf import settings

from faceapp.audience.selectors import VideoAudience
from faceapp.reports import annotating
from faceapp.reports.models import Annotated
from faceapp.results.selectors import people_of
from faceapp.runs import files, leases

MODULE = "analysis.video.annotate"
SILENCE_S = 120.0  # without progress: it hangs
TICK_S = 1.0
REFUSED = 2  # exit code; what it prints then says why


def make(work: Annotated) -> None:
    """Make the video of a claimed row; how it went stands in the row afterwards."""
    audience = VideoAudience(work.run.video, work.run, tuple(people_of(work.run)))
    with tempfile.TemporaryDirectory(dir=files.path_of("annotated/x").parent, prefix=".") as name:
        folder = Path(name)
        (folder / "names.json").write_text(json.dumps(annotating.names_of(audience)), encoding="utf-8")
        code, last_line = _run(work, folder)
        made = folder / "out.mp4"
        if code is None:
            return  # the lease is another's now
        if code == 0 and made.exists():
            annotating.finish(work, made, annotating.tag_of(audience))
        elif code == REFUSED:
            annotating.fail(work, _sentence(last_line), is_final=True)
        else:
            annotating.fail(work, annotating.DIED)


def _run(work: Annotated, folder: Path) -> tuple[int | None, str]:
    """Exit code and last line; the code is None when the lease was lost. The child is ended in every case."""
    video, result = work.run.video.file.path, work.run.result_file.path
    command = [
        sys.executable,
        "-m",
        "faceapp.core.launch",
        "--parent",
        str(os.getpid()),
        "--on-orphan",
        "SIGKILL",
        "--",
    ]
    command += [sys.executable, "-m", MODULE, video, result, str(folder / "names.json"), str(folder / "out.mp4")]
    child = subprocess.Popen(command, cwd=settings.BASE_DIR, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE)
    try:
        return _follow(work, child)
    finally:
        child.kill()
        child.wait()


def _follow(work: Annotated, child: subprocess.Popen[bytes]) -> tuple[int | None, str]:
    assert child.stdout is not None
    progress, last_line, unread = 0.0, "", b""
    renewed_s = heard_s = time.monotonic()
    while True:
        readable, _, _ = select.select([child.stdout], [], [], TICK_S)
        if readable:
            piece = os.read(child.stdout.fileno(), 65536)
            if not piece:
                return child.wait(), last_line
            *lines, unread = (unread + piece).split(b"\n")
            if lines:
                heard_s, last_line = time.monotonic(), lines[-1].decode(errors="replace")
                progress = _number(last_line, progress)
        now_s = time.monotonic()
        if now_s - heard_s > SILENCE_S:
            return -1, last_line
        if now_s - renewed_s >= min(2.0, settings.RUNS_RENEW_S):
            renewed_s = now_s
            if not leases.renew(annotating.rows(), work, progress):
                return None, last_line


def _number(text: str, otherwise: float) -> float:
    try:
        return float(text)
    except ValueError:
        return otherwise


def _sentence(line: str) -> str:
    try:
        return str(json.loads(line)["message"])
    except (ValueError, KeyError, TypeError):
        return annotating.DIED
