from importlib import import_module

from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

from ..search.engine import create_sql, drop_sql
from ..search.models import TokensField

# Its name begins with a figure.
before = import_module(f"{__package__}.0003_danish_search")


def create(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    for statement in create_sql(schema_editor.connection.vendor).values():
        schema_editor.execute(statement, params=None)


def drop(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    for statement in drop_sql(schema_editor.connection.vendor):
        schema_editor.execute(statement, params=None)


class Migration(migrations.Migration):
    """The search asks a table of its own, which is filled after the migrations have run
    (krams.search.actions.keep_after_migrate). What it asked until now goes."""

    dependencies = [("krams", "0008_consent_and_roles_of_a_cluster")]
    operations = [
        migrations.CreateModel(
            name="SearchEntry",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("kind", models.CharField(max_length=30)),
                ("object_id", models.BigIntegerField()),
                ("scope", models.CharField(max_length=30)),
                ("precedence", models.IntegerField()),
                ("title", models.TextField()),
                ("text", models.TextField()),
                ("tokens", TokensField()),
            ],
            options={
                "db_table": "krams_searchentry",
                "indexes": [
                    models.Index(
                        fields=["precedence", "kind", "object_id"], name="search_entry_order"
                    ),
                    models.Index(fields=["scope", "precedence"], name="search_entry_scope"),
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("kind", "object_id"), name="search_entry_once"),
                ],
            },
        ),
        migrations.RunPython(create, drop),
        migrations.RunPython(before.drop, before.create),
    ]
