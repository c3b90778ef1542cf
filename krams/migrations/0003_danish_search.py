from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

from ..danish import collation

FUNCTION = "portal_fold"
# Latin letters with marks (Latin-1, Latin Extended-A and B, Extended Additional) and the invisible
# characters that a word processor leaves in words.
_LETTERS = [chr(code) for code in (*range(0xC0, 0x250), *range(0x1E00, 0x1F00))]
_INVISIBLE = "".join(
    chr(code)
    for code in (
        0xAD,
        *range(0x200B, 0x2010),
        *range(0x202A, 0x202F),
        *range(0x2060, 0x206A),
        0xFEFF,
    )
)


def postgres_fold_sql() -> str:
    """The statement that creates ``portal_fold(text)``."""
    single: dict[str, str] = {}
    several: dict[str, str] = {}
    for letter in _LETTERS:
        folded = collation.fold(letter)
        if folded == letter:
            continue
        (single if len(folded) == 1 else several)[letter] = folded
    expression = "normalize(t, NFKC)"
    for letter, folded in several.items():
        expression = f"replace({expression}, '{letter}', '{folded}')"
    sources = "".join(single) + _INVISIBLE
    targets = "".join(single.values())
    return (
        f"CREATE OR REPLACE FUNCTION {FUNCTION}(t text) RETURNS text LANGUAGE sql IMMUTABLE "
        f"PARALLEL SAFE STRICT AS $$ SELECT replace(lower(translate({expression}, "
        f"'{sources}', '{targets}') COLLATE \"da-x-icu\"), 'aa', 'å') $$"
    )


def create(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(postgres_fold_sql(), params=None)


def drop(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(f"DROP FUNCTION {FUNCTION}(text)")


class Migration(migrations.Migration):
    """PostgreSQL learns to fold Danish text, as the search asked for until 0009."""

    dependencies = [("krams", "0002_cache_table")]
    operations = [migrations.RunPython(create, drop)]
