"""A project's switches become a list of keys: what was ticked before is in it."""

from django.db import migrations, models

import faceapp.library.models

KEYS = ("age_gender", "ethnicity", "emotion", "attention")


def to_list(apps, schema_editor):
    projects = apps.get_model("library", "Project").objects
    for project in projects.iterator():
        on = [key for key in KEYS if getattr(project, f"computes_{key}")]
        projects.filter(pk=project.pk).update(switches=on)


def to_columns(apps, schema_editor):
    projects = apps.get_model("library", "Project").objects
    for project in projects.iterator():
        projects.filter(pk=project.pk).update(**{f"computes_{key}": key in project.switches for key in KEYS})


class Migration(migrations.Migration):

    dependencies = [
        ("library", "0003_one_video_a_file"),
    ]

    operations = [
        migrations.AddField(
            model_name="project",
            name="switches",
            field=models.JSONField(blank=True, default=faceapp.library.models.default_switches),
        ),
        migrations.RunPython(to_list, to_columns),
        *(migrations.RemoveField(model_name="project", name=f"computes_{key}") for key in KEYS),
    ]
