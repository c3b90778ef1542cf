"""The facilities of a department as a table of a spreadsheet."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django import forms
from django.forms import BaseForm
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from ...danish.normal_form import look_alike_key
from ...enums import FacilityKind
from ...models import Department, Facility, User
from ...sheets.columns import Choice, Column
from ...sheets.report import Change, Checked, Line, Problem, changes_between
from ...web.forms import CountField, LineField, PortalForm
from ..actions.csv_import import FACILITY_KINDS
from ..actions.department import keep_facility, locked_department
from ..queries import facilities_in

NAME = gettext_lazy("Facility")
# The short words of docs/import.md are known here too.
KINDS = tuple(
    Choice(
        kind.value, kind.label, tuple(word for word, one in FACILITY_KINDS.items() if one == kind)
    )
    for kind in FacilityKind
)


class FacilityRowForm(PortalForm):
    name = LineField(
        max_length=120, error_messages={"required": gettext_lazy("Write the name of the facility.")}
    )
    kind = forms.ChoiceField(choices=FacilityKind)
    place_count = CountField(least=1, most=999, required=False)
    remark = LineField(max_length=200, required=False)


class FacilitySheet:
    """A row is found by its name."""

    lead = gettext_lazy("Facilities that the file does not name stay as they are.")
    back_label = gettext_lazy("Overview")
    columns = (
        Column("name", NAME, gettext_lazy("Example House"), is_required=True, also=("sted",)),
        Column(
            "kind",
            gettext_lazy("Kind"),
            FacilityKind.RESIDENTIAL.label,
            is_required=True,
            choices=KINDS,
            also=("stedtype",),
        ),
        Column("place_count", gettext_lazy("Places"), "16", gettext_lazy("1 to 999, or empty.")),
        Column("remark", gettext_lazy("Remark"), ""),
    )

    def __init__(self, department: Department, by: User) -> None:
        self.department, self.by = department, by
        self.title = _("Facilities of %(department)s") % {"department": department.name}
        self.back = reverse("initiatives:overview", args=[department.slug])

    def form(self, data: dict[str, Any]) -> BaseForm:
        return FacilityRowForm(data)

    def values(self, form: BaseForm) -> dict[str, Any]:
        return dict(form.cleaned_data)

    def weigh(self, rows: list[Checked]) -> Iterable[Line | Problem]:
        standing = {place.name_key: place for place in facilities_in(self.department)}
        named: dict[str, int] = {}
        for row in rows:
            key = look_alike_key(row.values["name"])
            if key in named:
                text = _("The same name stands in row %(row)s.") % {"row": named[key]}
                yield Problem(row.row, str(NAME), text)
                continue
            named[key] = row.row
            current = standing.get(key)
            values = {name: row.values[name] for name in row.values if name in row.given}
            changes = self._changes(values, current)
            yield Line.of(Checked(row.row, values, row.given), values["name"], changes, current)

    def _changes(self, values: dict[str, Any], current: Facility | None) -> list[Change]:
        def text(name: str, value: Any) -> str:
            if name == "kind" and value:
                return str(FacilityKind(value).label)
            return str(value or "")

        headings = {column.field: column.heading for column in self.columns}
        return changes_between(
            [
                (headings[name], text(name, getattr(current, name, "")), text(name, value))
                for name, value in values.items()
            ]
        )

    def lock(self) -> None:
        locked_department(self.department, self.by)

    def write(self, lines: list[Line], form_id: UUID) -> None:
        for line in lines:
            keep_facility(
                department=self.department,
                facility=line.current,
                values=line.values,
                by=self.by,
                reason=_("Taken in from a spreadsheet"),
            )
