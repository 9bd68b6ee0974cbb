"""Any text in any name: report, tables, annotated video and the names of downloaded files."""

from __future__ import annotations

import csv
import io
import os
import re
import shutil
import subprocess
import unicodedata
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import numpy as np
import pytest
from django.test import Client
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image
from pypdf import PdfReader

from analysis.lettering.drawable import BOX
from faceapp.audience.selectors import audience_of_video
from faceapp.core.filenames import MOST_BYTES, saved_name
from faceapp.reports import annotating
from faceapp.reports.names import download_name, titled_name
from faceapp.results import services
from faceapp.runs.models import Run
from tests.names import NAMES

ALL = " · ".join(NAMES.values())
UNHELD = "\U00012000"  # cuneiform: in none of the fonts that ship


@pytest.fixture
def named_run(finished_run: Run, alice: Any) -> Run:
    """One person is named in all scripts, as are the video, the project, its purpose and the account."""
    video, project = finished_run.video, finished_run.video.project
    video.name = f"{ALL}.mp4"
    video.save()
    project.name, project.purpose = ALL[:120], ALL
    project.save()
    alice.first_name = NAMES["arabic"] + NAMES["emoji"]
    alice.save()
    for person_id, name in zip((1, 2), (NAMES["joined emoji"], NAMES["thai"] + UNHELD), strict=True):
        services.rename_person(run=finished_run, person_id=person_id, name=name, user=alice)
    return finished_run


def words_of(content: bytes) -> str:
    text = "".join(page.extract_text() for page in PdfReader(io.BytesIO(content)).pages)
    return bare(text)


def bare(text: str) -> str:
    """Letters alone: without spaces, joiners, and the order that marks are stored in."""
    composed = unicodedata.normalize("NFKC", text)
    return "".join(letter for letter in composed if unicodedata.category(letter)[0] in "LNS")


def test_fault_75_the_report_holds_names_of_every_script(named_run: Run, alice_client: Client) -> None:
    answer = alice_client.get(reverse("reports:video_report_pdf", args=[named_run.video.pk]))
    said = words_of(answer.content)
    for kind in ("latin", "chinese", "japanese", "korean", "fancy"):
        assert bare(NAMES[kind]) in said, kind
    # some readers give letters twice that were moved under their marks, or a Latin letter for its Cyrillic twin
    for kind in ("emoji", "joined emoji", "thai", "arabic", "hebrew", "devanagari", "tamil", "ethiopic"):
        assert set(bare(NAMES[kind])) <= set(said), kind
    assert BOX in said


def test_fault_75_the_audience_report_holds_names_of_every_script(named_run: Run, alice_client: Client) -> None:
    address = reverse("reports:audience_report_pdf")
    answer = alice_client.get(address, {"project": named_run.video.project.pk})
    said = words_of(answer.content)
    for kind in ("latin", "chinese", "japanese"):
        assert bare(NAMES[kind]) in said, kind


def test_fault_75_the_report_uses_the_fonts_that_ship_alone(named_run: Run, alice_client: Client) -> None:
    answer = alice_client.get(reverse("reports:video_report_pdf", args=[named_run.video.pk]))
    fonts = {
        str(font.get_object()["/BaseFont"]).partition("+")[2]
        for page in PdfReader(io.BytesIO(answer.content)).pages
        for font in page["/Resources"]["/Font"].values()
    }
    shipped = ("Inter", "Noto", "DroidSansFallback", "Droid")
    assert all(font.startswith(shipped) for font in fonts), fonts


