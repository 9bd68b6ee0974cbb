"""Tags and filters of every page: icons, times, shares, intervals, the bar of expressions."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Protocol

from django import template
from django.templatetags.static import static
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe

from analysis import clock as player_clock
from analysis.attributes import UNKNOWN
from analysis.builtin_attributes import EMOTION
from faceapp.core import percent
from faceapp.core.categories import stylesheet_address
from faceapp.core.percent import SPACE

register = template.Library()


class Years(Protocol):
    years: int
    low: int
    high: int


@register.simple_tag
def icon(name: str, label: str = "") -> SafeString:
    """An icon of the sprite; without a label it is decoration, with one it says it to screen readers."""
    address = f"{static('img/icons.svg')}#{name}"
    if label:
        return format_html('<svg class="icon" role="img" aria-label="{}"><use href="{}"/></svg>', label, address)
    return format_html('<svg class="icon" aria-hidden="true"><use href="{}"/></svg>', address)


@register.simple_tag
def categories_css() -> str:
    """The address of the style sheet of labels."""
    return stylesheet_address()


@register.simple_tag
def expressions() -> tuple[str, ...]:
    """All expressions in the order of legends, "unknown" last."""
    return EMOTION.shown_answers


@register.filter
def timecode(seconds: float | None) -> str:
    """`92.93` → "1:32.9", for moments."""
    return "–" if seconds is None else player_clock.timecode(seconds)


@register.filter
def clock(seconds: float | None) -> str:
    """`184.2` → "3:04", for lengths of videos."""
    return "–" if seconds is None else player_clock.clock(seconds)


@register.filter
def duration(seconds: float | None) -> str:
    """`4.83` → "4.8 s", for times in view and of looking."""
    return "–" if seconds is None else player_clock.duration(seconds)


@register.filter
def about(seconds: float | None) -> str:
    """A length in words, for summaries: "41 s", "6 min", "9 h 12 min"."""
    whole = player_clock.half_up(seconds or 0)
    if whole < 60:
        return f"{whole} s"
    hours, minutes = divmod(round(whole / 60), 60)
    return f"{hours} h {minutes} min" if hours else f"{minutes} min"


@register.filter
def share(fraction: float | None) -> str:
    """`0.423` → "42 %" with a narrow space."""
    return "–" if fraction is None else percent.percent(fraction)


@register.filter
def certainty(fraction: float) -> str:
    """How sure an estimate is, never the whole: "> 99 %"."""
    return percent.certainty(fraction)


@register.filter
def interval(age: Years | None) -> str:
    """The doubt of an age: "24–31"."""
    return "" if age is None else percent.span(age.low, age.high)


@register.filter
def filesize(size_bytes: float | None) -> str:
    """`212000000` → "212 MB", powers of ten as file managers show them."""
    size = float(size_bytes or 0)
    for unit in ("B", "KB", "MB"):
        if size < 1000:
            return f"{size:.0f}{SPACE}{unit}"
        size /= 1000
    return f"{size:.1f}{SPACE}GB"


@register.filter
def category(label: str | None) -> str:
    """The CSS class of a category: "Happy" → "happy"."""
    return (label or "unknown").lower()


@register.filter
def word(label: str | None) -> str:
    """A category as a word of a table: "female" → "Female"."""
    return (label or "unknown").capitalize()


@register.filter
def get(mapping: Mapping[str, object] | None, key: str) -> object:
    return (mapping or {}).get(key)


@register.filter
def per(part: float | None, whole: float | None) -> float | None:
    """A part of a whole as a fraction, None where there is no whole.

    Never over 1: the last sample of a video counts as long as the others, though less than that may be left.
    """
    return min(part / whole, 1.0) if part is not None and whole else None


@register.filter
def shown(shares: Mapping[str, float] | None) -> tuple[str, float] | None:
    """The strongest expression besides neutral and unknown, with its share; all of them where several are equal.

    None when nothing is shown.
    """
    candidates = {label: (shares or {}).get(label, 0.0) for label in EMOTION.telling_keys}
    strongest = percent.leaders(candidates)
    return (", ".join(strongest), candidates[strongest[0]]) if strongest else None


@register.simple_tag
def share_bar(shares: Mapping[str, float] | None, width: int = 70) -> SafeString:
    """Shares of expressions as one bar, 10 px high: beads, a thread for neutral, hatch for unknown."""
    if not shares:
        return mark_safe('<span class="muted">–</span>')
    ordered = [(label, shares.get(label, 0.0)) for label in EMOTION.shown_answers]
    parts = [(label, value) for label, value in ordered if value * width >= 0.75]
    gap = 1.5
    total = sum(value for _, value in parts) or 1.0
    room = width - gap * (len(parts) - 1)
    rects, x = [], 0.0
    for label, value in parts:
        long = room * value / total
        high = 6 if label == UNKNOWN else 4 if EMOTION.label(label).is_rest else 10
        rects.append((label.lower(), f"{x:.2f}", (10 - high) / 2, f"{long:.2f}", high, min(3.0, high / 2, long / 2)))
        x += long + gap
    said = ", ".join(f"{label} {share(value)}" for label, value in parts)
    drawn = format_html_join("", '<rect class="{}" x="{}" y="{}" width="{}" height="{}" rx="{}"/>', rects)
    return format_html(
        '<svg class="share-bar" role="img" width="{}" height="10" viewBox="0 0 {} 10" aria-label="{}">'
        "<title>{}</title>{}</svg>",
        width,
        width,
        said,
        said,
        drawn,
    )


@register.filter
def initials(user: object) -> str:
    """Two letters for a person: of the full name, else of the account's name."""
    full = getattr(user, "get_full_name", str)()
    words = (full or str(user)).replace(".", " ").replace("@", " ").split()
    return "".join(each[0] for each in words[:2]).upper() or "–"


@register.filter
def left(seconds: float | None) -> str:
    """A forecast in calm steps: "5 s left", "40 s left", "2 min left"."""
    if seconds is None:
        return ""
    if seconds < 55:
        return f"{max(5, 5 * round(seconds / 5))}{SPACE}s left"
    if seconds < 3570:
        return f"{max(1, round(seconds / 60))}{SPACE}min left"
    return f"{round(seconds / 3600, 1):g}{SPACE}h left"


@register.filter
def added(moment: datetime | None) -> str:
    """When something came in, as short as it can be said: "now", "6 min", "2 h", "Yesterday", "18 Nov"."""
    if moment is None:
        return ""
    now = timezone.localtime()
    moment = timezone.localtime(moment)
    seconds = (now - moment).total_seconds()
    if seconds < 60:
        return "now"
    if seconds < 3600:
        return f"{int(seconds // 60)}{SPACE}min"
    if moment.date() == now.date() or seconds < 6 * 3600:
        return f"{int(seconds // 3600)}{SPACE}h"
    if (now.date() - moment.date()).days == 1:
        return "Yesterday"
    return f"{moment.day} {moment:%b}" if moment.year == now.year else f"{moment.day} {moment:%b %Y}"


@register.filter
def rate(frames_per_s: float) -> str:
    """`23.976` → "23.98", `25.0` → "25"."""
    return f"{frames_per_s:.2f}".rstrip("0").rstrip(".")


@register.filter
def lines(height_px: int) -> str:
    """`1080` → "1080p"."""
    return f"{height_px}p"
