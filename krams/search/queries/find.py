"""What one search finds in both halves, of what the person may see.

The database gives the first ``CANDIDATES`` entries that hold all words, in their ``precedence``;
they are ranked here (``krams.search.rank``), so that every database gives the same hits in the same
order. Where there are more, the person is told to write another word.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any, TypeAlias

from django.db.models import BigIntegerField, DateField, F, QuerySet, TextField, Value
from django.db.models.expressions import CombinedExpression
from django.db.models.functions import Cast, Coalesce, Concat
from django.utils.formats import date_format

from ...danish.collation import sort_key
from ...database.prepared import prepared
from ...people.models import User
from ..excerpts import Span, excerpt_of, how_many, spans_of
from ..models import SearchEntry
from ..rank import score_of
from ..registry import KINDS, PAGES, PUBLIC, SCOPES, TIER, Column, Kind, Row
from ..words import Term, terms_of, words_of

SHOWN = 30
CANDIDATES = 300
# Of whom it is asked first whether the person may see them. The rest is asked about only where too
# few of these are left.
CHECKED = 2 * SHOWN
# No text that people write holds it.
BETWEEN = "\x1f"
# What the portal says of itself comes after what people have written.
LAST_TIER = 9 * TIER


# In which order hits stand, and what it is.
Ranked: TypeAlias = tuple[tuple[Any, ...], SearchEntry]
Rows: TypeAlias = QuerySet[Any, tuple[Any, ...]]


@dataclass(frozen=True, slots=True)
class Hit:
    """``label`` says what it is; the spans are what of title and excerpt is marked."""

    label: str
    title: str
    place: str
    excerpt: str
    url: str
    title_spans: list[Span]
    excerpt_spans: list[Span]


@dataclass(frozen=True, slots=True)
class Found:
    """The best hits, and how many there are that the person may see; ``has_more``: or more."""

    hits: list[Hit]
    number: int = 0
    has_more: bool = False


def search(user: User, query: str) -> Found:
    """What the person may see that holds all words of ``query``; at most five queries."""
    terms = terms_of(query)
    if not terms:
        return Found([])
    candidates = _candidates(user, terms)
    scored = _scored(candidates, terms)
    ranked = sorted((_place_of(entry, score), entry) for entry, score in scored)
    first, rest = ranked[:CHECKED], ranked[CHECKED:]
    visible = _visible(user, first)
    if rest and len(visible) <= SHOWN:
        visible, rest = visible + _visible(user, rest), []
    standing: list[tuple[Any, SearchEntry | Hit]] = [*visible, *_pages(terms)]
    standing.sort(key=lambda one: one[0])
    best = [one for _place, one in standing[:SHOWN]]
    shown = _hits([one for one in best if isinstance(one, SearchEntry)], terms)
    hits = [one if isinstance(one, Hit) else shown.get((one.kind, one.object_id)) for one in best]
    has_more = bool(rest) or len(candidates) > CANDIDATES
    return Found([hit for hit in hits if hit], len(standing), has_more)


def _candidates(user: User, terms: Sequence[Term]) -> list[SearchEntry]:
    """One more than are looked at, where there are more."""
    entries = SearchEntry.objects.filter(tokens__holds=terms)
    precedence: F | CombinedExpression = F("precedence")
    if not user.is_superuser:
        entries = entries.filter(scope__in=[PUBLIC, *_scopes_of(user)])
        # No index has this order: PostgreSQL would walk along one through entries that others
        # may see.
        precedence += 0
    first = entries.order_by(precedence, "kind", "object_id")[: CANDIDATES + 1]
    # The texts of these alone: to sort all that hold a common word with their texts takes longer.
    rows = SearchEntry.objects.filter(pk__in=first.values("pk")).defer("tokens")
    return list(rows.order_by("precedence", "kind", "object_id"))


def _scopes_of(user: User) -> list[str]:
    """Whose rows the person reaches; one query."""
    return [f"{name} {pk}" for name, pk in _scopes(user)]


@prepared
def _scopes(user: User) -> Rows:
    return _union(
        visible(user).order_by().values_list(Value(name, TextField()), "pk")
        for name, visible in SCOPES.items()
    )


def _scored(
    candidates: Iterable[SearchEntry], terms: Sequence[Term]
) -> Iterable[tuple[SearchEntry, int]]:
    for entry in candidates:
        score = score_of(terms, entry.title.split(), entry.text.split())
        if score is not None and entry.kind in KINDS:
            yield entry, score


def _place_of(entry: SearchEntry, score: int) -> tuple[Any, ...]:
    """In which order hits stand."""
    return score, entry.precedence, sort_key(entry.title), entry.kind, entry.object_id


def _visible(user: User, ranked: list[Ranked]) -> list[Ranked]:
    """Those of them that the person may see, by the rule of each kind; one query."""
    kinds, keys = _kinds_and_keys(entry for _place, entry in ranked)
    visible = set(_visible_rows(kinds)(user, keys)) if kinds else ()
    return [one for one in ranked if (one[1].kind, one[1].object_id) in visible]


@lru_cache(maxsize=512)
def _visible_rows(kinds: tuple[str, ...]) -> "prepared[[User, list[int]], tuple[str, int]]":
    """A query for each set of kinds, put together once: of each kind all keys are asked for."""

    @prepared
    def rows(user: User, keys: list[int]) -> Rows:
        return _union(
            KINDS[key]
            .visible(user)
            .filter(pk__in=keys)
            .order_by()
            .values_list(Value(key, TextField()), Cast("pk", BigIntegerField()))
            for key in kinds
        )

    return rows


def _hits(entries: list[SearchEntry], terms: Sequence[Term]) -> dict[tuple[str, int], Hit]:
    """What is shown of them; one query."""
    kinds, keys = _kinds_and_keys(entries)
    wanted = {(entry.kind, entry.object_id) for entry in entries}
    hits = {}
    for key, *values, texts in _shown_rows(kinds)(keys) if kinds else ():
        kind, row = KINDS[key], Row(*values)
        if (key, row.pk) in wanted:
            hits[key, row.pk] = _hit(kind, row, texts.split(BETWEEN), terms)
    return hits


@lru_cache(maxsize=512)
def _shown_rows(kinds: tuple[str, ...]) -> "prepared[[list[int]], tuple[Any, ...]]":
    @prepared
    def rows(keys: list[int]) -> Rows:
        return _union(_shown(KINDS[key], keys) for key in kinds)

    return rows


def _kinds_and_keys(entries: Iterable[SearchEntry]) -> tuple[tuple[str, ...], list[int]]:
    found = list(entries)
    kinds = tuple(sorted({entry.kind for entry in found}))
    return kinds, sorted({entry.object_id for entry in found})


def _union(parts: Iterable[Rows]) -> Rows:
    """Of at least one."""
    first, *others = parts
    return first.union(*others, all=True)


def _shown(kind: Kind, keys: list[int]) -> QuerySet[Any, tuple[Any, ...]]:
    """The rows under columns whose types agree with those of all other kinds."""
    place: Coalesce | Concat = _text(kind.place)
    if kind.also:
        place = Concat(place, _text(kind.also), output_field=TextField())
    texts: Coalesce | Concat = _text(kind.texts[0])
    for name in kind.texts[1:]:
        texts = Concat(texts, Value(BETWEEN), _text(name), output_field=TextField())
    columns = {
        "s_kind": Value(kind.key, TextField()),
        "s_pk": Cast("pk", BigIntegerField()),
        "s_title": _text(kind.title),
        "s_place": place,
        "s_day": Cast(F(kind.day) if kind.day else Value(None, DateField()), DateField()),
        "s_slug": _text(kind.slug),
        "s_also_slug": _text(kind.also_slug),
        "s_owner": Cast(
            F(kind.of) if kind.of else Value(None, BigIntegerField()), BigIntegerField()
        ),
        "s_called": _text(kind.called),
        "s_texts": texts,
    }
    rows = kind.model._default_manager.filter(pk__in=keys).order_by().annotate(**kind.computed)
    shown: QuerySet[Any, tuple[Any, ...]] = rows.annotate(**columns).values_list(*columns)
    return shown


def _text(source: Column) -> Coalesce:
    """A path or an expression as text, never null."""
    value = F(source) if isinstance(source, str) and source else source or Value("")
    return Coalesce(Cast(value, TextField()), Value(""), output_field=TextField())


def _hit(kind: Kind, row: Row, texts: list[str], terms: Sequence[Term]) -> Hit:
    places, title = [row.place], row.title
    day = date_format(row.day, "SHORT_DATE_FORMAT") if row.day else ""
    if row.called:
        called = f"{kind.names(row.called)} {day}".strip()
        if title:
            places.insert(0, called)
        else:
            title = called
    elif day:
        places.append(day)
    # Of several texts the one that holds most of the words, and of these the first.
    number = max(range(len(texts)), key=lambda one: (how_many(texts[one], terms), -one))
    row = replace(row, name=kind.texts[number])
    title_spans = spans_of(title, terms)
    # What the title says already need not be said again.
    excerpt = "" if title_spans and number == 0 else excerpt_of(texts[number], terms)
    return Hit(
        str(kind.label),
        title,
        " · ".join(filter(None, places)),
        excerpt,
        kind.url(row),
        title_spans,
        spans_of(excerpt, terms),
    )


def _pages(terms: Sequence[Term]) -> Iterable[tuple[tuple[Any, ...], Hit]]:
    """Of what the portal says of itself, in the language of who asks; no query."""
    for label, pages in PAGES:
        for number, (title, text, url) in enumerate(pages()):
            title_words, words = ([one.folded for one in words_of(part)] for part in (title, text))
            score = score_of(terms, title_words, words)
            if score is None:
                continue
            excerpt = excerpt_of(text, terms)
            spans = spans_of(title, terms), spans_of(excerpt, terms)
            hit = Hit(str(label), title, "", excerpt, url, *spans)
            yield (score, LAST_TIER, sort_key(title), "", number), hit
