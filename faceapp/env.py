"""Typed readers of environment variables. Invalid values stop start-up with an error message that names the variable.

Ours rather than django-environ: it checks no ranges, choices or sizes such as "4 GB", and its errors do not name the
variable; the database options and the secret's file would remain ours as well.

Every variable is listed in docs/how-to/configure.md; a test compares.
"""

from __future__ import annotations

import os
import secrets
from collections.abc import Collection
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured

from faceapp.core.numbers import MOST_DIGITS

YES = {"1", "true", "yes", "on"}
NO = {"0", "false", "no", "off"}
UNITS = {"": 1, "KB": 10**3, "MB": 10**6, "GB": 10**9, "TB": 10**12}


def text(name: str, default: str) -> str:
    return os.environ.get(name, "").strip() or default


def flag(name: str, default: bool) -> bool:
    value = os.environ.get(name, "").strip().lower()
    if not value:
        return default
    if value in YES | NO:
        return value in YES
    raise ImproperlyConfigured(f"{name} must be one of 1, 0, true, false, yes, no, on or off, not {value!r}.")


def whole(name: str, default: int, *, least: int = 0, most: int | None = None) -> int:
    value = os.environ.get(name, "").strip()
    if not value:
        return default
    try:
        number = int(value)
    except ValueError:
        raise ImproperlyConfigured(f"{name} must be a whole number, not {value!r}.") from None
    if number < least:
        raise ImproperlyConfigured(f"{name} must be at least {least}, not {number}.")
    if most is not None and number > most:
        raise ImproperlyConfigured(f"{name} must be at most {most}, not {number}.")
    return number


def size_bytes(name: str, default: int, *, most: int | None = None) -> int:
    """A number of bytes, such as `4 GB`, `500MB` or `1000000`; decimal units, as on a disk's box."""
    value = os.environ.get(name, "").strip().upper()
    if not value:
        return default
    number = value.rstrip("KMGTB ")
    unit = value[len(number) :].strip()
    if not number.isdecimal() or len(number) > MOST_DIGITS or unit not in UNITS:
        raise ImproperlyConfigured(f"{name} must be a size such as 4 GB, 500 MB or 1000000, not {value!r}.")
    n_bytes = int(number) * UNITS[unit]
    if most is not None and n_bytes > most:
        raise ImproperlyConfigured(
            f"{name} must be at most {most} bytes, not {value!r}: larger files are not analyzed."
        )
    return n_bytes


def words(name: str, default: str) -> list[str]:
    """A comma-separated list."""
    return [word.strip() for word in text(name, default).split(",") if word.strip()]


def origins_of(hosts: Collection[str]) -> list[str]:
    """The addresses of a site of these names that speaks HTTPS; `.example.org` is all names below it as well."""
    return [f"https://{'*' if host.startswith('.') else ''}{host}" for host in hosts if host != "*"]


def choice(name: str, default: str, allowed: Collection[str]) -> str:
    value = text(name, default)
    if value not in allowed:
        raise ImproperlyConfigured(f"{name} must be one of {', '.join(allowed)}, not {value!r}.")
    return value


def address(name: str, default: str, schemes: Collection[str]) -> str:
    """An address such as `redis://host:port/0`; the value itself is not shown, it may hold a password."""
    value = text(name, default)
    if urlsplit(value).scheme not in schemes:
        raise ImproperlyConfigured(f"{name} must start with {' or '.join(f'{scheme}://' for scheme in schemes)}.")
    return value


def database(name: str, sqlite_file: Path, *, n_threads: int) -> dict[str, Any]:
    """Django's description of the database that an address names; none: a SQLite file of our own.

    A process opens as many connections as it has threads at work, and keeps one.

    Raises:
        ImproperlyConfigured: the address is neither `sqlite:///…` nor `postgresql://…`, or names no database.
    """
    value = text(name, "")
    if not value:
        return _sqlite(sqlite_file)
    address(name, value, ("sqlite", "postgresql", "postgres"))
    parts = urlsplit(value)
    database_name = unquote(parts.path[1:])
    if not database_name:
        raise ImproperlyConfigured(f"{name} must name a database, such as postgresql://user:password@host/faceline.")
    if parts.scheme == "sqlite":
        return _sqlite(Path(database_name))
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": database_name,
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": parts.hostname or "",
        "PORT": str(parts.port or ""),
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": {
            "pool": {"min_size": 1, "max_size": n_threads + 2, "timeout": 10, "max_idle": 60},
            "connect_timeout": 5,
        },
    }


def _sqlite(file: Path) -> dict[str, Any]:
    return {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": file,
        "OPTIONS": {
            "transaction_mode": "IMMEDIATE",  # a writer waits for its turn at the start, never fails in the middle
            "timeout": 20,
            # secure_delete: what is deleted is overwritten, so that no name stays in the file
            "init_command": "PRAGMA journal_mode=WAL;PRAGMA synchronous=NORMAL;PRAGMA secure_delete=ON;",
        },
    }


def secret(name: str, file: Path) -> str:
    """The variable's value, else the content of a file that is made at first need, readable to its owner alone."""
    value = text(name, "")
    if value:
        if len(value) < 50:
            raise ImproperlyConfigured(f"{name} must be at least 50 characters long; leave it out to have one created.")
        return value
    if not file.exists():
        file.parent.mkdir(parents=True, exist_ok=True)
        _write_once(file, secrets.token_urlsafe(64))
    return file.read_text().strip()


def _write_once(file: Path, content: str) -> None:
    """Several processes may start at once: each writes its own file, the first to link it wins."""
    own = file.with_name(f"{file.name}.{os.getpid()}")
    descriptor = os.open(own, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w") as out:
        out.write(content)
    try:
        os.link(own, file)
    except FileExistsError:
        pass
    finally:
        own.unlink()
