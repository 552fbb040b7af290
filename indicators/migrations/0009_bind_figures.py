from django.db import migrations
from django.db.models import OuterRef, Subquery


def bind(apps, schema_editor):
    """Each figure belongs to the agency that answers for it at this moment."""
    series = apps.get_model("indicators", "Series").objects.filter(pk=OuterRef("series_id"))
    agency = Subquery(series.values("indicator__agency_id")[:1])
    apps.get_model("indicators", "Observation").objects.update(agency_id=agency)
    working = apps.get_model("indicators", "YearlyValue").objects.filter(basis="working")
    working.update(agency_id=agency)


class Migration(migrations.Migration):
    dependencies = [("indicators", "0008_figures_of_their_return")]

    operations = [migrations.RunPython(bind, migrations.RunPython.noop)]
