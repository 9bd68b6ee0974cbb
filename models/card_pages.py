"""Writes the cards as Markdown: ``docs/accuracy.md`` (figures) and ``models/README.md`` (what ships, from where).

    python -m models.card_pages

A test builds both again and compares, so that they always agree with the figures and weights that ship.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from models.card_tables import CardTable, as_markdown
from models.cards import Card, ReliabilityBin, cards, measured
from models.in_short import sentences
from models.registry import WeightsSpec, specs
from models.tracking_table import tracking_tables

ROOT = Path(__file__).parent.parent
ACCURACY = Path("docs/accuracy.md")
README = Path("models/README.md")
DIAGRAMS = Path("docs/img")
SIDE, MARGIN = 180, 24
HOW_TO_READ = """## How to read the tables

- **Answered %, then right %**: the product says "unknown" where a network's confidence is under a floor. The first
  number is the share of faces that get an answer, the second the share of these answers that is right.
- **Whole path of the product**: the face is found in the photo, cut out and read as in a video; one that is not found
  counts as wrong. Elsewhere the picture is read as the data set cropped it.
- **Calibration error (chance alone)**: the mean difference between the stated confidence and the share of right
  answers; 0 is perfect. In brackets: what a perfectly calibrated network would show on so few pictures.
"""
TRACKING = """## Are ids stable?

Scenes of 8 to 12 s, rendered from a seed, with known truth. Photos of real faces (LFW, FairFace) move, turn, cross,
hide, blur, leave and return in front of real pictures. After a cut, dissolve or fade the same people appear in other
photos, taken on other days. The constants were chosen on scenes of other people. A face that is turned by more than
50°, blurred, in a transition or hidden by more than 30 % may be found or not. Measured by TrackEval, at 5 samples per
second.
"""
TRACKING_LIMITS = """### Limits

- The faces are flat photos: a turned head is a photo seen at an angle. Real heads and real blur are harder; tests
  check them on real clips.
- Where no two people are ever in view together, about 2 in 100 are counted wrongly with the same constants, because
  people with similar embeddings are joined.
- A dissolve of more than a second, or at the border of two chunks, may be missed.

### Tried without success

- Embeddings relative to the mean face of the same video or shot: people are not separated better.
- The nearest pair of crops, or a low quantile of all pairs, instead of pooled embeddings: as accurate, at a higher
  cost.
- Other weights of quality, from none to its fourth power; a margin to the second best instead of a limit.
- More than eight crops per track for a steadier age: with sixteen, two per second, the ages of two halves of a track
  differed by 1.1 years, as with eight.
"""


def pages() -> dict[Path, str]:
    """Content of every generated file, by path from the root of the project."""
    made = {ACCURACY: _accuracy(cards()), README: _readme(cards())}
    for card in cards():
        for title, bins in card.reliability.items():
            made[DIAGRAMS / _file_name(title)] = _diagram(title, bins)
    return made


def main() -> None:
    for path, content in pages().items():
        (ROOT / path).parent.mkdir(parents=True, exist_ok=True)
        (ROOT / path).write_text(content, encoding="utf-8")


# --- docs/accuracy.md ----------------------------------------------------------------------------------------------


def _accuracy(all_cards: Sequence[Card]) -> str:
    parts = [
        "# Accuracy\n",
        "<!-- Written by `python -m models.card_pages` from models/figures. Do not edit. -->\n",
        _in_short(),
        "Every figure here was measured by a command of this project (named below), with the weights that ship, on "
        "pictures that were not used in training. Attributes are what a face looks like: not what a person declares "
        "or feels.\n",
        HOW_TO_READ,
    ]
    for card in all_cards:
        if card.tables:
            parts.append(_card_section(card))
    parts += [_tracking(), _commands()]
    return "\n".join(part for part in parts if part)


def _in_short() -> str:
    told = "\n".join(f"- {sentence}" for sentence in sentences(measured))
    scope = (
        "Age, gender, ethnicity and expression are measured here on single pictures. A person of a video gets one "
        'answer, pooled over their best pictures, or "unknown". Accuracy differs between groups; the tables below say '
        "how much."
    )
    return f"## In short\n\n{told}\n\n{scope}\n"


def _card_section(card: Card) -> str:
    lines = [f"## {card.title}\n", f"{card.what}\n", f"{card.data}\n"]
    lines += [as_markdown(table) for table in card.tables]
    if card.moved:
        lines += ["### What changed the figures\n", *(as_markdown(table) for table in card.moved)]
    if card.reliability:
        lines.append("### Can its confidence be trusted?\n")
        lines.append(
            "On the diagonal, 80 of 100 answers with a confidence of 80 % are right. Larger dots are more faces.\n"
        )
        lines += [f"![Reliability: {title}](img/{_file_name(title)})" for title in card.reliability]
        lines.append("")
    lines.append("### Limits\n")
    lines += [f"- {limit}" for limit in (*card.limits, card.not_for)]
    if card.tried:
        lines += ["\n### Tried without success\n", *(f"- {one}" for one in card.tried)]
    return "\n".join(lines) + "\n"


def _tracking() -> str:
    figures = measured("tracking")
    if figures is None:
        return ""
    lines = [TRACKING, *(as_markdown(table) for table in tracking_tables(figures)), TRACKING_LIMITS]
    return "\n".join(lines)


def _commands() -> str:
    return """## Measure again

