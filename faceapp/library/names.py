"""What a file is called on a page. It is never a path."""

from __future__ import annotations

import unicodedata

from faceapp.core.names import is_visible
from faceapp.library.models import Video

LONGEST = Video._meta.get_field("name").max_length or 400
NAMELESS = "Untitled video"


def clean_name(name: str) -> str:
    """The name as given, without characters that no one can see or no database keeps; cut, never empty."""
    kept = "".join(character for character in name if unicodedata.category(character) not in ("Cc", "Cs"))
    return kept.strip()[:LONGEST] if is_visible(kept) else NAMELESS
