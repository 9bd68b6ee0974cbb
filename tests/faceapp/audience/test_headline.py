"""The headline leads with plain words; the trade's term follows in brackets."""

from __future__ import annotations

from faceapp.audience.figures import audience_of
from faceapp.audience.glossary import WORDS
from faceapp.audience.templatetags.audience import figure
from tests.faceapp.audience.cast import made_person


def test_the_share_who_looked_says_how_many_of_how_many() -> None:
    people = [made_person(k, attention_s=2.0 if k < 3 else 0.0) for k in range(8)]
    shown = figure(audience_of(people).conversion_ratio, len(people))
    assert (shown["word"].term, shown["note"]) == ("Looked at the camera", "3 of 8 people")


def test_the_glossary_has_the_trade_term_in_brackets() -> None:
    assert WORDS["conversion_ratio"].full == "Looked at the camera (conversion ratio)"
    assert WORDS["ots"].full == "People seen (opportunity to see, OTS)"
    assert WORDS["peak"].full == "Peak"
