"""The charts of one person, from the timelines of their tracks."""

from __future__ import annotations

from faceapp.audience.charts.parts import Chart
from faceapp.audience.charts.person import TrackCourse, ethnicity_chart, expression_chart
from faceapp.audience.charts.person_age import age_chart
from faceapp.library.models import Video
from faceapp.results.models import Timeline
from faceapp.results.people import PersonView
from faceapp.runs.models import Run


def charts_of_person(video: Video, run: Run, person: PersonView) -> tuple[Chart, ...]:
    """Expression, age with gender, ethnicity; one query."""
    courses = courses_of(run, [track.track_id for track in person.tracks])
    n_pictures = sum(len(course.crop_predictions.get("time_s", ())) for course in courses)
    by_hand = person.corrected_fields
    return (
        expression_chart(courses, video.duration_s, float(run.config["sample_rate"])),
        age_chart(courses, person.age, person.gender, video.duration_s, by_hand=by_hand),
        ethnicity_chart(person.readings.get("ethnicity"), n_pictures, is_by_hand="ethnicity" in by_hand),
    )


def courses_of(run: Run, track_ids: list[int]) -> list[TrackCourse]:
    """The samples of these tracks, in time order."""
    rows = Timeline.objects.filter(track__run=run, track__track_id__in=track_ids).select_related("track")
    return [
        TrackCourse(row.track.start_s, row.track.end_s, row.samples, row.crop_predictions)
        for row in rows.order_by("track__start_s")
    ]
