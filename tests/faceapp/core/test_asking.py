"""Whether the web answers is asked under a name that the site allows."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any

import pytest
from django.conf import settings as in_force
from django.http.request import split_domain_port, validate_host

from faceapp.core.asking import answers


@pytest.fixture
def address() -> Iterator[str]:
    """A server that answers as Django does: 400 under a name that is not allowed."""

    class Site(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            name, _ = split_domain_port(self.headers["Host"])
            self.send_response(200 if validate_host(name, in_force.ALLOWED_HOSTS) else 400)
            self.end_headers()

        def log_message(self, *_: Any) -> None:
            pass

    server = HTTPServer(("127.0.0.1", 0), Site)
    serving = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    serving.start()
    yield f"http://localhost:{server.server_port}/health/"
    server.shutdown()
    serving.join()
    server.server_close()


HOSTS = [["localhost"], ["faces.example.org"], [".example.org"], ["*"], ["10.0.0.7", "localhost"], ["[::1]"]]


@pytest.mark.parametrize("hosts", HOSTS, ids=lambda hosts: hosts[0])
def test_a_site_that_is_not_called_localhost_gets_ready_too(address: str, settings: Any, hosts: list[str]) -> None:
    settings.ALLOWED_HOSTS = hosts
    assert answers(address, hosts)
