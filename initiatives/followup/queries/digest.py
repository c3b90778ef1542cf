"""What the weekly e-mail says of the KRAMS half: the concerns that the person may act on."""

from collections import defaultdict
from collections.abc import Iterator
from datetime import date

from django.urls import reverse

from krams.mail.digests import Line, Section
from krams.models import User

from ...enums import ConcernKind
from ...models import FollowUpSettings
from ..concern import Concern
from .attention import read_concerns
from .overview import departments_of, read_tables


def sections(user: User, today: date) -> Iterator[Section]:
    """Sections by kind, oldest lines first, over all departments where the person has a part."""
    found: dict[ConcernKind, list[Concern]] = defaultdict(list)
    path = ""
    for department in departments_of(user).order_by("pk"):
        tables = read_tables(department, user, today)
        thresholds = FollowUpSettings.of(department.municipality).thresholds()
        concerns, _verdicts, _courses = read_concerns(department, user, tables, today, thresholds)
        for concern in concerns:
            if concern.may_act:
                found[concern.about].append(concern)
        path = path or reverse("initiatives:overview", args=[department.slug])
    for kind in ConcernKind:
        lines = tuple(map(_line, sorted(found[kind], key=lambda one: one.since)))
        yield Section(str(kind.label), lines, path)


def _line(concern: Concern) -> Line:
    return Line(
        f"{str(concern.title).rstrip('.')}. {concern.text}", str(concern.action), concern.url
    )
