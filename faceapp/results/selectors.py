"""What pages, figures and the API read of a run's results; corrections are applied everywhere."""

from faceapp.results.people import PersonView, TrackView, joined_person_of, people_of, person_of
from faceapp.results.spells import emotion_spells, looking_spells
from faceapp.results.timeline import boxes_of, timeline_of

__all__ = [
    "PersonView",
    "TrackView",
    "boxes_of",
    "emotion_spells",
    "joined_person_of",
    "looking_spells",
    "people_of",
    "person_of",
    "timeline_of",
]
