"""What the first page says to a superuser. Pure, but for addresses."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from ..roles.shown import INVITED
from ..worklist.sections import Kind, Line, Section


@dataclass(frozen=True, slots=True)
class Missing:
    """How many there are of what somebody must see to; None as 0."""

    newcomers: int | None
    unanswered: int | None
    undelivered: int | None
    uncertain: int | None
    departments: int | None
    facilities: int | None


def sections_of(missing: Missing) -> Iterator[Section]:
    place = _("The whole portal")
    lines = list(_lines(missing))
    yield Section(
        _("Requires attention"),
        tuple(line for number, line in lines if number),
        reverse("admin:index"),
        place=place,
        otherwise=_(
            "Every department has a manager, every facility somebody who may register, and all who"
            " were invited have logged in."
        ),
    )
    yield Section(
        _("Administration"),
        (
            _way(_("People"), "people"),
            _way(_("Accounts and roles"), "admin:krams_user_changelist"),
            _way(_("Departments and facilities"), "admin:krams_department_changelist"),
            _way(_("Clusters and their members"), "admin:krams_cluster_changelist"),
            _way(_("Facilities"), "initiatives:facilities"),
            _way(_("Clusters"), "clusters:clusters"),
        ),
        reverse("admin:index"),
        place=place,
        kind=Kind.WAYS,
    )


def _way(name: str, address: str) -> Line:
    return Line("", "", reverse(address), head=name)


def _lines(missing: Missing) -> Iterator[tuple[int, Line]]:
    number = missing.undelivered or 0
    text = ngettext(
        "%(number)s letter could not be delivered.",
        "%(number)s letters could not be delivered.",
        number,
    )
    yield number, _line(text, number, _("See the letters"), "letter", "?state__exact=failed")
    number = missing.uncertain or 0
    text = ngettext(
        "%(number)s letter broke off and may not have arrived.",
        "%(number)s letters broke off and may not have arrived.",
        number,
    )
    yield number, _line(text, number, _("See the letters"), "letter", "?state__exact=uncertain")
    number = missing.departments or 0
    text = ngettext(
        "%(number)s department has no manager.",
        "%(number)s departments have no manager.",
        number,
    )
    yield number, _line(text, number, _("See which"), "department", "?personer=ingen")
    number = missing.facilities or 0
    text = ngettext(
        "%(number)s facility has nobody who may register.",
        "%(number)s facilities have nobody who may register.",
        number,
    )
    yield number, _line(text, number, _("See which"), "facility", "?personer=ingen")
    number = missing.unanswered or 0
    text = ngettext(
        "%(number)s invitation is not accepted yet.",
        "%(number)s invitations are not accepted yet.",
        number,
    )
    people = f"{reverse('people')}?vis={INVITED}"
    yield number, Line(text % {"number": number}, _("See who"), people)
    number = missing.newcomers or 0
    text = ngettext(
        "%(number)s person with a role has never logged in.",
        "%(number)s people with a role have never logged in.",
        number,
    )
    yield number, _line(text, number, _("Invite again"), "user", "?invitation=aaben")


def _line(text: str, number: int, action: str, model: str, query: str) -> Line:
    return Line(
        text % {"number": number}, action, reverse(f"admin:krams_{model}_changelist") + query
    )
