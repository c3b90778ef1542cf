from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps


def fill(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """The names of today, in the history too: which came when was never written down."""
    Effort = apps.get_model("clusters", "Effort")
    History = apps.get_model("clusters", "HistoricalEffort")
    for effort in Effort.objects.filter(themes__isnull=False).distinct():
        effort.theme_text = ", ".join(effort.themes.order_by("name").values_list("name", flat=True))
        effort.save(update_fields=["theme_text"])
        History.objects.filter(id=effort.pk).update(theme_text=effort.theme_text)


class Migration(migrations.Migration):
    dependencies = [("clusters", "0004_confirmation_requests")]

    operations = [
        *(
            migrations.AddField(
                model_name=name,
                name="theme_text",
                field=models.TextField(blank=True, editable=False, verbose_name="themes"),
            )
            for name in ("effort", "historicaleffort")
        ),
        migrations.RunPython(fill, migrations.RunPython.noop),
    ]
