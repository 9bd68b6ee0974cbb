"""The tags of the annotated video: letters of any script, shaped, in the order in which they are read."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from analysis.lettering.drawable import BOX, isolated
from analysis.video.tag import MOST_SIGNS, shortened, tag
from tests.names import NAMES

ROOT = Path(__file__).parents[3]
SIZE_PX = 40.0
GOLD = (245, 193, 46)


def ink(text: str) -> NDArray[np.bool_]:
    """Where the letters are."""
    return tag(text, None, SIZE_PX)[..., :3].min(axis=2) > 128


@pytest.mark.parametrize("name", NAMES.values(), ids=NAMES)
def test_fault_75_names_of_every_script_are_drawn_and_are_no_boxes(name: str) -> None:
    assert ink(name).sum() > 300
    signs = [sign for sign in name if not sign.isspace()]
    boxes = ink(" ".join(BOX * len(signs)))
    assert ink(name).shape != boxes.shape or (ink(name) != boxes).any()


def test_fault_75_a_sign_that_no_font_holds_is_a_box() -> None:
    assert (ink("Ann \U00012000") == ink(f"Ann {BOX}")).all()


def test_fault_75_arabic_letters_are_joined() -> None:
    apart = ink("س\u200cا\u200cر\u200cة")
    joined = ink("سارة")
    assert joined.shape[1] < 0.9 * apart.shape[1]


def test_fault_75_thai_marks_stand_over_their_letter_and_inside_the_plate() -> None:
    assert abs(ink("ที่").shape[1] - ink("ท").shape[1]) <= 1
    assert ink("ที่สุ").any(axis=1)[[0, -1]].tolist() == [False, False], "nothing is cut off"


def test_fault_75_what_follows_a_name_from_right_to_left_stays_behind_it() -> None:
    assert ends_with_34(f"{isolated('سارة')} · 34") > 0.93
    assert ends_with_34("سارة · 34") < 0.8, "the number would stand before the name"


def ends_with_34(text: str) -> float:
    """How far the last letters look like "34": 1 is the same picture."""
    plate, number = ink(text), ink("34")
    first, last = number.any(axis=0).nonzero()[0][[0, -1]]
    end = plate.any(axis=0).nonzero()[0][-1]
    return float((plate[:, end - (last - first) : end + 1] == number[:, first : last + 1]).mean())


def test_the_square_has_its_color_and_stands_first() -> None:
    plate = tag("Ann", "#f5c12e", SIZE_PX)
    assert plate.shape[1] > tag("Ann", None, SIZE_PX).shape[1]
    row = plate[plate.shape[0] // 2]
    assert tuple(row[round(0.56 * SIZE_PX + 8)]) == (*GOLD, 255)
    assert row[0, 3] == pytest.approx(224, abs=2), "the picture shines through the plate"


def test_long_names_are_cut_between_signs() -> None:
    family = "👨‍👩‍👧"
    assert shortened(family * 60) == family * (MOST_SIGNS - 1) + "…"
    assert shortened(family * MOST_SIGNS) == family * MOST_SIGNS
    assert shortened(isolated("א" * 80)) == "\u2068" + "א" * (MOST_SIGNS - 2) + "\u2069…"


def test_fault_75_a_machine_without_fonts_draws_the_same(tmp_path: Path) -> None:
    (tmp_path / "fonts.conf").write_text("<fontconfig/>")
    program = (
        "import hashlib; from analysis.video.tag import tag; "
        "print(hashlib.sha256(tag('سارة 日本 🙂 สี', None, 40.0).tobytes()).hexdigest())"
    )
    places = [{"FONTCONFIG_FILE": str(tmp_path / "fonts.conf"), "HOME": str(tmp_path)}, {}]
    said = [
        subprocess.run(
            [sys.executable, "-c", program], cwd=ROOT, env={"PYTHONPATH": str(ROOT), **place}, capture_output=True,
            text=True, check=True,
        ).stdout
        for place in places
    ]  # fmt: skip
    assert said[0] == said[1]
