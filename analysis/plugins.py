"""Modules that extend an installation: those named in FACELINE_PLUGINS, separated by commas.

They are imported by web, workers, engine processes and command line alike.
"""

from __future__ import annotations

import os
from functools import cache
from importlib import import_module
from types import ModuleType

VARIABLE = "FACELINE_PLUGINS"


class PluginError(RuntimeError):
    """A plugin that cannot be used; the message is a sentence for whoever runs the installation."""


@cache
def plugin_modules() -> tuple[ModuleType, ...]:
    """The plugins in the order in which they are named.

    Raises:
        PluginError: there is no module of a name, or it cannot be imported.
    """
    names = (name.strip() for name in os.environ.get(VARIABLE, "").split(","))
    return tuple(_imported(name) for name in names if name)


def _imported(name: str) -> ModuleType:
    try:
        return import_module(name)
    except Exception as error:
        raise PluginError(f"{VARIABLE} names {name}, which cannot be imported: {error}.") from error
