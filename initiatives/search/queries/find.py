"""What of the initiatives, plans, logs and meetings the one search finds: in one query."""

import datetime as dt
from typing import Any

from django.db.models import (
    BigIntegerField,
    Case,
    DateField,
    F,
    IntegerField,
    Q,
    QuerySet,
    TextField,
    Value,
    When,
)
from django.db.models.functions import Cast, Coalesce, Concat
from django.utils.formats import date_format

from krams.models import User
from krams.search.excerpts import excerpt_of
from krams.search.queries import SHOWN, Found, Hit
from krams.search.spelling import found_in

from ...enums import MeetingKind
from ...models import Activity
from .texts import HEADINGS, KINDS, OWN_TITLE, Row


def find(user: User, query: str) -> list[Found]:
    """The first hits under each heading, the newest first; one query for all of them."""
    parts = [_part(number, user, query) for number in range(len(MODELS))]
    rows: dict[str, list[Row]] = {}
    for values in parts[0].union(*parts[1:], all=True):
        row = _row(values, query)
        rows.setdefault(str(KINDS[row.model].heading), []).append(row)
    found = []
    for heading in map(str, HEADINGS):
        if mine := rows.get(heading):
            mine.sort(key=lambda row: (row.day or dt.date.min, -row.pk), reverse=True)
            hits = [_hit(row, query) for row in mine[:SHOWN]]
            found.append(Found(heading, hits, len(mine) > SHOWN))
    return found


MODELS = tuple(KINDS)


def _text(source: str | Coalesce) -> Coalesce:
    """A path or an expression as text, never null."""
    value = F(source) if isinstance(source, str) else source
    return Coalesce(Cast(value, TextField()), Value(""), output_field=TextField())


def _part(number: int, user: User, query: str) -> QuerySet[Any, tuple[Any, ...]]:
    """The newest hits of one kind, under columns whose types agree with all others'."""
    model = MODELS[number]
    kind = KINDS[model]
    found = kind.visible(user).filter(found_in(query, *kind.texts))
    newest = found.order_by(*([f"-{kind.day}"] if kind.day else []), "pk")[: SHOWN + 1]
    place: Coalesce | Concat = _text(kind.place)
    if kind.also:
        place = Concat(place, _text(kind.also), output_field=TextField())
    # Of several texts, the first that holds the query.
    holds = [
        (number, name, Q(**{f"{name}__folded": query})) for number, name in enumerate(kind.texts)
    ]
    which = Case(*(When(hit, then=Value(number)) for number, _name, hit in holds))
    text = Case(*(When(hit, then=_text(name)) for _number, name, hit in holds))
    nothing = Value("", TextField())
    columns = {
        "s_kind": Value(number, IntegerField()),
        "s_pk": Cast(F("pk"), BigIntegerField()),
        "s_title": _text(kind.title) if kind.title else nothing,
        "s_place": place,
        "s_day": Cast(F(kind.day) if kind.day else Value(None), DateField()),
        "s_slug": _text(kind.slug) if kind.slug else nothing,
        "s_also_slug": _text(kind.also_slug) if kind.also_slug else nothing,
        "s_owner": Cast(F(kind.of) if kind.of else Value(None), BigIntegerField()),
        "s_meeting": _text(kind.meeting) if kind.meeting else nothing,
        "s_which": Cast(which, IntegerField()),
        "s_text": Cast(text, TextField()),
    }
    rows = model._default_manager.filter(pk__in=newest.values("pk"))
    if model is Activity:
        rows = rows.annotate(own_title=OWN_TITLE)
    found_rows: QuerySet[Any, tuple[Any, ...]]
    found_rows = rows.order_by().annotate(**columns).values_list(*columns)
    return found_rows


def _row(values: tuple[Any, ...], query: str) -> Row:
    number, pk, title, place, day, slug, also_slug, owner, meeting, which, text = values
    model = MODELS[number]
    return Row(
        model=model,
        pk=pk,
        title=title,
        place=place,
        day=day,
        slug=slug,
        also_slug=also_slug,
        owner=owner,
        meeting=meeting,
        name=KINDS[model].texts[which],
        text=excerpt_of(text, query),
    )


def _hit(row: Row, query: str) -> Hit:
    kind = KINDS[row.model]
    place, title = [row.place], row.title
    day = date_format(row.day, "SHORT_DATE_FORMAT") if row.day else ""
    if row.meeting:
        meeting = f"{MeetingKind(row.meeting).label} {day}"
        if title:
            place.insert(0, meeting)
        else:
            title = meeting
    elif day:
        place.append(day)
    # What the title says already need not be said again.
    excerpt = "" if excerpt_of(title, query) and row.name == kind.texts[0] else row.text
    return Hit(title, " · ".join(place), excerpt, kind.url(row))
