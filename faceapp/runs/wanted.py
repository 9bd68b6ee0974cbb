"""The work that a run wants done now, whoever holds it. Conditions are said without joins (see leases.py)."""

from __future__ import annotations

from django.db.models import QuerySet

from faceapp.runs.models import Assembly, Chunk, Plan, Run

S = Run.State


def wanted_plans() -> QuerySet[Plan]:
    return Plan.objects.filter(run__in=Run.objects.filter(state=S.QUEUED))


def wanted_chunks() -> QuerySet[Chunk]:
    return Chunk.objects.filter(run__in=Run.objects.filter(state__in=(S.QUEUED, S.OBSERVING))).order_by()


def wanted_assemblies() -> QuerySet[Assembly]:
    return Assembly.objects.filter(run__in=Run.objects.filter(state=S.ASSEMBLING))
