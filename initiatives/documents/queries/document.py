"""An initiative read as a document: three queries, whatever its size.

Goals, texts per factor, economy lines, criteria and attention points are short rows of five
tables. One UNION reads them all, so that the whole document stays within the house's eight
queries a page.
"""

from typing import Any

from django.db import models
from django.db.models import (
    BigIntegerField,
    CharField,
    DateField,
    F,
    IntegerField,
    QuerySet,
    TextField,
    Value,
)
from django.db.models.functions import Cast

from krams.database.prepared import prepared

from ...models import (
    AttentionPoint,
    EconomyLine,
    FactorText,
    Initiative,
    PolicyGoal,
    SuccessCriterion,
)
from ..document import Document, Line
from ..sections import ATTENTION, CRITERIA, ECONOMY, FACTORS, GOALS


def _empty(output_field: "models.Field[Any, Any]") -> Cast:
    return Cast(Value(None), output_field)


# The columns of the union, each with what a table without it gives; the types must agree.
_COLUMNS = {
    "kind": None,
    "id": F("pk"),
    "position": Value(0),
    "text": None,
    "short": Cast(Value(""), CharField(max_length=60)),
    "factors": Cast(Value(""), CharField(max_length=5)),
    "place": _empty(BigIntegerField()),
    "place_name": _empty(CharField(max_length=120)),
    "amount": _empty(IntegerField()),
    "due": _empty(DateField()),
    "closed": _empty(DateField()),
}


def _rows(
    queryset: QuerySet[Any], kind: str, text: str, **columns: str
) -> QuerySet[Any, tuple[Any, ...]]:
    given = {"kind": Value(kind, CharField()), "text": Cast(F(text), TextField())} | {
        name: F(source) for name, source in columns.items()
    }
    chosen = {f"c_{name}": given.get(name, empty) for name, empty in _COLUMNS.items()}
    rows: QuerySet[Any, tuple[Any, ...]]
    rows = queryset.order_by().annotate(**chosen).values_list(*chosen)
    return rows


@prepared
def _lines(initiative: Initiative) -> QuerySet[Any, tuple[Any, ...]]:
    place = {"place": "facility_id", "place_name": "facility__name"}
    mine = {"initiative": initiative}
    parts = [
        _rows(
            PolicyGoal.objects.filter(initiatives=initiative), GOALS, "text", position="position"
        ),
        _rows(FactorText.objects.filter(**mine), FACTORS, "text", factors="factor", **place),
        _rows(
            EconomyLine.objects.filter(**mine),
            ECONOMY,
            "what",
            position="position",
            amount="amount_dkk",
            **place,
        ),
        _rows(
            SuccessCriterion.objects.filter(**mine, retired=False),
            CRITERIA,
            "title",
            position="number",
            short="short_title",
            factors="factors",
        ),
        _rows(
            AttentionPoint.objects.filter(**mine),
            ATTENTION,
            "text",
            position="position",
            factors="factor",
            due="follow_up_on",
            closed="closed_on",
        ),
    ]
    return parts[0].union(*parts[1:], all=True)


def no_lines() -> dict[str, list[Line]]:
    """Of an initiative that is not begun."""
    return {kind: [] for kind in (GOALS, FACTORS, ECONOMY, CRITERIA, ATTENTION)}


def read_lines(initiative: Initiative) -> dict[str, list[Line]]:
    """The rows of the document by kind, each kind in its order; one query."""
    lines = no_lines()
    for row in _lines(initiative):
        lines[row[0]].append(Line(*row))
    for rows in lines.values():
        rows.sort(key=lambda line: (line.position, line.pk))
    return lines


def read_document(initiative: Initiative) -> Document:
    return Document(initiative, read_lines(initiative))
