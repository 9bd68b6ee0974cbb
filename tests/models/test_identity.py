"""The branches' second expert, on the identity embedding."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import torch
from PIL import Image

from models.face_attributes import FEATURES, PairedBranch
from models.pictures import open_labeled
from models.training.face_losses import FaceTargets
from models.training.faces import FaceNetworks
from models.training.identity import fit_experts, weigh


def test_it_learns_what_the_vectors_say_and_leaves_the_first_expert_alone(tmp_path: Path) -> None:
    rows = ["file,age_group,gender,race7"]
    for i in range(400):
        rows.append(f"{i}.png,{'20-29,Female,Black' if i % 2 else '60-69,Male,Indian'}")
    (tmp_path / "labels.csv").write_text("\n".join(rows))
    Image.new("RGB", (8, 8)).save(tmp_path / "0.png")
    targets = FaceTargets.read(open_labeled(tmp_path))
    vectors = torch.nn.functional.normalize(torch.randn(400, 128, generator=torch.Generator().manual_seed(0)), dim=1)
    vectors[::2, 0] += 0.5
    torch.manual_seed(0)  # the layers begin at random
    network = FaceNetworks()
    before = {name: branch.of_feature[1].weight.clone() for name, branch in network.branches.items()}
    fit_experts(network.paired_branches, vectors, torch.arange(400), targets)
    said = network.age_gender.gender.read_embedding(vectors).argmax(1)
    assert (said == targets.labels["gender"]).float().mean() > 0.95
    for name, branch in network.branches.items():
        torch.testing.assert_close(branch.of_feature[1].weight, before[name])


def test_an_expert_that_knows_nothing_gets_no_say() -> None:
    torch.manual_seed(0)
    branch = PairedBranch(2).eval()
    truth = np.random.default_rng(0).integers(0, 2, 300)
    features = np.zeros((300, FEATURES), np.float32)
    features[:, 0] = np.where(truth, 4.0, -4.0)
    vectors = np.random.default_rng(1).normal(size=(300, 128)).astype(np.float32) / 11
    with torch.no_grad():
        branch.of_feature[1].weight.zero_()
        branch.of_feature[1].weight[0, 0], branch.of_feature[1].weight[1, 0] = 1.0, -1.0
        branch.of_feature[4].weight.zero_()
        branch.of_feature[4].weight[1, 0], branch.of_feature[4].weight[0, 1] = 1.0, 1.0
        branch.of_embedding[4].weight.mul_(100)
    assert weigh(branch, features, vectors, truth) == 0
    said = branch(torch.from_numpy(np.concatenate([features, vectors], 1))).argmax(1).numpy()
    assert (said == truth).all()
