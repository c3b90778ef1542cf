"""Which columns say in a spreadsheet whether something holds. Pure."""

from typing import Any

from django.utils.translation import gettext as _

from .verdict import Assessment


def judged_columns() -> list[str]:
    return [_("Planned"), _("Held"), _("Not registered")]


def judged(found: Assessment | None) -> list[Any]:
    if found is None:
        return [_("Nothing planned"), None, None, None]
    return [str(found.verdict.label), found.expected, found.held, found.missing]
