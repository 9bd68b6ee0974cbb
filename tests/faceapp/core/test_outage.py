"""What passes in a few seconds is a 503 that says when to come again; mistakes stay a 500."""

from __future__ import annotations

import sqlite3
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from django.db import OperationalError
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.utils import ConnectionHandler
from django.http import HttpRequest, HttpResponse
from django.test import Client
from django.urls import path
from rest_framework.request import Request
from rest_framework.response import Response

from faceapp import env
from faceapp.api.base import ApiView
from faceapp.core.outage import is_outage
from faceapp.urls import urlpatterns as site
from tests.conftest import POSTGRES

NOBODY_LISTENS = "postgresql://faceline@127.0.0.1:1/faceline"
handler500 = "faceapp.core.views.failed"


def connection_to(address: str, monkeypatch: pytest.MonkeyPatch) -> BaseDatabaseWrapper:
    monkeypatch.setenv("FACELINE_DATABASE_URL", address)
    described = env.database("FACELINE_DATABASE_URL", Path("unused"), n_threads=1)
    if address == NOBODY_LISTENS:
        del described["OPTIONS"]["pool"]  # it would go on trying
    elif "pool" in described["OPTIONS"]:
        described["OPTIONS"]["pool"] |= {"max_size": 1, "timeout": 0.5}
    return ConnectionHandler({"default": {}, "other": described})["other"]  # pools are kept by this name


@contextmanager
def error_of() -> Iterator[list[OperationalError]]:
    caught: list[OperationalError] = []
    with pytest.raises(OperationalError) as raised:
        yield caught
    caught.append(raised.value)


@pytest.fixture
def locked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[BaseDatabaseWrapper]:
    """A SQLite database that another connection is writing to for longer than anybody waits."""
    file = tmp_path / "locked.sqlite3"
    other = sqlite3.connect(file, isolation_level=None)
    other.execute("CREATE TABLE t (x)")
    connection = connection_to(f"sqlite:///{file}", monkeypatch)
    connection.settings_dict["OPTIONS"]["timeout"] = 0.1
    connection.ensure_connection()
    other.execute("BEGIN IMMEDIATE")
    yield connection
    connection.close()
    other.close()


@pytest.mark.django_db  # of databases of their own
class TestWhatPasses:
    def test_a_locked_database(self, locked: BaseDatabaseWrapper) -> None:
        with error_of() as caught, locked.cursor() as cursor:
            cursor.execute("INSERT INTO t VALUES (1)")
        assert is_outage(caught[0])

    def test_a_table_that_is_missing_is_a_mistake(self, locked: BaseDatabaseWrapper) -> None:
        with error_of() as caught, locked.cursor() as cursor:
            cursor.execute("SELECT * FROM nowhere")
        assert not is_outage(caught[0])

    def test_a_server_that_does_not_answer(self, monkeypatch: pytest.MonkeyPatch) -> None:
        connection = connection_to(NOBODY_LISTENS, monkeypatch)
        with error_of() as caught:
            connection.ensure_connection()
        assert is_outage(caught[0])

    @pytest.mark.postgres
    def test_all_connections_in_use(self, monkeypatch: pytest.MonkeyPatch) -> None:
        connection = connection_to(f"{POSTGRES}/postgres", monkeypatch)
        connection.ensure_connection()
        with error_of() as caught:
            connection.copy().ensure_connection()
        connection.close()
        connection.close_pool()  # type: ignore[attr-defined]
        assert is_outage(caught[0])


def ask_nobody() -> None:
    with pytest.MonkeyPatch.context() as patch:
        connection_to(NOBODY_LISTENS, patch).ensure_connection()


def page(request: HttpRequest) -> HttpResponse:
    ask_nobody()
    return HttpResponse("never")


class Call(ApiView):
    permission_classes = []

    def get(self, request: Request) -> Response:
        ask_nobody()
        return Response("never")


urlpatterns = [path("page/", page), path("api/", Call.as_view()), *site]


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("address", "accept"), [("/page/", "text/html"), ("/page/", "application/json"), ("/api/", "application/json")]
)
def test_who_asks_meanwhile_is_told_when_to_come_again(settings: Any, alice: Any, address: str, accept: str) -> None:
    settings.ROOT_URLCONF = sys.modules[__name__]
    settings.MIDDLEWARE = []
    answer = Client(raise_request_exception=False).get(address, headers={"Accept": accept})
    assert answer.status_code == 503
    assert int(answer["Retry-After"]) > 0
    assert "Try again in a few seconds" in answer.content.decode()
