"""What each network costs a crop."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from analysis.evaluate import network_cost
from models import registry


@pytest.mark.slow
def test_every_network_that_reads_crops_has_its_cost(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(network_cost, "SECONDS_EACH", 0.0)
    out = tmp_path / "costs.json"
    call_command("benchmark", networks=True, device="cpu", json=out)
    found = json.loads(out.read_text())
    assert set(found["networks"]) == set(registry.specs()) - {"pnet"}
    assert all(cost["ms"] > 0 and cost["ms_of_4"] > 0 for cost in found["networks"].values())
    sides = found["networks"]["trunk"]["of_side_px"]
    assert sides["224"]["ms"] > sides["112"]["ms"]
    assert found["face_attributes"]["ms"] >= found["networks"]["trunk"]["ms"]


def test_a_video_or_the_networks_must_be_named() -> None:
    with pytest.raises(CommandError, match="Name a video"):
        call_command("benchmark")
