"""The one document that every report is made of: PDF, CSV and report.json print these figures, corrections applied.

`build_report` reads the rows once; what it gives is frozen, knows no Django and can be written down as JSON.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from analysis.attributes import attributes, of_kind
from analysis.kinds import result_key
from analysis.kinds import to_json as kind_to_json
from analysis.types import Estimates
from faceapp.audience.charts.expressions import reaction_sentence
from faceapp.audience.figures import AudienceFigures, Figure, Share, audience_of
from faceapp.audience.glossary import WORDS
from faceapp.audience.limits import LIMITS
from faceapp.audience.reaction import Reaction
from faceapp.audience.selectors import VideoAudience, reaction_for
from faceapp.audience.summary import summary_of
from faceapp.audience.wording import interval_text, name_of, share_interval, value_text
from faceapp.core.percent import percent
from faceapp.reports.method import (
    AccuracyTable,
    WeightsLine,
    accuracy_tables,
    method_sentences,
    smallest_face_px,
    weights_lines,
)
from faceapp.results.corrections.sentences import sentences_of_report
from faceapp.results.people import PersonView
from faceapp.results.shown import lanes_of, shown_weights
from faceapp.segments.window import Window

FORMAT, VERSION = "faceline.report", 1


@dataclass(frozen=True, slots=True)
class ReportVideo:
    name: str
    project: str
    purpose: str  # of the project, as its owner wrote it; may be empty
    mode: str  # of the project: "content" or "audience"
    sha256: str
    duration_s: float
    width_px: int
    height_px: int
    frame_rate: float
    window: tuple[tuple[float, float], ...] | None  # the parts that the figures are of; None: all of it

    @property
    def read(self) -> Window | None:
        return None if self.window is None else Window(self.window)


@dataclass(frozen=True, slots=True)
class ReportFigure:
    """A figure with its words, as pages and the PDF print them: "61 %", "± 5"."""

    key: str
    term: str
    value: float | None
    unit: str
    low: float | None
    high: float | None
    n: int
    text: str
    interval: str


@dataclass(frozen=True, slots=True)
class ReportShare:
    key: str
    name: str
    count: int
    n: int
    share: float
    low: float
    high: float
    text: str
    interval: str


@dataclass(frozen=True, slots=True)
class ReportSpell:
    """Shows one thing from `start_s` to `end_s`."""

    label: str
    start_s: float
    end_s: float


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportPerson(Estimates):
    person_id: int
    name: str
    start_s: float
    end_s: float
    in_view_s: float
    certainty: float
    is_static: bool
    corrected: tuple[str, ...]
    track_ids: tuple[int, ...]
    presence: tuple[tuple[float, float], ...]  # of each track
    spells: tuple[ReportSpell, ...]
    portrait: tuple[int, int] | None  # track_id and number of the best saved picture

    def to_dict(self) -> dict[str, Any]:
        """With a key for each attribute after the seconds in view, null where it is off."""
        values = asdict(self)
        said = {
            result_key(attribute): kind_to_json(attribute, self.readings[key]) if key in self.readings else None
            for key, attribute in attributes().items()
        }
        del values["readings"]
        first = list(values).index("in_view_s") + 1
        return dict([*list(values.items())[:first], *said.items(), *list(values.items())[first:]])


@dataclass(frozen=True, slots=True)
class ReportPeak:
    emotion: str
    at_s: float
    share: ReportShare


@dataclass(frozen=True, slots=True)
class ReportReaction:
    """People in view and what they show in each step of `step_s` seconds from `start_s`."""

    sentence: str
    has_curve: bool  # shares are drawn, else people are counted
    start_s: float
    step_s: int
    n_present: tuple[int, ...]
    n_showing: Mapping[str, tuple[int, ...]]
    peaks: tuple[ReportPeak, ...]


@dataclass(frozen=True, slots=True)
class ReportDocument:
    """Everything a report says. Groups of an attribute that is switched off are empty."""

    video: ReportVideo
    analysed_at: str  # ISO 8601, UTC
    run_id: str
    attributes: tuple[str, ...]
    n_static: int
    summary: tuple[str, ...]  # the figures in a few sentences
    headline: tuple[ReportFigure, ...]
    more: tuple[ReportFigure, ...]  # impressions, median time in view, median age
    labels: Mapping[str, tuple[ReportShare, ...]]  # by attribute that gives one label
    ages: tuple[ReportShare, ...]
    pyramid: tuple[ReportShare, ...]  # key "25-34:female"
    main_emotions: tuple[ReportShare, ...]
    emotion_time: tuple[ReportFigure, ...]
    reaction: ReportReaction | None
    people: tuple[ReportPerson, ...]
    method: tuple[str, ...]
    engine: Mapping[str, str]
    weights: tuple[WeightsLine, ...]
    accuracy: tuple[AccuracyTable, ...]
    limits: tuple[str, ...]
    warnings: tuple[str, ...]
    corrections: tuple[str, ...]
    words: Mapping[str, str]  # term → meaning, of the words this report uses

    def to_dict(self) -> dict[str, Any]:
        """For report.json: equal results and corrections give equal content."""
        values = asdict(self) | {"people": [person.to_dict() for person in self.people]}
        return {"format": FORMAT, "version": VERSION, **plain(with_shares(values))}


def build_report(audience: VideoAudience) -> ReportDocument:
    """The report of one video's newest result."""
    run, video = audience.run, audience.video
    figures = audience_of(audience.people, attributes=audience.attributes)
    return ReportDocument(
        video=ReportVideo(
            name=video.name,
            project=video.project.name,
            purpose=video.project.purpose,
            mode=video.project.mode,
            sha256=video.sha256,
            duration_s=video.duration_s,
            width_px=video.width_px,
            height_px=video.height_px,
            frame_rate=video.frame_rate,
            window=audience.window.parts if audience.window else None,
        ),
        analysed_at=(run.finished_at or run.created_at).isoformat(timespec="seconds"),
        run_id=str(run.pk),
        attributes=audience.attributes,
        n_static=figures.n_static,
        summary=summary_of(figures),
        headline=tuple(map(report_figure, figures.headline)),
        more=tuple(report_figure(each) for each in (figures.impressions, figures.in_view, figures.age) if each),
        labels=report_labels(figures.labels),
        ages=tuple(map(report_share, figures.ages)),
        pyramid=report_pyramid(figures),
        main_emotions=tuple(map(report_share, figures.main_emotions)),
        emotion_time=tuple(map(report_figure, figures.emotion_time)),
        reaction=report_reaction(reaction_for([audience.moving()])),
        people=_people(audience),
        method=method_sentences(run, [smallest_face_px(run, video)]),
        engine=run.engine,
        weights=weights_lines(shown_weights(run)),
        accuracy=accuracy_tables(shown_weights(run)),
        limits=LIMITS,
        warnings=tuple(warning["text"] for warning in run.warnings),
        corrections=sentences_of_report(run),
        words={WORDS[key].full: WORDS[key].meaning for key in used_words(figures)},
    )


