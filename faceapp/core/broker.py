"""The broker of an embedded installation: a Valkey server on the loopback, with a port and a password of its own."""

from __future__ import annotations

import os
import secrets
import socket
from pathlib import Path
from urllib.parse import urlsplit

LOOPBACK = "127.0.0.1"


def prepare(folder: Path) -> Path:
    """Writes the server's configuration and `folder/url`, both for their owner alone; gives the configuration.

    Port and password are chosen once; the port anew when another program has taken it.
    """
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    url_file, configuration = folder / "url", folder / "valkey.conf"
    port, password = _kept(url_file)
    if port is None or not is_free(LOOPBACK, port):
        port = free_port()
    _write_private(url_file, f"redis://:{password}@{LOOPBACK}:{port}/0\n")
    _write_private(configuration, _configuration(folder, port, password))
    return configuration


def _kept(url_file: Path) -> tuple[int | None, str]:
    parts = urlsplit(url_file.read_text().strip()) if url_file.exists() else urlsplit("")
    return parts.port, parts.password or secrets.token_urlsafe(32)


def _configuration(folder: Path, port: int, password: str) -> str:
    lines = {
        "bind": LOOPBACK,
        "port": str(port),
        "requirepass": password,
        "dir": f'"{folder}"',
        "appendonly": "yes",
        "appendfsync": "everysec",
        "save": '""',
        "daemonize": "no",
        "enable-protected-configs": "no",
    }
    return "".join(f"{name} {value}\n" for name, value in lines.items())


def _write_private(file: Path, content: str) -> None:
    descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w") as out:
        out.write(content)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind((LOOPBACK, 0))
        return int(probe.getsockname()[1])


def is_free(host: str, port: int) -> bool:
    """Whether we could listen there."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError:
            return False
    return True
