"""Several worker processes at once on a real database file or server: everything is claimed and finished once."""

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
N_WORKERS, N_RUNS, N_CHUNKS = 4, 3, 12

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
    script = ROOT / "tests/faceapp/runs/claimer.py"
    command = [sys.executable, str(script), str(time.time() + 4)]
    workers = [
        subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        for _ in range(N_WORKERS)
    ]
    outputs = [worker.communicate(timeout=120) for worker in workers]
    assert all(worker.returncode == 0 for worker in workers), outputs
    return [line.split() for output, _ in outputs for line in output.splitlines()]


def check_each_once(environment: dict[str, str]) -> None:
    migrate = [sys.executable, "manage.py", "migrate", "-v0"]
    subprocess.run(migrate, cwd=ROOT, env=environment, check=True, timeout=120)
    shell(SEED, environment)
    done = work_together(environment)
    assert all(line[3:] == ["True", "True"] for line in done)
    assert Counter(line[0] for line in done) == {"Chunk": N_RUNS * N_CHUNKS, "Assembly": N_RUNS}
    assert len({tuple(line[:2]) for line in done}) == len(done)
    assert shell(ENDED, environment) == " ".join(["succeeded"] * N_RUNS + ["0", "0", "{1}"])


@pytest.mark.slow
def test_on_sqlite(environment):
    check_each_once(environment)


@pytest.mark.slow
@pytest.mark.postgres
def test_on_postgres(environment, postgres_url):
    check_each_once({**environment, "FACELINE_DATABASE_URL": postgres_url})
