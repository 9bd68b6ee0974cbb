"""A kind of background work: one class says all that is special about it. `kinds/` has the built-in ones.

To add a kind: a model (a subclass of `runs.models.Work`), and a subclass of `WorkKind`, registered, in the module
`kinds` of an installed app. Claiming, fairness, leases and their expiry need not be touched.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator
from enum import IntEnum
from typing import Any, ClassVar, Generic, TypeVar

from django.conf import settings
from django.db.models import QuerySet

from analysis.child import EngineProcess, OnProgress
from faceapp.runs import leases
from faceapp.runs.models import Work

W = TypeVar("W", bound=Work)
K = TypeVar("K", bound="type[WorkKind[Any]]")


class Place(IntEnum):
    """When work is claimed; lower places first."""

    MAINTENANCE = 5  # of the installation; also while everything else is paused
    FIRST = 10  # ends a run: somebody waits for just this
    BEFORE_TURNS = 20
    IN_TURN = 30  # fairly between users (`fairness.py`)
    AFTER_TURNS = 40  # when nothing else is due


class WorkKind(ABC, Generic[W]):
    """What is special about one kind of work."""

    model: ClassVar[type[Work]]
    places: ClassVar[tuple[Place, ...]]  # one or several; `due` says which rows are due in which
    rank: ClassVar[int] = 0  # among the kinds of one place; lower first
    user: ClassVar[str] = "run__started_by"  # lookup of the user who waits for it, where it is claimed in turn
    copy_of: ClassVar[str] = ""  # "video" or "run", where an attempt has a folder of its own (`runs.files.making`)
    doing: ClassVar[str] = "Works on"  # what its worker does, as operators read it
    lost: ClassVar[str]  # sentence for the user, when worker after worker died of it

    @property
    def queue(self) -> str:
        """The queue whose workers do it."""
        return str(settings.RUNS_QUEUE)

    def wanted(self) -> QuerySet[W]:
        """The rows that may be worked on now, whoever holds them; without joins (see `runs.leases`)."""
        rows: QuerySet[W] = self.model._default_manager.all()  # type: ignore[assignment]
        return rows

    def due(self, place: Place) -> QuerySet[W]:
        """The wanted rows that this place is for, in the order of claiming."""
        return self.wanted().order_by("pk")

    def claim(self, in_order: QuerySet[W]) -> W | None:
        """Lease the first row that nobody else claims in the meantime."""
        return leases.claim_first(self.wanted(), in_order)

    @abstractmethod
    def perform(self, work: W, engine: EngineProcess, report: OnProgress) -> None:
        """Do it, and write what came of it while the attempt is still the current one.

        Args:
            work: claimed by this worker.
            engine: this worker's engine process.
            report: takes the share that is done, 0-1. It raises `ProcessDied` when the work is to end at once.

        Raises:
            RequestRefused: it cannot be done; its sentence is for the user.
            ProcessDied: the engine process died; another try may help.
        """

    def on_failed(self, work: W, sentence: str, cause: str) -> None:
        """Tell its user; the work is out of tries. `cause` is one of `runs.causes`."""

    def on_given_back(self, work: W) -> None:
        """It was left undone, for another worker or for good."""


_KINDS: dict[type[Work], WorkKind[Any]] = {}


def register(kind: K) -> K:
    """Class decorator: workers do this kind of work."""
    _KINDS[kind.model] = kind()
    return kind


def all_kinds() -> tuple[WorkKind[Any], ...]:
    return tuple(_KINDS.values())


def kind_of(work: Work) -> WorkKind[Any]:
    return _KINDS[type(work)]


def kinds_at(place: Place, queue: str | None = None) -> Iterator[WorkKind[Any]]:
    """The kinds of a place (and of a queue), in the order of claiming."""
    for kind in sorted(all_kinds(), key=lambda kind: kind.rank):
        if place in kind.places and queue in (None, kind.queue):
            yield kind
