"""The containers: what stops comes back, nothing grows without bound, and nothing has to be edited."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from faceapp import settings
from faceapp.core.gate.threads import OTHER_THREADS

ROOT = Path(__file__).parents[2]
TEXT = (ROOT / "compose.yaml").read_text()
SERVICES: dict[str, dict[str, Any]] = yaml.safe_load(TEXT)["services"]
OURS = [name for name, service in SERVICES.items() if service["image"] == "faceline"]
A_WORKER = 3  # connections, docs/scaling.md


def test_one_service_builds_the_image_of_all() -> None:
    assert [name for name, service in SERVICES.items() if "build" in service] == ["migrate"]
    assert set(OURS) == {"migrate", "web", "worker", "upkeep", "beat"}


@pytest.mark.parametrize("name", SERVICES)
def test_what_a_service_prints_is_bounded_and_it_comes_back(name: str) -> None:
    assert set(SERVICES[name]["logging"]["options"]) == {"max-size", "max-file"}
    assert SERVICES[name]["restart"] == ("no" if name == "migrate" else "unless-stopped")


def test_a_process_of_the_web_that_dies_is_started_again() -> None:
    assert "--respawn-failed-workers" in SERVICES["web"]["command"]


def test_the_database_is_asked_over_the_network() -> None:
    assert "--host 127.0.0.1" in SERVICES["database"]["healthcheck"]["test"][1]


@pytest.mark.parametrize("name", OURS)
def test_any_setting_may_stand_in_the_file_of_settings(name: str) -> None:
    assert SERVICES[name]["env_file"] == [".env"]
    decided = set(SERVICES[name]["environment"])
    example = set(re.findall(r"^(?:# )?([A-Z_]+)=", (ROOT / "env.example").read_text(), re.MULTILINE))
    assert {"FACELINE_HOSTS", "POSTGRES_PASSWORD"} <= example
    assert not decided & example, "compose.yaml would win"


def test_variables_are_replaced_without_others_within() -> None:
    """docker-compose 1.29 does not know how."""
    assert re.findall(r"\$\{[^}]*\$", TEXT) == []


def test_the_database_has_connections_for_a_web_and_fifty_workers() -> None:
    n_processes = int(re.search(r"--workers (\d+)", SERVICES["web"]["command"])[1])  # type: ignore[index]
    a_web = settings.WEB_THREADS + OTHER_THREADS + 2
    most = int(re.search(r"max_connections=(\d+)", SERVICES["database"]["command"])[1])  # type: ignore[index]
    assert most >= n_processes * a_web + (50 + 1) * A_WORKER + 3  # one upkeep; 3 are kept for the superuser


def test_the_password_of_the_database_stays_out_of_the_image() -> None:
    assert ".env" in (ROOT / ".dockerignore").read_text().split()
    assert "/.env" in (ROOT / ".gitignore").read_text().split()


def test_a_new_template_does_not_fetch_torch_again() -> None:
    """What is copied before the dependencies are installed changes with them alone."""
    before, _, after = (ROOT / "Dockerfile").read_text().partition("RUN make dependencies")
    copied = re.findall(r"^COPY (.+) \S+$", before, re.MULTILINE)
    assert " ".join(copied).split() == ["Makefile", "pyproject.toml", "requirements.lock", "scripts/install_torch.sh"]
    assert "COPY . ." in after


def test_the_proxy_keeps_certificates_and_reads_the_file_that_ships() -> None:
    proxy = SERVICES["proxy"]
    assert "./Caddyfile:/etc/caddy/Caddyfile:ro" in proxy["volumes"]
    assert "certificates:/data" in proxy["volumes"]
    assert (ROOT / "Caddyfile").exists()
    assert "ports" not in SERVICES["web"], "who reaches the web past the proxy could pretend to be anybody"
