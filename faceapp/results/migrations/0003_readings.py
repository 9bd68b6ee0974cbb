"""What is said of tracks and people becomes one column of readings by attribute, as the published JSON writes them."""

from django.db import migrations, models

LABELS = ("gender", "ethnicity")
AT_ONCE = 500


def readings_of(row):
    readings = {}
    if row.age_years is not None:
        readings["age"] = {"years": row.age_years, "low": row.age_low, "high": row.age_high}
    for key in LABELS:
        if getattr(row, f"{key}_distribution") is not None:
            readings[key] = {
                "label": getattr(row, key),
                "confidence": getattr(row, f"{key}_confidence"),
                "distribution": getattr(row, f"{key}_distribution"),
            }
    if row.emotion_shares is not None:
        readings["emotion"] = {"label": row.emotion, "shares": row.emotion_shares}
    if row.attention_s is not None:
        readings["attention"] = row.attention_s
    return readings


def columns_of(readings):
    age, emotion = readings.get("age", {}), readings.get("emotion", {})
    columns = {f"age_{part}": age.get(part) for part in ("years", "low", "high")}
    for key in LABELS:
        said = readings.get(key, {})
        columns[key] = said.get("label", "")
        columns[f"{key}_confidence"] = said.get("confidence")
        columns[f"{key}_distribution"] = said.get("distribution")
    columns |= {"emotion": emotion.get("label", ""), "emotion_shares": emotion.get("shares")}
    return columns | {"attention_s": readings.get("attention")}


def to_readings(apps, schema_editor):
    _rewrite(apps, ["readings"], lambda row: {"readings": readings_of(row)})


def to_columns(apps, schema_editor):
    _rewrite(apps, list(columns_of({})), lambda row: columns_of(row.readings))


def _rewrite(apps, fields, values_of):
    for name in ("Person", "Track"):
        rows, batch = apps.get_model("results", name).objects, []
        for row in rows.order_by("pk").iterator(chunk_size=AT_ONCE):
            for field, value in values_of(row).items():
                setattr(row, field, value)
            batch.append(row)
            if len(batch) == AT_ONCE:
                rows.bulk_update(batch, fields)
                batch = []
        rows.bulk_update(batch, fields)


COLUMNS = (
    *("age_years", "age_low", "age_high", "gender", "gender_confidence", "gender_distribution"),
    *("ethnicity", "ethnicity_confidence", "ethnicity_distribution", "emotion", "emotion_shares", "attention_s"),
)


class Migration(migrations.Migration):

    dependencies = [
        ("results", "0002_timeline_lane"),
    ]

    operations = [
        *(
            migrations.AddField(model_name=name, name="readings", field=models.JSONField(default=dict))
            for name in ("person", "track")
        ),
        migrations.RunPython(to_readings, to_columns),
        *(
            migrations.RemoveField(model_name=name, name=column)
            for name in ("person", "track")
            for column in COLUMNS
        ),
    ]
