"""Which columns the measurements of a criterion have in a spreadsheet. Pure."""

import datetime as dt
from collections.abc import Iterator
from typing import Any

from django.utils.translation import gettext as _

from krams.documents.spreadsheets import Table
from krams.privacy.small_counts import HIDDEN

from .criterion import CriterionPage
from .status import rounded


def measurements_table(page: CriterionPage, day: dt.date) -> Table:
    """A row a measurement, the newest first; a figure of few people says that it is hidden."""
    columns = [
        *(_("What is measured"), _("Date"), _("Value"), _("Unit"), _("n")),
        *(_("Remark"), _("Entered by")),
    ]
    title = _("Measurements %(criterion)s %(place)s %(day)s") % {
        "criterion": page.criterion.short_title,
        "place": page.facility,
        "day": day.isoformat(),
    }
    return Table(title, columns, _rows(page))


def _rows(page: CriterionPage) -> Iterator[list[Any]]:
    for part in page.parts:
        tracked = part.tracked
        if tracked is None:
            continue
        for figure in reversed(tracked.figures):
            hidden = tracked.hides(figure)
            value = str(HIDDEN) if hidden else rounded(figure.value, tracked.kind)
            people = None if hidden else figure.n
            yield [
                *(tracked.name, figure.day, value, tracked.unit, people),
                *(figure.note, figure.by or ""),
            ]
