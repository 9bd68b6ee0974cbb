"""The report of a selection: the same figures as its page, nobody named, nothing of strangers, and no surprises."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable
from typing import Any
from uuid import UUID

import pytest
from django.test import Client
from django.urls import reverse
from pypdf import PdfReader

from analysis.testing import Actor, Scene, walk
from faceapp.audience import selectors
from faceapp.library.models import Video
from faceapp.library.services import create_project
from faceapp.results import services
from faceapp.results.services import store_result
from faceapp.runs.models import Assembly, Run

Made = Callable[..., Run]


def scene_of(n: int) -> Any:
    """People side by side for twelve seconds: every third a man, every second one looks."""
    actors = [
        Actor(
            k + 1,
            walk((150 + 200 * k, 300), (0, 5)),
            age=24 + 4 * k,
            gender="male" if k % 3 == 2 else "female",
            yaw_deg=lambda _, k=k: 0.0 if k % 2 == 0 else 60.0,
            emotion=lambda time_s: "Happy" if time_s >= 6 else "Neutral",
        )
        for k in range(n)
    ]
    return Scene(actors, duration_s=12.0).result()


@pytest.fixture(scope="session")
def six() -> Any:
    return scene_of(6)


@pytest.fixture(scope="session")
def two() -> Any:
    return scene_of(2)


@pytest.fixture
def make_run(project: Any, alice: Any, assembled: Any) -> Made:
    """`make_run("Name.mp4", result)`: a video of Alice's with this result; without one, a video alone."""

    def make(name: str, result: Any = None, **changes: Any) -> Any:
        n = Video.objects.count()
        facts = {"size_bytes": 1000, "sha256": f"{n:064d}", "width_px": 1280, "height_px": 720, "frame_rate": 25.0}
        facts |= {"duration_s": 12.0, "container": "mp4", "codec": "h264", "project": project, "uploaded_by": alice}
        video = Video.objects.create(name=name, file=f"videos/{n}", **(facts | changes))
        if result is None:
            return video
        config = result.config.to_dict()
        run = Run.objects.create(video=video, started_by=alice, state=Run.State.ASSEMBLING, config=config)
        Assembly.objects.create(run=run, state=Assembly.State.LEASED, attempt=1)
        assert store_result(run=run, assembled=assembled(result))
        return run

    return make


def take(client: Client, name: str, **query: Any) -> bytes:
    answer = client.get(reverse(f"reports:{name}"), query)
    assert answer.status_code == 200
    assert answer["Content-Disposition"].startswith("attachment")
    return b"".join(answer.streaming_content) if answer.streaming else answer.content  # type: ignore[attr-defined]


def text_of(client: Client, **query: Any) -> str:
    """Words of the PDF with single spaces: it breaks lines and narrow spaces in its own way."""
    reader = PdfReader(io.BytesIO(take(client, "audience_report_pdf", **query)))
    said = " ".join(page.extract_text() for page in reader.pages).replace("\u200b", "")
    return re.sub(r"\s+", " ", said)


def squeezed(text: str) -> str:
    return re.sub(r"\s+", "", text)


def rows(client: Client, **query: Any) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(take(client, "audience_figures_csv", **query).decode())))


def whole(client: Client, **query: Any) -> dict[tuple[str, str], dict[str, str]]:
    return {(row["figure"], row["group"]): row for row in rows(client, **query) if not row["video_id"]}


@pytest.fixture
def campaign(make_run: Made, six: Any, two: Any) -> list[Run]:
    """Two videos of six people each, and one of two."""
    return [make_run("First.mp4", six), make_run("Second.mp4", six), make_run("Third.mp4", two)]


def test_page_pdf_and_table_say_the_same(campaign: list[Run], alice_client: Client) -> None:
    page = alice_client.get(reverse("audience:audience"), {"project": campaign[0].video.project_id})
    shown, text = squeezed(page.content.decode()), squeezed(text_of(alice_client, project=campaign[0].video.project_id))
    table = whole(alice_client, project=campaign[0].video.project_id)
    assert len(page.context["figures"].headline) == 5
    for figure in page.context["figures"].headline:
        row = table[(figure.key, "")]
        assert float(row["value"]) == pytest.approx(figure.value, abs=1e-4)
        assert int(row["n"]) == figure.n
    for words in ("14", "Lookedatthecamera", "Timelookingatcamera", "Expressionbalance"):
        assert words in shown
        assert words in text
    assert "14peoplewithavisiblefacewereseen" in text
    assert {table[("gender", each.key)]["count"] for each in page.context["figures"].genders} == {"10", "4", "0"}


def test_the_page_leads_to_the_report_of_what_is_chosen_there(campaign: list[Run], alice_client: Client) -> None:
    chosen = f"video={campaign[0].video_id}&age=25-34"
    page = alice_client.get(f"{reverse('audience:audience')}?{chosen}").content.decode().replace("&amp;", "&")
    assert f"{reverse('reports:audience_report_pdf')}?{chosen}" in page
    assert f"{reverse('reports:audience_figures_csv')}?{chosen}" in page


