"""Backup: the database and all files of one moment, written to one file."""

from __future__ import annotations

from analysis.child import EngineProcess, OnProgress, RequestRefused
from faceapp.operations.backups import archive, asking, making
from faceapp.operations.models import Backup
from faceapp.runs import leases
from faceapp.worker.kind import Place, WorkKind, register


@register
class BackupKind(WorkKind[Backup]):
    model = Backup
    places = (Place.MAINTENANCE,)
    doing = "Backs up"
    lost = "The backup was interrupted too many times. Its workers stopped or ran out of memory."

    def perform(self, work: Backup, engine: EngineProcess, report: OnProgress) -> None:
        path = making.default_path()
        try:
            made = making.make_backup(path, report)
        except (making.NotMade, archive.Damaged, OSError) as error:
            raise RequestRefused("backup", str(error)) from error
        facts = {"path": str(path), "size_bytes": made.size_bytes, "n_files": made.n_files}
        if leases.finish(Backup.objects.all(), work, **facts, n_missing=len(made.missing), error=""):
            asking.remove_old(path.parent)
        else:
            path.unlink(missing_ok=True)

    def on_failed(self, work: Backup, sentence: str, cause: str) -> None:
        Backup.objects.filter(pk=work.pk).update(error=sentence[:400])
