"""Measurements as a table of a spreadsheet: an indicator at a facility on a day in each row."""

import uuid
from collections import Counter
from collections.abc import Iterable
from typing import Any

from django import forms
from django.core.exceptions import PermissionDenied
from django.forms import BaseForm
from django.http import QueryDict
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from krams.models import Facility, User
from krams.sheets.columns import EXAMPLE_DAY, Choice, Column
from krams.sheets.report import Change, Checked, Line, Problem, changes_between
from krams.web.forms import PortalForm
from krams.web.submissions import submission_id

from ...models import Indicator, Initiative, Measurement
from ..actions import measurements as actions
from ..figures import figure_text
from ..queries.measurements import entered_indicators, managed_places, measurements_between
from .measurements import FIGURES, MeasurementForm

INDICATOR, FACILITY = gettext_lazy("What is measured"), gettext_lazy("Facility")
PEOPLE, NOTE = gettext_lazy("How many are included"), gettext_lazy("Remark")


class WhichForm(PortalForm):
    """What a row must say before its figure can be looked at."""

    indicator = forms.IntegerField(
        widget=forms.HiddenInput,
        error_messages={"required": gettext_lazy("Write what is measured.")},
    )
    facility = forms.IntegerField(
        widget=forms.HiddenInput,
        error_messages={"required": gettext_lazy("Write which facility.")},
    )


class MeasurementRowForm(MeasurementForm):
    """A figure, as its indicator asks for it, at a facility."""

    # The whole table has one. To Django a field that is None is none.
    submission_id = None  # type: ignore[assignment]

    def __init__(
        self, data: QueryDict | None = None, *, indicator: Indicator, facility: Facility
    ) -> None:
        super().__init__(data, indicator=indicator)
        self.facility = facility
        if "people" in self.fields:
            # Whether it may be left out depends on what stands: ``MeasurementSheet.weigh``.
            self.fields["people"].required = False

    def values(self) -> dict[str, Any]:
        return {**self.measured(), "indicator": self.indicator, "facility": self.facility}


