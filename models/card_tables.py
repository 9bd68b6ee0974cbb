"""Tables of the cards, made from the JSON that the measuring commands wrote. Cells are ready to be shown."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

DATA_SETS = {
    "fairface_dev": "FairFace, validation",
    "utkface_dev": "UTKFace",
    "fer2013_private": "FER2013, private part",
    "emotion_color": "color photos (LFW)",
    "emotion_color_detected": "color photos (LFW), whole path of the product",
    "lfw_pairs": "LFW pairs",
}
ATTRIBUTES = {
    "ethnicity": "Ethnicity, 5 classes",
    "race7": "FairFace's own 7 classes (not used by the product)",
    "gender": "Gender",
    "age_group": "Age group, 9 classes",
    "age_levi_hassner": "Age group, the 8 of Levi & Hassner",
    "age": "Age in years",
    "emotion": "Emotion, the product's 6 classes",
    "emotion7": "Emotion, FER2013's own 7 labels",
    "emotion_ferplus": "Emotion, majority of FER+ votes, 8 classes",
}
COMPARED = ("age_group", "gender", "ethnicity", "race7")
DIVISIONS = {"gender": "Gender", "ethnicity": "Ethnicity", "age_group": "Age group"}
PAIR = "gender × ethnicity"  # shown of the two-way tables; the others lie in the JSON
KINDS = {
    "all": "All faces", "single_faces": "Single faces", "several_people": "Several people",
    "turned_away": "Turned away", "partly_hidden": "Partly hidden",
}  # fmt: skip
Figures = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class CardTable:
    """A table of a card."""

    title: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    note: str = ""


def tables(found: Mapping[str, Figures], attributes: Sequence[str]) -> Iterator[CardTable]:
    """All tables of a network, the overview first.

    Args:
        found: what was measured, by data set.
        attributes: in the order in which they are shown.
    """
    if "lfw_pairs" in found:
        yield _pairs_table(found["lfw_pairs"])
    if "videos_acted" in found:
        yield _acted_table(found["videos_acted"])
    if "ckplus_au" in found:
        yield _units_table(found["ckplus_au"])
    if "gaze_camera" in found:
        yield _camera_table(found["gaze_camera"])
    if "detection_wider" in found:
        yield from _detectors_tables(found["detection_wider"])
    entries = [(name, part, figures[name]) for name in attributes for part, figures in found.items() if name in figures]
    classified = [entry for entry in entries if "accuracy" in entry[2]]
    if classified:
        yield _overview(classified)
    if "videos" in found:
        yield _people_table(found["videos"])
    for _, part, figures in (entry for entry in entries if entry[0] == "age"):
        yield _age_table(part, figures)
    for name, part, figures in classified:
        yield _recall_table(name, part, figures)
        if figures.get("groups"):
            yield _groups_table(name, part, figures)
        if cells := figures.get("pairs", {}).get(PAIR):
            yield _cells_table(name, part, cells)


def aims_table(found: Mapping[str, Figures], aims: Sequence[Mapping[str, Any]]) -> CardTable:
    """What was aimed at and what was reached.

    Args:
        found: what was measured, by data set.
        aims: "what" in words; "measured" and "path" (keys with dots between) to the figure; "bar" and its "unit";
            "at_most" where less is better.
    """
    rows = []
    for aim in aims:
        if aim["measured"] not in found:
            continue
        figure: Any = found[aim["measured"]]
        for key in aim["path"].split("."):
            figure = figure[key]
        is_most, bar = bool(aim.get("at_most")), aim["bar"]
        is_met = figure <= bar if is_most else figure >= bar
        said = f"{'≤' if is_most else '≥'} {_in_unit(bar, aim['unit'])}"
        rows.append((aim["what"], "yes" if is_met else "no", _in_unit(figure, aim["unit"]), said))
    # whether it is met comes early: on a phone the last columns lie beyond the border
    return CardTable("What was aimed at", ("Figure", "Met", "Reached", "Aimed at"), tuple(rows))


def _in_unit(value: float, unit: str) -> str:
    return f"{100 * value:.1f} %" if unit == "%" else f"{value:.2f} {unit}"


def cost_table(costs: Figures, networks: Sequence[str]) -> CardTable:
    """Milliseconds a crop of these networks."""
    rows = []
    for name in networks:
        cost = costs["networks"].get(name)
        if cost:
            side = f"{cost['input_px']} px" if cost["input_px"] else "features"
            rows.append((f"{name}", side, f"{cost['ms']:.2f}", f"{cost['ms_of_4']:.2f}"))
    if "trunk" in networks:
        whole = costs["face_attributes"]
        rows.append(("trunk and both heads", "", f"{whole['ms']:.2f}", f"{whole['ms_of_4']:.2f}"))
    device, machine = costs["device"], costs["machine"]
    note = (
        f"{device['runtime']}, {device['precision']}, {device['threads']} thread, {machine['processor']}; median "
        "computing time, which is what a clock shows when nothing else runs."
    )
    columns = ("Network", "Crop", "Milliseconds, one crop", "Of four at once")
    return CardTable("Cost on one core", columns, tuple(rows), note)


def comparison_tables(comparison: Figures, costs: Figures | None) -> Iterator[CardTable]:
    """What moved the figures: each table's rows differ in one thing and in nothing else."""
    if found := comparison.get("loss_weights"):
        weights = ", ".join(f"{weight:.2f}" for weight in found["dynamic_weights"])
        fixed = ", ".join(f"{weight:.2f}" for weight in found["fixed_weights"])
        note = (
            f"Heads on the frozen trunk at 224 px, {found['n_training']:,} faces, mean of three seeds. Fixed weights "
            f"of age, gender, ethnicity: {fixed} (the best of six). Dynamic: a layer with softmax over the features "
            f"(Mishra et al.), whose weights came out as {weights}; the losses' sum counts {found['summed_weight']:g} "
            "times (the best of three)."
        )
        yield _compared("Weights of the three losses", "Weights", found["rows"], note + _held_out(found))
    if found := comparison.get("depth"):
        note = f"{found['steps']} steps of 64 faces at {found['side_px']} px, one rate."
        yield _compared("How much of the trunk is trained", "Trained", found["rows"], note + _held_out(found))
    if found := comparison.get("input_size"):
        note = f"{found['steps']} steps of 64 faces, the same layers trained." + _held_out(found)
        yield _with_cost(_compared("Side of the crop against cost", "Side, px", found["rows"], note), costs)
    if found := comparison.get("svm"):
        names = {"svm": "RBF support vector machine on 128 numbers", "heads": "heads on the frozen trunk"}
        rows = {names[name]: row for name, row in found["rows"].items()}
        note = (
            f"{found['n_training']:,} faces. The machine is the base line of Mishra et al.; its 128 numbers are those "
            "of the embedding, cut out of FairFace's crops at the mean place of their landmarks."
        )
        yield _compared("Base line", "What", rows, note + _held_out(found))


