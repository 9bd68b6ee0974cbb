"""What a project switches off is hidden everywhere at once, also for results that were computed before.

Every address is read, everything stored of the attribute is replaced by other values, and every address is read again:
not one answer may differ. With the attribute on, the same replacement shows on the pages and files that it concerns,
so that the test cannot pass by looking away.
"""

from __future__ import annotations

import io
import json
import re
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import NoReverseMatch, URLPattern, URLResolver, get_resolver, reverse
from pypdf import PdfReader

from analysis.config import DEFAULT_SWITCHES
from faceapp.api.views import AUDIENCE_DOWNLOADS, DOWNLOADS
from faceapp.library.models import Video
from faceapp.reports import annotating
from faceapp.results import services
from faceapp.results.models import Correction, Person, Timeline, Track
from faceapp.runs.models import Annotated, Run

CHARTS = ("age-gender", "reaction", "ethnicity", "attention", "emotion-time", "screen-time", "videos",
          "expression", "age", "gender")  # fmt: skip
QUERIES = ("", "?ethnicity=White", "?gender=female", "?age=25-34", "?watchers=1")
FLEETING = re.compile(
    rb'name="csrfmiddlewaretoken" value="[^"]*"|"X-CSRFToken": ?"[^"]*"|nonce="[^"]*"|[0-9a-f]{8}-[0-9a-f-]{27}'
    rb"|\bnow\b|\b\d+\xc2\xa0min\b"  # how long ago: a slow machine takes minutes for all pages
)
SET_BY_HAND = {"age_gender": ("age", 51), "ethnicity": ("ethnicity", "Hispanic")}
SHOWN_BY = {
    "age_gender": {"results:person_detail", "results:video_detail", "reports:people_csv", "reports:tracks_csv",
                   "reports:figures_csv", "reports:video_report_pdf", "reports:report_json", "reports:result_json",
                   "audience:audience", "audience:faces", "api:video_people",
                   "api:video_result", "api:video_download", "audience:person_chart_csv"},
    "ethnicity": {"results:person_detail", "results:video_detail", "reports:people_csv", "reports:tracks_csv",
                  "reports:figures_csv", "reports:video_report_pdf", "reports:report_json", "reports:result_json",
                  "audience:audience", "api:video_people", "api:video_result", "api:video_download"},
    "emotion": {"results:person_detail", "results:video_detail", "results:timeline", "library:video_list",
                "reports:people_csv", "reports:samples_csv", "reports:video_report_pdf", "reports:report_json",
                "reports:result_json", "audience:audience", "api:video_people", "api:video_result"},
    "attention": {"results:person_detail", "results:video_detail", "results:timeline", "reports:people_csv",
                  "reports:samples_csv", "reports:figures_csv", "reports:video_report_pdf", "reports:report_json",
                  "reports:result_json", "audience:audience", "audience:faces", "api:video_people"},
}  # fmt: skip


@pytest.fixture
def full_run(finished_run: Run, alice: Any) -> Run:
    """Everything is computed, some of it corrected, and an annotated video is made."""
    names = ("mtcnn", "trunk", "head_age_gender", "head_ethnicity", "emotion", "embedding")
    finished_run.weights = {name: {"version": "1", "sha256": "f" * 64} for name in names}
    finished_run.save(update_fields=["weights"])
    services.rename_person(run=finished_run, person_id=1, name="Ann", user=alice)
    long_ago = datetime(2026, 1, 5, 12, tzinfo=UTC)  # "just now" would become "1 min ago" while the test reads
    Video.objects.update(created_at=long_ago)
    Correction.objects.update(made_at=long_ago)
    audience = annotating.audience_of_run(finished_run)
    path = Path(finished_run.result_file.storage.path("annotated/one.mp4"))
    path.parent.mkdir(parents=True)
    path.write_bytes(b"Ann with her age")
    tag = annotating.tag_of(audience)
    Annotated.objects.create(run=finished_run, state=Annotated.State.DONE, tag=tag, file="annotated/one.mp4")
    return finished_run


@pytest.mark.parametrize("attribute", DEFAULT_SWITCHES)
def test_fault_84_nothing_of_an_attribute_that_is_off_is_seen_anywhere(
    full_run: Run, alice_client: Client, attribute: str
) -> None:
    switch(full_run, attribute, on=False)
    before = everything(alice_client, full_run)
    replace_stored(full_run, attribute)
    after = everything(alice_client, full_run)
    assert {address for address in before if before[address] != after[address]} == set()


@pytest.mark.parametrize("attribute", DEFAULT_SWITCHES)
def test_the_same_replacement_shows_where_the_attribute_is_on(
    full_run: Run, alice_client: Client, attribute: str
) -> None:
    before = everything(alice_client, full_run)
    replace_stored(full_run, attribute)
    after = everything(alice_client, full_run)
    assert SHOWN_BY[attribute] <= {route for (route, _), content in before.items() if content != after[route, _]}


