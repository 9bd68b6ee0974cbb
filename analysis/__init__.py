"""The engine: who people are on screen, second by second. Pure: no Django, no queue, no user.

What the world may use is named here and loaded at first use, so that importing `analysis.types` from the web process
brings neither torch nor OpenCV.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from analysis.config import AnalysisConfig
    from analysis.pipeline import analyze, assemble, observe, plan
    from analysis.types import VideoResult

__all__ = ["AnalysisConfig", "VideoResult", "analyze", "assemble", "observe", "plan"]

_HOME = {"AnalysisConfig": "config", "VideoResult": "types"}


def __getattr__(name: str) -> Any:
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module

    return getattr(import_module(f"analysis.{_HOME.get(name, 'pipeline')}"), name)
