from django.core.management import call_command
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps


def create_cache_table(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    call_command("createcachetable", database=schema_editor.connection.alias, verbosity=0)


def drop_cache_table(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    schema_editor.execute("DROP TABLE portal_cache")


class Migration(migrations.Migration):
    """The cache is a table: all worker processes share the log-in lockout."""

    dependencies = [("krams", "0001_initial")]
    operations = [migrations.RunPython(create_cache_table, drop_cache_table)]
