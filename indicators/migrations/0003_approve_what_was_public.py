from django.db import migrations
from django.db.models import F


def approve(apps, schema_editor):
    """What was public before there were approvals stays public."""
    observations = apps.get_model("indicators", "Observation").objects
    observations.filter(approved_revision=0).update(
        approved_value=F("value"), approved_revision=F("revision")
    )


class Migration(migrations.Migration):
    dependencies = [("indicators", "0002_returns_and_imports")]

    operations = [migrations.RunPython(approve, migrations.RunPython.noop)]
