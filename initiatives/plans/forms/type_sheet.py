"""Activity types as a table of a spreadsheet: its columns, and what a row would change."""

import uuid
from collections.abc import Iterable
from typing import Any

from django import forms
from django.forms import BaseForm
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from krams.danish.normal_form import look_alike_key
from krams.models import Authority, User
from krams.sheets.columns import YES_OR_NO, Column
from krams.sheets.report import Checked, Line, Problem, changes_between
from krams.web.forms import PortalForm
from krams.web.submissions import submission_id

from ...fields import factor_names
from ...form_fields import FACTOR_WORDS
from ...models import ActivityType
from ..actions import activity_types as actions
from ..queries.activity_types import read_types
from .activity_types import TypeForm

OFFERED = gettext_lazy("Offered")
COLUMNS = (
    Column("name", gettext_lazy("Name"), gettext_lazy("Walk in the woods"), is_required=True),
    Column(
        "factors",
        gettext_lazy("KRAMS factors"),
        "M, S",
        gettext_lazy("Names or letters."),
        is_required=True,
        choices=FACTOR_WORDS,
        is_several=True,
    ),
    Column(
        "offered",
        OFFERED,
        gettext_lazy("yes"),
        gettext_lazy("No: it is kept, and can no longer be chosen."),
        choices=YES_OR_NO,
    ),
)


class TypeRowForm(PortalForm):
    """A type, and whether it is offered."""

    name, factors = TypeForm.base_fields["name"], TypeForm.base_fields["factors"]
    offered = forms.ChoiceField(choices=[("", ""), ("1", "1"), ("0", "0")], required=False)

    def values(self) -> dict[str, Any]:
        data = self.cleaned_data
        retired = data["offered"] == "0"
        return {"name": data["name"], "factors": data["factors"], "retired": retired}


class TypeSheet:
    """The list of a municipality; a row is found by its name."""

    columns = COLUMNS
    lead = gettext_lazy("Types that the file does not name stay as they are.")
    back_label = gettext_lazy("Activity types")

    def __init__(self, municipality: Authority, by: User) -> None:
        self.municipality, self.by = municipality, by
        self.title = _("Activity types of %(place)s") % {"place": municipality.name}
        self.back = reverse("initiatives:types", args=[municipality.slug])

    def form(self, data: dict[str, Any]) -> BaseForm:
        return TypeRowForm(data)

    def values(self, form: BaseForm) -> dict[str, Any]:
        assert isinstance(form, TypeRowForm)
        return form.values()

    def weigh(self, rows: list[Checked]) -> Iterable[Line | Problem]:
        standing = {kind.name_key: kind for kind in read_types(self.municipality)}
        named: dict[str, int] = {}
        for row in rows:
            values = row.values
            key = look_alike_key(values["name"])
            if key in named:
                text = _("The same name stands in row %(row)s.") % {"row": named[key]}
                yield Problem(row.row, str(COLUMNS[0].heading), text)
                continue
            named[key] = row.row
            current = standing.get(key)
            if current and "offered" not in row.given:
                values["retired"] = current.retired
            yield Line.of(row, values["name"], self._changes(values, current), current)

    @staticmethod
    def _changes(values: dict[str, Any], current: ActivityType | None) -> list[Any]:
        words = (_("yes"), _("no"))
        return changes_between(
            [
                (_("Name"), current.name if current else "", values["name"]),
                (
                    COLUMNS[1].heading,
                    factor_names(current.factors) if current else "",
                    factor_names(values["factors"]),
                ),
                (OFFERED, words[current.retired] if current else "", words[values["retired"]]),
            ]
        )

    def lock(self) -> None:
        actions.locked_municipality(self.municipality, self.by)

    def write(self, lines: list[Line], form_id: uuid.UUID) -> None:
        for line in lines:
            values = {name: line.values[name] for name in ("name", "factors")}
            here: dict[str, Any] = {"municipality": self.municipality, "by": self.by}
            if line.current is None:
                sent = submission_id(form_id, [("row", str(line.row))])
                kind = actions.add_type(values=values, submission_id=sent, **here)
            else:
                here["type_id"] = line.current.pk
                kind = actions.edit_type(values=values, version=line.current.version, **here)
            here["type_id"] = kind.pk
            actions.retire_type(retired=line.values["retired"], **here)
