"""Real videos against what a person saw in them (`videos/truth.json` of the data folder)."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import jsonschema
import numpy as np
import pytest

from analysis.child import RequestRefused
from analysis.config import AnalysisConfig
from analysis.crew import Crew
from analysis.evaluate.looping import loop_to
from analysis.evaluate.people import is_single
from analysis.track.matching import match

pytestmark = [pytest.mark.slow]

ROOT = Path(__file__).parents[2]
SCHEMA = json.loads((ROOT / "docs/result.schema.json").read_text())
CONFIG = AnalysisConfig()
EDGE_S = 0.25
Result = dict[str, Any]
Analyze = Callable[[str], Result]

COUNTED = [
    "sad_to_happy_360p.mp4",
    "sad_to_happy_vfr.mkv",
    "no_face.mp4",
    "face_then_noface_hevc.mov",
    "noface_then_face_hevc.mov",
    "street_crowd_1080p.mp4",
    "street_crowd_vp9_540p.webm",
    "classroom_walkout_720p.mp4",
    "talking_head_mpeg1.mpg",
    "talking_head_mjpeg_odd_353x285.avi",
    "white_man_rotation90_metadata.mp4",
    "three_people_walk_up_480x270.mp4",
    "two_people_walking_wmv2.wmv",
    "panel_6_faces_join_leave.mp4",
    "black_man_address_512x388.mp4",
    "little_girl_talking_512.mp4",
    "older_woman_glasses_524.mp4",
    "shop_aisle_from_behind_480x270.mp4",
    "broken_truncated.mkv",
    "broken_truncated_faststart.mp4",
    "broken_bitflips_mpeg1.mpg",
]


@pytest.fixture(scope="module")
def videos(data_dir: Path) -> Path:
    return data_dir / "videos"


@pytest.fixture(scope="module")
def truth(videos: Path) -> dict[str, Any]:
    content: dict[str, Any] = json.loads((videos / "truth.json").read_text())
    return content


@pytest.fixture(scope="module")
def crew() -> Iterator[Crew]:
    with Crew("cpu") as crew:
        yield crew


@pytest.fixture(scope="module")
def analyze(videos: Path, crew: Crew) -> Analyze:
    """The result of a video, analyzed once."""
    known: dict[str, Result] = {}

    def result_of(name: str) -> Result:
        if name not in known:
            known[name] = json.loads(bytes_of(crew, videos / name))
            jsonschema.validate(known[name], SCHEMA)
        return known[name]

    return result_of


def bytes_of(crew: Crew, path: Path) -> bytes:
    with crew.analyzed(path, CONFIG) as finished:
        return (finished.folder / "result.json").read_bytes()


def presence(result: Result) -> tuple[float, float]:
    return min(track["start_s"] for track in result["tracks"]), max(track["end_s"] for track in result["tracks"])


@pytest.mark.parametrize("name", COUNTED)
def test_people_are_counted(name: str, analyze: Analyze, truth: dict[str, Any]) -> None:
    fewest, most = truth[name]["people"]
    assert fewest <= len(analyze(name)["people"]) <= most


@pytest.mark.parametrize("name", ["face_then_noface_hevc.mov", "noface_then_face_hevc.mov"])
def test_presence_starts_and_ends_where_it_does(name: str, analyze: Analyze, truth: dict[str, Any]) -> None:
    [(start_s, end_s)] = truth[name]["presence"]
    assert presence(analyze(name)) == pytest.approx((start_s, end_s), abs=EDGE_S)
    found = [shot["start_s"] for shot in analyze(name)["shots"]]
    assert all(min(abs(np.array(found) - cut)) < EDGE_S for cut in truth[name]["cuts"])


def test_one_face_is_one_track_through_the_clip(analyze: Analyze) -> None:
    result = analyze("sad_to_happy_360p.mp4")
    [track] = result["tracks"]
    duration_s = result["video"]["duration_s"]
    assert track["end_s"] - track["start_s"] >= 0.9 * duration_s
    assert track["in_view_s"] >= 0.8 * duration_s
    assert result["people"][0]["gender"]["label"] == "female"


def test_sad_becomes_happy(analyze: Analyze, truth: dict[str, Any]) -> None:
    [track] = analyze("sad_to_happy_360p.mp4")["tracks"]
    when, told = np.array(track["samples"]["time_s"]), np.array(track["samples"]["emotion"])
    for label, from_s, to_s in truth["sad_to_happy_360p.mp4"]["emotion"]:
        inside = told[(when >= from_s) & (when < to_s)]
        assert (inside == label).mean() >= 0.8, label


def test_the_twin_with_variable_frame_rate_agrees(analyze: Analyze) -> None:
    [original], [twin] = (analyze(name)["tracks"] for name in ("sad_to_happy_360p.mp4", "sad_to_happy_vfr.mkv"))
    assert twin["end_s"] == pytest.approx(original["end_s"], abs=EDGE_S)
    told = dict(zip(twin["samples"]["time_s"], twin["samples"]["emotion"], strict=True))
    pairs = [
        (label, told.get(time_s))
        for time_s, label in zip(original["samples"]["time_s"], original["samples"]["emotion"], strict=True)
        if not 5 <= time_s <= 12
    ]
    assert sum(a == b for a, b in pairs) >= 0.9 * len(pairs)


def test_six_people_join_and_leave_the_panel(analyze: Analyze, truth: dict[str, Any]) -> None:
    result = analyze("panel_6_faces_join_leave.mp4")
    found = sorted((track["start_s"], track["end_s"]) for track in result["tracks"])
    expected = sorted((start, end) for _, start, end in truth["panel_6_faces_join_leave.mp4"]["presence_by_person"])
    assert np.array(found) == pytest.approx(np.array(expected), abs=EDGE_S)


def test_the_sitcom_has_six_people_over_its_cuts(analyze: Analyze, truth: dict[str, Any]) -> None:
    result = analyze("sitcom_cuts_720p.mp4")
    assert len([person for person in result["people"] if person["in_view_s"] > 2]) == 6
    # the truth counts from the first picture, the result as a player does: here sound begins 1.704 s before
    start_s = min(track["start_s"] for track in result["tracks"]) - 0.1
    found = np.array([shot["start_s"] for shot in result["shots"]]) - start_s
    assert all(min(abs(found - cut)) < EDGE_S for cut in truth["sitcom_cuts_720p.mp4"]["cuts"])


def test_the_sitcom_shown_four_times_has_the_people_that_it_has_once(crew: Crew, videos: Path, tmp_path: Path) -> None:
    looped = loop_to(videos / "sitcom_cuts_720p.mp4", 120, tmp_path)
    with crew.analyzed(looped, AnalysisConfig(attributes=())) as finished:
        result = json.loads((finished.folder / "result.json").read_text())
    assert sum(person["in_view_s"] > 2 for person in result["people"]) == 6


def test_nobody_of_the_sitcom_is_mixed_with_another(
    analyze: Analyze, truth: dict[str, Any], videos: Path, data_dir: Path
) -> None:
    """Each track of more than a second gets the name, of those in its shot, whose reference picture it resembles."""
    result = analyze("sitcom_cuts_720p.mp4")
    named = truth["sitcom_cuts_720p.mp4"]["named"]
    names = matched_names(result, named, videos / "sitcom_cuts_720p.mp4", data_dir)
    told = [{names[track_id] for track_id in person["track_ids"] if track_id in names} for person in result["people"]]
    told = [each for each in told if each]
    assert all(len(each) == 1 for each in told), told
    assert sorted(name for each in told for name in each) == ["Chandler", "Joey", "Monica", "Phoebe", "Rachel", "Ross"]


def matched_names(result: Result, named: dict[str, list[str]], path: Path, data_dir: Path) -> dict[int, str]:
    """The name of each track, one to one in a shot: the reference pictures most similar to its best samples."""
    import av
    from PIL import Image

    from analysis.networks import open_networks
    from analysis.runtime import choose_device
    from analysis.track.embedding_distance import seen_from_mean

    networks = open_networks(AnalysisConfig(attributes=()), choose_device("cpu"))
    embeddings = {}
    for reference in sorted((data_dir / "reference/sitcom_cuts_720p").glob("*.jpg")):
        image = np.asarray(Image.open(reference).convert("RGB"))
        [found] = networks.detector(*image.shape[:2]).detect([image])
        largest = int(np.argmax(found.boxes[:, 2] - found.boxes[:, 0]))
        embeddings[reference.stem] = seen_from_mean(
            networks.embed_once(networks.cut_faces(image, found.landmarks[[largest]]))
        )[0]
    size = np.array([result["video"]["width"], result["video"]["height"]])
    wanted: dict[float, list[tuple[int, Any]]] = {}
    for track in result["tracks"]:
        if track["in_view_s"] > 1:
            samples = track["samples"]
            for i in np.argsort(samples["quality"])[-5:]:
                points = np.array(samples["landmarks"][i]) * size
                wanted.setdefault(samples["time_s"][i], []).append((track["track_id"], points.astype(np.float32)))
    seen: dict[int, list[Any]] = {}
    with av.open(str(path)) as container:
        shown, last = None, -1.0
        times = sorted(wanted)
        for frame in container.decode(video=0):
            while times and shown is not None and last <= times[0] + 1e-6 < frame.time:
                for track_id, points in wanted[times.pop(0)]:
                    image = shown.to_ndarray(format="rgb24")
                    seen.setdefault(track_id, []).append(
                        seen_from_mean(networks.embed_once(networks.cut_faces(image, points[None])))[0]
                    )
            shown, last = frame, frame.time
    start_s = min(track["start_s"] for track in result["tracks"]) - 0.1
    found: dict[int, str] = {}
    for span, names in named.items():
        from_s, to_s = (float(time_s) + start_s for time_s in span.split("-"))
        inside = [
            track["track_id"]
            for track in result["tracks"]
            if track["track_id"] in seen and from_s <= (track["start_s"] + track["end_s"]) / 2 < to_s
        ]
        here = sorted(set(names) | {name for name in embeddings if len(inside) > len(names)})
        unlike = np.array([[1 - float(np.mean(seen[i], axis=0) @ embeddings[name]) for name in here] for i in inside])
        found |= {inside[row]: here[column] for row, column in match(unlike, 3.0)}
    return found


def test_a_picture_turned_by_metadata_is_upright(analyze: Analyze, truth: dict[str, Any]) -> None:
    result = analyze("white_man_rotation90_metadata.mp4")
    width, height = truth["white_man_rotation90_metadata.mp4"]["upright_size"]
    assert (result["video"]["width"], result["video"]["height"]) == (width, height)
    eyes = np.array(result["tracks"][0]["samples"]["landmarks"])[:, :2]
    mouth = np.array(result["tracks"][0]["samples"]["landmarks"])[:, 3:]
    assert (eyes[..., 1].mean(axis=1) < mouth[..., 1].mean(axis=1)).all()


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("broken_truncated.mkv", "truncated"),
        ("broken_truncated_faststart.mp4", "truncated"),
        ("broken_bitflips_mpeg1.mpg", "damaged"),
    ],
)
def test_a_broken_file_is_analyzed_as_far_as_it_goes(
    name: str, code: str, analyze: Analyze, truth: dict[str, Any]
) -> None:
    [warning] = analyze(name)["warnings"]
    assert warning["code"] == code
    if code == "truncated":
        assert warning["from_s"] == pytest.approx(truth[name]["decodes_until"], abs=EDGE_S)


@pytest.mark.parametrize("name", ["broken_truncated_no_moov.mp4", "broken_text_named.mp4", "broken_empty.mp4"])
def test_what_cannot_be_opened_is_refused_with_a_sentence(name: str, crew: Crew, videos: Path) -> None:
    with pytest.raises(RequestRefused, match=r"\.$"):
        bytes_of(crew, videos / name)


@pytest.fixture(scope="module")
def told(analyze: Analyze, truth: dict[str, Any]) -> list[tuple[str, dict[str, Any], dict[str, Any]]]:
    """Videos of one person whom the truth describes: name, what was seen, what the result says."""
    singles = {name: entry["who"][0] for name, entry in truth.items() if is_single(entry)}
    assert len(singles) >= 9
    return [
        (name, who, max(analyze(name)["people"], key=lambda one: one["in_view_s"])) for name, who in singles.items()
    ]


def test_every_adult_gets_the_right_gender(told: list[tuple[str, dict[str, Any], dict[str, Any]]]) -> None:
    adults = [one for one in told if one[1]["age"][0] >= 18]
    assert [name for name, who, person in adults if person["gender"]["label"] != who["gender"]] == []


def test_nine_in_ten_age_intervals_meet_the_truth(told: list[tuple[str, dict[str, Any], dict[str, Any]]]) -> None:
    missed = [
        name for name, who, person in told
        if person["age"]["low"] > who["age"][1] or person["age"]["high"] < who["age"][0]
    ]  # fmt: skip
    assert len(missed) <= 0.1 * len(told), missed


# A man labeled Black is taken for Hispanic; the card says so. The wish is that nobody stands here.
WRONG_ETHNICITY = {"black_man_address_512x388.mp4"}


def test_ethnicity_is_right_or_unknown_but_for_one_man(told: list[tuple[str, dict[str, Any], dict[str, Any]]]) -> None:
    wrong = {name for name, who, person in told if person["ethnicity"]["label"] not in (who["ethnicity"], "unknown")}
    assert wrong <= WRONG_ETHNICITY


def test_nobody_who_moves_is_called_a_picture(analyze: Analyze) -> None:
    for name in COUNTED:
        assert not [track["track_id"] for track in analyze(name)["tracks"] if track["static"]], name


def test_the_same_run_twice_is_the_same_bytes_for_any_number_of_workers(videos: Path, tmp_path: Path) -> None:
    path = tmp_path / "sitcom_cuts_720p.mp4"
    path.symlink_to(videos / "sitcom_cuts_720p.mp4")
    results = []
    for n_workers in (1, 1, 2, 3):
        with Crew("cpu", n_workers) as crew:
            results.append(bytes_of(crew, path))
    assert len(set(results)) == 1
