"""The table of `reports` as it is (see its migration 0002)."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('runs', '0002_claims_of_the_last_hour'),
        ('reports', '0002_annotated_is_work_of_runs'),
    ]

    operations = [
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.CreateModel(
                    name='Annotated',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('state', models.CharField(choices=[('waiting', 'Waiting'), ('leased', 'Leased'), ('done', 'Done'), ('failed', 'Failed')], default='waiting', max_length=8)),
                        ('attempt', models.PositiveIntegerField(default=0)),
                        ('leased_at', models.DateTimeField(null=True)),
                        ('lease_until', models.DateTimeField(null=True)),
                        ('finished_at', models.DateTimeField(null=True)),
                        ('child_failures', models.PositiveIntegerField(default=0)),
                        ('worker_failures', models.PositiveIntegerField(default=0)),
                        ('progress', models.FloatField(default=0)),
                        ('tag', models.CharField(blank=True, max_length=24)),
                        ('file', models.FileField(blank=True, max_length=200, upload_to='annotated/')),
                        ('error', models.CharField(blank=True, max_length=400)),
                        ('run', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='annotated', to='runs.run')),
                    ],
                    options={
                        'db_table': 'reports_annotated',
                    },
                ),
            ],
        ),
    ]
