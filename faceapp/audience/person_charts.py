"""The charts of one person, from the timelines of their tracks."""

from __future__ import annotations

from faceapp.audience.charts.parts import Chart
from faceapp.audience.charts.person import TrackCourse, expression_chart, label_chart
from faceapp.audience.charts.person_age import age_chart
from faceapp.audience.figures import other_labels
from faceapp.library.models import Video
from faceapp.results.people import PersonView
from faceapp.results.shown import attributes_of, timelines_of
from faceapp.runs.models import Run


def charts_of_person(video: Video, run: Run, person: PersonView) -> tuple[Chart, ...]:
    """Expression, age with gender, and the other labels, without those that are off; one query."""
    on = attributes_of(run)
    courses = courses_of(run, [track.track_id for track in person.tracks])
    n_pictures = sum(len(course.crop_predictions.get("time_s", ())) for course in courses)
    by_hand = person.corrected_fields
    charts: list[Chart] = []
    if "emotion" in on:
        charts.append(expression_chart(courses, video.duration_s, float(run.config["sample_rate"])))
    if "age_gender" in on:
        charts.append(age_chart(courses, person.age, person.gender, video.duration_s, by_hand=by_hand))
    for attribute in other_labels():
        if attribute.switch.key in on:
            reading = person.readings.get(attribute.key)
            charts.append(label_chart(attribute, reading, n_pictures, is_by_hand=attribute.key in by_hand))
    return tuple(charts)


def courses_of(run: Run, track_ids: list[int]) -> list[TrackCourse]:
    """The samples of these tracks, in time order."""
    courses = [
        TrackCourse(each.start_s, each.end_s, each.samples, each.crop_predictions)
        for each in timelines_of(run, track_ids)
    ]
    return sorted(courses, key=lambda course: course.start_s)