# --- classes -------------------------------------------------------------------------------------------------------


def _overview(entries: Sequence[tuple[str, str, Figures]]) -> CardTable:
    rows = []
    for name, part, figures in entries:
        covered = figures["accuracy_covered"]
        gap = figures.get("largest_gap")
        rows.append((
            ATTRIBUTES[name], _data_set(part), f"{figures['n']:,}",
            _with_interval(figures["accuracy"], figures["accuracy_interval"]), percent(figures["macro_accuracy"]),
            percent(figures["within_one_group"]) if "within_one_group" in figures else "",
            "" if gap is None else percent(gap),
            f"{figures['ece']:.3f} ({figures['ece_if_perfect']:.3f})",
            f"{percent(figures['coverage'])}, then {percent(covered)}" if figures["floor"] and covered else "",
        ))  # fmt: skip
    columns = (
        "Attribute", "Measured on", "n", "Accuracy % (95 % interval)", "Mean of classes %", "Within one group %",
        "Largest gap, points", "Calibration error (chance alone)", "Answered %, then right %",
    )  # fmt: skip
    told = [i for i in range(len(columns)) if any(row[i] for row in rows)]  # an expression has no group beside it
    gap_note = " The gap is the largest between two groups of 30 or more people."
    return CardTable(
        "How often it is right",
        tuple(columns[i] for i in told),
        tuple(tuple(row[i] for i in told) for row in rows),
        "One crop and its mirror image." + (gap_note if "Largest gap, points" in (columns[i] for i in told) else ""),
    )


def _recall_table(name: str, part: str, figures: Figures) -> CardTable:
    classes, counts = figures["confusion"]["classes"], figures["confusion"]["rows_truth"]
    rows = tuple(
        (one, f"{sum(row):,}", percent(figures["recall"][one]), _confused_with(classes, i, row))
        for i, (one, row) in enumerate(zip(classes, counts, strict=True))
        if one in figures["recall"]
    )
    title = f"{ATTRIBUTES[name]}: found among those labeled so, {_data_set(part)}"
    return CardTable(title, ("Class", "n", "Found %", "Most often taken for"), rows)


def _confused_with(classes: Sequence[str], index: int, row: Sequence[int]) -> str:
    others = [(count, classes[i]) for i, count in enumerate(row) if i != index]
    count, name = max(others)
    return f"{name} ({percent(count / max(sum(row), 1))} %)" if count else ""


