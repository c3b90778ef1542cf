"""The people of a department as a table of a spreadsheet: who has which role where."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django import forms
from django.forms import BaseForm
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from ...enums import InvitationState, Role
from ...models import Department, Invitation, Membership, User
from ...roles.actions.invitations import is_known
from ...sheets.columns import Choice, Column
from ...sheets.report import Change, Checked, Line, Problem
from ...web.forms import EmailField, LineField, PortalForm
from ..actions.csv_import import ROLES
from ..actions.department import give_role, locked_department
from ..queries import accounts_of, facilities_in, granted_by, invitations_in, roles_in

EMAIL, NAME = gettext_lazy("E-mail"), gettext_lazy("Shown as")
ROLE, PLACE = gettext_lazy("Role"), gettext_lazy("Facility")
MOST_NEW = 500


class PersonRowForm(PortalForm):
    email = EmailField(error_messages={"required": gettext_lazy("Write the e-mail address.")})
    name = LineField(max_length=120, required=False)
    role = forms.ChoiceField(choices=Role)
    facility = forms.IntegerField(required=False, widget=forms.HiddenInput)


@dataclass
class Known:
    """What stands in the department: roles by account, role and facility, and what is offered."""

    roles: dict[tuple[int, str, int | None], Membership]
    offers: dict[tuple[int, int | None], Invitation]

    def role(self, row: Checked, user: User | None) -> Membership | None:
        values = row.values
        return self.roles.get((user.pk, values["role"], values["facility"])) if user else None

    def offer(self, row: Checked, user: User | None) -> Invitation | None:
        return self.offers.get((user.pk, row.values["facility"])) if user else None


class PeopleSheet:
    """Roles in a department and at its facilities; who uses no account yet is invited."""

    lead = gettext_lazy(
        "Who uses the portal already gets the role at once. Others get an e-mail with a link, and "
        "the role when they say yes. Roles that the file does not name stay as they are."
    )
    back_label = gettext_lazy("Overview")

    def __init__(self, department: Department, by: User) -> None:
        self.department, self.by = department, by
        self.title = _("People of %(department)s") % {"department": department.name}
        self.back = reverse("initiatives:overview", args=[department.slug])
        self.places = {place.pk: place for place in facilities_in(department)}
        words = {role: word for word, role in ROLES.items()}
        self.granted = granted_by(by, department)
        roles = [role for role in Role if role in {*self.granted[True], *self.granted[False]}]
        self.roles = tuple(roles)
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
        known = Known(
            {
                (one.user_id, one.role, one.facility_id): one
                for one in roles_in(self.department, accounts.values())
            },
            {
                (one.user_id, one.facility_id): one
                for one in invitations_in(self.department, accounts.values())
            },
        )
        new: set[str] = set()
        first: dict[tuple[str, int | None], int] = {}
        for row in rows:
            user = accounts.get(row.values["email"])
            problem = (
                self._impossible(row, user, new)
                or self._out_of_reach(row, user, known)
                or self._invited_twice(row, user, first)
            )
            if problem:
                yield problem
                continue
            if user is None:
                new.add(row.values["email"])
            yield self._line(row, user, known)
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

    def _out_of_reach(self, row: Checked, user: User | None, known: "Known") -> Problem | None:
        place = self.places.get(row.values["facility"])
        role = Role(row.values["role"])
        if role not in self.granted[place is None]:
            text = _("You cannot give this role in the whole department. Name a facility.")
            return Problem(row.row, str(ROLE), text)
        if place and place.closed_on:
            text = _("%(place)s is closed: nobody is given a role there any more.")
            return Problem(row.row, str(PLACE), text % {"place": place.name})
        offered = known.offer(row, user)
        if offered and offered.role != role and offered.state == InvitationState.WAITING:
            text = _("The address is invited here already, as: %(role)s. Withdraw that first.")
            return Problem(row.row, str(EMAIL), text % {"role": offered.get_role_display()})
        return None

    def _invited_twice(
        self, row: Checked, user: User | None, first: dict[tuple[str, int | None], int]
    ) -> Problem | None:
        """``first`` are the rows by address and facility; an invitation is to one role there."""
        there = first.setdefault((row.values["email"], row.values["facility"]), row.row)
        if there == row.row or (user and is_known(user)):
            return None
        text = _(
            "Row %(row)s invites the address here already. Give the other role when the person"
            " has said yes."
        )
        return Problem(row.row, str(EMAIL), text % {"row": there})

    def _line(self, row: Checked, user: User | None, known: "Known") -> Line:
        role = str(Role(row.values["role"]).label)
        place = self.places.get(row.values["facility"])
        changes = [Change(role, "–", str(place or self.department))]
        held, offered = known.role(row, user), known.offer(row, user)
        if user is None:
            changes.append(Change(_("New account"), "–", row.values["name"] or row.values["email"]))
        elif held and held.is_valid_on(timezone.localdate()):
            changes = []
        elif offered and offered.state == InvitationState.WAITING:
            return Line.of(row, row.values["email"], [], offered)
        return Line.of(row, row.values["email"], changes, held)

    def lock(self) -> None:
        locked_department(self.department, self.by)

    def write(self, lines: list[Line], form_id: UUID) -> None:
        for line in lines:
            values = line.values
            give_role(
                department=self.department,
                facility=self.places.get(values["facility"]),
                email=values["email"],
                name=values["name"],
                role=Role(values["role"]),
                by=self.by,
            )
