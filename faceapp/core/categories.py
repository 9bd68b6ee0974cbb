"""How the labels of attributes look on pages: a style sheet made from the registry, the one place of their colors.

Pages, charts and the lanes' drawings read the same names from it: `--happy` is a fill, `--happy-edge` what surrounds
it, `--on-happy` text on it. An element with the class `happy` has them as `--c`, `--edge` and `--on-c`.
"""

from __future__ import annotations

import hashlib
from functools import cache

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from analysis.attributes import all_labels

YEAR_S = 365 * 24 * 3600


def light_tokens() -> dict[str, str]:
    """Colors on light pages and on paper, by name."""
    tokens: dict[str, str] = {}
    for label in all_labels().values():
        tokens |= {label.token: label.light, f"on-{label.token}": label.on_light}
        if label.edge:
            tokens[label.line_token] = label.edge
    return tokens


def dark_tokens() -> dict[str, str]:
    """Colors on dark pages, by name."""
    tokens: dict[str, str] = {}
    for label in all_labels().values():
        tokens |= {label.token: label.dark, f"on-{label.token}": label.on_dark, label.line_token: label.dark}
    return tokens


@cache
def stylesheet() -> str:
    classes = (
        f".{label.token} {{ --c: var(--{label.token}); --on-c: var(--on-{label.token});"
        f"{f' --edge: var(--{label.line_token});' if label.edge else ''} }}"
        for label in all_labels().values()
    )
    return "\n".join(
        [
            "@layer tokens, base, parts, pages;",
            f"@layer tokens {{ {_rule(':root', light_tokens())}",
            f"{_rule('[data-bs-theme=dark]', dark_tokens())} }}",
            "@layer parts {",
            *classes,
            "}\n",
        ]
    )


def stylesheet_address() -> str:
    """It changes with the content, so that browsers may keep what they have."""
    return f"{reverse('core:categories')}?v={hashlib.sha256(stylesheet().encode()).hexdigest()[:12]}"


@require_safe
@cache_control(public=True, max_age=YEAR_S, immutable=True)
def categories(request: HttpRequest) -> HttpResponse:
    return HttpResponse(stylesheet(), content_type="text/css; charset=utf-8")


def _rule(selector: str, tokens: dict[str, str]) -> str:
    return f"{selector} {{ {' '.join(f'--{name}: {color};' for name, color in tokens.items())} }}"
