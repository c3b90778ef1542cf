"""How the database finds a text however it is spelled: æøå, aa as å, case and accents.

Both databases find the same. SQLite calls ``krams.danish.collation.fold`` itself; PostgreSQL has a
function of the same name, made in a migration from ``postgres_fold_sql`` for the letters of Europe.
"""

from functools import reduce
from operator import or_
from typing import Any

from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import CharField, Q, TextField
from django.db.models.lookups import Lookup
from django.db.models.sql.compiler import SQLCompiler

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
    """The statement that creates ``portal_fold(text)``; it agrees with ``collation.fold``."""
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


@CharField.register_lookup
@TextField.register_lookup
class FoldedContains(Lookup):
    """``text__folded="aalborg"`` also finds "Ålborg"; the query is folded here, once."""

    lookup_name = "folded"

    def get_prep_lookup(self) -> str:
        return collation.fold(str(self.rhs).strip())

    def as_sql(
        self, compiler: SQLCompiler, connection: BaseDatabaseWrapper
    ) -> tuple[str, tuple[Any, ...]]:
        left, left_params = self.process_lhs(compiler, connection)
        right, right_params = self.process_rhs(compiler, connection)
        position = "strpos" if connection.vendor == "postgresql" else "instr"
        return f"{position}({FUNCTION}({left}), {right}) > 0", (*left_params, *right_params)


def found_in(query: str, *fields: str) -> Q:
    """A filter: one of ``fields`` holds the query. An empty query is in every text."""
    return reduce(or_, (Q(**{f"{field}__folded": query}) for field in fields))