@pytest.mark.skipif(not shutil.which("pdftoppm"), reason="needs pdftoppm: apt-get install poppler-utils")
@pytest.mark.parametrize("kind", ["latin", "wide", "arabic", "thai", "joined emoji"])
@pytest.mark.parametrize("report", ["video_report_pdf", "audience_report_pdf"])
def test_fault_75_three_hundred_letters_without_a_space_stay_on_the_page(
    kind: str, report: str, finished_run: Run, alice: Any, alice_client: Client, tmp_path: Path
) -> None:
    letters = "W" if kind == "wide" else NAMES[kind].replace(" ", "")
    long = (letters * 300)[:300]
    video, project = finished_run.video, finished_run.video.project
    video.name, project.name, project.purpose = long, long[:120], long
    video.save()
    project.save()
    services.rename_person(run=finished_run, person_id=1, name=long[:80], user=alice)
    of_video = report == "video_report_pdf"
    address = reverse(f"reports:{report}", args=[video.pk] if of_video else [])
    content = alice_client.get(address).content
    assert 1 <= len(PdfReader(io.BytesIO(content)).pages) <= 4
    (tmp_path / "report.pdf").write_bytes(content)
    subprocess.run(["pdftoppm", "-r", "40", "-gray", "report.pdf", "page"], cwd=tmp_path, check=True)
    for path in sorted(tmp_path.glob("page*.pgm")):
        page = np.asarray(Image.open(path))
        margin = page.shape[1] * 15 // 210  # 15 mm of the 18 that stay empty
        assert page[:, -margin:].min() > 200


def test_fault_75_tables_hold_names_as_they_were_given(named_run: Run, alice_client: Client) -> None:
    answer: Any = alice_client.get(reverse("reports:people_csv", args=[named_run.video.pk]))
    rows = list(csv.DictReader(io.StringIO(b"".join(answer.streaming_content).decode())))
    assert {row["name"] for row in rows} == {NAMES["joined emoji"], NAMES["thai"] + UNHELD}
    assert rows[0]["video"] == f"{ALL}.mp4"


def test_fault_75_captions_of_the_annotated_video_keep_the_order_of_name_and_age(named_run: Run, alice: Any) -> None:
    services.rename_person(run=named_run, person_id=1, name=NAMES["arabic"], user=alice)
    audience = audience_of_video(named_run.video)
    assert audience is not None
    assert annotating.names_of(audience)["captions"]["1"] == f"\u2068{NAMES['arabic']}\u2069 · 30"


@pytest.mark.parametrize("name", NAMES.values(), ids=NAMES)
def test_fault_75_downloads_are_called_after_names_of_every_script(
    name: str, finished_run: Run, alice_client: Client
) -> None:
    finished_run.video.name = f"{name}.mp4"
    finished_run.video.save()
    answer = alice_client.get(reverse("reports:people_csv", args=[finished_run.video.pk]))
    said = re.search(r"filename\*=utf-8''(.+)", answer["Content-Disposition"])
    assert said is not None
    assert unquote(said[1]) == f"{name.replace(chr(0x200B), '').replace(chr(0x2060), '')} - people.csv"


@given(st.text(max_size=400))
def test_fault_75_every_name_gives_a_file_name_that_file_systems_take(name: str) -> None:
    for called in (download_name(name, "report.pdf"), titled_name(name, "audience.pdf")):
        assert called.isprintable() or "\u200d" in called or "\u200c" in called
        assert len(os.fsencode(called)) <= MOST_BYTES + len(" - audience.pdf")
        assert not set(called) & set('/\\:*?"<>|\u202e')
        assert called.endswith((" - report.pdf", " - audience.pdf"))
        assert not called.startswith((" ", "."))


@pytest.mark.parametrize(
    ("name", "saved"),
    [
        ("Advert.final.mp4", "Advert.final.mp4"),
        ("no ending", "no ending"),
        ("../a/b.mp4", "b.mp4"),
        ("\u200b.mp4", "Video.mp4"),
        ("日" * 400 + ".mov", "日" * (MOST_BYTES // 3) + ".mov"),
        ("Interview with somebody. And what they said", "Interview with somebody. And what they said"),
    ],
)
def test_fault_75_the_original_file_keeps_its_ending(name: str, saved: str) -> None:
    assert saved_name(name) == saved


def test_fault_75_a_long_name_is_cut_between_signs() -> None:
    family = "👨‍👩‍👧"
    assert download_name(family * 40 + ".mp4", "report.pdf") == f"{family * (MOST_BYTES // 18)} - report.pdf"
