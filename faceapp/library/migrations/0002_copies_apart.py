"""Files that two requests took in at the same moment: each further copy moves to a project of its own, nothing is lost."""

from django.db import migrations

COPIED = ("team_id", "mode", "purpose", "computes_age_gender", "computes_ethnicity", "computes_emotion", "computes_attention")


def move_copies(apps, schema_editor):
    Project, Video = apps.get_model("library", "Project"), apps.get_model("library", "Video")
    seen, rooms = {}, {}
    for video in list(Video.objects.select_related("project").order_by("created_at", "pk")):
        file = (video.project_id, video.sha256)
        n = seen[file] = seen.get(file, -1) + 1
        if not n:
            continue
        room = (video.project_id, n)
        if room not in rooms:
            name = f"{video.project.name[:100]} (copies {n})"
            rooms[room] = Project.objects.create(name=name, **{each: getattr(video.project, each) for each in COPIED})
        Video.objects.filter(pk=video.pk).update(project=rooms[room])


class Migration(migrations.Migration):

    dependencies = [
        ("library", "0001_initial"),
    ]

    operations = [
        migrations.RunPython(move_copies, migrations.RunPython.noop),
    ]
