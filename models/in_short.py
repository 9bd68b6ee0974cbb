"""A summary of what was measured, in a few sentences. All numbers come from the figures."""

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
    return f"Perceived gender is right for {_of_100(figures['gender']['accuracy'])} faces."


def _ethnicity(figures: Figures) -> str:
    name, share = _weakest(figures["ethnicity"]["recall"])
    return (
        f"Perceived ethnicity is right for {_of_100(figures['ethnicity']['accuracy'])} faces. The least accurate class "
        f"is {name}: {_of_100(share)} faces labeled so are recognized."
    )


def _age(figures: Figures) -> str:
    return f"Apparent age is off by {figures['age']['mae']:.0f} years on average."


def _oldest(figures: Figures) -> str:
    oldest = figures["age"]["groups"]["age_group"][OLDEST]
    way = "low" if oldest["bias"] < 0 else "high"
    return f"For people of 70 and over, apparent age is {abs(oldest['bias']):.0f} years too {way} on average."


def _expression(figures: Figures) -> str:
    name, share = _weakest(figures["emotion"]["recall"])
    return (
        f"The expression shown is right in {_of_100(figures['emotion']['accuracy'])} color photos, through the whole "
        f"path of the product. The least accurate class is {name}: {_of_100(share)} photos labeled so are recognized."
    )


def _same_person(figures: Figures) -> str:
    return f"Whether two photos show the same person is decided correctly for {_of_100(figures['accuracy'])} pairs."


def _ids(figures: Figures) -> str:
    return (
        "Ids are stable: in rendered scenes of several people, a face keeps its id through a shot in "
        f"{_of_100(figures['track_idf1'])} sightings, and a person keeps theirs over cuts in "
        f"{_of_100(figures['person_idf1'])} (IDF1)."
    )


def _weakest(recall: Mapping[str, float]) -> tuple[str, float]:
    return min(recall.items(), key=lambda item: item[1])


def _of_100(share: float) -> str:
    """ "93 of 100"; never "100 of 100" for a share below 1."""
    return "more than 99 of 100" if 0.995 <= share < 1 else f"{100 * share:.0f} of 100"
