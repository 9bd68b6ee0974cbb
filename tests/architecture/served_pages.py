"""Serves every address of the site for a finished video, then looks at what the process has loaded.

Run by test_served_pages.py in a process of its own: other tests of the suite load the engine.
"""

from __future__ import annotations

import sys
from typing import Any

from django.test import Client
from django.urls import NoReverseMatch, URLPattern, URLResolver, get_resolver, reverse

HEAVY = {"torch", "cv2", "openvino", "av"}
WORDS = {"key": "age", "name": "people.csv", "format": "json"}


def routes(resolver: URLResolver | None = None, namespace: str = "") -> set[tuple[str, tuple[str, ...]]]:
    found: set[tuple[str, tuple[str, ...]]] = set()
    for entry in (resolver or get_resolver()).url_patterns:
        if isinstance(entry, URLResolver):
            found |= routes(entry, f"{namespace}{entry.namespace}:" if entry.namespace else namespace)
        elif isinstance(entry, URLPattern):
            found.add((f"{namespace}{entry.name}", tuple(entry.pattern.converters)))
    return found


def test_a_web_process_that_has_served_every_page_stays_light(finished_run: Any, alice_client: Client) -> None:
    person = finished_run.people.first()
    track = person.tracks.first()
    values = {
        **WORDS,
        "person_id": person.person_id,
        "track_id": track.track_id,
        "n": 0,
        "video_id": finished_run.video_id,
    }
    n_served = 0
    for route, names in sorted(routes()):
        for key in (finished_run.video_id, finished_run.pk, finished_run.video.project_id):
            try:
                address = reverse(route, kwargs={name: values.get(name, key) for name in names})
            except NoReverseMatch:
                continue
            answer = alice_client.get(address, headers={"Accept": "text/html,*/*"})
            is_well = answer.status_code < 500 or address == "/ready/"  # no worker runs here
            assert is_well, f"{address} answered {answer.status_code}"
            if answer.streaming:
                b"".join(answer.streaming_content)  # type: ignore[arg-type]
            n_served += answer.status_code == 200
    assert n_served > 25
    assert not HEAVY.intersection(sys.modules)