@pytest.mark.parametrize("attribute", DEFAULT_SWITCHES)
def test_the_result_that_is_served_names_what_is_on_alone(full_run: Run, alice_client: Client, attribute: str) -> None:
    stored = Path(full_run.result_file.path).read_bytes()
    switch(full_run, attribute, on=False)
    served = json.loads(alice_client.get(reverse("api:video_result", args=[full_run.video.pk])).content)
    assert served["config"]["attributes"] == [name for name in DEFAULT_SWITCHES if name != attribute]
    assert Path(full_run.result_file.path).read_bytes() == stored
    whole = json.loads(stored)
    gone = {"age_gender": {"age", "gender"}, "ethnicity": {"ethnicity"}, "emotion": {"emotion"},
            "attention": {"attention_s"}}[attribute]  # fmt: skip
    assert [set(person) for person in served["people"]] == [set(person) - gone for person in whole["people"]]
    assert [track["samples"]["box"] for track in served["tracks"]] == [
        track["samples"]["box"] for track in whole["tracks"]
    ]


def test_switched_on_again_everything_is_back(full_run: Run, alice_client: Client) -> None:
    address = reverse("reports:people_csv", args=[full_run.video.pk])
    before = content_of(alice_client, address)
    switch(full_run, "ethnicity", on=False)
    assert content_of(alice_client, address) != before
    switch(full_run, "ethnicity", on=True)
    assert content_of(alice_client, address) == before


def test_a_value_that_is_off_is_not_corrected_by_an_old_tab(full_run: Run, alice_client: Client) -> None:
    switch(full_run, "ethnicity", on=False)
    address = reverse("results:person_correct", args=[full_run.video.pk, 2])
    answer = alice_client.post(address, {"run": full_run.pk, "ethnicity": "Indian"}, follow=True)
    assert "The project has switched off ethnicity." in answer.content.decode()
    assert not Correction.objects.filter(kind=Correction.Kind.SET).exists()


def test_ages_in_an_annotated_video_go_with_the_switch(full_run: Run, alice_client: Client) -> None:
    file = reverse("reports:annotated_file", args=[full_run.video.pk])
    page = reverse("reports:annotated", args=[full_run.video.pk])
    assert alice_client.get(file).status_code == 200
    switch(full_run, "ethnicity", on=False)
    assert alice_client.get(file).status_code == 200  # it never showed that
    switch(full_run, "age_gender", on=False)
    assert alice_client.get(file).status_code == 404
    assert "has since switched off" in alice_client.get(page).content.decode()
    full_run.refresh_from_db()
    tag = annotating.tag_of(annotating.audience_of_run(full_run))
    Annotated.objects.update(tag=tag)  # made again
    assert alice_client.get(file).status_code == 200


def test_results_are_read_through_one_module() -> None:
    """A page that reads stored rows itself would show what is off."""
    app = Path(__file__).parents[2] / "faceapp"
    raw = re.compile(r"Timeline\.objects|\bestimates_of\(|config\[\"attributes\"\]|\.run\.weights|\brun\.weights")
    readers = {str(path.relative_to(app)) for path in app.rglob("*.py") if raw.search(path.read_text("utf-8"))}
    readers -= {"results/shown.py", "results/summaries.py", "results/services.py", "reports/annotating.py"}
    assert readers == set()


# ---------------------------------------------------------------- the walk


def switch(run: Run, attribute: str, *, on: bool) -> None:
    project = run.video.project
    project.switches = [*(key for key in project.switches if key != attribute), *([attribute] if on else [])]
    project.save()


def everything(client: Client, run: Run) -> dict[tuple[str, str], Any]:
    """What is answered at every address that can be read, by route and address."""
    cache.clear()
    return {
        (route, address): content_of(client, address)
        for route in sorted(set(readable_routes()))
        for address in addresses_of(route, run)
    }


def readable_routes(resolver: URLResolver | None = None, namespace: str = "") -> Any:
    for entry in (resolver or get_resolver()).url_patterns:
        if isinstance(entry, URLResolver):
            if entry.namespace != "admin":
                yield from readable_routes(entry, f"{namespace}{entry.namespace}:" if entry.namespace else namespace)
        elif isinstance(entry, URLPattern) and entry.name:
            yield f"{namespace}{entry.name}"


def addresses_of(route: str, run: Run) -> list[str]:
    """Of this route for the run's video, its people and tracks, with every chart, file and filter."""
    video = str(run.video.pk)
    ids: list[dict[str, Any]] = [{}, {"pk": video}, {"pk": str(run.video.project.pk)}, {"pk": str(run.pk)}]
    ids += [{"pk": video, "person_id": k} for k in (1, 2)] + [{"pk": video, "track_id": 1, "n": 0}]
    ids += [{"video_id": video, "person_id": k, "key": key} for k in (1, 2) for key in CHARTS]
    ids += [{"key": key} for key in CHARTS] + [{"pk": video, "name": name} for name in DOWNLOADS]
    ids += [{"name": name} for name in AUDIENCE_DOWNLOADS]
    found = set()
    for values in ids:
        try:
            found.add(reverse(route, kwargs=values))
        except NoReverseMatch:
            continue
    if route == "results:boxes":
        return [f"{address}?from=0&run={run.pk}" for address in found]
    has_filters = "audience" in route
    return [
        address + query
        for address in sorted(found)
        for query in (QUERIES if has_filters and "pdf" not in address else QUERIES[:1])
    ]


