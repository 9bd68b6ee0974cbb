"""A network's module in, something fast on this device out: OpenVINO on a CPU, torch on a GPU. NumPy in and out.

On a CPU the converted network (IR) is kept on disk, so that a worker whose cache is warm never imports torch: that
saves two seconds and 200 MB a process. ``python -m analysis.runtime`` converts all networks beforehand.

Every shape that is asked for is compiled once and kept. To keep these few, :meth:`Network.batched` cuts any number of
items into fixed batch sizes. One thread each: processes, not threads, fill the cores.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import sys
import tempfile
import warnings
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import cache
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
from numpy.typing import NDArray

from models import registry
from models.processor import computes_in_bf16

if TYPE_CHECKING:
    from torch import nn

Array = NDArray[Any]
Outputs = tuple[Array, ...]
Run = Callable[[Array], Outputs]

REPOSITORY = Path(__file__).resolve().parent.parent
GPU_BATCH_SIZES = (1, 4, 16, 64)
# what MTCNN's networks are traced with (the shapes stay open): pictures after resampling, so not rounded to uint8
_RESAMPLED_SIDE_PX = {"pnet": 64, "rnet": 24, "onet": 48}
# modules of `models` that a network is made of: what the registry's factories import, and what these do
_DECLARING = (
    "embedding", "emotion", "emotion_classes", "face_attributes", "labels", "mobilenet", "motion", "motion_points",
    "mtcnn",
)  # fmt: skip


class DeviceError(ValueError):
    """The device that was asked for is not there; the message is a sentence for the user."""


@dataclass(frozen=True, slots=True)
class Device:
    """Where networks run, and by what."""

    name: Literal["cpu", "cuda"] = "cpu"
    runtime: Literal["openvino", "torch"] = "openvino"
    precision: Literal["f32", "bf16"] = "f32"


def choose_device(name: str = "auto") -> Device:
    """The device of this name; "auto" takes CUDA when there is a card, else the CPU.

    Raises:
        DeviceError: the name is unknown, or "cuda" was asked for and no card can be used.
    """
    if name not in ("auto", "cpu", "cuda"):
        raise DeviceError(f"Unknown device {name!r}; there are auto, cpu, cuda.")
    if name != "cpu" and _has_cuda():
        return Device("cuda", "torch")
    if name == "cuda":
        raise DeviceError("No CUDA device can be used here. Choose auto or cpu.")
    return Device(precision="bf16" if computes_in_bf16() else "f32")


def _has_cuda() -> bool:
    """Torch is asked only where a driver of NVIDIA lies: importing it for nothing takes two seconds."""
    if not (Path("/proc/driver/nvidia").exists() or shutil.which("nvidia-smi")):
        return False
    import torch

    return torch.cuda.is_available()


class Network:
    """A network on a device. Same input, same bits; not to be shared between threads."""

    def __init__(self, compile_shape: Callable[[tuple[int, ...]], Run], batch_sizes: Sequence[int]) -> None:
        self._compile_shape = compile_shape
        self._batch_sizes = tuple(sorted(set(batch_sizes), reverse=True))
        self._compiled: dict[tuple[int, ...], Run] = {}

    def compile(self, item_shape: tuple[int, ...]) -> None:
        """Make ready for all batch sizes of items of one shape."""
        for size in self._batch_sizes:
            self._run_for((size, *item_shape))

    def __call__(self, batch: Array) -> Outputs:
        """All outputs for a batch [n, …], n > 0, run in one piece; its shape is compiled at first use."""
        return self._run_for(batch.shape)(batch)

    def _run_for(self, shape: tuple[int, ...]) -> Run:
        if shape not in self._compiled:
            self._compiled[shape] = self._compile_shape(shape)
        return self._compiled[shape]

    def batched(self, items: Array) -> Outputs:
        """All outputs for items [n, …], n may be 0, run in the network's fixed batch sizes."""
        pieces = [self._piece(items[start:end], size) for start, end, size in self._cuts(len(items))]
        if not pieces:
            smallest = self._batch_sizes[-1]
            return tuple(output[:0] for output in self(np.zeros((smallest, *items.shape[1:]), items.dtype)))
        return tuple(np.concatenate(parts) for parts in zip(*pieces, strict=True))

    def _piece(self, items: Array, size: int) -> Outputs:
        n_missing = size - len(items)
        if n_missing:
            items = np.concatenate([items, np.zeros((n_missing, *items.shape[1:]), items.dtype)])
        return tuple(output[: size - n_missing] for output in self(items))

    def _cuts(self, n: int) -> list[tuple[int, int, int]]:
        """Start, end and batch size of the pieces that n items are run in: the largest that fits, the last padded."""
        cuts, start = [], 0
        while start < n:
            size = next((size for size in self._batch_sizes if size <= n - start), self._batch_sizes[-1])
            cuts.append((start, min(start + size, n), size))
            start += size
        return cuts


def load(name: str, device: Device, batch_sizes: Sequence[int] = (1,)) -> Network:
    """A network of `models.registry`, ready to run.

    Args:
        batch_sizes: those of a CPU, where a batch spares small pictures the reading of large weights again and again,
            and gains nothing for large ones; a GPU takes `GPU_BATCH_SIZES`.

    Raises:
        KeyError: there is no network of this name.
        models.registry.WeightsError: its weights are missing or changed.
    """
    if device.runtime == "torch":
        return Network(_torch_compiler(registry.build(name), device), GPU_BATCH_SIZES)
    network = Network(_openvino_compiler(converted(name), device), batch_sizes)
    if side_px := registry.spec(name).input_px:  # now, not when the first face is seen
        network.compile((side_px, side_px, 3))
    return network


