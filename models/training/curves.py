"""Training curves as a small SVG: one panel a figure over epochs."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

WIDTH, HEIGHT, GAP = 220, 120, 30


def draw(figures: Sequence[dict[str, float]], path: Path) -> None:
    """Draws every column but ``epoch``."""
    names = [name for name in figures[0] if name != "epoch"]
    epochs = [row["epoch"] for row in figures]
    panels = []
    for i, name in enumerate(names):
        left, top = GAP + (WIDTH + GAP) * (i % 4), GAP + (HEIGHT + GAP) * (i // 4)
        panels.append(_panel(name, epochs, [row[name] for row in figures], left, top))
    n_rows = (len(names) + 3) // 4
    size = f'width="{GAP + 4 * (WIDTH + GAP)}" height="{GAP + n_rows * (HEIGHT + GAP)}"'
    style = 'font-family="sans-serif" font-size="11"'
    path.write_text(f'<svg xmlns="http://www.w3.org/2000/svg" {size} {style}>\n{"".join(panels)}</svg>\n', "utf-8")


def _panel(name: str, epochs: Sequence[float], values: Sequence[float], left: int, top: int) -> str:
    low, high = min(values), max(values)
    span, length = (high - low) or 1.0, (epochs[-1] - epochs[0]) or 1.0
    points = " ".join(
        f"{left + (epoch - epochs[0]) / length * WIDTH:.1f},{top + HEIGHT - (value - low) / span * HEIGHT:.1f}"
        for epoch, value in zip(epochs, values, strict=True)
    )
    title = f"{name}: {values[-1]:.4g} (from {low:.4g} to {high:.4g})"
    return (
        f'<text x="{left}" y="{top - 6}">{title}</text>'
        f'<rect x="{left}" y="{top}" width="{WIDTH}" height="{HEIGHT}" fill="none" stroke="#ccc"/>'
        f'<polyline points="{points}" fill="none" stroke="#0a6" stroke-width="2"/>\n'
    )
