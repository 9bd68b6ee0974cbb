"""The document of an audience report: what the page Audience says of a selection, for people outside the team.

`build_audience_report` takes the page's own figures and leaves out what would break down fewer than five people. It
names no person and shows no face.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from itertools import chain
from typing import Any

from faceapp.audience.charts.attention import attention_sentence
from faceapp.audience.charts.expressions import reaction_sentence
from faceapp.audience.figures import AttentionBin, AudienceFigures, audience_of
from faceapp.audience.glossary import WORDS, is_on
from faceapp.audience.limits import LIMITS
from faceapp.audience.reaction import MOVING, Reaction
from faceapp.audience.selection import Selection
from faceapp.audience.selectors import ChosenAudience, VideoAudience, reaction_for
from faceapp.audience.summary import summary_of
from faceapp.audience.wording import listed
from faceapp.library.models import Project
from faceapp.reports.audience.breakdown import Breakdown, breakdown_of
from faceapp.reports.audience.sayable import groups_kept_whole, sayable
from faceapp.reports.audience.scope import facts_of, filters_of, title_of, waiting_of
from faceapp.reports.document import ReportReaction, plain, report_reaction, used_words
from faceapp.reports.method import (
    AccuracyTable,
    WeightsLine,
    accuracy_tables,
    method_sentences,
    smallest_face_px,
    weights_lines,
)
from faceapp.results.corrections.sentences import numbers_of_report
from faceapp.results.shown import shown_weights

TWICE = "People are counted per video. A person who appears in several videos counts once in each."
GROUPS = (
    "Fewer than five people are not broken down by age, gender, expression or attention. Neither is a group that "
    "could be derived by subtraction."
)


@dataclass(frozen=True, slots=True)
class ReportedVideo:
    """One line of the table of videos."""

    video_id: str
    name: str
    project: str
    poster: str  # as the media storage calls it; may be empty
    duration_s: float
    n_people: int
    whole: str  # words in the place of its breakdown, where it may not be broken down
    breakdown: Breakdown


@dataclass(frozen=True, slots=True)
class AudienceDocument:
    """Everything an audience report says. What is switched off for all videos is empty."""

    title: str
    facts: tuple[str, ...]
    purpose: str  # of the one project; may be empty
    filters: str
    waiting: str  # of videos without a result; may be empty
    attributes: tuple[str, ...]  # that any video has on
    n_people: int
    n_static: int
    summary: tuple[str, ...]
    breakdown: Breakdown
    attention_bins: tuple[AttentionBin, ...]
    attention_sentence: str
    reaction: ReportReaction | None  # None where it is off, or fewer than five people are in view most of the time
    reaction_sentence: str
    videos: tuple[ReportedVideo, ...]  # most people first
    method: tuple[str, ...]
    weights: tuple[WeightsLine, ...]
    accuracy: tuple[AccuracyTable, ...]
    limits: tuple[str, ...]
    warnings: tuple[str, ...]
    corrections: tuple[str, ...]
    words: Mapping[str, str]  # term → meaning

    def to_dict(self) -> dict[str, Any]:
        content: dict[str, Any] = plain(asdict(self))
        return content


def build_audience_report(
    chosen: ChosenAudience, selection: Selection, projects: Sequence[Project]
) -> AudienceDocument:
    """The report of a selection; `projects` are those of the selection that the user may see."""
    audiences, figures = chosen.audiences, sayable(chosen.figures)
    attributes = figures.attributes
    title = title_of(chosen, selection, projects)
    reaction = reaction_for(audiences)
    smallest_px = [smallest_face_px(each.run, each.video) for each in audiences]
    weights = dict(chain.from_iterable(shown_weights(each.run).items() for each in audiences))
    return AudienceDocument(
        title=title,
        facts=facts_of(chosen, title),
        purpose=_purpose(audiences),
        filters=filters_of(selection, chosen.part),
        waiting=waiting_of(chosen),
        attributes=attributes,
        n_people=figures.n_people,
        n_static=figures.n_static,
        summary=_summary(chosen, figures, selection),
        breakdown=breakdown_of(chosen.figures, attributes),
        attention_bins=figures.attention_bins,
        attention_sentence=attention_sentence(figures),
        reaction=report_reaction(reaction if reaction and reaction.has_curve else None),
        reaction_sentence=_reaction_sentence(reaction, len(audiences)),
        videos=_videos(audiences),
        method=over_videos([method_sentences(each.run, smallest_px) for each in audiences]),
        weights=tuple(dict.fromkeys(chain.from_iterable(weights_lines(shown_weights(each.run)) for each in audiences))),
        accuracy=accuracy_tables(weights),
        limits=(*LIMITS, GROUPS),
        warnings=over_videos([[warning["text"] for warning in each.run.warnings] for each in audiences]),
        corrections=numbers_of_report([audience.run for audience in audiences]),
        words={WORDS[key].full: WORDS[key].meaning for key in used_words(figures) if is_on(key, attributes)},
    )


def over_videos(said: Sequence[Iterable[str]]) -> tuple[str, ...]:
    """Each sentence once; one that does not hold for all videos says for how many."""
    counts = Counter(chain.from_iterable(map(dict.fromkeys, said)))
    return tuple(
        sentence if n == len(said) else f"{sentence.removesuffix('.')} ({n} of {len(said)} videos)."
        for sentence, n in counts.items()
    )


def _purpose(audiences: Sequence[VideoAudience]) -> str:
    purposes = {each.video.project_id: each.video.project.purpose for each in audiences}
    return next(iter(purposes.values())) if len(purposes) == 1 else ""


def _summary(chosen: ChosenAudience, figures: AudienceFigures, selection: Selection) -> tuple[str, ...]:
    if not chosen.audiences:
        return ()
    if not figures.n_people and selection.filters_people:
        return ("No one matches these filters.",)
    return (*summary_of(figures), *([TWICE] if len(chosen.audiences) > 1 and figures.n_people else []))


def _reaction_sentence(reaction: Reaction | None, n_videos: int) -> str:
    if reaction is None or not any(reaction.n_present):
        return ""
    if reaction.has_curve:
        return reaction_sentence(reaction, n_videos)
    if reaction.shows_something or not reaction.n_enough:
        return "Fewer than five people are in view most of the time: too few people for a curve."
    return f"No one shows {listed(MOVING, 'or')} while five or more people are in view."


def _videos(audiences: Sequence[VideoAudience]) -> tuple[ReportedVideo, ...]:
    kept_whole = groups_kept_whole({each.video.pk: len(each.people) for each in audiences})
    ordered = sorted(audiences, key=lambda each: (-len(each.people), each.video.name))
    return tuple(_video(each, kept_whole.get(each.video.pk, "")) for each in ordered)


def _video(audience: VideoAudience, whole: str) -> ReportedVideo:
    video = audience.video
    figures = audience_of(
        audience.people, with_static=True, attributes=audience.attributes
    )  # those who never move are gone, or asked for
    return ReportedVideo(
        video_id=str(video.pk),
        name=video.name,
        project=video.project.name,
        poster=str(video.poster.name or ""),
        duration_s=audience.length_s,
        n_people=len(audience.people),
        whole=whole,
        breakdown=breakdown_of(figures, audience.attributes, whole=whole),
    )
