"""What no browser plays gets a copy that every browser plays, made by a worker's child."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from faceapp.runs.models import Proxy
from faceapp.worker import claiming, performing

ROOT = Path(__file__).parents[3]


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_a_worker_makes_the_proxy(data_dir, video):
    shutil.copy(data_dir / "videos/two_people_walking_wmv2.wmv", video.file.path)
    video.size_bytes = Path(video.file.path).stat().st_size
    video.save()
    Proxy.objects.create(video=video)
    claimed = claiming.claim_work("cpu")
    assert isinstance(claimed, Proxy)
    try:
        performing.perform(claimed)
    finally:
        performing.engine().close()
    claimed.refresh_from_db()
    video.refresh_from_db()
    assert claimed.state == Proxy.State.DONE
    assert video.proxy.name == f"proxies/{video.pk}.mp4"
    probe = [sys.executable, "-m", "analysis.video.probe", video.proxy.path]
    facts = json.loads(subprocess.run(probe, cwd=ROOT, capture_output=True, check=True).stdout)
    assert facts["plays_in_browser"]
    assert [path.name for path in Path(video.proxy.path).parent.iterdir()] == [f"{video.pk}.mp4"]
