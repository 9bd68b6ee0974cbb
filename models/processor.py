"""What this machine's processor can do."""

from __future__ import annotations

from functools import cache
from pathlib import Path


@cache
def computes_in_bf16() -> bool:
    """Whether it multiplies bfloat16 itself; where it does not, bf16 is slower than f32, in training twenty times."""
    try:
        known = Path("/proc/cpuinfo").read_text().split("flags", 1)[-1].split("\n", 1)[0].split()
    except OSError:
        return False
    return not {"avx512_bf16", "amx_bf16"}.isdisjoint(known)
