"""However many ask, so many are at it at a time."""

from __future__ import annotations

import threading
import time
from pathlib import Path
from typing import Any

from faceapp.core import slots


def test_only_so_many_are_at_it_at_a_time(settings: Any, tmp_path: Path) -> None:
    settings.HOME = tmp_path
    at_it, most, lock = 0, 0, threading.Lock()

    def work() -> None:
        nonlocal at_it, most
        with slots.one_of("probe", 2):
            with lock:
                at_it += 1
                most = max(most, at_it)
            time.sleep(0.05)
            with lock:
                at_it -= 1

    threads = [threading.Thread(target=work) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(10)
    assert (most, at_it) == (2, 0)
