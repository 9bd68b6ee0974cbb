"""Several processes at once on a real database file or server: everything is started, claimed and finished once."""

from __future__ import annotations

import os
import subprocess
import sys
import time
import uuid
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]
POSTGRES = os.environ.get("FACELINE_TEST_POSTGRES", "postgresql://postgres@127.0.0.1:5432")
N_WORKERS, N_RUNS, N_CHUNKS, N_VIDEOS = 4, 3, 12, 50

SEED = f"""
from analysis.config import AnalysisConfig
from faceapp.accounts.models import Team, User
from faceapp.library.models import Project, Video
from faceapp.runs.models import Assembly, Chunk, Run
project = Project.objects.create(team=Team.objects.create(name="T"), name="P")
numbers = dict.fromkeys(["size_bytes", "width_px", "height_px", "frame_rate", "duration_s"], 1)
video = Video.objects.create(project=project, name="v", file="v", sha256="0", **numbers)
for i in range({N_RUNS}):
    user = User.objects.create_user(f"user{{i}}")
    run = Run.objects.create(video=video, started_by=user, config=AnalysisConfig().to_dict())
    for k in range({N_CHUNKS}):
        Chunk.objects.create(run=run, index=k, first_sample=k, end_sample=k + 1, seek_pts=k)
    Assembly.objects.create(run=run)
"""
SEED_VIDEOS = f"""
from faceapp.accounts.models import Team
from faceapp.library.models import Project, Video
project = Project.objects.create(team=Team.objects.create(name="T"), name="P")
numbers = dict.fromkeys(["size_bytes", "width_px", "height_px", "frame_rate", "duration_s"], 1)
for i in range({N_VIDEOS}):
    Video.objects.create(project=project, name="v", file="v", sha256=str(i), plays_in_browser=False, **numbers)
"""
START = """
import time
from faceapp.library.models import Video
from faceapp.runs.starting import start_runs
videos = list(Video.objects.select_related("project").order_by("?"))
time.sleep(max(0, {begin_at_s} - time.time()))
print(*(run.pk for run in sorted(start_runs(videos=videos, user=None), key=lambda run: run.video_id)))
"""
STARTED = """
from faceapp.runs.models import Assembly, Plan, Proxy, Run
print(*(kind.objects.count() for kind in (Run, Plan, Assembly, Proxy)))
"""
ENDED = """
from faceapp.runs.models import Assembly, Chunk, Run
print(*Run.objects.values_list("state", flat=True), Chunk.objects.exclude(state="done").count(),
      Assembly.objects.exclude(state="done").count(), set(Chunk.objects.values_list("attempt", flat=True)))
"""


@pytest.fixture
def environment(tmp_path) -> dict[str, str]:
    own = {"FACELINE_HOME": str(tmp_path), "FACELINE_BROKER_URL": "memory://", "FACELINE_LOG_LEVEL": "ERROR"}
    return {**os.environ, **own, "DJANGO_SETTINGS_MODULE": "faceapp.settings", "PYTHONPATH": str(ROOT)}


@pytest.fixture
def postgres_url() -> Iterator[str]:
    psycopg = pytest.importorskip("psycopg")
    try:
        server = psycopg.connect(f"{POSTGRES}/postgres", autocommit=True, connect_timeout=3)
    except psycopg.OperationalError:
        pytest.skip("needs a PostgreSQL server on 127.0.0.1:5432 (see CONTRIBUTING.md)")
    name = f"faceline_test_{uuid.uuid4().hex[:8]}"
    server.execute(f"CREATE DATABASE {name}")
    yield f"{POSTGRES}/{name}"
    server.execute(f"DROP DATABASE {name} WITH (FORCE)")
    server.close()


def shell(code: str, environment: dict[str, str]) -> str:
    command = [sys.executable, "manage.py", "shell", "--no-imports", "-c", code]
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


def work_together(environment: dict[str, str]) -> list[list[str]]:
    """What N_WORKERS processes print that begin at the same moment."""
    script = ROOT / "tests/faceapp/worker/claimer.py"
    return at_once([sys.executable, str(script), str(time.time() + 4)], environment)


def start_together(environment: dict[str, str]) -> list[list[str]]:
    """The runs that each of N_WORKERS processes is given that ask for all at the same moment."""
    code = START.format(begin_at_s=time.time() + 8)
    return at_once([sys.executable, "manage.py", "shell", "--no-imports", "-c", code], environment)


def at_once(command: list[str], environment: dict[str, str]) -> list[list[str]]:
    """The words of each line that N_WORKERS such processes print."""
    workers = [
        subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        for _ in range(N_WORKERS)
    ]
    outputs = [worker.communicate(timeout=120) for worker in workers]
    assert all(worker.returncode == 0 for worker in workers), outputs
    return [line.split() for output, _ in outputs for line in output.splitlines()]


def migrate(environment: dict[str, str]) -> None:
    command = [sys.executable, "manage.py", "migrate", "-v0"]
    subprocess.run(command, cwd=ROOT, env=environment, check=True, timeout=120)


def check_each_once(environment: dict[str, str]) -> None:
    migrate(environment)
    shell(SEED, environment)
    done = work_together(environment)
    assert all(line[3:] == ["True", "True"] for line in done)
    assert Counter(line[0] for line in done) == {"Chunk": N_RUNS * N_CHUNKS, "Assembly": N_RUNS}
    assert len({tuple(line[:2]) for line in done}) == len(done)
    assert shell(ENDED, environment) == " ".join(["succeeded"] * N_RUNS + ["0", "0", "{1}"])


def check_started_once(environment: dict[str, str]) -> None:
    migrate(environment)
    shell(SEED_VIDEOS, environment)
    first, *others = start_together(environment)
    assert len(set(first)) == N_VIDEOS
    assert others == [first] * (N_WORKERS - 1)
    assert shell(STARTED, environment) == " ".join([str(N_VIDEOS)] * 4)


@pytest.mark.slow
@pytest.mark.parametrize("check", [check_each_once, check_started_once])
def test_on_sqlite(environment, check):
    check(environment)


@pytest.mark.slow
@pytest.mark.postgres
@pytest.mark.parametrize("check", [check_each_once, check_started_once])
def test_on_postgres(environment, postgres_url, check):
    check({**environment, "FACELINE_DATABASE_URL": postgres_url})
