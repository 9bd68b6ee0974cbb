"""How a result came about, in sentences and as a list of weights."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from analysis.attributes import switched_on
from analysis.config import AnalysisConfig
from faceapp.library.models import Video
from faceapp.results.shown import attributes_of
from faceapp.runs.models import Run
from models.cards import cards
from models.registry import specs

CASCADE = {"mtcnn": "pnet"}  # three networks of one origin and license, counted as one
MOST_COLUMNS = 5  # a page is narrow

DETECTORS = {"mtcnn": "MTCNN (Zhang et al. 2016)", "haar": "a Haar cascade (Viola and Jones 2001)"}


@dataclass(frozen=True, slots=True)
class WeightsLine:
    """A network that was opened for this result."""

    name: str
    version: str
    sha256: str
    licence: str


def weights_lines(weights: Mapping[str, Mapping[str, str]]) -> tuple[WeightsLine, ...]:
    known = specs()
    lines = []
    for name, facts in weights.items():
        spec = known.get(CASCADE.get(name, name))
        lines.append(WeightsLine(name, facts["version"], facts["sha256"], spec.licence if spec else ""))
    return tuple(lines)


@dataclass(frozen=True, slots=True)
class AccuracyTable:
    """How often a network that was used is right, as measured with the weights that ship."""

    title: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


def accuracy_tables(weights: Mapping[str, Mapping[str, str]]) -> tuple[AccuracyTable, ...]:
    """The first table of each card whose weights were opened; tables of single groups stand on "About the figures"."""
    used = [card for card in cards() if card.tables and any(part.name in weights for part in card.weights)]
    return tuple(
        AccuracyTable(
            card.title,
            card.tables[0].columns[:MOST_COLUMNS],
            tuple(row[:MOST_COLUMNS] for row in card.tables[0].rows),
        )
        for card in used
    )


def smallest_face_px(run: Run, video: Video) -> int:
    return AnalysisConfig.of_result(run.config).smallest_face_px(video.height_px)


def method_sentences(run: Run, smallest_px: Sequence[int]) -> tuple[str, ...]:
    """What was done, with the numbers of this run; `smallest_px` are of all videos that are reported together."""
    config, shown = AnalysisConfig.of_result(run.config), attributes_of(run)
    engine = run.engine
    least, most = min(smallest_px), max(smallest_px)
    size = (
        f"{least} px or more"
        if least == most
        else f"{least} to {most} px or more, depending on the height of the video,"
    )
    sentences = [
        f"{config.sample_rate:g} frames per second were analyzed. Times follow the video's timestamps.",
        f"Faces of {size} were detected with {DETECTORS[config.detector]}, tracked through each shot, "
        "and matched to people by similarity.",
    ]
    if any(attribute.source in ("description", "crops") for attribute in switched_on(shown)):
        sentences.append("Each person has one result per attribute, combined from their clearest images.")
    if "emotion" in shown:
        sentences.append("Expressions were estimated in every clear image and smoothed over time.")
    if "attention" in shown:
        sentences.append(
            f"Looking means that the head is turned no more than {config.attention_yaw_deg:g}° to either side and "
            f"{config.attention_pitch_deg:g}° up or down, for {config.attention_min_spell_s:g} s or longer."
        )
    sentences.append(
        f"Engine {engine.get('version', '')} on {engine.get('device', '')} "
        f"({engine.get('runtime', '')}, {engine.get('precision', '')}). "
        "Shares have 95 % Wilson intervals, medians 95 % intervals by order statistics, ages 90 % intervals."
    )
    return tuple(sentences)
