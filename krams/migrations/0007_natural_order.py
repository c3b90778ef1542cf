from collections.abc import Callable

from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

COLUMNS = """
    SELECT format('ALTER TABLE %%I.%%I ALTER COLUMN %%I TYPE %%s COLLATE %%I.danish',
        space.nspname, class.relname, att.attname, format_type(att.atttypid, att.atttypmod),
        collspace.nspname)
    FROM pg_attribute att
    JOIN pg_collation coll ON coll.oid = att.attcollation
    JOIN pg_namespace collspace ON collspace.oid = coll.collnamespace
    JOIN pg_class class ON class.oid = att.attrelid
    JOIN pg_namespace space ON space.oid = class.relnamespace
    WHERE coll.collname = 'danish_before' AND class.relkind = 'r' AND NOT att.attisdropped
"""


def order_by(locale: str) -> Callable[..., None]:
    def apply(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
        if schema_editor.connection.vendor == "sqlite":
            # The function of the collation has changed, and with it the order of its indexes.
            schema_editor.execute("REINDEX danish")
            return
        schema_editor.execute("ALTER COLLATION danish RENAME TO danish_before")
        schema_editor.execute(f"CREATE COLLATION danish (provider = icu, locale = '{locale}')")
        with schema_editor.connection.cursor() as cursor:
            cursor.execute(COLUMNS, [])
            statements = [statement for (statement,) in cursor.fetchall()]
        # Each makes the indexes of its column anew.
        for statement in statements:
            schema_editor.execute(statement, params=None)
        schema_editor.execute("DROP COLLATION danish_before")

    return apply


class Migration(migrations.Migration):
    """Hus 2 stands before Hus 10; the order is that of krams.danish.collation.sort_key."""

    dependencies = [("krams", "0007_look_alikes")]
    operations = [migrations.RunPython(order_by("da-DK-u-kn-true"), order_by("da-DK"))]