def compiled_file(path: Path, shape: tuple[int, ...]) -> Run:
    """A network of a file that OpenVINO reads, in place of one of the registry: for measuring and training."""
    return _openvino_compiler(path, Device())(shape)


def in_f32(device: Device) -> Device:
    """The same device, for a network whose answers bf16 would make coarse."""
    return replace(device, precision="f32")


# --- torch ---------------------------------------------------------------------------------------------------------


def _torch_compiler(module: nn.Module, device: Device) -> Callable[[tuple[int, ...]], Run]:
    import torch

    module = module.to(device.name)
    dtype = torch.bfloat16 if device.precision == "bf16" else torch.float32

    def run(batch: Array) -> Outputs:
        with torch.inference_mode(), torch.autocast(device.name, dtype, enabled=dtype != torch.float32):
            outputs = module(torch.from_numpy(np.ascontiguousarray(batch)).to(device.name))
        return tuple(output.float().cpu().numpy() for output in _as_tuple(outputs))

    return lambda shape: run


def _as_tuple(outputs: Any) -> tuple[Any, ...]:
    return outputs if isinstance(outputs, tuple) else (outputs,)


# --- OpenVINO ------------------------------------------------------------------------------------------------------


@cache
def _openvino() -> Any:
    """The package without its telemetry, which would tell a server of Google's of every conversion."""
    sys.modules.setdefault("openvino_telemetry", None)  # type: ignore[arg-type]  # read as "not installed"
    import openvino

    return openvino


@cache
def _core() -> Any:
    return _openvino().Core()


def _openvino_compiler(ir: Path, device: Device) -> Callable[[tuple[int, ...]], Run]:
    hints = {
        "INFERENCE_PRECISION_HINT": device.precision,  # it would take bf16 by itself where the CPU has it
        "INFERENCE_NUM_THREADS": 1,
        "NUM_STREAMS": 1,
        "ENABLE_CPU_PINNING": False,  # else all workers of a machine may be pinned to the same core
    }

    def compile_shape(shape: tuple[int, ...]) -> Run:
        graph = _core().read_model(ir)
        graph.reshape(list(shape))
        compiled = _core().compile_model(graph, "CPU", hints)
        request = compiled.create_infer_request()
        # one input held for good: handing over a new one each time costs as much as R-Net on two faces
        held = np.zeros(shape, compiled.input(0).element_type.to_dtype())
        request.set_input_tensor(0, _openvino().Tensor(held, shared_memory=True))
        request.infer(share_outputs=True)
        outputs = [request.get_output_tensor(i).data for i in range(len(compiled.outputs))]

        def run(batch: Array) -> Outputs:
            np.copyto(held, batch)
            request.infer(share_outputs=True)
            return tuple(output.copy() for output in outputs)  # the next run overwrites what is shared

        return run

    return compile_shape


def cache_dir() -> Path:
    """Where converted networks lie: `$FACELINE_CACHE`, else `$FACELINE_HOME/cache`, else `var/cache`."""
    home = Path(os.environ.get("FACELINE_HOME") or REPOSITORY / "var")
    return Path(os.environ.get("FACELINE_CACHE") or home / "cache") / "ir"


def converted(name: str) -> Path:
    """The network's IR on disk; made (with torch) when the cache does not hold it yet.

    Raises:
        KeyError: there is no network of this name.
        models.registry.WeightsError: its weights are missing or changed.
    """
    registry.checked_path(name)  # also when the cache is warm: changed weights are refused, not passed over
    folder = cache_dir() / _cache_key(registry.spec(name).sha256)
    ir = folder / f"{name}.xml"
    if not ir.exists():
        _convert(name, folder)
    return ir


def _cache_key(weights_sha256: str) -> str:
    """Changes with the weights, with the code that declares the networks, and with what converts them."""
    digest = hashlib.sha256(weights_sha256.encode())
    for module in _DECLARING:
        digest.update(Path(registry.__file__).with_name(f"{module}.py").read_bytes())
    return f"{digest.hexdigest()}-{version('openvino')}-f32"


def _convert(name: str, folder: Path) -> None:
    """Writes beside and renames, so that processes that start together never read half a file."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # tracing takes sides of pictures for constants, which here they are
        graph = _openvino().convert_model(registry.build(name), example_input=_example(name))
    folder.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=folder.parent, prefix="new-") as making:
        whole = Path(making) / "ir"
        _openvino().save_model(graph, whole / f"{name}.xml", compress_to_fp16=False)
        try:
            whole.rename(folder)
        except OSError:
            if not (folder / f"{name}.xml").exists():  # else another process was first
                raise


def _example(name: str) -> Any:
    import torch

    if name.startswith("head_"):
        from models.face_attributes import DESCRIPTION

        return torch.zeros(2, DESCRIPTION)
    if name in _RESAMPLED_SIDE_PX:
        return torch.zeros(2, _RESAMPLED_SIDE_PX[name], _RESAMPLED_SIDE_PX[name], 3)
    side_px = registry.spec(name).input_px
    assert side_px is not None
    return torch.zeros(2, side_px, side_px, 3, dtype=torch.uint8)


def main() -> int:
    """Convert every network, so that the first run need not."""
    try:
        for name in registry.specs():
            sys.stdout.write(f"{name}: {converted(name)}\n")
    except registry.WeightsError as error:
        sys.stderr.write(f"{error}\n")
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())
