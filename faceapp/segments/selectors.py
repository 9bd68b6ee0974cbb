"""What pages, figures and the API read of segments and cues, and the window that an address asks for."""

from __future__ import annotations

import math
from dataclasses import dataclass
from uuid import UUID

from django.http import Http404, QueryDict

from analysis.clock import timecode
from faceapp.library.access import Visitor
from faceapp.library.models import Video
from faceapp.segments.access import get_segment_or_404
from faceapp.segments.models import Mark
from faceapp.segments.window import Window

MOST_S = 1e6


@dataclass(frozen=True, slots=True)
class TimeFilter:
    """What an address says of time: `segment=`, or `from=` and `to=`; with `rest`, everything outside of it."""

    segment: UUID | None = None
    from_s: float | None = None
    to_s: float | None = None
    rest: bool = False

    @classmethod
    def from_query(cls, query: QueryDict) -> TimeFilter:
        """Values that mean nothing are passed over; a segment counts before a range."""
        segment = _uuid(query.get("segment", ""))
        from_s, to_s = (None, None) if segment else (seconds(query.get("from", "")), seconds(query.get("to", "")))
        if from_s is not None and to_s is not None and to_s <= from_s:
            from_s = to_s = None
        asks = segment is not None or from_s is not None or to_s is not None
        return cls(segment, from_s, to_s, rest=asks and "rest" in query)

    def __bool__(self) -> bool:
        return self.segment is not None or self.from_s is not None or self.to_s is not None

    @property
    def pairs(self) -> list[tuple[str, str]]:
        """For an address."""
        said = [("segment", str(self.segment))] if self.segment else []
        said += [("from", f"{self.from_s:g}")] if self.from_s is not None else []
        said += [("to", f"{self.to_s:g}")] if self.to_s is not None else []
        return [*said, ("rest", "1")] if self.rest else said


def window_of(asked: TimeFilter, video: Video, segment: Mark | None = None) -> Window | None:
    """The part of a video that is asked for; None: all of it. It is empty where nothing of the video lies in it.

    Args:
        segment: the one that `asked` names, of this video.
    """
    if not asked:
        return None
    end_s = video.duration_s
    if segment is not None:
        start_s, stop_s = segment.from_s, segment.to_s if segment.to_s is not None else segment.from_s
    else:
        start_s, stop_s = asked.from_s or 0.0, end_s if asked.to_s is None else asked.to_s
    window = Window(((start_s, stop_s),) if start_s < stop_s else ()).within(end_s)
    return window.rest(end_s) if asked.rest else window


def segment_of(user: Visitor, asked: TimeFilter) -> Mark | None:
    """The segment that an address names.

    Raises:
        Http404: it is not there, or the user may not see it.
    """
    return get_segment_or_404(user, asked.segment) if asked.segment else None


def segment_of_video(user: Visitor, video: Video, asked: TimeFilter) -> Mark | None:
    """As `segment_of`; one of another video is not there either."""
    segment = segment_of(user, asked)
    if segment is not None and segment.video_id != video.pk:
        raise Http404
    return segment


def words_of(asked: TimeFilter, segment: Mark | None = None) -> str:
    """The part of a video that is asked for: "Intro, 0:00.0–0:10.0", "all but 0:18.0–0:45.0", "from 0:18.0"."""
    if segment is not None:
        part = f"{segment.name}, {timecode(segment.from_s)}–{timecode(segment.to_s or segment.from_s)}"
    elif asked.to_s is not None:
        part = f"{timecode(asked.from_s or 0.0)}–{timecode(asked.to_s)}"
    else:
        part = f"from {timecode(asked.from_s)}" if asked.from_s is not None else ""
    return f"all but {part}" if asked.rest else part


def asked_window(user: Visitor, video: Video, query: QueryDict) -> Window | None:
    """The part of a video that an address asks for; None: all of it.

    Raises:
        Http404: it names a segment that is not there, or of another video.
    """
    asked = TimeFilter.from_query(query)
    return window_of(asked, video, segment_of_video(user, video, asked))


def seconds(text: str) -> float | None:
    """The number of seconds that these characters say; None when they say none that a video could have."""
    try:
        number = float(text)
    except ValueError:
        return None
    return number if math.isfinite(number) and 0 <= number < MOST_S else None


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
