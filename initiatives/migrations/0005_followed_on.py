"""Since when a facility follows an indicator; of those that are there, its history tells."""

import django.utils.timezone
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps
from django.db.models import Min
from django.utils import timezone


def first_saves(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """The day of the first record in the history; where there is none, today."""
    FacilityIndicator = apps.get_model("initiatives", "FacilityIndicator")
    Historical = apps.get_model("initiatives", "HistoricalFacilityIndicator")
    saves = Historical.objects.order_by().values_list("id").annotate(first=Min("history_date"))
    for pk, first in saves:
        day = timezone.localtime(first).date()
        FacilityIndicator.objects.filter(pk=pk).update(followed_on=day)
        Historical.objects.filter(id=pk).update(followed_on=day)


class Migration(migrations.Migration):
    dependencies = [
        ("initiatives", "0004_range_of_indicators"),
    ]

    operations = [
        migrations.AddField(
            model_name="facilityindicator",
            name="followed_on",
            field=models.DateField(default=django.utils.timezone.localdate, editable=False),
        ),
        migrations.AddField(
            model_name="historicalfacilityindicator",
            name="followed_on",
            field=models.DateField(default=django.utils.timezone.localdate, editable=False),
        ),
        migrations.RunPython(first_saves, migrations.RunPython.noop),
    ]
