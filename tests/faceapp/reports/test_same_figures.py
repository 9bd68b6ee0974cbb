"""Page, PDF, CSV and report.json say the same, corrections applied; result.json stays as it was."""

from __future__ import annotations

import csv
import io
import json
import re
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from pypdf import PdfReader

from faceapp.results import services
from faceapp.runs.models import Run

ANN, BEN = 1, 2
EVIL = "=cmd|' /C calc'!A0"


@pytest.fixture
def corrected_run(finished_run: Run, alice: Any) -> Run:
    services.rename_person(run=finished_run, person_id=ANN, name=EVIL, user=alice)
    services.correct_person(run=finished_run, person_id=BEN, field="age", value=44, user=alice)
    services.correct_person(run=finished_run, person_id=BEN, field="gender", value="female", user=alice)
    return finished_run


def take(client: Client, name: str, run: Run) -> bytes:
    answer = client.get(reverse(f"reports:{name}", args=[run.video.pk]))
    assert answer.status_code == 200
    assert answer["Content-Disposition"].startswith("attachment")
    return b"".join(answer.streaming_content) if answer.streaming else answer.content  # type: ignore[attr-defined]


def rows(client: Client, name: str, run: Run) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(take(client, name, run).decode())))


def pdf_text(content: bytes) -> str:
    return re.sub(r"\s+", " ", " ".join(page.extract_text() for page in PdfReader(io.BytesIO(content)).pages))


def spaced(text: str) -> str:
    """PDF and HTML may break a narrow space in their own way."""
    return re.sub(r"\s+", "", text)


def test_every_headline_figure_is_the_same_everywhere(corrected_run: Run, alice_client: Client) -> None:
    report = json.loads(take(alice_client, "report_json", corrected_run))
    text = spaced(pdf_text(take(alice_client, "video_report_pdf", corrected_run)))
    page = spaced(alice_client.get(reverse("audience:audience"), {"video": corrected_run.video.pk}).content.decode())
    table = {row["figure"]: row for row in rows(alice_client, "figures_csv", corrected_run) if not row["group"]}
    assert len(report["headline"]) == 5
    for figure in report["headline"]:
        for words in (figure["term"], figure["text"], figure["interval"]):
            assert spaced(words) in text, words
            assert spaced(words) in page, words
        row = table[figure["key"]]
        assert int(row["n"]) == figure["n"]
        for column in ("value", "low", "high"):
            said = float(row[column]) if row[column] else None
            assert said == (pytest.approx(figure[column], abs=1e-4) if figure[column] is not None else None)


def test_the_report_says_what_it_is_for_and_what_it_found(corrected_run: Run, alice_client: Client) -> None:
    project = corrected_run.video.project
    project.purpose = "Which advert makes people smile?"
    project.save()
    report = json.loads(take(alice_client, "report_json", corrected_run))
    text = spaced(pdf_text(take(alice_client, "video_report_pdf", corrected_run)))
    assert report["video"]["purpose"] == project.purpose
    assert spaced(project.purpose) in text
    assert len(report["summary"]) > 2
    for sentence in report["summary"]:
        assert spaced(sentence) in text


def test_shares_are_the_same_everywhere(corrected_run: Run, alice_client: Client) -> None:
    report = json.loads(take(alice_client, "report_json", corrected_run))
    text = spaced(pdf_text(take(alice_client, "video_report_pdf", corrected_run)))
    table = {(row["figure"], row["group"]): row for row in rows(alice_client, "figures_csv", corrected_run)}
    assert {share["key"]: share["count"] for share in report["genders"]} == {"female": 2, "male": 0, "unknown": 0}
    for kind, key in (("gender", "genders"), ("ethnicity", "ethnicities"), ("age", "ages")):
        for share in report[key]:
            row = table[(kind, share["key"])]
            assert (int(row["count"]), int(row["n"])) == (share["count"], share["n"])
            assert float(row["low"]) == pytest.approx(share["low"], abs=1e-4)
    for share in report["ethnicities"]:
        assert spaced(f"{share['name']}") in text
        assert spaced(f"{share['text']}{share['interval']}") in text


