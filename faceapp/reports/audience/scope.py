"""What an audience report is about, in words: the project or choice, how many videos, which people."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from analysis.attributes import attributes
from analysis.clock import clock, duration
from faceapp.audience.selection import Selection
from faceapp.audience.selectors import ChosenAudience
from faceapp.audience.wording import name_of
from faceapp.core.dates import dates_in_words
from faceapp.library.models import Project

MOST_NAMES = 3


def title_of(chosen: ChosenAudience, selection: Selection, projects: Sequence[Project]) -> str:
    """`projects` are those that were chosen and may be seen."""
    videos = [audience.video for audience in chosen.audiences]
    if selection.videos and len(videos) == 1:
        return videos[0].name
    if selection.videos and len({video.project_id for video in videos}) == 1:
        return f"{len(videos)} videos of {videos[0].project.name}"
    if selection.videos or (selection.projects and not projects):
        return f"{len(videos)} videos" if videos else "No video"
    return listed([project.name for project in projects], "projects") if projects else "All videos"


def facts_of(chosen: ChosenAudience, title: str) -> tuple[str, ...]:
    """Projects that the title does not name, videos with their length, and when they were analyzed."""
    if not chosen.audiences:
        return ()
    names = dict.fromkeys(audience.video.project.name for audience in chosen.audiences)
    unsaid = [name for name in names if name not in title]
    length = clock(sum(audience.length_s for audience in chosen.audiences))
    n = len(chosen.audiences)
    finished = sorted(audience.run.finished_at or audience.run.created_at for audience in chosen.audiences)
    return (
        *([listed(unsaid, "projects")] if unsaid else []),
        f"1 video, {length} long" if n == 1 else f"{n} videos, {length} in total",
        f"analyzed {dates_in_words(finished[0], finished[-1])}",
    )


def filters_of(selection: Selection, part: str = "") -> str:
    """Which people the report is of, where it is not of all; empty else. `part` is of the videos, in words."""
    asked = []
    if selection.ages:
        asked.append(f"of apparent age {either(map(name_of, selection.ages))}")
    for key, chosen in selection.labels.items():
        asked.append(f"of {attributes()[key].term_in_text} {either(chosen)}")
    if selection.least_s:
        asked.append(f"in view for {duration(selection.least_s)} or longer")
    if selection.watchers:
        asked.append("who looked at the camera")
    people = f"Only people {', '.join(asked)}." if asked else ""
    only = f"Only this part: {part}." if part else ""
    static = "Faces that never move, such as posters, are included." if selection.with_static else ""
    return " ".join(said for said in (only, people, static) if said)


def waiting_of(chosen: ChosenAudience) -> str:
    """Videos that are not in the report: beyond the newest, or nothing is known of them yet."""
    n = chosen.n_without_result
    if not chosen.audiences:
        return "None of the selected videos has a result yet."
    said = []
    if chosen.n_videos > len(chosen.audiences):
        said.append(f"Showing the newest {len(chosen.audiences)} of {chosen.n_videos} videos.")
    if n:
        has = "has" if n == 1 else "have"
        said.append(f"{n} more of the selected videos {has} no result yet and {_are(n)} not included.")
    return " ".join(said)


def listed(names: Sequence[str], what: str) -> str:
    """Up to three names, else how many there are."""
    return ", ".join(names) if 0 < len(names) <= MOST_NAMES else f"{len(names)} {what}"


def either(names: Iterable[str]) -> str:
    return " or ".join(names)


def _are(n: int) -> str:
    return "is" if n == 1 else "are"