def report_figure(figure: Figure) -> ReportFigure:
    """With its word of the glossary; an expression is its own word."""
    kind, _, group = figure.key.partition(":")
    term = name_of(group) if kind == "emotion" else WORDS[figure.key].term
    numbers = (figure.value, figure.unit, figure.low, figure.high, figure.n)
    return ReportFigure(figure.key, term, *numbers, text=value_text(figure), interval=interval_text(figure))


def report_share(share: Share) -> ReportShare:
    name = name_of(share.key.partition(":")[0])
    numbers = (share.count, share.n, share.value, share.low, share.high)
    return ReportShare(share.key, name, *numbers, text=percent(share.value), interval=share_interval(share))


def report_labels(labels: Mapping[str, Sequence[Share]]) -> dict[str, tuple[ReportShare, ...]]:
    return {key: tuple(map(report_share, shares)) for key, shares in labels.items()}


def with_shares(values: Mapping[str, Any]) -> dict[str, Any]:
    """With a key of its own for the shares of each attribute, such as "genders"; empty where it is off."""
    labels = values["labels"]
    shares = {each.shares_key: labels.get(each.key, ()) for each in of_kind("label")}
    return {key: value for key, value in values.items() if key != "labels"} | shares


def report_pyramid(figures: AudienceFigures) -> tuple[ReportShare, ...]:
    return tuple(report_share(part) for row in figures.pyramid for part in (row.female, row.male, row.unknown))


def report_reaction(reaction: Reaction | None) -> ReportReaction | None:
    if reaction is None:
        return None
    peaks = tuple(ReportPeak(peak.emotion, peak.at_s, report_share(peak.share)) for peak in reaction.peaks.values())
    return ReportReaction(
        sentence=reaction_sentence(reaction),
        has_curve=reaction.has_curve,
        start_s=reaction.start_s,
        step_s=reaction.step_s,
        n_present=reaction.n_present,
        n_showing=reaction.n_showing,
        peaks=peaks,
    )


def _people(audience: VideoAudience) -> tuple[ReportPerson, ...]:
    """Longest in view first."""
    lanes = lanes_of(audience.run)
    ordered = sorted(audience.people, key=lambda person: (-person.in_view_s, person.person_id))
    return tuple(
        ReportPerson(
            person_id=person.person_id,
            name=person.name,
            start_s=person.start_s,
            end_s=person.end_s,
            in_view_s=person.in_view_s,
            readings=person.readings,
            certainty=person.certainty,
            is_static=person.is_static,
            corrected=person.corrected_fields,
            track_ids=tuple(track.track_id for track in person.tracks),
            presence=tuple((track.start_s, track.end_s) for track in person.tracks),
            spells=_spells(person, lanes, audience.window),
            portrait=person.portrait,
        )
        for person in ordered
    )


def _spells(
    person: PersonView, lanes: Mapping[int, Mapping[str, Any]], window: Window | None
) -> tuple[ReportSpell, ...]:
    """What a person shows and when, cut at the borders of the window."""
    shown = (spell for track in person.tracks for spell in lanes[track.track_id].get("emotions", ()))
    return tuple(
        ReportSpell(label, start, end)
        for label, start_s, end_s in shown
        for start, end in (window.clip(start_s, end_s) if window else ((start_s, end_s),))
    )


def used_words(figures: AudienceFigures) -> tuple[str, ...]:
    keys = [figure.key for figure in figures.headline]
    keys += ["watcher", "dwell_time"] if figures.conversion_ratio.n else []
    keys += ["apparent_age"] if figures.ages else []
    keys += [attributes()[key].word for key in figures.labels]
    keys += ["expression"] if figures.emotion_time else []
    return (*keys, "unknown", "interval", "n")


def plain(value: Any) -> Any:
    """As JSON can hold it; fractions to 4 digits, so that equal figures are equal bytes."""
    if isinstance(value, float):
        return round(value, 4)
    if isinstance(value, dict):
        return {key: plain(each) for key, each in value.items()}
    if isinstance(value, list | tuple):
        return [plain(each) for each in value]
    return value
