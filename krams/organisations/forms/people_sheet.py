"""The people of a department as a table of a spreadsheet: who has which role where."""

from collections.abc import Callable, Iterable, Iterator
from functools import partial
from typing import Any
from uuid import UUID

from django import forms
from django.db import transaction
from django.forms import BaseForm
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from ...enums import Role
from ...models import Department, Membership, User
from ...sheets.columns import Choice, Column
from ...sheets.report import Change, Checked, Line, Problem
from ...web.forms import EmailField, LineField, PortalForm
from ..actions.csv_import import ROLES
from ..actions.department import give_role, locked_department
from ..queries import accounts_of, facilities_in, granted_by, roles_in

EMAIL, NAME = gettext_lazy("E-mail"), gettext_lazy("Shown as")
ROLE, PLACE = gettext_lazy("Role"), gettext_lazy("Facility")
# Each of them is sent an e-mail while the person waits.
MOST_NEW = 100


class PersonRowForm(PortalForm):
    email = EmailField(error_messages={"required": gettext_lazy("Write the e-mail address.")})
    name = LineField(max_length=120, required=False)
    role = forms.ChoiceField(choices=Role)
    facility = forms.IntegerField(required=False, widget=forms.HiddenInput)


class PeopleSheet:
    """Roles in a department and at its facilities; ``invite`` sends a new account its link."""

    lead = gettext_lazy(
        "Who has no account yet gets one, and an e-mail with a link to choose a password. "
        "Roles that the file does not name stay as they are."
    )
    back_label = gettext_lazy("Overview")

    def __init__(self, department: Department, by: User, invite: Callable[[User], object]) -> None:
        self.department, self.by, self.invite = department, by, invite
        self.title = _("People of %(department)s") % {"department": department.name}
        self.back = reverse("initiatives:overview", args=[department.slug])
        self.places = {place.pk: place for place in facilities_in(department)}
        words = {role: word for word, role in ROLES.items()}
        roles = self.roles = granted_by(by, department)
        self.columns = (
            Column("email", EMAIL, "vagt@kommune.example", is_required=True),
            Column(
                "name",
                NAME,
                gettext_lazy("Staff, Example House"),
                gettext_lazy("A role and a place, for who has no account yet."),
                also=("navn",),
            ),
            Column(
                "role",
                ROLE,
                Role.STAFF.label,
                is_required=True,
                choices=tuple(Choice(role.value, role.label, (words[role],)) for role in roles),
            ),
            Column(
                "facility",
                PLACE,
                "",
                gettext_lazy("Empty means the whole department."),
                choices=tuple(Choice(place.pk, place.name) for place in self.places.values()),
                also=("sted",),
            ),
        )

    def form(self, data: dict[str, Any]) -> BaseForm:
        return PersonRowForm(data)

    def values(self, form: BaseForm) -> dict[str, Any]:
        return dict(form.cleaned_data)

    def weigh(self, rows: list[Checked]) -> Iterable[Line | Problem]:
        accounts = accounts_of({row.values["email"] for row in rows})
        held = {
            (one.user_id, one.role, one.facility_id): one
            for one in roles_in(self.department, accounts.values())
        }
        new: set[str] = set()
        for row in rows:
            user = accounts.get(row.values["email"])
            if problem := self._impossible(row, user, new):
                yield problem
                continue
            if user is None:
                new.add(row.values["email"])
            what = (row.values["role"], row.values["facility"])
            yield from self._line(row, user, held.get((user.pk, *what)) if user else None)
        if len(new) > MOST_NEW:
            text = _("There are more than %(most)s new accounts. Divide the file.")
            yield Problem(None, str(EMAIL), text % {"most": MOST_NEW})

    def _impossible(self, row: Checked, user: User | None, new: set[str]) -> Problem | None:
        if user is None:
            if row.values["name"] or row.values["email"] in new:
                return None
            text = _("Say what the person is called here: a role, no name.")
            return Problem(row.row, str(NAME), text)
        if user.pk == self.by.pk:
            return Problem(row.row, str(EMAIL), _("Nobody can give a role to themselves."))
        if not user.is_active:
            text = _("The account is closed. An administrator can open it again.")
            return Problem(row.row, str(EMAIL), text)
        return None

    def _line(self, row: Checked, user: User | None, held: Membership | None) -> Iterator[Line]:
        role = str(Role(row.values["role"]).label)
        place = self.places.get(row.values["facility"])
        given = Change(role, "–", str(place or self.department))
        changes = [given]
        if user is None:
            changes.append(Change(_("New account"), "–", row.values["name"] or row.values["email"]))
        elif held and held.is_valid_on(timezone.localdate()):
            changes = []
        yield Line.of(row, row.values["email"], changes, held)

    def lock(self) -> None:
        locked_department(self.department, self.by)

    def write(self, lines: list[Line], form_id: UUID) -> None:
        for line in lines:
            values = line.values
            given = give_role(
                department=self.department,
                facility=self.places.get(values["facility"]),
                email=values["email"],
                name=values["name"],
                role=Role(values["role"]),
                by=self.by,
            )
            if given.is_new:
                # One that cannot be sent is logged, and does not keep the others from theirs.
                transaction.on_commit(partial(self.invite, given.membership.user), robust=True)