def test_it_says_what_it_is_of(campaign: list[Run], alice_client: Client) -> None:
    project = campaign[0].video.project
    project.purpose = "Which spot makes people smile?"
    project.save()
    everything = text_of(alice_client, project=project.pk)
    assert "Spring campaign" in everything
    assert "3 videos, 0:36 in total" in everything
    assert project.purpose in everything
    assert "A person who appears in several videos counts once in each" in everything
    some = text_of(alice_client, video=[campaign[0].video_id, campaign[1].video_id], gender="female")
    assert "2 videos of Spring campaign" in some
    assert "Only people of perceived gender female." in some
    assert "Third.mp4" not in some


def test_every_video_has_a_line_and_one_of_two_people_is_not_broken_down(
    campaign: list[Run], alice_client: Client
) -> None:
    table = rows(alice_client)
    third = {row["figure"]: row for row in table if row["video"] == "Third.mp4"}
    assert (third["ots"]["value"], third["ots"]["note"]) == ("2", "")
    assert (third["conversion_ratio"]["value"], third["gender"]["value"]) == ("", "")
    assert third["gender"]["note"] == third["expression_time"]["note"] == "fewer than five people"
    text = text_of(alice_client)
    assert all(name in text for name in ("First.mp4", "Second.mp4", "Third.mp4"))
    assert "fewer than five people" in text
    assert "not broken down" in text  # one of six, or the two could be told by subtraction


def test_two_people_in_all_are_counted_and_not_described(make_run: Made, two: Any, alice_client: Client) -> None:
    make_run("Alone.mp4", two)
    text = text_of(alice_client)
    assert "2 people with a visible face were seen" in text
    assert text.lower().count("fewer than five people") >= 8
    for words in ("perceived as", "Female", "median apparent age", "looked at the camera at least once, half"):
        assert words not in text, words


def test_nobody_is_named_nor_shown_and_corrections_are_counted(
    campaign: list[Run], alice: Any, alice_client: Client
) -> None:
    services.rename_person(run=campaign[0], person_id=1, name="Ann Example", user=alice)
    services.correct_person(run=campaign[0], person_id=1, field="age", value=44, user=alice)
    services.correct_person(run=campaign[1], person_id=2, field="gender", value="male", user=alice)
    text = text_of(alice_client)
    assert "Ann Example" not in text
    assert "The apparent age of 1 person was set by hand." in text
    assert "The perceived gender of 1 person was set by hand." in text
    assert "1 person was given a name." in text
    assert "in 2 of 3 videos" in text
    assert whole(alice_client)[("gender", "male")]["count"] == "5"


def test_what_is_switched_off_never_appears_even_if_it_was_computed_before(
    campaign: list[Run], alice_client: Client
) -> None:
    assert "White" in text_of(alice_client)
    project = campaign[0].video.project
    project.switches = ["age_gender", "emotion"]
    project.save()
    text = text_of(alice_client)
    page = alice_client.get(reverse("audience:audience")).content.decode()
    assert not any(row["figure"] in ("ethnicity", "conversion_ratio", "attention_time") for row in rows(alice_client))
    for words in ("Perceived ethnicity", "White", "conversion ratio", "attention time"):
        assert words not in text, words
    assert "Perceived ethnicity" not in page


def test_a_filter_by_what_is_switched_off_holds_nobody(campaign: list[Run], alice_client: Client) -> None:
    assert whole(alice_client, ethnicity="White")[("ots", "")]["value"] == "14"
    project = campaign[0].video.project
    project.switches.remove("ethnicity")
    project.save()
    assert whole(alice_client, ethnicity="White")[("ots", "")]["value"] == "0"


def test_of_strangers_videos_nothing_is_said(campaign: list[Run], charlie_client: Client, bob_client: Client) -> None:
    chosen = {"video": campaign[0].video_id, "project": campaign[0].video.project_id}
    text = text_of(charlie_client, **chosen)
    assert "None of the selected videos has a result yet" in text
    assert "First.mp4" not in text
    assert "Spring campaign" not in text
    assert rows(charlie_client, **chosen) == []
    assert "No video" in text_of(charlie_client, project=chosen["project"])
    assert "First.mp4" in text_of(bob_client, **chosen)


def test_strangers_videos_are_left_out_of_a_mixed_choice(
    campaign: list[Run], make_run: Made, six: Any, charlie: Any, alice_client: Client
) -> None:
    theirs = make_run("Theirs.mp4", six, project=create_project(team=charlie.teams.first(), name="Secret"))
    text = text_of(alice_client, video=[campaign[0].video_id, theirs.video_id])
    assert "Theirs.mp4" not in text
    assert "6 people with a visible face" in text


