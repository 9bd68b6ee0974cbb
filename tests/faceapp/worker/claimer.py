"""A worker without an engine, for test_concurrency: claims and finishes what it can, and prints what it did."""

from __future__ import annotations

import sys
import time

import django

django.setup()

from faceapp.runs import transitions  # noqa: E402
from faceapp.runs.models import Chunk, Run  # noqa: E402
from faceapp.worker import claiming, lease_renewal, reaper  # noqa: E402
from faceapp.worker.kinds.chunk import finish_chunk  # noqa: E402


def main(begin_at_s: float) -> None:
    time.sleep(max(0.0, begin_at_s - time.time()))
    while Run.objects.filter(state__in=("queued", "observing", "assembling")).exists():
        work = claiming.claim_work("cpu")
        if work is None:
            reaper.reap()
            continue
        renewed = lease_renewal.renew_lease(work, 0.5)
        if isinstance(work, Chunk):
            finished = finish_chunk(work, f"{work.index}-{work.attempt}.npz")
        else:
            finished = transitions.finish_run(run=work.run, attempt=work.attempt)
        kind = type(work).__name__
        sys.stdout.write(f"{kind} {work.pk} {work.attempt} {renewed} {finished}\n")


if __name__ == "__main__":
    main(float(sys.argv[1]))
