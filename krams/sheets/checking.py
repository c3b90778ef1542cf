"""A kind of table, and what a file comes to that holds one: checked row by row."""

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, Protocol
from uuid import UUID

from django.core.exceptions import ValidationError
from django.forms import BaseForm
from django.utils.translation import gettext as _

from ..danish.in_languages import Words
from ..danish.normal_form import look_alike_key
from ..documents.spreadsheet_reading import ReadTable
from ..privacy.cpr import refuse_cpr
from ..privacy.free_text import validate_free_text
from .columns import Column, headings
from .report import Checked, Line, Problem, Report

MOST_PROBLEMS = 500
# A spreadsheet takes a CPR number for a number, and the 0 that it begins with away.
_MAY_LACK_A_ZERO = re.compile(r"\d{9}").fullmatch


class Sheet(Protocol):
    """A kind of table, of one place, for one person.

    A subject says its columns, the form that checks a row, how a row compares with what stands, and
    which of its actions write it.
    """

    @property
    def title(self) -> str: ...
    @property
    def lead(self) -> Words: ...
    @property
    def back(self) -> str: ...
    @property
    def back_label(self) -> Words: ...
    @property
    def columns(self) -> Sequence[Column]: ...

    def form(self, data: dict[str, Any]) -> BaseForm:
        """The form that checks one row."""
        ...

    def values(self, form: BaseForm) -> dict[str, Any]:
        """What a form that is right says."""
        ...

    def weigh(self, rows: list[Checked]) -> Iterable[Line | Problem]:
        """Each row beside what stands; asks the database in a number of queries that is fixed."""
        ...

    def lock(self) -> None:
        """Nobody else changes what ``weigh`` compares with, until the transaction ends.

        Raises ``DoesNotExist`` where the person may no longer write.
        """
        ...

    def write(self, lines: list[Line], form_id: UUID) -> None:
        """Take in what is new or changed, by the subject's own actions."""
        ...


def check(sheet: Sheet, table: ReadTable) -> Report:
    """Every row of the table, and everything that is wrong with it."""
    report = Report(remarks=list(table.remarks))
    places = _places(sheet, table.header, report)
    if report.problems:
        return report
    right = []
    seen: dict[str, int] = {}
    for number, cells in table.rows:
        if _is_example(cells, places):
            text = _("Row %(row)s is the example of the template, and is not read.")
            report.remarks.append(text % {"row": number})
            continue
        found = list(_check_row(sheet, number, cells, places, len(table.header), seen))
        report.problems += [one for one in found if isinstance(one, Problem)]
        right += [one for one in found if isinstance(one, Checked)]
        if len(report.problems) >= MOST_PROBLEMS:
            report.remarks.append(
                _("There is more that is wrong; it is shown when this is put right.")
            )
            return report
    weighed = list(sheet.weigh(right))
    report.problems += [one for one in weighed if isinstance(one, Problem)]
    report.lines = [one for one in weighed if isinstance(one, Line)]
    report.problems.sort(key=lambda problem: problem.row or 0)
    report.lines.sort(key=lambda line: line.row)
    return report


def _places(sheet: Sheet, header: list[str], report: Report) -> dict[int, Column]:
    """Which column stands where; what is wrong with the header goes into the report."""
    known = headings(sheet.columns)
    places: dict[int, Column] = {}
    for place, name in enumerate(header):
        column = known.get(look_alike_key(name.strip(" *")))
        if column is None:
            if name:
                report.remarks.append(
                    _("The column “%(name)s” is not known here, and is not read.")
                    % {"name": _shortened(name)}
                )
        elif column in places.values():
            report.problems.append(
                Problem(None, str(column.heading), _("The column is there twice."))
            )
        else:
            places[place] = column
    if not places:
        report.remarks.clear()
        text = _("The first row must hold the names of the columns, as in the template.")
        report.problems.append(Problem(None, "", text))
        return places
    report.problems += [
        Problem(None, str(column.heading), _("The column is missing."))
        for column in sheet.columns
        if column.is_required and column not in places.values()
    ]
    return places


def _shortened(name: str) -> str:
    """A heading as it is told; one that must not be repeated, such as a CPR number, is not."""
    try:
        _validate(name)
    except ValidationError:
        return "…"
    return name[:40]


def _validate(text: str) -> None:
    validate_free_text(text)
    if _MAY_LACK_A_ZERO(text):
        refuse_cpr(f"0{text}")


def _check_row(
    sheet: Sheet,
    number: int,
    cells: list[str],
    places: dict[int, Column],
    width: int,
    seen: dict[str, int],
) -> Iterator[Checked | Problem]:
    if any(cells[width:]):
        yield Problem(number, "", _("There are more cells than columns with a name."))
        return
    read = _read(cells, places)
    if not any(read.values()):
        return
    if guarded := list(_guard(number, read)):
        yield from guarded
        return
    key = repr([(column.field, look_alike_key(text)) for column, text in read.items()])
    if key in seen:
        text = _("The same stands in row %(row)s.") % {"row": seen[key]}
        yield Problem(number, "", text)
        return
    seen[key] = number
    data, problems = {}, []
    for column, text in read.items():
        try:
            data[column.field] = column.read(text)
        except ValueError as error:
            problems.append(Problem(number, str(column.heading), str(error)))
    form = sheet.form(data)
    unread = {problem.column for problem in problems}
    problems += [one for one in _of_form(sheet, number, form) if one.column not in unread]
    if problems:
        yield from problems
    else:
        yield Checked(number, sheet.values(form), frozenset(data))


def _read(cells: list[str], places: dict[int, Column]) -> dict[Column, str]:
    return {column: "".join(cells[place : place + 1]) for place, column in places.items()}


def _is_example(cells: list[str], places: dict[int, Column]) -> bool:
    """The row that the template came with, which somebody has left in it."""
    read = _read(cells, places)
    is_filled = len(read) > 1 and any(read.values())
    return is_filled and all(column.is_example(text) for column, text in read.items())


def _guard(number: int, read: dict[Column, str]) -> Iterator[Problem]:
    """What no text may hold; said before anything else is, which might repeat it."""
    for column, text in read.items():
        try:
            _validate(text)
        except ValidationError as error:
            yield Problem(number, str(column.heading), " ".join(error.messages))


def _of_form(sheet: Sheet, number: int, form: BaseForm) -> Iterator[Problem]:
    names = {column.field: str(column.heading) for column in sheet.columns}
    for field, messages in form.errors.items():
        for message in messages:
            yield Problem(number, names.get(field, ""), str(message))