def content_of(client: Client, address: str) -> Any:
    answer = client.get(address)
    if answer.status_code != 200:
        return answer.status_code
    content = b"".join(answer.streaming_content) if answer.streaming else answer.content  # type: ignore[attr-defined]
    if content.startswith(b"%PDF"):
        return [page.get_contents().get_data() for page in PdfReader(io.BytesIO(content)).pages]  # type: ignore[union-attr]
    return FLEETING.sub(b"", content)


# ---------------------------------------------------------------- other values


def replace_stored(run: Run, attribute: str) -> None:
    """Other values of one attribute wherever the run stores it, and a correction of it."""
    for model in (Person, Track):
        for row in model.objects.filter(run=run):
            row.readings |= OTHER_READINGS[attribute](row)
            row.save()
    for timeline in Timeline.objects.filter(track__run=run):
        timeline.samples = OTHER_SAMPLES[attribute](timeline.samples)
        timeline.lane = OTHER_LANES[attribute](timeline.lane)
        timeline.crop_predictions = OTHER_PICTURES[attribute](timeline.crop_predictions)
        timeline.save()
    document = json.loads(Path(run.result_file.path).read_bytes())
    for item in (*document["tracks"], *document["people"]):
        item |= OTHER_ANSWERS[attribute]
        if "samples" in item:
            item["samples"] = OTHER_SAMPLES[attribute](item["samples"])
    Path(run.result_file.path).write_text(json.dumps(document), encoding="utf-8")
    if attribute in SET_BY_HAND:
        field, value = SET_BY_HAND[attribute]
        payload = {"field": field, "value": value}
        Correction.objects.create(run=run, kind=Correction.Kind.SET, person_id=2, payload=payload)


def _same(values: Any) -> Any:
    return values


def _other_samples_of_emotion(samples: dict[str, Any]) -> dict[str, Any]:
    n = len(samples["time_s"])
    return samples | {"emotion": ["Angry"] * n, "emotion_distribution": [[1.0, 0, 0, 0, 0, 0]] * n}


ANGRY = {"Angry": 1.0, "Happy": 0.0, "Neutral": 0.0, "Sad": 0.0, "Surprised": 0.0, "Other": 0.0, "unknown": 0.0}
MALE = {"female": 0.1234, "male": 0.8766}
ASIAN = {"White": 0.0566, "Black": 0.06, "Asian": 0.7634, "Indian": 0.06, "Hispanic": 0.06}


def _other_age_and_gender(row: Any) -> dict[str, Any]:
    label = "male" if row.readings["gender"]["label"] == "female" else "female"
    gender = {"label": label, "confidence": 0.8766, "distribution": MALE}
    return {"age": {"years": 77, "low": 71, "high": 83}, "gender": gender}


OTHER_READINGS: dict[str, Any] = {
    "age_gender": _other_age_and_gender,
    "ethnicity": lambda row: {"ethnicity": {"label": "Asian", "confidence": 0.7634, "distribution": ASIAN}},
    "emotion": lambda row: {"emotion": {"label": "Angry", "shares": ANGRY}},
    "attention": lambda row: {"attention": row.in_view_s - 0.1},
}
OTHER_SAMPLES = dict.fromkeys(DEFAULT_SWITCHES, _same) | {
    "emotion": _other_samples_of_emotion,
    "attention": lambda samples: samples | {"looking": [True] * len(samples["time_s"])},
}
OTHER_LANES = dict.fromkeys(DEFAULT_SWITCHES, _same) | {
    "emotion": lambda lane: lane | {"emotions": [["Angry", 0.0, 1.0]], "shares": [[1.0, 0, 0, 0, 0, 0]]},
    "attention": lambda lane: lane | {"looking": [[0.0, 0.7]]},
}
OTHER_PICTURES = dict.fromkeys(DEFAULT_SWITCHES, _same) | {
    "age_gender": lambda read: read | {"age_years": [66.6] * len(read["time_s"]), "female": [0.5] * len(read["time_s"])}
}
OTHER_ANSWERS: dict[str, dict[str, Any]] = {
    "age_gender": {"age": {"years": 77, "low": 71, "high": 83}, "gender": {"label": "male"}},
    "ethnicity": {"ethnicity": {"label": "Asian"}},
    "emotion": {"emotion": {"label": "Angry"}},
    "attention": {"attention_s": 0.1234},
}