def test_without_any_result_a_sentence_says_so(make_run: Made, alice_client: Client) -> None:
    make_run("Waiting.mp4")
    assert "None of the selected videos has a result yet." in text_of(alice_client)
    assert "None of the selected videos" in text_of(alice_client, video=UUID(int=7))
    assert rows(alice_client) == []


def test_videos_that_are_not_ready_are_counted(campaign: list[Run], make_run: Made, alice_client: Client) -> None:
    make_run("Waiting.mp4")
    assert "1 more of the selected videos has no result yet and is not included." in text_of(alice_client)


def test_of_many_videos_it_says_that_these_are_the_newest(
    campaign: list[Run], alice_client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(selectors, "NEWEST", 2)
    assert f"Showing the newest 2 of {len(campaign)} videos." in text_of(alice_client)


def test_nobody_is_said_to_be_nobody(campaign: list[Run], make_run: Made, alice_client: Client) -> None:
    assert "No one matches these filters." in text_of(alice_client, age="0-12")
    empty = make_run("Empty.mp4", scene_of(0))
    assert "No visible face was found." in text_of(alice_client, video=empty.video_id)


def test_long_and_odd_names_do_no_harm(make_run: Made, six: Any, alice_client: Client) -> None:
    odd = '#image("x") *bold* $x$ \\ ' + "veryLongNameWithoutAnyBreak" * 12 + ".mp4"
    make_run(odd, six)
    make_run("=cmd|' /C calc'!A0", six)
    assert '#image("x") *bold*' in text_of(alice_client)
    assert {row["video"] for row in rows(alice_client)} == {"", odd, "'=cmd|' /C calc'!A0"}


def test_queries_do_not_grow_with_videos(
    make_run: Made, six: Any, alice_client: Client, django_assert_max_num_queries: Any
) -> None:
    for k in range(12):
        make_run(f"Spot {k}.mp4", six)
    with django_assert_max_num_queries(16):
        take(alice_client, "audience_report_pdf")
    with django_assert_max_num_queries(20):
        assert alice_client.get(reverse("audience:audience")).status_code == 200


@pytest.mark.slow
def test_a_hundred_videos_make_one_report(make_run: Made, two: Any, alice_client: Client) -> None:
    videos = [make_run(f"Spot {k:03}.mp4", two).video_id for k in range(100)]
    text = text_of(alice_client, video=videos)
    assert "200 people with a visible face were seen" in text
    assert "Spot 000.mp4" in text
    assert "Spot 099.mp4" in text


def test_it_is_an_archive_copy_with_tags(campaign: list[Run], alice_client: Client) -> None:
    reader = PdfReader(io.BytesIO(take(alice_client, "audience_report_pdf")))
    catalog: Any = reader.trailer["/Root"]
    assert "pdfaid:part" in catalog["/Metadata"].get_data().decode()
    assert "/StructTreeRoot" in catalog
    assert (reader.metadata or {}).get("/Title") == "Audience report: All videos"


def test_downloads_are_named_after_the_choice(campaign: list[Run], alice_client: Client) -> None:
    project = campaign[0].video.project_id
    answer = alice_client.get(reverse("reports:audience_report_pdf"), {"project": project})
    assert answer["Content-Disposition"] == 'attachment; filename="Spring campaign - audience.pdf"'


def test_a_signed_out_visitor_is_led_to_sign_in(client: Client) -> None:
    assert client.get(reverse("reports:audience_report_pdf"), headers={"Accept": "text/html"}).status_code == 302


def test_a_token_takes_the_same_files_away(campaign: list[Run], alice: Any, client: Client) -> None:
    from faceapp.accounts.services import create_token

    _, token = create_token(user=alice, name="script")
    headers = {"Authorization": f"Bearer {token}"}
    answer = client.get(reverse("api:audience_download", args=["figures.csv"]), {"least": "1"}, headers=headers)
    assert answer.status_code == 200
    assert b"ots,,14,people" in b"".join(answer.streaming_content)  # type: ignore[attr-defined]
    assert client.get(reverse("api:audience_download", args=["report.pdf"]), headers=headers).content[:4] == b"%PDF"
    assert client.get(reverse("api:audience_download", args=["faces.zip"]), headers=headers).status_code == 404
    assert client.get(reverse("api:audience_download", args=["report.pdf"])).status_code == 401


def test_a_program_that_misspells_a_choice_gets_no_report_of_everything(alice: Any, client: Client) -> None:
    from faceapp.accounts.services import create_token

    _, token = create_token(user=alice, name="script")
    for wrong in ({"video": "nonsense"}, {"age": "young"}, {"gender": "x"}, {"least": "long"}):
        answer = client.get(
            reverse("api:audience_download", args=["figures.csv"]), wrong, headers={"Authorization": f"Bearer {token}"}
        )
        assert answer.status_code == 400, wrong
