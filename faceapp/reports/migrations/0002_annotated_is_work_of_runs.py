"""The table stays; `runs` owns it, so that annotated videos are claimed in turn with all other work."""

from django.db import migrations


class Migration(migrations.Migration):

    dependencies = [
        ('reports', '0001_initial'),
    ]

    operations = [
        migrations.SeparateDatabaseAndState(state_operations=[migrations.DeleteModel(name='Annotated')]),
    ]
