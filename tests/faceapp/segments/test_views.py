"""Exports of segments, and imports that are asked for without a preview."""

from __future__ import annotations

from typing import Any

from django.test import Client
from django.urls import reverse

from faceapp.segments.models import Mark
from faceapp.segments.services import NewMark, add_marks


def test_segments_are_exported_as_csv_edl_and_chapters(video: Any, alice: Any, alice_client: Client) -> None:
    add_marks(video=video, marks=[NewMark("Talk", 2.0, 4.0), NewMark("Price", 3.0)], user=alice)
    for kind, said in {"csv": "Price,3.0,,00:00:03.000,", "edl": "01:00:02:00 01:00:04:00", "vtt": "WEBVTT"}.items():
        answer = alice_client.get(reverse("segments:export", args=[video.pk, kind]))
        assert said in answer.content.decode()
        assert f"Advert - segments.{kind}" in answer["Content-Disposition"]
    assert alice_client.get(reverse("segments:export", args=[video.pk, "doc"])).status_code == 404


def test_only_lines_that_were_chosen_and_make_sense_are_created(video: Any, alice_client: Client) -> None:
    address = reverse("segments:import_make", args=[video.pk])
    text = "A,0:00,0:01\nB,0:02,0:03\nC,0:50,0:51"
    answer = alice_client.post(address, {"text": text, "line": ["2", "3"]})
    assert answer.json()["n"] == 1
    assert [mark.name for mark in Mark.objects.all()] == ["B"]
    nothing = alice_client.post(address, {"text": text, "line": ["3"]})
    assert (nothing.status_code, list(nothing.json())) == (422, ["error"])
