"""Danish search in the database: æøå, aa as å, case and accents, alike on both databases.

SQLite calls ``krams.danish.collation.fold`` itself; PostgreSQL has a function of the same name, made in a
migration from ``postgres_fold_sql`` for the letters of Europe.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import reduce
from operator import or_

from django.db.models import CharField, Q, QuerySet, TextField
from django.db.models.lookups import Lookup

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
    """The statement that creates ``portal_fold(text)``; it agrees with ``danish.fold``."""
    single, several = {}, {}
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

    def get_prep_lookup(self):
        return collation.fold(str(self.rhs).strip())

    def as_sql(self, compiler, connection):
        left, left_params = self.process_lhs(compiler, connection)
        right, right_params = self.process_rhs(compiler, connection)
        position = "strpos" if connection.vendor == "postgresql" else "instr"
        return f"{position}({FUNCTION}({left}), {right}) > 0", [*left_params, *right_params]


def found_in(query: str, *fields: str) -> Q:
    """A filter: one of ``fields`` holds the query. An empty query is in every text."""
    return reduce(or_, (Q(**{f"{field}__folded": query}) for field in fields))


# --- One search over both halves -----------------------------------------------------------------

LONGEST_QUERY = 100
SHOWN = 20
AROUND = 90


@dataclass(frozen=True)
class Source:
    """Something that can be found. ``visible`` is what the person may see of it; the text that is
    searched stands in ``fields``, of the row itself or of a related one.

    ``title`` and ``place`` read a found row without further queries, and ``excerpts`` gives its
    texts, of which the first with a hit is shown.
    """

    heading: str
    visible: Callable[..., QuerySet]
    fields: tuple[str, ...]
    title: Callable[..., str]
    place: Callable[..., str]
    excerpts: Callable[..., Iterable[str]]
    url: Callable[..., str] = lambda row: row.get_absolute_url()

    def __call__(self, user, query: str) -> list["Found"]:
        """One query."""
        related = [field for field in self.fields if "__" in field]
        rows = self.visible(user).filter(found_in(query, *self.fields))
        rows = list((rows.distinct() if related else rows)[: SHOWN + 1])
        if not rows:
            return []
        hits = [_hit(self, row, query) for row in rows[:SHOWN]]
        return [Found(str(self.heading), hits, len(rows) > SHOWN)]


@dataclass(frozen=True)
class Hit:
    title: str
    place: str
    excerpt: str
    url: str


@dataclass(frozen=True)
class Found:
    """The first hits of a source; ``has_more`` says that there are others."""

    heading: str
    hits: list[Hit]
    has_more: bool


Finder = Callable[..., list[Found]]
_finders: list[Finder] = []


def register(finder: Finder) -> None:
    """An app registers what it lets people find in its ``AppConfig.ready()``: a function of the
    person and the query, such as a ``Source``. It costs one query, whatever it finds."""
    _finders.append(finder)


def search(user, query: str) -> list[Found]:
    """What the person may see that holds ``query``."""
    return [found for finder in _finders for found in finder(user, query)]


def _hit(source: Source, row, query: str) -> Hit:
    for text in source.excerpts(row):
        if text and (excerpt := excerpt_of(text, query)):
            break
    else:
        excerpt = ""
    return Hit(source.title(row), source.place(row), excerpt, source.url(row))


def excerpt_of(text: str, query: str) -> str:
    """The part of the text around its first hit; nothing where it has none."""
    spans = collation.mark_spans(text, query)
    if not spans:
        return ""
    start, end = max(0, spans[0][0] - AROUND), min(len(text), spans[0][1] + AROUND)
    if start:
        start = text.find(" ", start, spans[0][0]) + 1 or start
    if end < len(text):
        end = max(text.rfind(" ", spans[0][1], end), spans[0][1])
    return f"{'… ' if start else ''}{text[start:end].strip()}{' …' if end < len(text) else ''}"
