"""Lanes are worked out once, when a result is stored, and no longer from all samples with each look at a page."""

from django.db import migrations, models


def fill(apps, schema_editor):
    from analysis.config import AnalysisConfig
    from faceapp.results.timeline import lane_of

    rows = apps.get_model("results", "Timeline").objects.select_related("track__run").order_by("pk")
    for row in rows.iterator(chunk_size=50):
        row.lane = lane_of(row.samples, row.track.end_s, AnalysisConfig.from_dict(row.track.run.config))
        row.save(update_fields=["lane"])


class Migration(migrations.Migration):
    dependencies = [("results", "0001_initial")]

    operations = [
        migrations.AddField("timeline", "lane", models.JSONField(default=dict)),
        migrations.RunPython(fill, migrations.RunPython.noop),
    ]
