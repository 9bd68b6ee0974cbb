"""Settings refuse what cannot be; secrets stay secret."""

from __future__ import annotations

import logging
import os
import stat
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import ImproperlyConfigured

from faceapp import env, logs, settings

REPOSITORY = Path(__file__).parents[2]


@pytest.mark.parametrize(
    ("value", "bytes_"), [("4 GB", 4 * 10**9), ("500MB", 5 * 10**8), ("1000", 1000), ("2kb", 2000)]
)
def test_a_size_is_read_with_its_unit(monkeypatch: pytest.MonkeyPatch, value: str, bytes_: int) -> None:
    monkeypatch.setenv("X", value)
    assert env.size_bytes("X", 0) == bytes_


BAD = {
    "flag": ("perhaps", lambda: env.flag("X", False)),
    "whole": ("many", lambda: env.whole("X", 1)),
    "too small": ("-1", lambda: env.whole("X", 1)),
    "too large": ("70000", lambda: env.whole("X", 1, most=65535)),
    "size": ("4 GiBi", lambda: env.size_bytes("X", 1)),
    "size that is too large": ("5 GB", lambda: env.size_bytes("X", 1, most=4 << 30)),
    "size of too many digits": ("9" * 5000, lambda: env.size_bytes("X", 1)),
    "choice": ("LOUD", lambda: env.choice("X", "INFO", ("INFO",))),
    "address": ("http://x", lambda: env.address("X", "", ("redis",))),
    "database": ("mysql://x/y", lambda: env.database("X", Path("a"), n_threads=1)),
    "database without a name": ("postgresql://host", lambda: env.database("X", Path("a"), n_threads=1)),
    "short secret": ("abc", lambda: env.secret("X", Path("a"))),
}


@pytest.mark.parametrize(("value", "read"), BAD.values(), ids=BAD.keys())
def test_a_value_that_cannot_be_is_refused_by_name(monkeypatch: pytest.MonkeyPatch, value: str, read: Any) -> None:
    monkeypatch.setenv("X", value)
    with pytest.raises(ImproperlyConfigured, match=r"^X must .*\.$"):
        read()


def test_no_larger_file_is_let_in_than_can_be_analyzed() -> None:
    from analysis.video.source import MAX_FILE_BYTES

    assert settings.ENGINE_MAX_BYTES == MAX_FILE_BYTES


def test_a_database_is_read_from_its_address(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("X", "postgresql://me:p%40ss@db.example:5433/face")
    described = env.database("X", Path("unused"), n_threads=1)
    assert [described[name] for name in ("NAME", "USER", "PASSWORD", "HOST", "PORT")] == [
        "face",
        "me",
        "p@ss",
        "db.example",
        "5433",
    ]


def test_a_process_keeps_one_connection_and_opens_more_only_for_its_threads(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("X", "postgresql://host/face")
    pool = env.database("X", Path("unused"), n_threads=28)["OPTIONS"]["pool"]
    assert (pool["min_size"], pool["max_size"], pool["timeout"]) == (1, 30, 10)


@pytest.mark.parametrize(
    ("hosts", "origins"),
    [
        (["a.example.org", "b.example.org"], ["https://a.example.org", "https://b.example.org"]),
        ([".example.org"], ["https://*.example.org"]),
        (["*"], []),
    ],
)
def test_forms_may_come_from_the_sites_own_names(hosts: list[str], origins: list[str]) -> None:
    assert env.origins_of(hosts) == origins


def test_the_secret_key_is_made_once_for_its_owner_alone(tmp_path: Path) -> None:
    file = tmp_path / "new" / "secret-key"
    first = env.secret("NO_SUCH_VARIABLE", file)
    assert len(first) >= 50
    assert env.secret("NO_SUCH_VARIABLE", file) == first
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert list(file.parent.iterdir()) == [file]


def manage(home: Path, *arguments: str, **variables: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "manage.py", *arguments]
    environment = {**os.environ, "FACELINE_HOME": str(home), **variables}
    environment.pop("DJANGO_ALLOW_ASYNC_UNSAFE", None)  # set for browser tests, which may run beside these
    return subprocess.run(command, cwd=REPOSITORY, env=environment, capture_output=True, text=True, check=False)


def test_production_mode_has_nothing_to_complain_of(tmp_path: Path) -> None:
    checked = manage(
        tmp_path, "check", "--deploy", "--fail-level", "WARNING", FACELINE_PRODUCTION="1", FACELINE_HOSTS="a.example"
    )
    assert checked.returncode == 0, checked.stderr
    assert "no issues" in checked.stdout


def test_debugging_is_refused_in_production(tmp_path: Path) -> None:
    checked = manage(tmp_path, "check", FACELINE_PRODUCTION="1", FACELINE_DEBUG="1")
    assert checked.returncode != 0
    assert "must not be on in production" in checked.stderr


@pytest.mark.parametrize("form", ["console", "json"])
def test_no_secret_is_logged(form: str, capsys: pytest.CaptureFixture[str]) -> None:
    import structlog

    try:
        logs.set_up(level="INFO", form=form)
        logging.getLogger("library").info("connected to redis://user:hunter2@host/0 by Bearer abcdefgh12345678")
        logging.getLogger("library").info("got %s", "fl_abcdefghijklmnop")
        structlog.get_logger("ours").info("signed_in", password="hunter2", user="alice", api_token="hunter2")
        printed = capsys.readouterr().err
    finally:
        logs.set_up(level="INFO", form="console")
    assert "alice" in printed
    for secret in ("hunter2", "abcdefgh12345678", "abcdefghijklmnop"):
        assert secret not in printed


def test_no_secret_lies_in_the_repository() -> None:
    listed = subprocess.run(["git", "ls-files"], cwd=REPOSITORY, capture_output=True, text=True, check=True).stdout
    names = listed.splitlines()
    assert not [name for name in names if name.startswith("var/") or Path(name).suffix in (".key", ".pem", ".sqlite3")]
    assert not [name for name in names if Path(name).name in (".env", "secret-key")]
