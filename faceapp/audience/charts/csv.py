"""A chart's table as a file: raw values, one header line."""

from __future__ import annotations

import csv
import io

from faceapp.audience.charts.parts import Table
from faceapp.core.spreadsheets import safe_cell


def table_csv(table: Table) -> str:
    """UTF-8 text with the columns' names for programs; shares are 0-1, times in seconds."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow([column.name for column in table.columns])
    writer.writerows([safe_cell(value) for value in row.values] for row in table.rows)
    return out.getvalue()
