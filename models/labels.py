"""The classes of the data sets and of the product, and how a row of a labels file is read into them."""

from __future__ import annotations

from collections.abc import Mapping

from models.emotion_classes import EMOTION_NAMES, FER2013, FER2013_TO_SIX, FERPLUS, FERPLUS_NAMES, SIX

GENDERS = ("female", "male")
ETHNICITIES = ("White", "Black", "Asian", "Indian", "Hispanic")
RACE7 = ("White", "Black", "Latino_Hispanic", "East Asian", "Southeast Asian", "Indian", "Middle Eastern")
RACE7_TO_ETHNICITY = (0, 1, 4, 2, 2, 3, 0)
UTKFACE_RACE_TO_ETHNICITY = {"0": 0, "1": 1, "2": 2, "3": 3}  # 4 is "other" and is left out
AGE_GROUPS = ("0-2", "3-9", "10-19", "20-29", "30-39", "40-49", "50-59", "60-69", "70+")
AGE_GROUP_STARTS = (0, 3, 10, 20, 30, 40, 50, 60, 70)
N_AGES = 101
OLDEST = "more than 70"  # FairFace's name of the last group

_GENDER_WORDS = {"female": 0, "male": 1, "f": 0, "m": 1, "0": 1, "1": 0}  # 0 and 1 as UTKFace has them: 0 is male


class LabelError(ValueError):
    """A labels file says what cannot be read; the message is a sentence for the user."""


def age_group_of(years: int) -> int:
    """Index into AGE_GROUPS of an age in whole years."""
    return sum(years >= start for start in AGE_GROUP_STARTS) - 1


def age_group_range(group: int) -> tuple[int, int]:
    """First age of a group and the one after its last; the last group ends with 100."""
    starts = (*AGE_GROUP_STARTS, N_AGES)
    return starts[group], starts[group + 1]


def read_row(row: Mapping[str, str]) -> dict[str, int]:
    """The labels of one row, as class indices and years; what is empty or left out is absent.

    Columns that are known: ``age`` (years, or a group as FairFace publishes it), ``age_group``, ``gender``,
    ``ethnicity``, ``race7``, ``race`` (UTKFace's codes, or FairFace's seven classes),
    ``emotion`` (FER2013's names, or contempt), ``ferplus_majority``. Given are back
    ``emotion`` as an index into the product's six, ``emotion7`` into FER2013's own seven, ``emotion_ferplus`` into
    FER+'s eight.

    Raises:
        LabelError: a value is not one of its column's.
    """
    labels: dict[str, int] = {}
    given = {column: value.strip() for column, value in row.items() if column and value and value.strip()}
    if "age" in given:
        labels.update(_age(given["age"]))
    if "age_group" in given:
        labels["age_group"] = _age_group(given["age_group"])
    if "gender" in given:
        labels["gender"] = _word(_GENDER_WORDS, given["gender"].lower())
    race7 = given.get("race7") or (given["race"] if given.get("race") in RACE7 else None)
    if race7 is not None:
        labels["race7"] = _index(RACE7, race7)
        labels["ethnicity"] = RACE7_TO_ETHNICITY[labels["race7"]]
    elif given.get("race", "4") != "4":
        labels["ethnicity"] = _word(UTKFACE_RACE_TO_ETHNICITY, given["race"])
    if "ethnicity" in given:
        labels["ethnicity"] = _index(ETHNICITIES, given["ethnicity"])
    if "emotion" in given:
        labels.update(_emotion(given["emotion"].lower()))
    if "ferplus_majority" in given:
        majority = given["ferplus_majority"].lower()
        if majority not in ("unknown", "nf"):
            labels["emotion_ferplus"] = _index(FERPLUS, FERPLUS_NAMES.get(majority, majority))
    return labels


def _emotion(name: str) -> dict[str, int]:
    """The class of the product's six, and of FER2013's seven, which have no contempt."""
    name = EMOTION_NAMES.get(name, name)
    if name == "contempt":
        return {"emotion": SIX.index("Other")}
    index = _index(FER2013, name)
    return {"emotion": FER2013_TO_SIX[index], "emotion7": index}


def _age(text: str) -> dict[str, int]:
    """Years and their group; the group alone where the text is one."""
    if text in AGE_GROUPS or text == OLDEST:
        return {"age_group": _age_group(text)}
    years = _years(text)
    return {"age": years, "age_group": age_group_of(years)}


def _age_group(text: str) -> int:
    return _index(AGE_GROUPS, AGE_GROUPS[-1] if text == OLDEST else text)


def _years(text: str) -> int:
    try:
        return min(max(round(float(text)), 0), N_AGES - 1)
    except ValueError:
        raise LabelError(f"{text!r} is not an age in years.") from None


def _index(classes: tuple[str, ...], text: str) -> int:
    if text not in classes:
        raise LabelError(f"{text!r} is not one of {', '.join(classes)}.")
    return classes.index(text)


def _word(words: Mapping[str, int], text: str) -> int:
    if text not in words:
        raise LabelError(f"{text!r} is not one of {', '.join(words)}.")
    return words[text]
