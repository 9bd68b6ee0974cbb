"""Any text can be drawn with the fonts that ship: a sign that none of them holds is a box."""

from __future__ import annotations

import json
import unicodedata
from pathlib import Path

import pytest
import typst
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.lettering.drawable import BOX, drawable, isolated
from analysis.lettering.fonts import FAMILIES, FOLDER, signs_of, typst_fonts
from tests.names import NAMES

ARCHIVE = ["a-2a", "ua-1"]
WORDS = st.lists(st.text(st.characters(exclude_categories=("Cs",)), min_size=1, max_size=12), min_size=1, max_size=20)
JOINED = st.lists(
    st.text(st.sampled_from("👩🏽\u200d🚀❤\ufe0f🇩🇪1\u20e3สีأَキ\u3099각a\u0301\u202e\u2068"), min_size=1), min_size=1
)


def archive_copy(words: list[str], folder: Path) -> bytes:
    """A PDF of all words; typst refuses it if one sign has no glyph."""
    (folder / "data.json").write_text(json.dumps({"fonts": FAMILIES, "words": words}), encoding="utf-8")
    (folder / "page.typ").write_text(
        '#let data = json("data.json")\n#set document(title: "Names")\n#set text(font: data.fonts, lang: "en")\n'
        "#for word in data.words [#word \\ ]\n"
    )
    pdf = typst.compile(
        folder / "page.typ", root=folder, font_paths=typst_fonts(), ignore_system_fonts=True, pdf_standards=ARCHIVE
    )
    assert isinstance(pdf, bytes)
    return pdf


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("page")


@pytest.mark.parametrize("name", NAMES.values(), ids=NAMES)
def test_fault_75_signs_of_living_scripts_are_drawn_as_themselves(name: str) -> None:
    assert drawable(name) == unicodedata.normalize("NFC", name)


@pytest.mark.parametrize(
    ("text", "drawn"),
    [
        ("\ue000 \U000f0000", f"{BOX} {BOX}"),  # of private use
        ("x\u0e34", f"x{BOX}"),  # a Thai vowel on a Latin letter: no font holds both
        ("\U00012000", BOX),  # cuneiform
        ("one\ntwo\x00\u2028", "one two  "),
        ("\u1112\u1161\u11ab", "한"),  # letters as macOS stores them
        ("a\u202eb\ufeff", "ab"),
    ],
)
def test_fault_75_what_no_font_holds_is_a_box(text: str, drawn: str) -> None:
    assert drawable(text) == drawn


@settings(max_examples=60, deadline=None)
@given(WORDS | JOINED)
def test_fault_75_every_text_can_be_put_into_an_archive_copy(folder: Path, words: list[str]) -> None:
    assert archive_copy([drawable(word) for word in words], folder).startswith(b"%PDF")


def test_without_boxes_typst_would_refuse(folder: Path) -> None:
    with pytest.raises(typst.TypstError, match="could not be displayed"):
        archive_copy(["\U00012000"], folder)


def test_a_name_cannot_end_its_own_isolation() -> None:
    assert isolated("א\u2069b\u2068") == "\u2068אb\u2069"


def test_every_font_that_ships_is_asked_and_takes_little_room() -> None:
    assert {font.family for font in typst_fonts().fonts()} == set(FAMILIES)
    assert all(signs_of(family) for family in FAMILIES)
    assert sum(file.stat().st_size for file in FOLDER.iterdir()) < 15_000_000


def test_all_weights_of_inter_hold_the_same_signs() -> None:
    from fontTools.ttLib import TTFont

    held = {frozenset(TTFont(file).getBestCmap()) for file in FOLDER.glob("Inter-*.ttf")}
    assert len(held) == 1


def test_a_name_from_left_to_right_needs_no_isolation() -> None:
    assert isolated("Ann 王小明 🙂") == "Ann 王小明 🙂"
