"""One way to log: structured lines without secrets, from our code and from libraries alike."""

from __future__ import annotations

import logging
import logging.config
import re
from collections.abc import MutableMapping
from typing import Any

import structlog

SECRET_NAMES = re.compile(r"passw|secret|token|authori[sz]ation|cookie|session|api_?key|credential", re.IGNORECASE)
SECRET_VALUES = (
    (re.compile(r"(?i)\b(bearer|token)\s+[\w.~+/=-]{8,}"), r"\1 …"),
    (re.compile(r"\bfl_[\w-]{8,}"), "fl_…"),  # our API tokens
    (re.compile(r"(\w+://[^\s:/@]*):[^\s@/]+@"), r"\1:…@"),  # a password in an address
)


def hide_secrets(_logger: object, _method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """Replaces what is named or looks like a secret, in every value of the line."""
    for name, value in event.items():
        if name.startswith("_"):  # structlog's own
            continue
        event[name] = "…" if SECRET_NAMES.search(name) else _without_secrets(value)
    return event


def _without_secrets(value: object) -> object:
    if not isinstance(value, str):
        return value
    for pattern, replacement in SECRET_VALUES:
        value = pattern.sub(replacement, value)
    return value


def set_up(*, level: str, form: str) -> None:
    """Sends everything to standard error, as lines for people ("console") or for machines ("json")."""
    shared: list[Any] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.stdlib.PositionalArgumentsFormatter(),
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.StackInfoRenderer(),
        structlog.processors.format_exc_info,
        hide_secrets,
    ]
    renderer = structlog.processors.JSONRenderer() if form == "json" else structlog.dev.ConsoleRenderer(colors=False)
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=True,
    )
    logging.config.dictConfig(
        {
            "version": 1,
            "disable_existing_loggers": False,
            "formatters": {
                "line": {
                    "()": structlog.stdlib.ProcessorFormatter,
                    "foreign_pre_chain": shared,
                    "processors": [structlog.stdlib.ProcessorFormatter.remove_processors_meta, renderer],
                }
            },
            "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
            "root": {"handlers": ["stderr"], "level": level},
            "loggers": {
                "django.server": {"propagate": True},
                "django.security.DisallowedHost": {"level": "CRITICAL"},  # scanners; nothing to be done about them
                "kombu": {"level": "WARNING"},
                "celery.redirected": {"level": "WARNING"},
            },
        }
    )
