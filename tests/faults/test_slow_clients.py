"""Slow clients, strangers or not, stop nobody else."""

from __future__ import annotations

import sys

import pytest

from scripts import slow_clients

pytestmark = [
    pytest.mark.slow,
    pytest.mark.alone,
    pytest.mark.skipif(sys.platform != "linux", reason="starts an installation, whose memory it reads from /proc"),
]


def test_fault_70_pages_come_quickly_beside_slow_strangers_and_slow_uploads() -> None:
    """More of each than there are threads. `scripts/slow_clients.py` is the long form."""
    with slow_clients.own_installation() as (site, _):
        slow_clients.make_project(site)
        figures = slow_clients.measure(site, n_strangers=40, n_uploads=18, for_s=25)
    assert figures["failures"] == []
    assert figures["pages"] > 50
    assert figures["p95_s"] < 2.0, figures
    assert figures["strangers"]["ended_by_site"] > 0  # 32 forms an address, 20 s a form
    assert figures["uploads"]["ended_by_site"] == 0  # slow, but they go on
