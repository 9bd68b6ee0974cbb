"""The annotated video as its page sees it: asked for with today's corrections, and what it is to show."""

from __future__ import annotations

import hashlib
import json
from typing import Any

from analysis.lettering.drawable import isolated
from faceapp.audience.selectors import VideoAudience
from faceapp.results.selectors import people_of
from faceapp.runs import services
from faceapp.runs.models import Annotated, Run


def request_annotated(audience: VideoAudience) -> Annotated:
    """Ask for a run's annotated video with today's corrections; one that is there or on its way is given back."""
    return services.request_annotated(run=audience.run, tag=tag_of(audience))


def current(audience: VideoAudience) -> Annotated | None:
    """The row of this run, if it was ever asked for."""
    return Annotated.objects.filter(run=audience.run).first()


def audience_of_run(run: Run) -> VideoAudience:
    """Its people after corrections; also of a run that is not its video's latest any more."""
    return VideoAudience(run.video, run, tuple(people_of(run)))


def shows_what_is_off(audience: VideoAudience, work: Annotated) -> bool:
    """Whether the file may show ages that are off now: it was made with other captions than today's."""
    had_ages = "age_gender" in audience.run.config["attributes"] and "age_gender" not in audience.attributes
    return bool(had_ages and work.file and work.tag != tag_of(audience))


def tag_of(audience: VideoAudience) -> str:
    """Changes with every correction that the video would show."""
    return hashlib.sha256(json.dumps(names_of(audience), sort_keys=True).encode()).hexdigest()[:24]


def names_of(audience: VideoAudience) -> dict[str, Any]:
    """What analysis.video.annotate reads: whose each track is, and what to call them."""
    return {
        "people": {str(track.track_id): person.person_id for person in audience.people for track in person.tracks},
        "captions": {
            str(person.person_id): f"{isolated(person.name)} · {person.age.years}" if person.age else person.name
            for person in audience.people
        },
    }
