"""Which charts the Audience page shows, in their order."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from django.urls import reverse

from analysis.attributes import Attribute, attributes
from faceapp.audience.charts.attention import attention_chart, screen_time_chart, videos_chart
from faceapp.audience.charts.expression_time import emotion_time_chart
from faceapp.audience.charts.expressions import reaction_chart
from faceapp.audience.charts.groups import Faces, label_sentence, shares_chart
from faceapp.audience.charts.parts import Chart, Column
from faceapp.audience.charts.pyramid import pyramid_chart
from faceapp.audience.figures import AudienceFigures, other_labels
from faceapp.audience.selection import Selection
from faceapp.audience.selectors import VideoAudience, reaction_for


def audience_charts(
    audiences: Sequence[VideoAudience], figures: AudienceFigures, selection: Selection
) -> tuple[Chart, ...]:
    """Age and gender, expression over time, other labels, attention, expression by time, time on screen or videos.

    Without those of attributes that are off.
    """
    faces = faces_of(selection)
    people = [person for audience in audiences for person in audience.people]
    on = figures.attributes
    charts = [pyramid_chart(figures, people, faces)] if "age_gender" in on else []
    reaction = reaction_for(audiences)
    if reaction is not None:
        only = audiences[0] if len(audiences) == 1 else None
        charts.append(reaction_chart(reaction, lambda second: _moment(only, second), len(audiences)))
    charts += [_label_chart(attribute, figures, faces) for attribute in other_labels() if attribute.switch.key in on]
    if "attention" in on:
        charts.append(attention_chart(figures, faces))
    if "emotion" in on:
        charts.append(emotion_time_chart(figures.emotion_time))
    charts.append(_screen_chart(audiences))
    return tuple(charts)


def _label_chart(attribute: Attribute, figures: AudienceFigures, faces: Faces) -> Chart:
    shares = figures.labels.get(attribute.key, ())
    return shares_chart(
        attribute.key,
        attribute.term,
        shares,
        label_sentence(attribute, shares),
        word=attribute.word,
        column=Column(attribute.key, attribute.term, "group"),
        faces=faces,
        by=attribute.key,
    )


def faces_of(selection: Selection) -> Faces:
    """Addresses of the faces behind a bar: the selection, narrowed."""

    def faces(narrower: dict[str, str]) -> str:
        labels = {key: (answer,) for key, answer in narrower.items() if key in attributes() and key != "age"}
        narrowed = replace(selection, labels={**selection.labels, **labels})
        if "age" in narrower:
            narrowed = replace(narrowed, ages=(narrower["age"],))
        if "watchers" in narrower:
            narrowed = replace(narrowed, watchers=True)
        return f"{reverse('audience:faces')}?{narrowed.to_query()}"

    return faces


def _screen_chart(audiences: Sequence[VideoAudience]) -> Chart:
    if len(audiences) != 1:
        return videos_chart(
            audiences,
            {str(each.video.pk): f"{reverse('audience:audience')}?video={each.video.pk}" for each in audiences},
        )
    audience = audiences[0]
    return screen_time_chart(
        audience,
        {
            person.person_id: reverse("results:person_detail", args=[audience.video.pk, person.person_id])
            for person in audience.people
        },
    )


def _moment(audience: VideoAudience | None, second: float) -> str:
    if audience is None:
        return ""
    return f"{reverse('results:video_detail', args=[audience.video.pk])}?t={second:g}"
