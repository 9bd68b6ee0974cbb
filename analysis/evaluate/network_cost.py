"""Milliseconds a crop of each network, on one core: what an attribute costs."""

from __future__ import annotations

import time
from collections.abc import Sequence
from typing import Any

import numpy as np

from analysis.evaluate.machine import described
from analysis.runtime import Array, Device, load
from models import registry
from models.face_attributes import DESCRIPTION

BATCH_SIZES = (1, 4)
TRUNK_SIDES_PX = (112, 160, 224)  # the trunk takes any; what others would cost
SECONDS_EACH = 1.5
FEWEST_RUNS = 10


def network_costs(device: Device) -> dict[str, Any]:
    """By network: side of its crop, milliseconds a crop, alone and in a batch of four.

    It is computing time of the processor, median: what a clock shows when nothing else runs.

    P-Net is left out: it reads whole pictures.

    Raises:
        WeightsError: weights are missing or changed.
    """
    costs: dict[str, dict[str, Any]] = {}
    for name, facts in registry.specs().items():
        if name != "pnet":
            costs[name] = {"input_px": facts.input_px, **_cost(name, _shape(facts.input_px), device)}
    costs["trunk"]["of_side_px"] = {str(side): _cost("trunk", (side, side, 3), device) for side in TRUNK_SIDES_PX}
    attributes = ("trunk", "head_age_gender", "head_ethnicity")
    return {
        "weights": {name: registry.spec(name).sha256 for name in costs},
        "networks": costs,
        "face_attributes": {key: round(sum(costs[name][key] for name in attributes), 3) for key in ("ms", "ms_of_4")},
        "device": {"name": device.name, "runtime": device.runtime, "precision": device.precision, "threads": 1},
        "machine": described(),
    }


def _shape(input_px: int | None) -> tuple[int, ...]:
    return (input_px, input_px, 3) if input_px else (DESCRIPTION,)


def _cost(name: str, shape: Sequence[int], device: Device) -> dict[str, float]:
    network = load(name, device, batch_sizes=BATCH_SIZES)
    kind = np.uint8 if len(shape) == 3 and name not in ("rnet", "onet") else np.float32
    generator = np.random.default_rng(0)
    one, four = ((generator.random((n, *shape)) * 255).astype(kind) for n in BATCH_SIZES)
    return {"ms": _median_ms(network, one), "ms_of_4": _median_ms(network, four)}


def _median_ms(network: Any, batch: Array) -> float:
    network(batch)  # compiles
    runs: list[float] = []
    until = time.perf_counter() + SECONDS_EACH
    while len(runs) < FEWEST_RUNS or time.perf_counter() < until:
        began = time.process_time()
        network(batch)
        runs.append(time.process_time() - began)
    return round(1000 * float(np.median(runs)) / len(batch), 3)