def _groups_table(name: str, part: str, figures: Figures) -> CardTable:
    rows = tuple(
        (DIVISIONS[division], group, f"{cell['n']:,}", _with_interval(cell["accuracy"], cell["interval"]))
        for division, cells in figures["groups"].items()
        for group, cell in cells.items()
    )
    gaps = [f"{DIVISIONS[division].lower()} {percent(gap)}" for division, gap in figures["gaps"].items()]
    title = f"{ATTRIBUTES[name]}: accuracy per group, {_data_set(part)}"
    note = f"Largest gap in points, groups of 30 or more: {', '.join(gaps)}." if gaps else ""
    return CardTable(title, ("Divided by", "Group", "n", "Accuracy % (95 % interval)"), rows, note)


def _cells_table(name: str, part: str, cells: Mapping[str, Figures]) -> CardTable:
    rows = tuple(
        (group, f"{cell['n']:,}", _with_interval(cell["accuracy"], cell["interval"])) for group, cell in cells.items()
    )
    title = f"{ATTRIBUTES[name]}: accuracy by gender and ethnicity together, {_data_set(part)}"
    return CardTable(title, ("Group", "n", "Accuracy % (95 % interval)"), rows)


# --- years, pairs, detectors, comparisons --------------------------------------------------------------------------


def _age_table(part: str, figures: Figures) -> CardTable:
    rows = [("all", "", *_age_cells(figures))]
    for division, cells in figures["groups"].items():
        rows += [(DIVISIONS[division], group, *_age_cells(cell)) for group, cell in cells.items()]
    columns = ("Divided by", "Group", "n", "Mean absolute error, years", "Mean error, years", "Interval holds %",
               "Interval, years wide")  # fmt: skip
    note = (
        "The interval is meant to hold the apparent age in 90 of 100 faces; how wide it must be for that was found on "
        "faces held out of training, every year of age counting alike."
    )
    return CardTable(f"Age in years, {_data_set(part)}", columns, tuple(rows), note)


def _age_cells(figures: Figures) -> tuple[str, ...]:
    held = _with_interval(figures["interval_coverage"], figures["interval_coverage_interval"])
    if figures["mae"] is None:
        return (f"{figures['n']:,}", "", "", held, "")
    return (
        f"{figures['n']:,}", f"{figures['mae']:.2f}", f"{figures['bias']:+.1f}", held,
        f"{figures['interval_width']:.0f}",
    )  # fmt: skip


def _acted_table(figures: Figures) -> CardTable:
    confusion = figures["confusion"]
    rows = [("all", f"{figures['n']}", _with_interval(figures["accuracy"], figures["accuracy_interval"]), "")]
    for label, recall in figures["recall"].items():
        said = confusion[label]
        wrong = max(((n, answer) for answer, n in said.items() if answer != label), default=None)
        rows.append((label, f"{sum(said.values())}", percent(recall), f"{wrong[1]} ({wrong[0]})" if wrong else ""))
    note = (
        "Clips of 1 to 6 s of people who act or speak; the answer is that of the track longest in view, and "
        f'"unknown" is wrong. Mean of the labels: {percent(figures["mean_recall"])} %. The labels are those of the '
        f"clips' sources. False alarms in the neutral clips: {figures['false_alarms_per_min']:g} per minute."
    )
    columns = ("Labeled", "Clips", "Right % (95 % interval)", "Most often taken for")
    return CardTable("Expression of whole clips", columns, tuple(rows), note)


def _units_table(figures: Figures) -> CardTable:
    rows = tuple(
        (
            f"{number} {unit['name'].lower()}", f"{unit['n']}", "" if unit["f1"] is None else f"{unit['f1']:.2f}",
            "" if unit["auc"] is None else f"{unit['auc']:.2f}", "yes" if unit["is_judged"] else "no",
        )
        for number, unit in figures["units"].items()
    )  # fmt: skip
    note = (
        f"{figures['n']} posed faces with codes (CK+, Lucey et al. 2010), each against the same person's neutral "
        f"pictures; seen from strength 1 on. Mean of the units that count: F1 {figures['mean_f1']:.2f}, AUC "
        f"{figures['mean_auc']:.2f}. A unit with fewer than 10 labels, and the weak ones, do not count."
    )
    return CardTable("Action units", ("Unit", "Faces labeled", "F1", "AUC", "Counts"), rows, note)


def _camera_table(figures: Figures) -> CardTable:
    row = (
        f"{figures['n']}", f"{figures['auc']:.2f} ({figures['auc_interval'][0]:.2f}-{figures['auc_interval'][1]:.2f})",
        _with_interval(figures["accuracy"], figures["accuracy_interval"]), f"{figures['by_eyes']}",
    )  # fmt: skip
    columns = ("Pictures", "AUC (95 % interval)", "Right % (95 % interval)", "Read by the eyes")
    return CardTable("Looks into the camera", columns, (row,), "Labeled by one observer; closed eyes are not looking.")


