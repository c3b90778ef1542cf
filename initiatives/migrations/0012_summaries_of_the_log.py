import django.db.models.deletion
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

import initiatives.fields


def drop_triggers(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Without the tables that they write, they would refuse every registration."""
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute("DROP FUNCTION IF EXISTS keep_log_summaries CASCADE")
        return
    for event in ("insert", "update_from", "update_to", "delete"):
        schema_editor.execute(f"DROP TRIGGER IF EXISTS log_summaries_after_{event}")


FACILITY = models.ForeignKey(
    "krams.facility",
    db_constraint=False,
    db_index=False,
    on_delete=django.db.models.deletion.DO_NOTHING,
    related_name="+",
)


class Migration(migrations.Migration):
    """Tables only: after every ``migrate`` the app creates the triggers that keep them, where they
    are missing, and fills them (``initiatives.summaries.actions``). So a later migration may alter
    the log on SQLite, which loses triggers.

    Columns stand in the order in which PostgreSQL needs no room between them.
    """

    dependencies = [
        ("initiatives", "0011_look_alikes"),
        ("krams", "0008_consent_and_roles_of_a_cluster"),
    ]

    operations = [
        migrations.RunPython(migrations.RunPython.noop, drop_triggers),
        migrations.CreateModel(
            name="WeekSummary",
            fields=[
                ("facility", FACILITY),
                ("plan", models.BigIntegerField()),
                ("monday", models.DateField()),
                ("times", models.IntegerField()),
                ("nobody", models.IntegerField()),
                ("participants", models.IntegerField()),
                ("unknown", models.IntegerField()),
                ("late", models.IntegerField()),
                ("factors", initiatives.fields.FactorSetField(max_length=5)),
                ("fate", models.CharField(max_length=20)),
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "facility_id",
                        "monday",
                        "plan",
                        "factors",
                        "fate",
                        blank=True,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
            ],
            options={"db_table": "initiatives_weeksummary"},
        ),
        migrations.CreateModel(
            name="MonthSummary",
            fields=[
                ("facility", FACILITY.clone()),
                ("month", models.DateField()),
                ("times", models.IntegerField()),
                ("held", models.IntegerField()),
                ("nobody", models.IntegerField()),
                ("participants", models.IntegerField()),
                ("unknown", models.IntegerField()),
                ("factors", initiatives.fields.FactorSetField(max_length=5)),
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "facility_id",
                        "month",
                        "factors",
                        blank=True,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
            ],
            options={"db_table": "initiatives_monthsummary"},
        ),
    ]
