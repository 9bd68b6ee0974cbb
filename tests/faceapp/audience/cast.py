"""People made by hand for the figures: what a test does not name is ordinary."""

from __future__ import annotations

from analysis.builtin_attributes import ETHNICITIES
from analysis.types import EMOTIONS, GENDERS, UNKNOWN, AgeEstimate, EmotionEstimate, LabelEstimate
from faceapp.results.selectors import PersonView, TrackView


def made_person(
    person_id: int = 1,
    *,
    age: int | None = 30,
    gender: str | None = "female",
    ethnicity: str | None = "White",
    emotion: dict[str, float] | None = None,
    in_view_s: float = 10.0,
    attention_s: float | None = 0.0,
    is_static: bool = False,
    name: str = "",
    times: tuple[tuple[float, float], ...] = ((0.0, 10.0),),
    corrected_fields: tuple[str, ...] = (),
) -> PersonView:
    readings = {
        "age": None if age is None else AgeEstimate(age, max(age - 5, 0), age + 5),
        "gender": None if gender is None else made_label(gender, GENDERS),
        "ethnicity": None if ethnicity is None else made_label(ethnicity, ETHNICITIES),
        "emotion": made_emotion(emotion if emotion is not None else {"Neutral": 1.0}),
        "attention": attention_s,
    }
    said = {
        "readings": {key: reading for key, reading in readings.items() if reading is not None},
        "is_static": is_static,
    }
    tracks = tuple(
        TrackView(
            **said,
            in_view_s=end_s - start_s,
            start_s=start_s,
            end_s=end_s,
            track_id=10 * person_id + k,
            person_id=person_id,
            quality=0.8,
            n_portraits=1,
        )
        for k, (start_s, end_s) in enumerate(times)
    )
    return PersonView(
        **said,
        in_view_s=in_view_s,
        start_s=times[0][0],
        end_s=times[-1][1],
        person_id=person_id,
        name=name or f"Person {person_id}",
        tracks=tracks,
        certainty=0.9,
        corrected_fields=corrected_fields,
        portrait=(10 * person_id, 0),
    )


def made_label(label: str, labels: tuple[str, ...]) -> LabelEstimate:
    best = labels[0] if label == UNKNOWN else label
    confidence = 0.4 if label == UNKNOWN else 0.9
    rest = (1 - confidence) / (len(labels) - 1)
    return LabelEstimate(label, confidence, {name: confidence if name == best else rest for name in labels})


def made_emotion(shares: dict[str, float]) -> EmotionEstimate:
    full = {name: shares.get(name, 0.0) for name in (*EMOTIONS, UNKNOWN)}
    return EmotionEstimate(max(full, key=lambda name: full[name]), full)