```sh
FACELINE_DATA=… make figures   # every figure above on the pictures of that folder, then these pages
```

The commands are `manage.py evaluate_faces`, `evaluate_expressions`, `evaluate_action_units`, `evaluate_attention`,
`evaluate_embedding`, `evaluate_people`, `compare_detectors`,
`evaluate_tracking` and `benchmark --networks`; `scripts/make_figures.sh` has them with their arguments. The tables of
what changed the figures come from `python -m models.training.compare`, which `make figures` does not run.
"""


# --- models/README.md ----------------------------------------------------------------------------------------------


def _readme(all_cards: Sequence[Card]) -> str:
    parts = [
        "# Networks\n",
        "<!-- Written by `python -m models.card_pages` from the manifest and models/figures. Do not edit. -->\n",
        "The networks that ship, their origin, and how they were trained. Figures per group: "
        "[docs/accuracy.md](../docs/accuracy.md). Weights are half-precision safetensors; `models/registry.py` "
        "compares their SHA-256 before use.\n",
        _weights_table(specs()),
    ]
    for card in all_cards:
        parts.append(f"## {card.title}\n\n{card.what}\n\n{card.data}\n\nTraining: `{card.training}`\n")
        parts.append("\n".join(f"- {limit}" for limit in (*card.limits, card.not_for)) + "\n")
    return "\n".join(parts)


def _weights_table(all_specs: Mapping[str, WeightsSpec]) -> str:
    columns = ("Network", "Version", "Crop", "License", "Source", "Trained on", "By commit", "SHA-256")
    rows = []
    for name, one in all_specs.items():
        crop = f"{one.input_px} px{f', {one.template}' if one.template else ''}" if one.input_px else ""
        rows.append((
            f"`{name}`", one.version, crop, one.licence, one.source, one.trained_on, one.training_commit,
            f"`{one.sha256[:12]}…`",
        ))  # fmt: skip
    return as_markdown(CardTable("Weights", columns, tuple(rows)))


# --- reliability diagrams ------------------------------------------------------------------------------------------


def _file_name(title: str) -> str:
    words = "".join(letter if letter.isalnum() else " " for letter in title.lower()).split()
    return f"reliability_{'_'.join(words)}.svg"


def _diagram(title: str, bins: Sequence[ReliabilityBin]) -> str:
    most = max(one.n for one in bins)
    dots = "".join(
        f'<circle cx="{MARGIN + one.confidence * SIDE:.1f}" cy="{MARGIN + (1 - one.accuracy) * SIDE:.1f}" '
        f'r="{2 + 6 * (one.n / most) ** 0.5:.1f}" fill="#0a7d6b" fill-opacity="0.8"/>'
        for one in bins
    )
    size = SIDE + 2 * MARGIN
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {size} {size}" width="{size}" height="{size}" '
        f'font-family="sans-serif" font-size="9" role="img"><title>Reliability: {title}</title>'
        f'<rect width="{size}" height="{size}" fill="#fff"/>'
        f'<rect x="{MARGIN}" y="{MARGIN}" width="{SIDE}" height="{SIDE}" fill="none" stroke="#999"/>'
        f'<line x1="{MARGIN}" y1="{MARGIN + SIDE}" x2="{MARGIN + SIDE}" y2="{MARGIN}" stroke="#bbb"/>{dots}'
        f'<text x="{MARGIN}" y="{size - 8}">confidence 0 to 1</text><text x="{MARGIN}" y="14">accuracy 0 to 1</text>'
        "</svg>\n"
    )


if __name__ == "__main__":
    main()
