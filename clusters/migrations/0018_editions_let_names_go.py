from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

MESSAGE = "An edition is frozen; make a new one."
FROZEN = "cluster_id, number, meeting_on, frozen_at, submission_id"
# What takes the place of the name of somebody who has left (krams.data_protection), whose account
# has such an address.
FORMER = "Tidligere medarbejder"
ADDRESS = "tidligere-%@anonym.invalid"
SQLITE = (
    "DROP TRIGGER edition_is_frozen",
    f"CREATE TRIGGER edition_is_frozen BEFORE UPDATE OF {FROZEN} ON clusters_edition"
    f" BEGIN SELECT RAISE(ABORT, '{MESSAGE}'); END",
    "CREATE TRIGGER edition_keeps_its_author BEFORE UPDATE OF frozen_by_name ON clusters_edition"
    f" WHEN NEW.frozen_by_name <> '{FORMER}' BEGIN SELECT RAISE(ABORT, '{MESSAGE}'); END",
)
POSTGRESQL = (
    "DROP TRIGGER edition_is_frozen ON clusters_edition",
    f"CREATE TRIGGER edition_is_frozen BEFORE UPDATE OF {FROZEN} ON clusters_edition"
    " FOR EACH ROW EXECUTE FUNCTION refuse_edition_change()",
    "CREATE TRIGGER edition_keeps_its_author BEFORE UPDATE OF frozen_by_name ON clusters_edition"
    f" FOR EACH ROW WHEN (NEW.frozen_by_name <> '{FORMER}')"
    " EXECUTE FUNCTION refuse_edition_change()",
)
LEFT = (
    f"UPDATE clusters_edition SET frozen_by_name = '{FORMER}'"
    f" WHERE frozen_by_id IN (SELECT id FROM krams_user WHERE email LIKE '{ADDRESS}')"
)
ALL = "cluster_id, number, meeting_on, frozen_at, frozen_by_name, submission_id"
BACK = {
    "sqlite": (
        "DROP TRIGGER edition_keeps_its_author",
        "DROP TRIGGER edition_is_frozen",
        f"CREATE TRIGGER edition_is_frozen BEFORE UPDATE OF {ALL} ON clusters_edition"
        f" BEGIN SELECT RAISE(ABORT, '{MESSAGE}'); END",
    ),
    "postgresql": (
        "DROP TRIGGER edition_keeps_its_author ON clusters_edition",
        "DROP TRIGGER edition_is_frozen ON clusters_edition",
        f"CREATE TRIGGER edition_is_frozen BEFORE UPDATE OF {ALL} ON clusters_edition"
        " FOR EACH ROW EXECUTE FUNCTION refuse_edition_change()",
    ),
}


def create(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    is_postgresql = schema_editor.connection.vendor == "postgresql"
    for statement in (*(POSTGRESQL if is_postgresql else SQLITE), LEFT):
        schema_editor.execute(statement, params=None)


def drop(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    for statement in BACK[schema_editor.connection.vendor]:
        schema_editor.execute(statement, params=None)


class Migration(migrations.Migration):
    """Who froze an edition stays, but for the name of somebody who has left.

    As in 0002: a later migration that alters ``clusters_edition`` must end with these again.
    """

    dependencies = [
        ("clusters", "0017_editions_let_words_go"),
        ("krams", "0018_log_out_everywhere"),
    ]
    operations = [migrations.RunPython(create, drop)]
