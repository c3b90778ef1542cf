"""A table taken into the database: all of it or nothing."""

from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import transaction

from ..documents.spreadsheet_reading import ReadTable
from .checking import Sheet, check
from .report import Problem, Report


class Refused(Exception):
    """Something in the table is wrong as the database now stands."""

    def __init__(self, report: Report) -> None:
        super().__init__(f"{len(report.problems)} problems")
        self.report = report


class ChangedMeanwhile(Exception):
    """The table would do something else than the person was shown."""

    def __init__(self, report: Report) -> None:
        super().__init__("something else than was shown")
        self.report = report


@transaction.atomic
def take_in(sheet: Sheet, table: ReadTable, *, seen: UUID, form_id: UUID) -> Report:
    """Do what the person was shown; ``seen`` is that report's, ``form_id`` the form's.

    The table is checked once more, with what it is compared with locked. Sent twice it does nothing
    the second time. Raises ``DoesNotExist`` where the person may not write, ``Refused`` and
    ``ChangedMeanwhile``.
    """
    sheet.lock()
    report = check(sheet, table)
    if report.problems:
        raise Refused(report)
    if report.to_do:
        if report.seen != seen:
            raise ChangedMeanwhile(report)
        try:
            sheet.write(report.to_do, form_id)
        except ValidationError as error:
            # What is not locked may have changed since it was checked, such as an account.
            report.problems = [Problem(None, "", text) for text in error.messages]
            raise Refused(report) from error
    return report
