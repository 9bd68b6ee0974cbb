"""The file of a backup: a tar archive whose last entry has the size and SHA-256 of every other.

about.json                when, by which version, with which changes of the database
rows/runs.run.jsonl.gz    a table each
secret-key                signs sessions, unless a variable gives it
media/…                   files as they lie under MEDIA_ROOT
hashes.json               {name: [bytes, SHA-256]}
"""

from __future__ import annotations

import hashlib
import io
import json
import os
import tarfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import IO, Any

ABOUT, HASHES, SECRET_KEY = "about.json", "hashes.json", "secret-key"
ROWS, MEDIA = "rows", "media"
MOST_OF_A_NOTE = 64 << 20  # bytes of about.json and hashes.json
PIECE_BYTES = 1 << 20

Fact = tuple[int, str]  # bytes, SHA-256


class Damaged(Exception):
    """The file is no backup of ours, or not whole. The message is a sentence for the operator."""


class Writing:
    """Entries go in one after the other; what went in is hashed on its way."""

    def __init__(self, tar: tarfile.TarFile) -> None:
        self._tar = tar
        self.facts: dict[str, Fact] = {}

    def add_note(self, name: str, value: Any) -> None:
        self.add_bytes(name, json.dumps(value, indent=1).encode())

    def add_bytes(self, name: str, content: bytes) -> None:
        self.add(name, io.BytesIO(content), len(content))

    def add_file(self, name: str, path: Path) -> None:
        with path.open("rb") as file:
            self.add(name, file, os.fstat(file.fileno()).st_size)

    def add(self, name: str, source: IO[bytes], n_bytes: int) -> None:
        entry = tarfile.TarInfo(name)
        entry.size, entry.mode = n_bytes, 0o600
        hashing = _Hashing(source)
        self._tar.addfile(entry, hashing)
        self.facts[name] = (n_bytes, hashing.digest.hexdigest())


@contextmanager
def writing(path: Path) -> Iterator[Writing]:
    """A backup that nobody but its owner may read. It has its name once it is whole and on the disk."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    part = path.with_name(f".{path.name}.part")
    descriptor = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    try:
        with os.fdopen(descriptor, "wb") as file:
            with tarfile.open(fileobj=file, mode="w|", format=tarfile.PAX_FORMAT) as tar:
                entries = Writing(tar)
                yield entries
                entries.add_note(HASHES, entries.facts)
            file.flush()
            os.fsync(file.fileno())
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)


class _Hashing:
    """A file that notes the hash of what was read of it."""

    def __init__(self, source: IO[bytes]) -> None:
        self._source = source
        self.digest = hashlib.sha256()

    def read(self, n_bytes: int = -1) -> bytes:
        piece = self._source.read(n_bytes)
        self.digest.update(piece)
        return piece


@dataclass(frozen=True, slots=True)
class Found:
    """What was read of a backup that is whole."""

    about: dict[str, Any]
    facts: dict[str, Fact]


def check(path: Path) -> Found:
    """Read a backup and compare every hash.

    Raises:
        Damaged: see `unpack`.
    """
    return _read(path, None)


def unpack(path: Path, folder: Path) -> Found:
    """Put a backup's entries into a folder of our own, and compare every hash.

    Raises:
        Damaged: it is no backup, cut off, changed, or has entries that would lie elsewhere.
    """
    return _read(path, folder)


def _read(path: Path, folder: Path | None) -> Found:
    facts: dict[str, Fact] = {}
    notes: dict[str, bytes] = {}
    try:
        with tarfile.open(path, mode="r|") as tar:
            for entry in tar:
                name = _checked_name(entry)
                if name in facts:
                    raise Damaged(f"{path.name} has {name} twice.")
                source = tar.extractfile(entry)
                assert source is not None
                if name in (ABOUT, HASHES):
                    notes[name] = source.read(MOST_OF_A_NOTE)
                    source = io.BytesIO(notes[name])
                facts[name] = _copy(source, folder / name if folder else None)
    except (tarfile.TarError, EOFError, OSError) as error:
        raise Damaged(f"{path.name} cannot be read as a backup: {error}") from error
    return _compared(path, facts, notes)


def _checked_name(entry: tarfile.TarInfo) -> str:
    parts = PurePosixPath(entry.name).parts
    is_known = entry.name in (ABOUT, HASHES, SECRET_KEY) or (len(parts) > 1 and parts[0] in (ROWS, MEDIA))
    if not entry.isfile() or ".." in parts or entry.name != "/".join(parts) or not is_known or "\0" in entry.name:
        raise Damaged(f"The entry {entry.name!r} does not belong into a backup.")
    return entry.name


def _copy(source: Any, path: Path | None) -> Fact:
    digest, n_bytes = hashlib.sha256(), 0
    if path:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o750)
    with path.open("xb") if path else io.BytesIO() as target:
        while piece := source.read(PIECE_BYTES):
            digest.update(piece)
            n_bytes += len(piece)
            if path:
                target.write(piece)
    return n_bytes, digest.hexdigest()


def _compared(path: Path, facts: dict[str, Fact], notes: dict[str, bytes]) -> Found:
    if set(notes) != {ABOUT, HASHES}:
        raise Damaged(f"{path.name} is not whole: its end is missing.")
    try:
        said = {name: (int(size), str(sha256)) for name, (size, sha256) in json.loads(notes[HASHES]).items()}
        about = json.loads(notes[ABOUT])
    except (ValueError, TypeError, AttributeError) as error:
        raise Damaged(f"{path.name} cannot be read as a backup: {error}") from error
    facts.pop(HASHES)
    if different := sorted(name for name in said.keys() | facts.keys() if said.get(name) != facts.get(name)):
        raise Damaged(f"{path.name} is damaged: {different[0]} is not what was backed up.")
    return Found(about, facts)
