"""The Audience page, the faces behind its bars, its tables, the About page."""

from __future__ import annotations

import csv
import io
from datetime import timedelta
from typing import Any

import pytest
from django.http import QueryDict
from django.test import Client
from django.urls import reverse

from faceapp.audience.charts.audience import audience_charts
from faceapp.audience.figures import audience_of
from faceapp.audience.glossary import WORDS
from faceapp.audience.selection import Selection
from faceapp.audience.selectors import NEWEST, audiences_of
from faceapp.library.models import Video
from faceapp.runs.models import Run


def page(client: Client, **query: Any) -> str:
    answer = client.get(reverse("audience:audience"), query)
    assert answer.status_code == 200
    return answer.content.decode()


def test_the_page_shows_five_figures_and_a_chart_with_its_table(finished_run: Run, alice_client: Client) -> None:
    text = page(alice_client, video=finished_run.video.pk)
    for key in ("ots", "conversion_ratio", "attention_time", "attraction_ratio", "net_positivity"):
        assert WORDS[key].meaning in text.replace("&#x27;", "'")
    assert text.count("<plotly-chart") == text.count("<table")
    assert text.count("<plotly-chart") == 6


def test_nothing_yet_is_a_designed_page(video: Any, alice_client: Client) -> None:
    assert "No audience yet" in page(alice_client)


def test_filters_that_leave_nobody_say_so(finished_run: Run, alice_client: Client) -> None:
    assert "No one matches these filters." in page(alice_client, age="0-12")
    assert "Clear filters" in page(alice_client, age="0-12")


def test_a_stranger_sees_an_empty_audience_for_the_same_address(finished_run: Run, charlie_client: Client) -> None:
    text = page(charlie_client, video=finished_run.video.pk)
    assert "No audience yet" in text
    assert "Advert.mp4" not in text
    address = reverse("audience:chart_csv", args=["age-gender"])
    assert charlie_client.get(address, {"video": finished_run.video.pk}).status_code == 404


def test_nonsense_in_the_address_filters_nothing(finished_run: Run, alice_client: Client) -> None:
    text = page(alice_client, video="nonsense", age="old", gender="x", least="-3", project="7")
    assert "2 people in 1 video" in text


def test_an_address_says_what_a_selection_holds() -> None:
    query = "project=7f0c8f5e-3b0f-4a8e-8f0d-2f7a1c1b9a11&age=25-34&age=65%2B&gender=female&least=2&static=1&watchers=1"
    assert Selection.from_query(QueryDict(query)).to_query() == query


def test_a_bar_leads_to_the_faces_behind_it(finished_run: Run, alice_client: Client) -> None:
    answer = alice_client.get(reverse("audience:faces"), {"video": finished_run.video.pk, "age": "55-64"})
    assert [person.person_id for _, _, person in answer.context["page"]] == [2]
    watchers = alice_client.get(reverse("audience:faces"), {"watchers": "1"})
    assert all(person.attention_s for _, _, person in watchers.context["page"])


def test_charts_carry_names_of_tokens_and_never_colors(finished_run: Run, alice: Any) -> None:
    audiences = audiences_of(alice, Selection())
    figures = audience_of([person for audience in audiences for person in audience.people])
    for chart in audience_charts(audiences, figures, Selection()):
        assert chart.spec is not None, chart.key
        assert "#" not in str(chart.spec), chart.key
        assert chart.title
        assert chart.sentence.endswith("."), chart.key
        assert "n = " in chart.foot or "up to" in chart.foot, chart.key


@pytest.mark.parametrize("key", ["age-gender", "ethnicity", "expression-over-time", "attention", "expression-time"])
def test_each_chart_has_its_table_as_a_file(key: str, finished_run: Run, alice_client: Client) -> None:
    answer = alice_client.get(reverse("audience:chart_csv", args=[key]), {"video": finished_run.video.pk})
    assert answer["Content-Disposition"] == f'attachment; filename="audience-{key}.csv"'
    rows = list(csv.DictReader(io.StringIO(answer.content.decode())))
    assert rows


def test_a_persons_charts_have_tables(finished_run: Run, alice_client: Client, charlie_client: Client) -> None:
    for key in ("expression", "age", "ethnicity"):
        address = reverse("audience:person_chart_csv", args=[finished_run.video.pk, 1, key])
        assert alice_client.get(address).content.decode().count("\r\n") > 1
        assert charlie_client.get(address).status_code == 404


def test_queries_do_not_grow_with_people(
    finished_run: Run, alice_client: Client, django_assert_max_num_queries: Any
) -> None:
    with django_assert_max_num_queries(20):
        page(alice_client, video=finished_run.video.pk)


@pytest.fixture
def older_runs(finished_run: Run) -> list[Run]:
    """Sixty videos more of the project with a result, in which nobody was found."""
    video = finished_run.video
    values = {field.name: getattr(video, field.name) for field in Video._meta.concrete_fields if field.name != "id"}
    videos = [Video.objects.create(**{**values, "name": f"Older {n}", "sha256": str(n)}) for n in range(60)]
    Video.objects.exclude(pk=video.pk).update(created_at=video.created_at - timedelta(days=1))
    return [Run.objects.create(video=each, state=Run.State.SUCCEEDED, config=finished_run.config) for each in videos]


def test_where_no_videos_are_chosen_the_newest_are_read_and_the_page_says_so(
    older_runs: list[Run], alice_client: Client
) -> None:
    for query in ({}, {"project": older_runs[0].video.project_id}):
        text = page(alice_client, **query)
        assert f"2 people in {NEWEST} videos" in text
        assert f"Showing the newest {NEWEST} of 61 videos." in text
        assert "select them in the library" in text


def test_all_videos_are_read_that_are_chosen(older_runs: list[Run], alice_client: Client) -> None:
    text = page(alice_client, video=[run.video_id for run in older_runs])
    assert "0 people in 60 videos" in text
    assert "Showing the newest" not in text


def test_queries_do_not_grow_with_videos(
    older_runs: list[Run], alice_client: Client, django_assert_max_num_queries: Any
) -> None:
    with django_assert_max_num_queries(20):
        page(alice_client)


def test_every_word_is_explained_on_the_about_page(alice_client: Client) -> None:
    text = alice_client.get(reverse("about:about")).content.decode()
    for key, word in WORDS.items():
        assert f'id="{key}"' in text
        assert word.term in text
