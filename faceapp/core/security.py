"""Exceptions from the strict content security policy, each with its reason."""

from __future__ import annotations

from csp.constants import UNSAFE_INLINE
from csp.decorators import csp_update

# Plotly sets styles while it draws. Scripts stay as strict as everywhere.
allows_chart_styles = csp_update({"style-src": [UNSAFE_INLINE]})
