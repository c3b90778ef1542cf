from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

from ..search.spelling import FUNCTION, postgres_fold_sql


def create(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(postgres_fold_sql(), params=None)


def drop(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(f"DROP FUNCTION {FUNCTION}(text)")


class Migration(migrations.Migration):
    """PostgreSQL learns to fold Danish text for search; SQLite calls krams.danish.collation.fold."""

    dependencies = [("krams", "0002_cache_table")]
    operations = [migrations.RunPython(create, drop)]
