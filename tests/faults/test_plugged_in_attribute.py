"""A plugin adds an attribute. It is read, stored, shown, filtered and reported like a built-in one, and no file of the
program knows it.
"""

from __future__ import annotations

import csv
import io
import json
import re
import subprocess
from pathlib import Path
from typing import Any

import pytest
from pypdf import PdfReader

from tests.faults.installation import ROOT, Installation, wait_until

pytestmark = pytest.mark.slow

START = """
import shutil
from pathlib import Path
from analysis.config import AnalysisConfig
from faceapp.accounts.models import User
from faceapp.accounts.services import create_team
from faceapp.library.models import Project
from faceapp.library.services import accept_file
from faceapp.runs.starting import start_run
user = User.objects.create(username="alice")
switches = ["age_gender", "emotion", "attention", "glasses"]
project = Project.objects.create(team=create_team(name="Team", owner=user), name="Project", switches=switches)
copy = Path({home!r}) / "copy.mp4"
shutil.copy({clip!r}, copy)
video = accept_file(project=project, user=user, name="clip.mp4", path=copy)
config = AnalysisConfig(attributes=project.attributes, sample_rate=2.0)
print("run", start_run(video=video, user=user, config=config).pk.hex)
"""

# what a browser and a program are answered, as JSON on the last line
VISIT = """
import json
from base64 import b64encode
from django.test import Client
from faceapp.accounts.models import User
from faceapp.library.models import Video
client = Client(SERVER_NAME="localhost")
client.force_login(User.objects.get())
video = f"/videos/{Video.objects.get().pk}"
api = video.replace("/videos/", "/api/v1/videos/")
addresses = {
    "video": f"{video}/", "person": f"{video}/people/1/", "audience": "/audience/",
    "yes": "/audience/faces/?glasses=yes", "no": "/audience/faces/?glasses=no",
    "unknown": "/audience/faces/?glasses=unknown", "all": "/audience/faces/",
    "project": f"/projects/{Video.objects.get().project_id}/", "words": "/about-the-figures/", "css": "/categories.css",
    "person chart": f"{video}/people/1/charts/glasses.csv", "chart": "/audience/charts/glasses.csv",
    "people.csv": f"{video}/people.csv", "figures.csv": f"{video}/figures.csv", "report.json": f"{video}/report.json",
    "report.pdf": f"{video}/report.pdf", "result.json": f"{video}/result.json", "api": f"{api}/people/",
    "schema": "/api/v1/schema/?format=json",
}
answers = {}
for name, address in addresses.items():
    answer = client.get(address, follow=True)
    content = b"".join(answer.streaming_content) if answer.streaming else answer.content
    answers[name] = [answer.status_code, b64encode(content).decode()]
print("answers", json.dumps(answers))
"""


class Answers:
    def __init__(self, printed: str) -> None:
        line = next(line for line in printed.splitlines() if line.startswith("answers "))
        self._answers: dict[str, Any] = json.loads(line.removeprefix("answers "))

    def content(self, name: str) -> bytes:
        from base64 import b64decode

        status, content = self._answers[name]
        assert status == 200, (name, status)
        return b64decode(content)

    def text(self, name: str) -> str:
        return self.content(name).decode()

    def rows(self, name: str) -> list[dict[str, str]]:
        return list(csv.DictReader(io.StringIO(self.text(name))))


@pytest.fixture
def answers(installation: Installation, clip: Path) -> Answers:
    """All that is answered about a video that a real worker has analyzed with the plugin."""
    installation.environment["FACELINE_PLUGINS"] = "tests.plugins.glasses"
    installation.manage("migrate", "--verbosity", "0")
    installation.manage("collectstatic", "--no-input", "--verbosity", "0")
    installation.start_broker()
    installation.start_worker()
    code = START.format(home=str(installation.home), clip=str(clip))
    printed = installation.manage("shell", "--no-imports", "-c", code)
    run = next(line.split()[1] for line in printed.splitlines() if line.startswith("run "))
    wait_until(lambda: installation.state(run) == "succeeded", "the run to succeed", installation.logs)
    return Answers(installation.manage("shell", "--no-imports", "-c", VISIT))


def words_of(pdf: bytes) -> str:
    return " ".join(" ".join(page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages).split())


def test_an_attribute_of_a_plugin_is_everywhere_where_a_built_in_one_is(answers: Answers) -> None:
    result = json.loads(answers.text("result.json"))
    labels = {person["person_id"]: person["glasses"]["label"] for person in result["people"]}
    assert (result["version"], set(labels.values()) <= {"yes", "no", "unknown"}) == (2, True)
    assert labels
    shown = {key: label.capitalize() for key, label in labels.items()}

    table = answers.text("video")
    assert re.search(r'<th scope="col"[^>]*>Glasses</th>', table)
    assert all(f">{label}</td>" in table for label in shown.values())
    person = answers.text("person")
    assert re.search(rf"<dt>Glasses\s*<.*?<dd[^>]*>{shown[1]}\s", person, re.DOTALL)
    assert 'name="glasses"' in person  # it can be set by hand
    assert 'id="chart-person-glasses"' in person
    assert {row["glasses"] for row in answers.rows("person chart")} == {"yes", "no"}

    page = answers.text("audience")
    assert 'id="chart-glasses"' in page
    assert 'popovertarget="filter-glasses"' in page
    counts = {row["glasses"]: int(row["people"]) for row in answers.rows("chart")}
    n_static = sum(row["static"] == "true" for row in answers.rows("people.csv"))
    assert sum(counts.values()) == len(labels) - n_static
    for label, count in counts.items():
        assert answers.text(label).count('class="faces__one"') == count

    assert {int(row["person_id"]): row["glasses"] for row in answers.rows("people.csv")} == labels
    figures = {row["group"]: int(row["count"]) for row in answers.rows("figures.csv") if row["figure"] == "glasses"}
    assert figures == counts
    report = json.loads(answers.text("report.json"))
    assert {share["key"]: share["count"] for share in report["glasses"]} == counts
    assert {each["person_id"]: each["glasses"]["label"] for each in report["people"]} == labels
    assert "Glasses" in words_of(answers.content("report.pdf"))
    assert {each["person_id"]: each["glasses"]["label"] for each in json.loads(answers.text("api"))} == labels
    assert '"glasses"' in answers.text("schema")

    assert re.search(r'value="glasses"\s+checked', answers.text("project"))
    assert "Whether glasses are seen on a face." in answers.text("words")
    assert "--yes: #0f6b8b;" in answers.text("css")


def test_no_file_of_the_program_knows_it() -> None:
    command = ["git", "grep", "-liw", "glasses", "--", "analysis", "faceapp", "models", "static", "templates"]
    found = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert found.stdout == ""
