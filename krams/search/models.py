"""What can be found, as tokens: an entry for each row of a registered model that holds a text."""

from typing import Any

from django.db import models
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import Lookup
from django.db.models.sql.compiler import SQLCompiler

from .engine import LOOKED_UP, POSTGRESQL, TABLE, asked, written

Sql = tuple[str, tuple[Any, ...]]


class TokensField(models.Field):
    """A set of tokens: a ``tsvector`` in PostgreSQL, a text in SQLite, whose FTS5 table reads it.

    Reads as the text that ``engine.written`` makes for SQLite, in both.
    """

    description = "Tokens"

    def db_type(self, connection: BaseDatabaseWrapper) -> str:
        return "tsvector" if connection.vendor == POSTGRESQL else "text"

    def get_db_prep_value(
        self, value: Any, connection: BaseDatabaseWrapper, prepared: bool = False
    ) -> str:
        return written(value, connection.vendor)

    def get_placeholder(
        self, value: Any, compiler: SQLCompiler, connection: BaseDatabaseWrapper
    ) -> str:
        # A cast takes each token as it stands; to_tsvector would split them.
        return "%s::tsvector" if connection.vendor == POSTGRESQL else "%s"

    def from_db_value(
        self, value: str, expression: object, connection: BaseDatabaseWrapper
    ) -> frozenset[str]:
        """Encoded as they are."""
        return frozenset(value.replace("'", "").split())


@TokensField.register_lookup
class Holds(Lookup):
    """``tokens__holds=terms``: has a token of each of them."""

    lookup_name = "holds"
    prepare_rhs = False

    def as_sql(self, compiler: SQLCompiler, connection: BaseDatabaseWrapper) -> Sql:
        query = asked(self.rhs, connection.vendor)
        if connection.vendor == POSTGRESQL:
            tokens, params = self.process_lhs(compiler, connection)
            return f"{tokens} @@ %s::tsquery", (*params, query)
        quote = connection.ops.quote_name
        row = f"{quote(self.lhs.alias)}.{quote('id')}"
        found = f"SELECT rowid FROM {LOOKED_UP} WHERE {LOOKED_UP} MATCH %s"
        return f"{row} IN ({found})", (query,)


class SearchEntry(models.Model):
    """The texts of one object as they are looked for. Places and dates of others are not in it.

    ``scope`` is whose it is ("facility 12"), to begin with the few rows that somebody may see;
    whether they may is asked of the object itself. ``precedence`` is the order in which candidates
    are taken (``precedence_of``), less first.
    """

    kind = models.CharField(max_length=30)
    object_id = models.BigIntegerField()
    scope = models.CharField(max_length=30)
    precedence = models.IntegerField()
    # Folded words: of the title in its order, of the text each once.
    title = models.TextField()
    text = models.TextField()
    tokens = TokensField()

    class Meta:
        db_table = TABLE
        indexes = [
            models.Index(fields=["precedence", "kind", "object_id"], name="search_entry_order"),
            models.Index(fields=["scope", "precedence"], name="search_entry_scope"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["kind", "object_id"], name="search_entry_once"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.object_id}"
