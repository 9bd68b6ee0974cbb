"""An audience in a few sentences, for whoever reads nothing else. Every number is one of the figures."""

from __future__ import annotations

from collections.abc import Sequence

from analysis.types import UNKNOWN
from faceapp.audience.figures import AudienceFigures, Figure
from faceapp.audience.wording import in_sentence, interval_text, value_text
from faceapp.core.percent import percent

FEW = 30  # people, below which intervals are wide enough to warn of
QUIET = ("Neutral", UNKNOWN)


def summary_of(figures: AudienceFigures) -> tuple[str, ...]:
    """Who was seen, whether they looked, who they appear to be, what they showed."""
    if not figures.n_people:
        return ("Nobody with a visible face was found.",)
    if figures.n_people == 1:
        return _those_said(_one(figures), _looks_alone(figures), _shown(figures.emotion_time))
    return _those_said(_seen(figures), _looked(figures), _who(figures), _shown(figures.emotion_time), _few(figures))


def _those_said(*sentences: str) -> tuple[str, ...]:
    return tuple(sentence for sentence in sentences if sentence)


def _one(figures: AudienceFigures) -> str:
    age = f", apparent age {value_text(figures.age)}" if figures.age else ""
    known = [share.key for share in figures.genders if share.count and share.key != UNKNOWN]
    gender = f", perceived as {known[0]}" if known else ""
    return f"One person with a visible face was seen, in view for {value_text(figures.in_view)}{age}{gender}."


def _looks_alone(figures: AudienceFigures) -> str:
    if figures.conversion_ratio.value is None:
        return ""
    if not figures.conversion_ratio.value:
        return "They were not seen to look towards the camera."
    return f"They looked towards the camera for {value_text(figures.attention_time)} in all."


def _seen(figures: AudienceFigures) -> str:
    half = f"half of them were in view for {_said(figures.in_view)} or longer"
    return f"{figures.n_people} people with a visible face were seen; {half}."


def _looked(figures: AudienceFigures) -> str:
    ratio = figures.conversion_ratio
    if ratio.value is None:
        return ""
    if not ratio.value:
        return "Nobody was seen to look towards the camera."
    looked = f"{_said(ratio)} looked towards the camera at least once"
    if figures.attention_time.value is None:
        return f"{looked}."
    return f"{looked}, half of them for {_said(figures.attention_time)} or longer in all."


def _who(figures: AudienceFigures) -> str:
    known = [share for share in figures.genders if share.count and share.key != UNKNOWN]
    verb = "is" if known and known[0].count == 1 else "are"
    counts = [f"{share.count} {f'{verb} perceived ' if share is known[0] else ''}as {share.key}" for share in known]
    n_unknown = sum(share.count for share in figures.genders if share.key == UNKNOWN)
    unknown = f"for {n_unknown} it could not be told" if n_unknown else ""
    age = f"The median apparent age is {_said(figures.age)}" if figures.age else ""
    said = "; ".join(part for part in (age, ", ".join(counts), unknown) if part)
    return f"{said[0].upper()}{said[1:]}." if said else ""


def _few(figures: AudienceFigures) -> str:
    return f"Fewer than {FEW} people were seen, so the intervals are wide." if figures.n_people < FEW else ""


def _shown(emotion_time: Sequence[Figure]) -> str:
    shown = [each for each in emotion_time if each.value and each.key.partition(":")[2] not in QUIET]
    if not shown:
        return "No expression besides neutral was read." if emotion_time else ""
    most = max(each.value or 0.0 for each in shown)
    first = [each for each in shown if percent(each.value or 0.0) == percent(most)]  # as they are written
    names = [each.key.partition(":")[2].lower() for each in first]
    if len(names) == 1:
        return f"Besides neutral, the expression shown most is {names[0]}: {_said(first[0])} of the time in view."
    listed = f"{', '.join(names[:-1])} and {names[-1]}"
    return f"Besides neutral, the expressions shown most are {listed}: {percent(most)} of the time in view each."


def _said(figure: Figure) -> str:
    return in_sentence(value_text(figure), interval_text(figure))
