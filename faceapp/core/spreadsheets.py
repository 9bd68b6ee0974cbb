"""Cells that a spreadsheet program may not mistake for formulas."""

from __future__ import annotations

FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")  # full-width ones count too

Cell = str | int | float | bool | None


def safe_cell(value: Cell) -> str | int | float:
    """Numbers as they are; text that a spreadsheet would run gets an apostrophe in front; None is empty.

    Text after leading blanks counts as well, for some programs trim before they look.
    """
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        is_formula = value.lstrip(" \u00a0").startswith(FORMULA_STARTS) or value.startswith(FORMULA_STARTS)
        return f"'{value}" if is_formula else value
    return value
