"""What an import would make of a cue list, line by line, before anything is made. Pure."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from analysis.clock import timecode
from faceapp.core.names import is_visible
from faceapp.segments.cue_lists import ListedMark
from faceapp.segments.services import LONGEST_NAME, NewMark, free_name

SNAP_FRAMES = 5


@dataclass(frozen=True, slots=True)
class PreviewLine:
    """What one line makes: a segment, a cue, or nothing, with what is to be known about it."""

    listed: ListedMark
    mark: NewMark | None  # None: it is left out
    note: str  # empty where there is nothing to know
    is_mild: bool  # it is made, but not as it was written

    @property
    def makes(self) -> str:
        if self.mark is None:
            return "Nothing"
        return "Cue" if self.mark.to_s is None else "Segment"


@dataclass(frozen=True, slots=True)
class Frames:
    """The clock of a video: its length, its rate, and where its cuts are, s."""

    duration_s: float
    frame_rate: float
    cuts_s: Sequence[float] = ()

    def snapped(self, time_s: float) -> float:
        """The cut within a few frames, if there is one."""
        near = [cut_s for cut_s in self.cuts_s if abs(cut_s - time_s) <= SNAP_FRAMES / self.frame_rate]
        return min(near, key=lambda cut_s: abs(cut_s - time_s)) if near else time_s


def preview_of(
    listed: Iterable[ListedMark], video: Frames, taken: Collection[str] = (), *, snap: bool = False
) -> list[PreviewLine]:
    """
    Args:
        taken: names of the marks that the video has.
        snap: whether edges go to a cut within `SNAP_FRAMES`.
    """
    names, lines = set(taken), list[PreviewLine]()
    made: list[NewMark] = []
    for entry in listed:
        line = _line(entry, video, names, made, snap=snap)
        lines.append(line)
        if line.mark is not None:
            names.add(line.mark.name)
            made.append(line.mark)
    return lines


def _line(
    entry: ListedMark, video: Frames, names: Collection[str], made: Sequence[NewMark], *, snap: bool
) -> PreviewLine:
    if fault := _hard_fault(entry, video):
        return PreviewLine(entry, None, f"{fault}: left out", is_mild=False)
    from_s, to_s = entry.from_s or 0.0, entry.to_s
    notes = []
    if to_s is not None and to_s > video.duration_s:
        to_s = video.duration_s
        notes.append(f"ends after the video: cut at {timecode(to_s)}")
    if snap:
        from_s, to_s = video.snapped(from_s), None if to_s is None else video.snapped(to_s)
    name = entry.name
    if not is_visible(name):
        name = free_name(names, is_cue=to_s is None)
        notes.append(f"no name: it becomes “{name}”")
    elif len(name) > LONGEST_NAME:
        name = name[: LONGEST_NAME - 1].rstrip() + "…"
        notes.append(f"name cut at {LONGEST_NAME} characters")
    mark = NewMark(name, round(from_s, 3), None if to_s is None else round(to_s, 3))
    around = next((each for each in made if _is_inside(mark, each)), None)
    quiet = f"inside “{around.name}”: both are kept" if around and not notes else ""
    return PreviewLine(entry, mark, "; ".join(notes) or quiet, is_mild=bool(notes))


def _hard_fault(entry: ListedMark, video: Frames) -> str:
    if entry.fault or entry.from_s is None:
        return entry.fault or "there is no start time"
    if entry.from_s < 0:
        return "begins before the video"
    if entry.from_s >= video.duration_s:
        return "begins after the video ends"
    if entry.to_s is not None and round(entry.to_s, 3) <= round(entry.from_s, 3):
        return "ends before it begins" if entry.to_s < entry.from_s else "has no length"
    return ""


def _is_inside(mark: NewMark, around: NewMark) -> bool:
    if mark.to_s is None or around.to_s is None:
        return False
    return around.from_s <= mark.from_s and mark.to_s <= around.to_s
