"""Targets, augmentation, calibration; and that a training goes on after it was killed."""

from __future__ import annotations

import signal
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image

from models.emotion_classes import FERPLUS
from models.pictures import open_labeled
from models.training.ages import group_matrix, group_targets, year_targets
from models.training.augment import Recipe, change
from models.training.calibrate import best_temperature, floor_for, softmax
from models.training.emotion import EmotionLabels
from models.training.feeding import SMALL_SHARE, Feed
from models.training.split import split

ROOT = Path(__file__).resolve().parents[2]


def test_age_targets_are_distributions_that_keep_most_in_their_group() -> None:
    targets = group_targets()
    np.testing.assert_allclose(targets.sum(1), 1, rtol=1e-5)
    inside = (targets @ group_matrix()).diagonal()
    assert (inside > 0.6).all()
    assert (targets[3, 20:30] > targets[3, 40]).all()


def test_a_known_age_is_the_mean_of_its_target() -> None:
    means = year_targets() @ np.arange(101)
    np.testing.assert_allclose(means[5:96], np.arange(5, 96), atol=0.2)


def test_changed_pictures_depend_on_the_seed_alone() -> None:
    picture = np.random.default_rng(3).integers(0, 256, (96, 96, 3), np.uint8)
    recipe = Recipe(side_px=80)
    first, again, other = (change(picture, recipe, np.random.default_rng(seed)) for seed in (1, 1, 2))
    assert first.shape == (80, 80, 3)
    assert first.dtype == np.uint8
    assert (first == again).all()
    assert (first != other).any()


def test_without_any_change_the_picture_is_only_resized() -> None:
    picture = np.full((60, 60, 3), 77, np.uint8)
    still = Recipe(80, (1, 1), 0, 0, 0, 0, 0, 0, 0, 0, 0, 40, 0, 0)
    assert (change(picture, still, np.random.default_rng(0))[2:-2, 2:-2] == 77).all()


def test_an_epoch_has_each_picture_once_and_the_same_order_for_the_same_seed() -> None:
    feed = Feed(Path("unused"), np.arange(100), None, Recipe(80), batch=8, seed=5)
    assert sorted(feed.order(0)) == list(range(100))
    assert (feed.order(1) == feed.order(1)).all()
    assert (feed.order(0) != feed.order(1)).any()


def test_a_picture_that_is_there_in_two_sizes_is_drawn_in_both(tmp_path: Path) -> None:
    np.save(tmp_path / "large.npy", np.full((400, 24, 24, 3), 20, np.uint8))
    np.save(tmp_path / "small.npy", np.full((400, 12, 12, 3), 220, np.uint8))
    still = Recipe(24, (1, 1), 0, 0, 0, 0, 0, 0, 0, 0, 0, 40, 0, 0)
    feed = Feed(tmp_path / "large.npy", np.arange(400), None, still, 40, seed=1, small=tmp_path / "small.npy")
    pictures = torch.cat([some for some, _ in feed.batches(0)])
    assert pictures.shape == (400, 24, 24, 3)
    is_small = (pictures[:, 12, 12, 0] == 220).float()
    assert is_small.mean() == pytest.approx(SMALL_SHARE, abs=0.1)


def test_a_picture_of_which_only_the_majority_of_votes_is_known_teaches_it(tmp_path: Path) -> None:
    for name in ("a", "b"):
        Image.new("RGB", (8, 8)).save(tmp_path / f"{name}.png")
    head, row = "file,ferplus_majority,fp_happiness,fp_sadness", "a.png,happiness,,\nb.png,,1,9"
    (tmp_path / "labels.csv").write_text(f"{head}\n{row}\n")
    votes = EmotionLabels.read(open_labeled(tmp_path)).votes
    happiness, sadness = FERPLUS.index("happiness"), FERPLUS.index("sadness")
    assert votes[:, happiness].tolist() == [1, 0]  # a single vote is a slip
    assert votes[:, sadness].tolist() == [0, 1]


def test_the_held_out_part_is_never_trained_on() -> None:
    rows, held_out = split(np.arange(50), 10, seed=0)
    assert not set(rows) & set(held_out)
    assert len(rows) + len(held_out) == 50


def test_a_network_that_is_too_sure_gets_a_temperature_above_one() -> None:
    generator = np.random.default_rng(0)
    logits = generator.normal(size=(4000, 5)).astype(np.float32)
    truth = np.array([generator.choice(5, p=row / row.sum()) for row in softmax(logits, 1.0).astype(np.float64)])
    assert best_temperature(lambda t: softmax(logits * 3, t), truth) == pytest.approx(3, rel=0.1)
    assert 0.2 < floor_for(softmax(logits, 1.0), truth, accuracy=0.6) <= 0.95


@pytest.fixture(scope="module")
def material(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A small folder of labeled pictures, and a trunk without training."""
    from safetensors.torch import save_file

    from models.mobilenet import MobileNet

    folder = tmp_path_factory.mktemp("material")
    pictures = folder / "faces"
    pictures.mkdir()
    generator = np.random.default_rng(0)
    rows = ["file,emotion,usage,age_group,gender,race7,fp_happiness,fp_sadness"]
    for i in range(500):  # two epochs in 200 steps
        Image.fromarray(generator.integers(0, 256, (24, 24, 3), np.uint8)).save(pictures / f"{i}.png")
        said = "happy,train,20-29,Female,Black,9,0" if i % 2 else "sad,train,60-69,Male,Indian,0,9"
        rows.append(f"{i}.png,{said}")
    (pictures / "labels.csv").write_text("\n".join(rows))
    torch.manual_seed(0)
    save_file(MobileNet().state_dict(), folder / "trunk.safetensors")
    return folder


def command(name: str, material: Path, out: Path) -> list[str]:
    own = ["--side", "48", "--weighting", "dynamic"] if name == "train_faces" else []
    return [
        sys.executable, "manage.py", name, "--images", str(material / "faces"), "--trunk",
        str(material / "trunk.safetensors"), "--out", str(out), "--epochs", "1000", "--max-steps", "200",
        "--save-every", "20", "--batch", "4", "--threads", "1", *own,
    ]  # fmt: skip


@pytest.mark.slow
@pytest.mark.parametrize(("name", "weights"), [("train_faces", "head_ethnicity"), ("train_emotion", "emotion")])
def test_a_training_of_200_steps_that_was_killed_ends_as_if_it_had_not_been(
    name: str, weights: str, material: Path, tmp_path: Path
) -> None:
    killed, undisturbed = tmp_path / "killed", tmp_path / "undisturbed"
    first = subprocess.Popen(command(name, material, killed), cwd=ROOT, stderr=subprocess.DEVNULL)
    deadline = time.monotonic() + 600
    while not (killed / "checkpoint.pt").exists():
        assert first.poll() is None
        assert time.monotonic() < deadline
        time.sleep(0.1)
    first.send_signal(signal.SIGKILL)
    first.wait()
    reached = torch.load(killed / "checkpoint.pt", weights_only=True)["step"]
    assert 0 < reached < 200
    for out in (killed, undisturbed):
        subprocess.run(command(name, material, out), cwd=ROOT, check=True, capture_output=True, timeout=900)
    ends = [torch.load(out / "checkpoint.pt", weights_only=True) for out in (killed, undisturbed)]
    assert [end["step"] for end in ends] == [200, 200]
    assert ends[0]["figures"] == ends[1]["figures"]
    files = [(out / f"{weights}.safetensors").read_bytes() for out in (killed, undisturbed)]
    assert files[0] == files[1]
    assert (killed / "curves.svg").read_text().startswith("<svg")
