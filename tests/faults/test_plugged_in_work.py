"""A plugin adds a kind of background work. It is claimed, leased and done once like every other, also when its worker
is killed.
"""

from __future__ import annotations

import signal
from pathlib import Path

import pytest

from tests.faults.installation import Installation, children_of, wait_until

pytestmark = pytest.mark.slow

ASK = """
import shutil
from pathlib import Path
from faceapp.accounts.models import Team, User
from faceapp.library.models import Project
from faceapp.library.services import accept_file
from faceapp.runs import dispatch
from tests.plugins.stamping.models import Stamp
user = User.objects.create(username="alice")
project = Project.objects.create(team=Team.objects.create(name="Team"), name="Project")
copy = Path({home!r}) / "copy.mp4"
shutil.copy({clip!r}, copy)
video = accept_file(project=project, user=user, name="clip.mp4", path=copy)
Stamp.objects.create(video=video, takes_s=4.0)
dispatch.notify_workers()
"""


@pytest.fixture
def with_plugin(installation: Installation) -> Installation:
    installation.environment["FACELINE_PLUGINS"] = "tests.plugins.stamping"
    installation.manage("migrate", "--verbosity", "0")
    return installation


def stamp(installation: Installation) -> tuple[str, int, int, int | None]:
    query = "SELECT state, attempt, worker_failures, size_bytes FROM stamping_stamp"
    row: tuple[str, int, int, int | None] = installation.rows(query)[0]  # type: ignore[assignment]
    return row


def lines_of(installation: Installation, suffix: str) -> list[str]:
    written = list((installation.home / "media/videos").glob(f"*.{suffix}"))
    return written[0].read_text().splitlines() if written else []


def test_a_plugins_work_whose_worker_is_killed_is_done_once(with_plugin: Installation, clip: Path) -> None:
    with_plugin.start_broker()
    with_plugin.start_upkeep()
    with_plugin.start_worker("worker1")
    with_plugin.manage("shell", "--no-imports", "-c", ASK.format(home=str(with_plugin.home), clip=str(clip)))
    wait_until(lambda: lines_of(with_plugin, "begun") == ["begun"], "the work to begin", with_plugin.logs)
    children = children_of(with_plugin.pid_of("worker1"))
    with_plugin.kill("worker1", signal.SIGKILL)
    wait_until(lambda: not any(Path(f"/proc/{pid}").exists() for pid in children), "its engine to follow it")
    assert stamp(with_plugin) == ("leased", 1, 0, None)
    with_plugin.start_worker("worker2")
    wait_until(lambda: stamp(with_plugin)[0] == "done", "another worker to do it", with_plugin.logs)
    assert stamp(with_plugin) == ("done", 2, 1, clip.stat().st_size)
    assert lines_of(with_plugin, "begun") == ["begun", "begun"]
    assert lines_of(with_plugin, "stamp") == ["stamped"]
