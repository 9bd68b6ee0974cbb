"""What `manage.py evaluate_tracking` measured, as tables. Cells are ready to be shown."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from models.card_tables import CardTable, Figures, percent

GROUPS: dict[str, Callable[[Figures], bool]] = {
    "1 to 4 people": lambda scene: scene["people"] <= 4,
    "5 to 8 people": lambda scene: 4 < scene["people"] <= 8,
    "9 to 12 people": lambda scene: scene["people"] > 8,
    "one shot": lambda scene: scene["shots"] == 1,
    "several shots": lambda scene: scene["shots"] > 1,
}
DIFFICULTIES = {  # of `figures["kinds"]`
    "replacement": "a new person at the place of another",
    "inset": "a speaker in a corner of what changes",
    "pan": "small faces while the camera swings",
    "disturbed_cut": "a flash or a jerk before a cut",
    "doubled": "doubled and missing frames",
}
SHARES = ("track_idf1", "person_idf1", "hota", "mota")
COUNTS = ("tracks", "people", "people_found")


def tracking_tables(figures: Figures) -> list[CardTable]:
    """The summary of all scenes, the same by kinds of scenes, and the further scenes of one difficulty each."""
    summary = CardTable(
        "All scenes together",
        ("Measure", "Value"),
        (
            ("IDF1 of tracks, within shots", f"{percent(figures['track_idf1'])} %"),
            ("IDF1 of people, over cuts", f"{percent(figures['person_idf1'])} %"),
            ("HOTA of tracks", f"{percent(figures['hota'])} %"),
            ("MOTA of tracks", f"{percent(figures['mota'])} %"),
            ("Clear faces found", f"{percent(figures['recall'])} %"),
            ("Faces found that are faces", f"{percent(figures['precision'])} %"),
            ("Switches in 100 tracks", f"{figures['switches_per_100_tracks']:.2f}"),
            ("People counted too many or too few", f"{percent(figures['count_error'])} %"),
        ),
        f"{figures['n_scenes']} scenes, {figures['n_tracks']} tracks, {figures['n_people']} people, seed "
        f"{figures['seed']}. Sums over all scenes first, ratios then.",
    )
    scenes: Sequence[Figures] = figures["scenes"]
    rows = [_row(name, chosen) for name, is_one in GROUPS.items() if (chosen := [one for one in scenes if is_one(one)])]
    columns = ("Scenes", "n", "IDF1 tracks %", "IDF1 people %", "HOTA %", "MOTA %", "Tracks", "People", "Counted")
    by_kind = CardTable("By kind of scene", columns, tuple(rows), "Means over the scenes of each kind.")
    return [summary, by_kind, *_difficulties(figures.get("kinds", {}))]


def _difficulties(kinds: Figures) -> list[CardTable]:
    if not kinds:
        return []
    rows = tuple(_difficulty(words, kinds[kind]) for kind, words in DIFFICULTIES.items())
    columns = ("Further scenes with", "n", "IDF1 tracks %", "IDF1 people %", "Switches in 100 tracks", "Count off by %")
    return [CardTable("Scenes of one difficulty", columns, rows, "Sums over the scenes of each first, ratios then.")]


def _difficulty(words: str, figures: Figures) -> tuple[str, ...]:
    return (
        words,
        str(figures["n_scenes"]),
        percent(figures["track_idf1"]),
        percent(figures["person_idf1"]),
        f"{figures['switches_per_100_tracks']:.2f}",
        percent(figures["count_error"]),
    )


def _row(name: str, scenes: Sequence[Figures]) -> tuple[str, ...]:
    def mean(key: str) -> Any:
        return sum(scene[key] for scene in scenes) / len(scenes)

    shares = [percent(mean(key)) for key in SHARES]
    return (name, str(len(scenes)), *shares, *(str(sum(scene[key] for scene in scenes)) for key in COUNTS))