class MeasurementSheet:
    """The figures of an initiative at the facilities that the person manages."""

    lead = gettext_lazy("One figure a row. A figure of the same day is corrected.")
    back_label = gettext_lazy("Criteria")

    def __init__(self, initiative: Initiative, by: User) -> None:
        """Raises ``PermissionDenied`` for who manages none of its facilities."""
        self.initiative, self.by = initiative, by
        self.title = _("Measurements of %(title)s") % {"title": initiative.title}
        self.back = reverse("initiatives:criteria", args=[initiative.pk])
        self.places = {place.pk: place for place in managed_places(by, initiative)}
        if not self.places:
            raise PermissionDenied
        self.indicators = {one.pk: one for one in entered_indicators(initiative)}
        self.columns = self._columns()

    def _columns(self) -> tuple[Column, ...]:
        often = Counter(one.name for one in self.indicators.values())
        indicators = []
        for one in self.indicators.values():
            numbered = f"{one.criterion.number}. {one.name}"
            is_plain = often[one.name] == 1
            also = (numbered,) if is_plain else ()
            indicators.append(Choice(one.pk, one.name if is_plain else numbered, also))
        places = tuple(Choice(place.pk, place.name) for place in self.places.values())
        of_shares = gettext_lazy("Of what is measured as a share.")
        return (
            Column(
                "indicator",
                INDICATOR,
                indicators[0].label if indicators else "",
                is_required=True,
                choices=tuple(indicators),
            ),
            Column("facility", FACILITY, places[0].label, is_required=True, choices=places),
            Column(
                "measured_on",
                gettext_lazy("Date"),
                EXAMPLE_DAY,
                is_required=True,
                also=(MeasurementForm.base_fields["measured_on"].label or "",),
            ),
            Column(
                "value", gettext_lazy("Value"), "47,5", gettext_lazy("Of all that is no share.")
            ),
            Column("numerator", gettext_lazy("How many"), "", of_shares),
            Column("denominator", gettext_lazy("Of how many"), "", of_shares),
            Column(
                "people", PEOPLE, "12", gettext_lazy("Of an average: the people that it is of.")
            ),
            Column("note", NOTE, "", gettext_lazy("No names or CPR numbers.")),
        )

    def form(self, data: dict[str, Any]) -> BaseForm:
        indicator = self.indicators.get(data.get("indicator") or 0)
        place = self.places.get(data.get("facility") or 0)
        if indicator is None or place is None:
            return WhichForm(
                {name: str(data.get(name) or "") for name in ("indicator", "facility")}
            )
        sent = QueryDict(mutable=True)
        for name in ("measured_on", *FIGURES, "note"):
            sent[f"maaling-{name}"] = data.get(name, "")
        return MeasurementRowForm(sent, indicator=indicator, facility=place)

    def values(self, form: BaseForm) -> dict[str, Any]:
        assert isinstance(form, MeasurementRowForm)
        return form.values()

    def weigh(self, rows: list[Checked]) -> Iterable[Line | Problem]:
        if not rows:
            return
        days = [row.values["measured_on"] for row in rows]
        standing: dict[tuple[int, int, Any], Measurement] = {
            (
                one.facility_indicator.indicator_id,
                one.facility_indicator.facility_id,
                one.measured_on,
            ): one
            for one in measurements_between(self.by, self.initiative, min(days), max(days))
        }
        named: dict[tuple[int, int, Any], int] = {}
        for row in rows:
            values = row.values
            key = (values["indicator"].pk, values["facility"].pk, values["measured_on"])
            if key in named:
                text = _("Row %(row)s has a figure of the same day.") % {"row": named[key]}
                yield Problem(row.row, "", text)
                continue
            named[key] = row.row
            current = standing.get(key)
            if current and "note" not in row.given:
                values["note"] = current.note
            if "people" in values and values["people"] is None:
                if current is None:
                    yield Problem(row.row, str(PEOPLE), _("Write how many people it is of."))
                    continue
                values["people"] = current.people
            day = date_format(values["measured_on"], "SHORT_DATE_FORMAT")
            what = f"{values['facility']}, {day}: {values['indicator']}"
            yield Line.of(row, what, self._changes(values, current), current)

    @staticmethod
    def _changes(values: dict[str, Any], current: Measurement | None) -> list[Change]:
        indicator = values["indicator"]

        def shown(figure: dict[str, Any]) -> str:
            text = figure_text(figure["value"], indicator.unit, indicator.kind)
            if whole := figure["denominator"]:
                return f"{text} ({figure['numerator']}/{whole})"
            is_asked = "people" in values
            return f"{text} (n = {figure['people']})" if is_asked and figure["people"] else text

        before = shown(vars(current)) if current else ""
        after = shown(values)
        note = current.note if current else ""
        label = gettext_lazy("Value")
        return changes_between([(label, before, after), (NOTE, note, values["note"])])

    def lock(self) -> None:
        places = Facility.objects.managed_by(self.by).filter(pk__in=self.places)
        locked = places.order_by("pk").select_for_update(of=("self",), no_key=True)
        if len(locked) < len(self.places):
            raise Facility.DoesNotExist

    def write(self, lines: list[Line], form_id: uuid.UUID) -> None:
        for line in lines:
            measured = dict(line.values)
            indicator, place = measured.pop("indicator"), measured.pop("facility")
            if line.current is None:
                actions.add_measurement(
                    indicator=indicator,
                    facility=place,
                    submission_id=submission_id(form_id, [("row", str(line.row))]),
                    by=self.by,
                    **measured,
                )
            else:
                actions.correct_measurement(
                    measurement=line.current,
                    version=line.current.version,
                    reason=_("Taken in from a spreadsheet"),
                    by=self.by,
                    **measured,
                )
