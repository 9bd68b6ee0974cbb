"""The engine's version; part of every result, raised when equal inputs may give other results."""

VERSION = "0.1.4"
