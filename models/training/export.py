"""Writes trained networks as weights that ship: half precision, with hash and facts in the manifest."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from safetensors.torch import save_file
from torch import nn

from models.registry import WEIGHTS_DIR


def write_weights(module: nn.Module, name: str, directory: Path = WEIGHTS_DIR) -> str:
    """Writes ``<name>.safetensors`` and gives its SHA-256. Buffers that calibrate are among the weights."""
    path = directory / f"{name}.safetensors"
    unfinished = path.with_suffix(".unfinished")
    save_file({key: value.detach().half().contiguous() for key, value in module.state_dict().items()}, unfinished)
    unfinished.chmod(0o644)
    unfinished.rename(path)
    return hashlib.sha256(path.read_bytes()).hexdigest()


def update_manifest(name: str, facts: Mapping[str, Any], directory: Path = WEIGHTS_DIR) -> None:
    """Sets facts of one network in the manifest; what is not named stays."""
    path = directory / "manifest.json"
    manifest = json.loads(path.read_text(encoding="utf-8"))
    manifest["weights"].setdefault(name, {}).update(facts)
    unfinished = path.with_suffix(".unfinished")
    unfinished.write_text(json.dumps(manifest, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
    unfinished.rename(path)
