"""An audience in a few sentences, for whoever reads nothing else. Every number is one of the figures."""

from __future__ import annotations

from collections.abc import Sequence

from analysis.builtin_attributes import EMOTION
from analysis.types import UNKNOWN
from faceapp.audience.figures import FEW, AudienceFigures, Figure
from faceapp.audience.wording import in_sentence, interval_text, listed, value_text
from faceapp.core.percent import leaders


def summary_of(figures: AudienceFigures) -> tuple[str, ...]:
    """Who was seen, whether they looked, who they appear to be, what they showed."""
    if not figures.n_people:
        return ("No visible face was found.",)
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
        return "They did not look at the camera."
    return f"They looked at the camera for {value_text(figures.attention_time)} in total."


def _seen(figures: AudienceFigures) -> str:
    half = f"Half of them were in view for {_said(figures.in_view)} or longer"
    return f"{figures.n_people} people with a visible face were seen. {half}."


def _looked(figures: AudienceFigures) -> str:
    ratio = figures.conversion_ratio
    if ratio.value is None:
        return ""
    if not ratio.value:
        return "No one looked at the camera."
    looked = f"{_said(ratio)} looked at the camera at least once"
    if figures.attention_time.value is None:
        return f"{looked}."
    return f"{looked}, half of them for {_said(figures.attention_time)} or longer in total."


def _who(figures: AudienceFigures) -> str:
    known = [share for share in figures.genders if share.count and share.key != UNKNOWN]
    verb = "is" if known and known[0].count == 1 else "are"
    counts = [f"{share.count} {f'{verb} perceived ' if share is known[0] else ''}as {share.key}" for share in known]
    n_unknown = sum(share.count for share in figures.genders if share.key == UNKNOWN)
    unknown = f"for {n_unknown} the gender is unknown" if n_unknown else ""
    age = f"The median apparent age is {_said(figures.age)}" if figures.age else ""
    said = "; ".join(part for part in (age, ", ".join(counts), unknown) if part)
    return f"{said[0].upper()}{said[1:]}." if said else ""


def _few(figures: AudienceFigures) -> str:
    return f"Fewer than {FEW} people were seen, so the intervals are wide." if figures.n_people < FEW else ""


def _shown(emotion_time: Sequence[Figure]) -> str:
    shown = [each for each in emotion_time if each.value and each.key.partition(":")[2] in EMOTION.telling_keys]
    if not shown:
        return "No expression other than neutral was found." if emotion_time else ""
    by_name = {each.key.partition(":")[2].lower(): each for each in shown}
    most = leaders({name: each.value or 0.0 for name, each in by_name.items()})
    if len(most) > 1:
        share = value_text(by_name[most[0]])
        names = listed([name.capitalize() for name in most])
        return f"{names} were the most common expressions after neutral: {share} of the time in view each."
    name = most[0] if most else max(by_name, key=lambda each: by_name[each].value or 0.0)
    return (
        f"{name.capitalize()} was the most common expression after neutral: {_said(by_name[name])} of the time in view."
    )


def _said(figure: Figure) -> str:
    return in_sentence(value_text(figure), interval_text(figure))
