"""A plugin that adds a kind of background work: a stamp is put on a video, which takes some seconds."""

from tests.plugins.stamping import verbs

__all__ = ["verbs"]