def test_people_are_the_same_everywhere_and_corrected(corrected_run: Run, alice_client: Client) -> None:
    report = json.loads(take(alice_client, "report_json", corrected_run))
    people = {int(row["person_id"]): row for row in rows(alice_client, "people_csv", corrected_run)}
    text = pdf_text(take(alice_client, "video_report_pdf", corrected_run))
    by_id = {person["person_id"]: person for person in report["people"]}
    assert (by_id[BEN]["age"]["years"], people[BEN]["age"], people[BEN]["corrected"]) == (44, "44", "age gender")
    assert by_id[BEN]["gender"]["label"] == people[BEN]["gender"] == "female"
    for person_id, person in by_id.items():
        assert float(people[person_id]["in_view_s"]) == person["in_view_s"]
        assert float(people[person_id]["attention_s"]) == person["attention_s"]
    assert "corrected: age, gender" in text
    assert "The age of person 2 was set to 44 by alice" in text


def test_the_result_is_untouched_by_corrections(corrected_run: Run, alice_client: Client) -> None:
    result = json.loads(take(alice_client, "result_json", corrected_run))
    assert [person["age"]["years"] for person in result["people"]] == [30, 60]


def test_names_that_are_formulas_are_neutralised_in_tables_alone(corrected_run: Run, alice_client: Client) -> None:
    people = rows(alice_client, "people_csv", corrected_run)
    assert people[0]["name"] == "'" + EVIL
    assert rows(alice_client, "tracks_csv", corrected_run)[0]["name"] == "'" + EVIL
    report = json.loads(take(alice_client, "report_json", corrected_run))
    assert EVIL in {person["name"] for person in report["people"]}
    assert "=cmd|" in pdf_text(take(alice_client, "video_report_pdf", corrected_run))


def test_samples_are_every_analyzed_moment(corrected_run: Run, alice_client: Client) -> None:
    samples = rows(alice_client, "samples_csv", corrected_run)
    assert len(samples) == sum(len(track.timeline.samples["time_s"]) for track in corrected_run.tracks.all())
    first = samples[0]
    assert list(first)[:9] == ["video", "person_id", "track_id", "time_s", "timecode", "x", "y", "width", "height"]
    assert (first["time_s"], first["timecode"], first["looking"]) == ("0.0", "0:00.0", "true")
    assert {row["corrected"] for row in samples if row["person_id"] == str(BEN)} == {"age gender"}


def test_the_pdf_is_an_archive_copy_with_tags_and_one_typeface(corrected_run: Run, alice_client: Client) -> None:
    reader = PdfReader(io.BytesIO(take(alice_client, "video_report_pdf", corrected_run)))
    catalog: Any = reader.trailer["/Root"]
    metadata = catalog["/Metadata"].get_data().decode()
    assert "pdfaid:part" in metadata
    assert "/StructTreeRoot" in catalog
    fonts = {str(font["/BaseFont"]) for page in reader.pages for font in _fonts(page)}
    assert all("Inter" in font for font in fonts), fonts
    assert (reader.metadata or {}).get("/Title") == "Audience report: Advert.mp4"


def test_equal_results_give_equal_reports(corrected_run: Run, alice_client: Client) -> None:
    assert take(alice_client, "report_json", corrected_run) == take(alice_client, "report_json", corrected_run)


def test_downloads_are_named_after_the_video(corrected_run: Run, alice_client: Client) -> None:
    answer = alice_client.get(reverse("reports:people_csv", args=[corrected_run.video.pk]))
    assert answer["Content-Disposition"] == 'attachment; filename="Advert - people.csv"'


@pytest.mark.parametrize("name", ["video_report_pdf", "report_json", "result_json", "people_csv", "samples_csv"])
def test_a_stranger_gets_nothing(name: str, corrected_run: Run, charlie_client: Client, bob_client: Client) -> None:
    address = reverse(f"reports:{name}", args=[corrected_run.video.pk])
    assert charlie_client.get(address).status_code == 404
    assert bob_client.get(address).status_code == 200


def test_a_video_without_a_result_has_no_report(video: Any, alice_client: Client) -> None:
    assert alice_client.get(reverse("reports:video_report_pdf", args=[video.pk])).status_code == 404


def _fonts(page: Any) -> list[Any]:
    return [font.get_object() for font in page["/Resources"].get("/Font", {}).values()]
