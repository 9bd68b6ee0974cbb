"""Files under MEDIA_ROOT as they were at one moment: linked, so that none is gone when its turn comes."""

from __future__ import annotations

import os
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from uuid import uuid4

from django.conf import settings

FOLDER = ".backup"  # beside the files: links must lie on the same disk
NOT_KEPT = {FOLDER, "making"}  # `making`: copies that are only half there
LEFT_BEHIND_S = 2 * 24 * 3600


class Held:
    """Files that stay for as long as this is open, whoever deletes them."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self.names: set[str] = set()

    def path_of(self, name: str) -> Path:
        return self._folder / name

    def hold_all(self) -> None:
        """Also what is there by now. Names are written once: a file that is held already is the same."""
        for name in _names():
            if name not in self.names and self._hold(name):
                self.names.add(name)

    def _hold(self, name: str) -> bool:
        path = self.path_of(name)
        path.parent.mkdir(parents=True, exist_ok=True)
        source = Path(settings.MEDIA_ROOT, name)
        try:
            try:
                path.hardlink_to(source)
            except FileNotFoundError:
                raise
            except OSError:  # a disk that knows no links
                shutil.copyfile(source, path)
        except FileNotFoundError:  # deleted just now
            return False
        return True


@contextmanager
def held() -> Iterator[Held]:
    root = Path(settings.MEDIA_ROOT, FOLDER)
    root.mkdir(exist_ok=True, mode=0o700)
    _remove_left_behind(root)
    folder = root / uuid4().hex
    folder.mkdir()
    try:
        yield Held(folder)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _names() -> Iterator[str]:
    """Of all files but those that are being written, whose names begin with a dot."""
    root = str(settings.MEDIA_ROOT)
    for folder, folders, names in os.walk(root):
        if folder == root:
            folders[:] = [name for name in folders if name not in NOT_KEPT]
        folders.sort()
        for name in sorted(names):
            if not name.startswith("."):
                yield os.path.relpath(os.path.join(folder, name), root)  # noqa: PTH118  text is quicker


def _remove_left_behind(root: Path) -> None:
    """By a backup that was killed."""
    for folder in root.iterdir():
        if folder.stat().st_mtime < time.time() - LEFT_BEHIND_S:
            shutil.rmtree(folder, ignore_errors=True)
