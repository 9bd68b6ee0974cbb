"""A download that fails is answered by a page with a sentence, never by a broken file."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse

from faceapp.runs.models import Run

WRONG = "Something went wrong on the server. The error was logged. Please try again."
LINK = re.compile(r'href="([^"]+(?:\.pdf|\.csv|\.json|\.mp4|original)[^"]*)"')


def fail(*_: Any, **__: Any) -> Any:
    raise RuntimeError("broken")


@pytest.fixture
def browser_client(alice_client: Client) -> Client:
    """As a browser sees it: an error is an answer."""
    alice_client.raise_request_exception = False
    return alice_client


def page_of(answer: Any) -> str:
    assert answer["Content-Type"].startswith("text/html")
    assert "attachment" not in answer.get("Content-Disposition", "")
    return str(answer.content.decode())


@pytest.mark.parametrize(
    ("name", "broken"),
    [
        ("video_report_pdf", "faceapp.reports.pdf.render"),
        ("report_json", "faceapp.reports.views.build_report"),
        ("figures_csv", "faceapp.reports.tables._numbers"),
        ("people_csv", "faceapp.reports.tables.answer_cells"),
        ("tracks_csv", "faceapp.reports.tables.answer_cells"),
        ("samples_csv", "faceapp.reports.tables._samples"),
    ],
)
def test_fault_85_a_download_that_cannot_be_made_is_a_page_with_a_sentence(
    name: str, broken: str, finished_run: Run, browser_client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(broken, fail)
    answer = browser_client.get(reverse(f"reports:{name}", args=[finished_run.video.pk]))
    assert answer.status_code == 500
    assert WRONG in page_of(answer)


@pytest.mark.parametrize("name", ["audience_report_pdf", "audience_figures_csv"])
def test_fault_85_the_audiences_downloads_say_it_too(
    name: str, finished_run: Run, browser_client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("faceapp.reports.audience.pdf._content", fail)
    monkeypatch.setattr("faceapp.reports.tables._numbers", fail)
    answer = browser_client.get(reverse(f"reports:{name}"))
    assert answer.status_code == 500
    assert WRONG in page_of(answer)


def test_fault_85_a_file_that_is_gone_is_said_to_be_gone(finished_run: Run, browser_client: Client) -> None:
    for stored in (finished_run.result_file.name, finished_run.video.file.name):
        (Path(settings.MEDIA_ROOT) / str(stored)).unlink()
    for address in (
        reverse("reports:result_json", args=[finished_run.video.pk]),
        reverse("library:video_media", args=[finished_run.video.pk]) + "?original",
    ):
        answer = browser_client.get(address)
        assert answer.status_code == 404
        assert "This file is missing on the server." in page_of(answer)


def test_fault_85_every_link_to_a_file_is_sent_as_a_file(finished_run: Run, alice_client: Client) -> None:
    """Without `download` on the link, the server says that it is to be saved."""
    video = finished_run.video
    links: set[str] = set()
    for page in (reverse("results:video_detail", args=[video.pk]), reverse("audience:audience"), "/"):
        links |= set(LINK.findall(alice_client.get(page, follow=True).content.decode()))
    assert len(links) >= 9
    for link in links:
        answer = alice_client.get(link.replace("&amp;", "&"))
        assert answer.status_code == 200, link
        assert answer["Content-Disposition"].startswith("attachment"), link
