"""The built-in kinds of work; importing a module registers its kind."""

from __future__ import annotations

from faceapp.worker.kinds import annotated, assembly, backup, chunk, plan, proxy

__all__ = ["annotated", "assembly", "backup", "chunk", "plan", "proxy"]
