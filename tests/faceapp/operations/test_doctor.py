"""`manage.py doctor` says what is wrong and how to mend it; its checks of the proxy are tried on real servers."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from io import StringIO
from typing import Any

import pytest
from django.core.management import call_command
from django.test import Client

from faceapp.operations import doctor, services
from faceapp.operations.readiness import Doubtful, Failing


@pytest.fixture
def proxied() -> Iterator[Any]:
    """`proxied(handed_on)`: the address of a proxy that hands these headers on, before the site's own `/health/`."""
    servers: list[HTTPServer] = []

    def start(hand_on: Any) -> str:
        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                answer = Client().get(self.path, headers=hand_on(dict(self.headers)))
                self.send_response(answer.status_code)
                self.end_headers()
                self.wfile.write(answer.content)

            def log_message(self, *_: Any) -> None:
                pass

        server = HTTPServer(("127.0.0.1", 0), Handler)
        servers.append(server)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        return f"http://127.0.0.1:{server.server_port}"

    yield start
    for server in servers:
        server.shutdown()
        server.server_close()


def test_a_proxy_that_sets_what_it_must_is_right(proxied: Any, settings: Any) -> None:
    settings.TRUSTS_PROXY = True
    assert "are right" in doctor.proxy(proxied(lambda _given: {"X-Forwarded-For": "192.0.2.1"}))


def test_a_proxy_that_hands_on_what_visitors_claim_is_told(proxied: Any, settings: Any) -> None:
    settings.TRUSTS_PROXY = True
    with pytest.raises(Failing, match="X-Forwarded-For"):
        doctor.proxy(proxied(lambda given: {"X-Forwarded-For": given["X-Forwarded-For"]}))


def test_a_proxy_that_does_not_pass_the_name_on_is_told(proxied: Any) -> None:
    with pytest.raises(Failing, match="pass Host on"):
        doctor.proxy(proxied(lambda _given: {"Host": "upstream"}))


def test_the_web_knows_how_a_request_came(settings: Any) -> None:
    settings.SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    assert Client().get("/health/").json()["https"] is False
    assert Client().get("/health/", headers={"X-Forwarded-Proto": "https"}).json()["https"] is True


def test_a_site_that_nobody_serves_is_told() -> None:
    for ask in (doctor.proxy, doctor.https):
        with pytest.raises(Failing, match="cannot be reached"):
            ask("https://127.0.0.1:1")


def test_weights_are_compared_by_content(settings: Any, tmp_path: Any) -> None:
    assert "as they were published" in doctor.weights()
    folder = tmp_path / "models/weights"
    folder.mkdir(parents=True)
    (folder / "trunk.safetensors").write_bytes(b"changed")
    manifest = {"weights": {"trunk": {"file": "trunk.safetensors", "sha256": "0" * 64}}}
    (folder / "manifest.json").write_text(json.dumps(manifest))
    settings.BASE_DIR = tmp_path
    with pytest.raises(Failing, match=r"trunk\.safetensors is missing or changed"):
        doctor.weights()


def test_cards_that_nobody_uses_are_told(settings: Any, monkeypatch: pytest.MonkeyPatch, db: None) -> None:
    """Of a machine with two cards, which the machine of a test need not have."""
    monkeypatch.setattr(doctor, "count_cards", lambda: 2)
    monkeypatch.setattr(doctor, "_cards_there", lambda: 0)
    with pytest.raises(Doubtful, match="FACELINE_RUN_QUEUE=gpu"):
        doctor.cards()
    settings.RUNS_QUEUE = "gpu"
    services.note_sign(name="gpu0@here", queues=["gpu"])
    with pytest.raises(Doubtful, match="1 workers listen"):
        doctor.cards()
    services.note_sign(name="gpu1@here", queues=["gpu"])
    assert "2 workers" in doctor.cards()


def test_the_command_ends_with_1_when_something_fails(db: None) -> None:
    said = StringIO()
    with pytest.raises(SystemExit) as ended:
        call_command("doctor", stdout=said)
    assert ended.value.code == 1
    assert "✗ Workers: No worker listens to the queue cpu." in said.getvalue()
    assert said.getvalue().index("✗") < said.getvalue().index("✓")
