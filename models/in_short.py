"""What was measured, in a few sentences for readers of no tables. All numbers come from the figures."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from models.card_tables import Figures

OLDEST = "70+"  # of the age groups


def sentences(measured: Callable[[str], Figures | None]) -> list[str]:
    """One sentence for each thing that was measured.

    Args:
        measured: what a measuring command wrote, by the name of its file; None: not measured.
    """
    told = {
        "fairface_dev": (_gender, _ethnicity),
        "utkface_dev": (_age, _oldest),
        "emotion_color_detected": (_expression,),
        "lfw_pairs": (_same_person,),
        "tracking": (_ids,),
    }
    found = [(figures, tellers) for name, tellers in told.items() if (figures := measured(name)) is not None]
    return [tell(figures) for figures, tellers in found for tell in tellers]


def _gender(figures: Figures) -> str:
    return f"Perceived gender is right in {_of_100(figures['gender']['accuracy'])} faces."


def _ethnicity(figures: Figures) -> str:
    name, share = _weakest(figures["ethnicity"]["recall"])
    return (
        f"Perceived ethnicity is right in {_of_100(figures['ethnicity']['accuracy'])} faces; the weakest class is "
        f"{name}, found in {_of_100(share)} labeled so."
    )


def _age(figures: Figures) -> str:
    return f"Apparent age is off by {figures['age']['mae']:.0f} years in the mean."


def _oldest(figures: Figures) -> str:
    oldest = figures["age"]["groups"]["age_group"][OLDEST]
    way = "low" if oldest["bias"] < 0 else "high"
    return f"The apparent age of people of 70 and over is {abs(oldest['bias']):.0f} years too {way} in the mean."


def _expression(figures: Figures) -> str:
    name, share = _weakest(figures["emotion"]["recall"])
    return (
        f"The expression shown is right in {_of_100(figures['emotion']['accuracy'])} color photos, by the whole path "
        f"of the product; the weakest class is {name}, found in {_of_100(share)} labeled so."
    )


def _same_person(figures: Figures) -> str:
    return f"Whether two photos show the same person is told right for {_of_100(figures['accuracy'])} pairs."


def _ids(figures: Figures) -> str:
    return (
        "Ids hold: in drawn scenes of several people, a face keeps its id through a shot in "
        f"{_of_100(figures['track_idf1'])} sightings, and a person over cuts in {_of_100(figures['person_idf1'])} "
        "(IDF1)."
    )


def _weakest(recall: Mapping[str, float]) -> tuple[str, float]:
    return min(recall.items(), key=lambda item: item[1])


def _of_100(share: float) -> str:
    """Rounded, but never up to all: what failed once is not certain."""
    return "more than 99 of 100" if 0.995 <= share < 1 else f"{100 * share:.0f} of 100"
