from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

MESSAGE = "An edition is frozen; make a new one."
# Who, when and where stays for good; what was written may be redacted, and that is kept.
FROZEN = "cluster_id, number, meeting_on, frozen_at, frozen_by_name, submission_id"
TEXTS = "title, meeting, content"
OPEN = (
    "EXISTS (SELECT 1 FROM clusters_editionredaction r WHERE r.edition_id = OLD.id AND NOT r.done)"
)
SQLITE = (
    "DROP TRIGGER edition_is_frozen",
    f"CREATE TRIGGER edition_is_frozen BEFORE UPDATE OF {FROZEN} ON clusters_edition"
    f" BEGIN SELECT RAISE(ABORT, '{MESSAGE}'); END",
    f"CREATE TRIGGER edition_keeps_its_texts BEFORE UPDATE OF {TEXTS} ON clusters_edition"
    f" WHEN NOT {OPEN} BEGIN SELECT RAISE(ABORT, '{MESSAGE}'); END",
)
POSTGRESQL = (
    "DROP TRIGGER edition_is_frozen ON clusters_edition",
    f"CREATE TRIGGER edition_is_frozen BEFORE UPDATE OF {FROZEN} ON clusters_edition"
    " FOR EACH ROW EXECUTE FUNCTION refuse_edition_change()",
    f"""
CREATE FUNCTION refuse_edition_texts() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN
IF NOT {OPEN} THEN
RAISE EXCEPTION '{MESSAGE}' USING ERRCODE = 'integrity_constraint_violation';
END IF;
RETURN NEW;
END $$
""",
    f"CREATE TRIGGER edition_keeps_its_texts BEFORE UPDATE OF {TEXTS} ON clusters_edition"
    " FOR EACH ROW EXECUTE FUNCTION refuse_edition_texts()",
)
ALL = f"{FROZEN}, {TEXTS}"
BACK = {
    "sqlite": (
        "DROP TRIGGER edition_keeps_its_texts",
        "DROP TRIGGER edition_is_frozen",
        f"CREATE TRIGGER edition_is_frozen BEFORE UPDATE OF {ALL} ON clusters_edition"
        f" BEGIN SELECT RAISE(ABORT, '{MESSAGE}'); END",
    ),
    "postgresql": (
        "DROP TRIGGER edition_keeps_its_texts ON clusters_edition",
        "DROP FUNCTION refuse_edition_texts",
        "DROP TRIGGER edition_is_frozen ON clusters_edition",
        f"CREATE TRIGGER edition_is_frozen BEFORE UPDATE OF {ALL} ON clusters_edition"
        " FOR EACH ROW EXECUTE FUNCTION refuse_edition_change()",
    ),
}


def create(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    is_postgresql = schema_editor.connection.vendor == "postgresql"
    for statement in POSTGRESQL if is_postgresql else SQLITE:
        schema_editor.execute(statement, params=None)


def drop(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    for statement in BACK[schema_editor.connection.vendor]:
        schema_editor.execute(statement, params=None)


class Migration(migrations.Migration):
    """What was frozen stays so, but for a redaction that is under way.

    As in 0002: a later migration that alters ``clusters_edition`` must end with these again.
    """

    dependencies = [("clusters", "0016_redactions_of_editions")]
    operations = [migrations.RunPython(create, drop)]
