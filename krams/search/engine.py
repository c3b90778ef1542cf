"""What each database looks tokens up with, as SQL. Pure.

PostgreSQL has a ``tsvector`` with a GIN index. SQLite has an FTS5 table over the column of the same
name, which triggers on the table of entries keep. Neither splits or folds anything: both get
tokens as ``words.encoded`` writes them.
"""

from collections.abc import Iterable, Sequence

from .words import PART_MARK, SHORTEST_PART, Term, encoded

TABLE, COLUMN = "krams_searchentry", "tokens"
LOOKED_UP = f"{TABLE}_fts"
GIN_INDEX = "search_entry_tokens"
POSTGRESQL = "postgresql"
_ADD = f"INSERT INTO {LOOKED_UP} (rowid, {COLUMN}) VALUES (NEW.id, NEW.{COLUMN});"
_TAKE = (
    f"INSERT INTO {LOOKED_UP} ({LOOKED_UP}, rowid, {COLUMN}) "
    f"VALUES ('delete', OLD.id, OLD.{COLUMN});"
)
# Of many words the planner should know how common they are.
_STATISTICS = f"ALTER TABLE {TABLE} ALTER COLUMN {COLUMN} SET STATISTICS 1000"
# No positions and no sizes: only whether a token is there is asked.
_SQLITE_TABLE = (
    f"CREATE VIRTUAL TABLE {LOOKED_UP} USING fts5({COLUMN}, content='{TABLE}', "
    f"content_rowid='id', detail=none, columnsize=0, tokenize=\"ascii tokenchars '_{PART_MARK}'\")"
)


def create_sql(vendor: str) -> dict[str, str]:
    """What is created, by name."""
    if vendor == POSTGRESQL:
        return {
            GIN_INDEX: f"{_STATISTICS}; CREATE INDEX {GIN_INDEX} ON {TABLE} USING gin ({COLUMN})"
        }
    triggers = {
        "insert": ("INSERT", _ADD),
        "update": (f"UPDATE OF {COLUMN}", f"{_TAKE} {_ADD}"),
        "delete": ("DELETE", _TAKE),
    }
    return {LOOKED_UP: _SQLITE_TABLE} | {
        f"{LOOKED_UP}_{name}": f"CREATE TRIGGER {LOOKED_UP}_{name} AFTER {event} ON {TABLE} "
        f"BEGIN {statements} END"
        for name, (event, statements) in triggers.items()
    }


def drop_sql(vendor: str) -> list[str]:
    """Drops what there is of it."""
    if vendor == POSTGRESQL:
        return [f"DROP INDEX IF EXISTS {GIN_INDEX}"]
    *triggers, table = reversed(create_sql(vendor))
    dropped = [f"DROP TRIGGER IF EXISTS {name}" for name in triggers]
    return [*dropped, f"DROP TABLE IF EXISTS {table}"]


def fill_sql(vendor: str) -> list[str]:
    """Reads the tokens of all entries anew, where the database does not do so by itself."""
    if vendor == POSTGRESQL:
        return []
    return [f"INSERT INTO {LOOKED_UP} ({LOOKED_UP}) VALUES ('rebuild')"]


def existing_sql(vendor: str) -> str:
    """Names what there is, and how it was made."""
    if vendor == POSTGRESQL:
        return f"SELECT indexname, '' FROM pg_indexes WHERE tablename = '{TABLE}'"
    return f"SELECT name, sql FROM sqlite_master WHERE name LIKE '{LOOKED_UP}%'"


def written(tokens: Iterable[str], vendor: str) -> str:
    """The tokens as the column holds them; the same tokens are always written alike."""
    # Encoded they hold nothing that would need escaping.
    mark = "'" if vendor == POSTGRESQL else ""
    return " ".join(f"{mark}{one}{mark}" for one in sorted(map(encoded, tokens)))


def asked(terms: Sequence[Term], vendor: str) -> str:
    """The query that finds what holds a token of each term.

    It may give a little more: which vowel follows a stem is seen afterwards (``Form.closed``).
    """
    if vendor == POSTGRESQL:
        word, beginning, either, all_of = "'{}'", "'{}':*", " | ", " & "
    else:
        word, beginning, either, all_of = '"{}"', '"{}"*', " OR ", " AND "

    def one(term: Term) -> str:
        begins = [form.text for form in term.forms if not form.whole]
        equals = [term.stem, *(form.text for form in term.forms if form.whole)]
        # What begins with a longer beginning begins with the shorter one too. A planner adds up
        # what each of them may find, so there should be as few as possible.
        begins = [
            text
            for text in begins
            if not any(text.startswith(other) and text != other for other in begins)
        ]
        equals = [text for text in equals if not text.startswith(tuple(begins))]
        both = [(beginning, text) for text in begins] + [(word, text) for text in equals]
        both += [(how, PART_MARK + text) for how, text in both if len(text) >= SHORTEST_PART]
        return either.join(dict.fromkeys(how.format(encoded(text)) for how, text in both))

    return all_of.join(f"({one(term)})" for term in terms)