def _pairs_table(figures: Figures) -> CardTable:
    row = (
        f"{figures['n']:,}", _with_interval(figures["accuracy"], figures["accuracy_interval"]),
        f"{figures['threshold']:.3f}", str(figures["missed"]),
    )  # fmt: skip
    columns = ("Pairs", "Accuracy % over folds (95 % interval)", "Threshold (cosine)", "Pairs with a face not found")
    return CardTable("Same person or not, LFW pairs", columns, (row,))


def _people_table(figures: Figures) -> CardTable:
    def counted(key: str) -> str:
        return f"{figures[key]['right']} of {figures[key]['n']}"

    def mean(kind: str, key: str, unit: str, factor: float = 1.0) -> str:
        return f"{factor * figures[kind][key]:.1f} {unit}"

    rows = (
        ("Gender of adults (unknown is wrong)", counted("gender_of_adults"), mean("pooled", "gender_right", "%", 100),
         mean("single_crops", "gender_right", "%", 100)),
        ("Age: the interval meets the true range", counted("age_overlaps"), "", ""),
        ("Age: distance from the middle of the true range", "", mean("pooled", "age_error", "years"),
         mean("single_crops", "age_error", "years")),
        ("Age: deviation between the halves of a track", "", f"{figures['age_halves_deviation']:.1f} years", ""),
        ("Ethnicity right", counted("ethnicity_right"), "", ""),
        ("Ethnicity right or unknown", counted("ethnicity_right_or_unknown"), "", ""),
    )  # fmt: skip
    note = f"{figures['n_videos']} videos of one person each; the truth is what somebody saw in them."
    return CardTable("One person of a video: pooled against single crops",
                 ("What", "Videos", "Pooled over the best crops", "Mean of single crops"), rows, note)  # fmt: skip


def _detectors_tables(figures: Figures) -> Iterator[CardTable]:
    detectors = {"mtcnn": "MTCNN", "haar": "Haar cascade"}
    rows = []
    for kind, said in KINDS.items():
        for name, title in detectors.items():
            one = figures["detectors"][name][kind]
            precision = one.get("precision")
            rows.append((
                said, title, f"{one['n_faces']:,}", _with_interval(one["recall"], one["recall_interval"]),
                "" if precision is None else _with_interval(precision, one["precision_interval"]),
            ))  # fmt: skip
    note = (
        f"{figures['n_photos']} photos of WIDER FACE's validation part (Yang et al. 2016); faces of at least "
        f"{figures['smallest_face_px']} px, found when boxes overlap by {figures['least_iou']:g} (IoU). Median "
        "computing time a photo: " + ", ".join(
            f"{title} {figures['detectors'][name]['ms_per_photo']['median']:.0f} ms"
            for name, title in detectors.items()
        ) + "."
    )  # fmt: skip
    columns = ("Faces", "Detector", "n", "Found % (95 % interval)", "Right among the finds % (95 % interval)")
    yield CardTable("MTCNN against Haar", columns, tuple(rows), note)


def _compared(title: str, first: str, rows: Mapping[str, Figures], note: str) -> CardTable:
    names = [name for name in COMPARED if all(name in row for row in rows.values())]
    columns = (first, *(f"{ATTRIBUTES[name].partition(' (')[0]} %" for name in names))
    cells = tuple((key, *(percent(row[name]) for name in names)) for key, row in rows.items())
    return CardTable(title, columns, cells, note)


def _with_cost(table: CardTable, costs: Figures | None) -> CardTable:
    if costs is None:
        return table
    of_side = costs["networks"]["trunk"]["of_side_px"]
    rows = tuple((*row, f"{of_side[row[0]]['ms']:.1f}" if row[0] in of_side else "") for row in table.rows)
    return CardTable(table.title, (*table.columns, "Trunk, milliseconds a crop"), rows, table.note)


def _held_out(found: Figures) -> str:
    return f" Measured on {found['n']:,} faces held out of training; a standard error is about a point."


def _data_set(part: str) -> str:
    return DATA_SETS.get(part, part)


# --- cells ---------------------------------------------------------------------------------------------------------


def percent(share: float) -> str:
    return f"{100 * share:.1f}"


def _with_interval(share: float, interval: Sequence[float]) -> str:
    return f"{percent(share)} ({percent(interval[0])}-{percent(interval[1])})"


def as_markdown(table: CardTable) -> str:
    """The table as Markdown, with its title and note."""
    lines = [f"**{table.title}**\n", _row(table.columns), _row(["---"] * len(table.columns))]
    lines += [_row(row) for row in table.rows]
    if table.note:
        lines += ["", table.note]
    return "\n".join(lines) + "\n"


def _row(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cells)} |"
