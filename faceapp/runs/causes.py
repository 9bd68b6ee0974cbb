"""Why runs fail, for operators: what happened in a few words, and the one thing that helps.

Causes are the codes of refused videos (`analysis.video.errors`), the ends of an engine process (`analysis.child`), and
`LOST`. The sentence for the user is `Run.error`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

LOST = "lost"


@dataclass(frozen=True, slots=True)
class Cause:
    """`helps`: whether running it again may succeed, or another file is needed."""

    words: str
    helps: Literal["again", "upload"]
    advice: str = ""


CAUSES = {
    "changed": Cause("file missing or changed", "upload", "Restore the file from a backup, or upload it again."),
    "crashed": Cause("engine crashed", "again", "If it crashes again, the file is damaged: export it anew."),
    "silent": Cause("no progress", "again", "On a busy machine, set FACELINE_SILENCE_S higher."),
    "cpu": Cause("too much computing time", "upload", "Cut the video into parts, or export it smaller."),
    "memory": Cause("out of memory", "again", "Give the worker more memory, or start fewer workers."),
    "failed": Cause("error in the engine", "again", "The log of the worker says more."),
    LOST: Cause("workers stopped", "again", "Check the memory of the machine and the logs of the workers."),
}
REFUSED = Cause("file not readable", "upload", "Export the video again, as H.264 in MP4, and upload it.")
UNKNOWN = Cause("not recorded", "again")  # of runs that failed before causes were recorded


def cause_of(key: str) -> Cause:
    return CAUSES.get(key, REFUSED) if key else UNKNOWN
