"""An audience in a few sentences: every number in them is a figure, and what is unknown is not made up."""

from __future__ import annotations

from faceapp.audience.figures import audience_of
from faceapp.audience.summary import summary_of
from tests.faceapp.audience.cast import made_person


def said_of(*people: object) -> str:
    return " ".join(summary_of(audience_of(people)))  # type: ignore[arg-type]


def test_numbers_stand_with_their_intervals() -> None:
    said = said_of(*(made_person(k, attention_s=2.0 if k < 3 else 0.0, in_view_s=k + 1.0) for k in range(8)))
    assert "8 people with a visible face were seen" in said
    assert "38\u202f% (14–69) looked at the camera at least once, half of them for 2.0\u202fs" in said
    assert "8 are perceived as female" in said
    assert "so the intervals are wide" in said


def test_one_person_is_no_share() -> None:
    said = said_of(made_person(1, attention_s=3.0, gender="unknown", emotion={"Happy": 0.5, "Neutral": 0.5}))
    assert said.startswith("One person with a visible face was seen, in view for 10.0\u202fs, apparent age 30.")
    assert "They looked at the camera for 3.0\u202fs in total." in said
    assert "Happy was the most common expression after neutral: 50\u202f% of the time in view" in said
    assert "perceived" not in said


def test_what_is_switched_off_is_not_spoken_of() -> None:
    off = {"age": None, "gender": None, "ethnicity": None, "attention_s": None}
    said = said_of(made_person(1, **off), made_person(2, **off))  # type: ignore[arg-type]
    assert not any(word in said for word in ("age", "perceived", "looked"))


def test_nobody_is_said_to_be_nobody() -> None:
    assert said_of() == "No visible face was found."
