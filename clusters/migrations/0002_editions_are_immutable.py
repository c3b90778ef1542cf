from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

FROZEN = (
    "cluster_id, number, title, meeting, meeting_on, content, frozen_at, frozen_by_name, "
    "submission_id"
)
MESSAGE = "An edition is frozen; make a new one."
SQLITE = f"""
CREATE TRIGGER edition_is_frozen BEFORE UPDATE OF {FROZEN} ON clusters_edition
BEGIN SELECT RAISE(ABORT, '{MESSAGE}'); END
"""
POSTGRESQL = f"""
CREATE FUNCTION refuse_edition_change() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN RAISE EXCEPTION '{MESSAGE}' USING ERRCODE = 'integrity_constraint_violation'; END $$;
CREATE TRIGGER edition_is_frozen BEFORE UPDATE OF {FROZEN} ON clusters_edition
FOR EACH ROW EXECUTE FUNCTION refuse_edition_change()
"""


def create(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    is_postgresql = schema_editor.connection.vendor == "postgresql"
    schema_editor.execute(POSTGRESQL if is_postgresql else SQLITE, params=None)


def drop(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute("DROP TRIGGER edition_is_frozen ON clusters_edition")
        schema_editor.execute("DROP FUNCTION refuse_edition_change")
    else:
        schema_editor.execute("DROP TRIGGER edition_is_frozen")


class Migration(migrations.Migration):
    """Frozen in the data too: who gets at the database by another way cannot rewrite one either.

    SQLite rebuilds a table to alter it and loses its triggers: a later migration that alters
    ``clusters_edition`` must end with these two functions again.
    """

    dependencies = [("clusters", "0001_initial")]
    operations = [migrations.RunPython(create, drop)]
