from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

MESSAGE = "An edition is frozen; it stays, and so does its withdrawal."
# What is refused beyond 0002: another key, a withdrawal changed, another account (it may go), and
# the end of an edition.
REFUSED = {
    "edition_keeps_its_key": ("UPDATE OF id", ""),
    "edition_stays_withdrawn": (
        "UPDATE OF withdrawn_at, withdrawn_reason",
        "WHEN (OLD.withdrawn_at IS NOT NULL)",
    ),
    "edition_keeps_its_account": ("UPDATE OF frozen_by_id", "WHEN (NEW.frozen_by_id IS NOT NULL)"),
    "edition_is_never_deleted": ("DELETE", ""),
}
FUNCTION = f"""
CREATE FUNCTION refuse_edition_end() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN RAISE EXCEPTION '{MESSAGE}' USING ERRCODE = 'integrity_constraint_violation'; END $$
"""


def create(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    is_postgresql = schema_editor.connection.vendor == "postgresql"
    if is_postgresql:
        schema_editor.execute(FUNCTION, params=None)
        body = "EXECUTE FUNCTION refuse_edition_end()"
    else:
        body = f"BEGIN SELECT RAISE(ABORT, '{MESSAGE}'); END"
    for name, (event, condition) in REFUSED.items():
        schema_editor.execute(
            f"CREATE TRIGGER {name} BEFORE {event} ON clusters_edition FOR EACH ROW "
            f"{condition} {body}",
            params=None,
        )


def drop(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    is_postgresql = schema_editor.connection.vendor == "postgresql"
    for name in REFUSED:
        where = " ON clusters_edition" if is_postgresql else ""
        schema_editor.execute(f"DROP TRIGGER {name}{where}")
    if is_postgresql:
        schema_editor.execute("DROP FUNCTION refuse_edition_end")


class Migration(migrations.Migration):
    """An edition is not deleted in the data either, and what is withdrawn stays withdrawn.

    As in 0002: a later migration that alters ``clusters_edition`` must end with these again.
    """

    dependencies = [("clusters", "0005_names_of_themes")]
    operations = [migrations.RunPython(create, drop)]
