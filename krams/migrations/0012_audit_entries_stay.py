from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

MESSAGE = "What the audit log holds stays as it was written."
FUNCTION = f"""
CREATE FUNCTION refuse_change_of_audit() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN RAISE EXCEPTION '{MESSAGE}' USING ERRCODE = 'integrity_constraint_violation'; END $$
"""
AGO = {
    "postgresql": "now() - interval '90 days'",
    "sqlite": "datetime('now', '-90 days')",
}


def refused(vendor: str) -> dict[str, tuple[str, str]]:
    """An account or an authority may go, and a name may be replaced when somebody leaves."""
    return {
        "audit_entry_stays": ("UPDATE OF id, kind, at, about, details, address", ""),
        "audit_entry_keeps_its_account": ("UPDATE OF actor_id", "WHEN (NEW.actor_id IS NOT NULL)"),
        "audit_entry_keeps_its_authority": (
            "UPDATE OF authority_id",
            "WHEN (NEW.authority_id IS NOT NULL)",
        ),
        "audit_entry_is_not_deleted_early": ("DELETE", f"WHEN (OLD.at > {AGO[vendor]})"),
    }


def create(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    vendor = schema_editor.connection.vendor
    body = f"BEGIN SELECT RAISE(ABORT, '{MESSAGE}'); END"
    if vendor == "postgresql":
        schema_editor.execute(FUNCTION, params=None)
        body = "EXECUTE FUNCTION refuse_change_of_audit()"
    for name, (event, condition) in refused(vendor).items():
        schema_editor.execute(
            f"CREATE TRIGGER {name} BEFORE {event} ON krams_auditentry FOR EACH ROW"
            f" {condition} {body}",
            params=None,
        )


def drop(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    vendor = schema_editor.connection.vendor
    where = " ON krams_auditentry" if vendor == "postgresql" else ""
    for name in refused(vendor):
        schema_editor.execute(f"DROP TRIGGER {name}{where}")
    if vendor == "postgresql":
        schema_editor.execute("DROP FUNCTION refuse_change_of_audit")


class Migration(migrations.Migration):
    """A later migration that alters ``krams_auditentry`` must end with these again: SQLite makes
    the table anew, and its triggers go with the old one."""

    dependencies = [("krams", "0011_audit")]
    operations = [migrations.RunPython(create, drop)]
