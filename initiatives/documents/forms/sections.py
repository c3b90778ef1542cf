"""The form of one section of an initiative, built from its declaration in ``sections``."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.db.models import Q
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from krams.history.forms import VersionField
from krams.models import Facility
from krams.web.forms import DanishDateField, FreeTextField, LineField, PortalForm, SeveralField

from ...enums import Factor
from ...form_fields import longest
from ...models import AttentionPoint, EconomyLine, Initiative, Policy, PolicyGoal, SuccessCriterion
from ..document import Document
from ..models import LONGEST_REASON
from ..sections import ATTENTION, CRITERIA, ECONOMY, FACTORS, GOALS, Section
from .lines import FactorListField, KronerField, LineForm, LineFormSet, PickField

LABELS = {
    "title": _("Title"),
    "policy": _("Policy"),
    "introduction": _("Introduction"),
    "starts_on": _("Start"),
    "ends_on": _("End"),
    "criteria_note": _("Note on the criteria"),
}
NO_NAMES = _("No names or CPR numbers.")


class EconomyForm(LineForm):
    what = LineField(label=_("What costs something?"), max_length=longest(EconomyLine, "what"))
    facility = PickField(label=_("For which facility?"), none=_("All of them"))
    amount_dkk = KronerField(label=_("Kroner a year"), required=False)

    def __init__(self, *args: Any, facilities: Iterable[Facility], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.field("facility", PickField).offer(facilities)


class CriterionForm(LineForm):
    title = LineField(label=_("Criterion"), max_length=longest(SuccessCriterion, "title"))
    short_title = LineField(
        label=_("Short name"), max_length=longest(SuccessCriterion, "short_title")
    )
    factors = FactorListField(label=_("KRAMS factors"))


class AttentionForm(LineForm):
    text = FreeTextField(
        label=_("Attention point"), max_length=longest(AttentionPoint, "text"), rows=2
    )
    factor = forms.ChoiceField(
        label=_("Factor"), choices=[("", _("None in particular")), *Factor.choices], required=False
    )
    follow_up_on = DanishDateField(label=_("Follow up on"), required=False)
    closed_on = DanishDateField(label=_("Closed on"), required=False, not_future=True)


LINE_FORMS: dict[str, type[LineForm]] = {
    ECONOMY: EconomyForm,
    CRITERIA: CriterionForm,
    ATTENTION: AttentionForm,
}


class SectionForm(PortalForm):
    """One section: its fields, its part, the version that was read, and why it is changed.

    ``rows`` is the formset of the section's lines, or None. ``values()`` of a valid form has the
    shape of ``Document.values()``.
    """

    version = VersionField()

    def __init__(
        self, data: QueryDict | None = None, *, section: Section, document: Document
    ) -> None:
        initial = {**document.values(section), "version": document.initiative.version}
        if section.part == GOALS:
            initial["goals"] = [goal.pk for goal in document.goals]
        super().__init__(data, initial=initial, prefix=section.slug)
        self.section, self.document = section, document
        for name in section.fields:
            self.fields[name] = self._model_field(name)
        if section.part == GOALS:
            self.fields["goals"] = self._goals_field()
        elif section.part == FACTORS:
            for factor in Factor:
                self.fields[f"factor_{factor.value}"] = FreeTextField(
                    label=factor.label, max_length=10_000, rows=3, required=False
                )
        self.rows = self._row_forms(data) if section.has_lines else None
        self.fields["reason"] = LineField(
            label=_("Why are you changing this? (may be left out)"),
            max_length=LONGEST_REASON,
            required=False,
        )
        self._ask_for_no_names()
        if not self.is_bound and section.part != GOALS:
            self.fields[section.fields[0]].widget.attrs["autofocus"] = True

    def _model_field(self, name: str) -> forms.Field:
        label = LABELS.get(name, _("Text"))
        if name == "policy":
            municipality = self.document.initiative.department.municipality_id
            policies = Policy.objects.filter(municipality=municipality)
            return forms.ModelChoiceField(
                policies, label=label, required=False, empty_label=_("None")
            )
        if name in ("starts_on", "ends_on"):
            return DanishDateField(label=label, required=False)
        if name == "title":
            return LineField(label=label, max_length=longest(Initiative, name))
        return FreeTextField(
            label=label, max_length=longest(Initiative, name), rows=5, required=False
        )

    def _goals_field(self) -> forms.Field:
        initiative = self.document.initiative
        chosen = [goal.pk for goal in self.document.goals]
        return SeveralField(
            PolicyGoal.objects.filter(Q(policy=initiative.policy_id) | Q(pk__in=chosen)),
            label=_("Goals that the initiative serves"),
            widget=forms.CheckboxSelectMultiple,
            required=False,
        )

    def _row_forms(self, data: QueryDict | None) -> LineFormSet:
        wanted, rows = {}, self.initial["rows"]
        if self.section.part == ECONOMY:
            # A facility that has moved to another department stays on its line.
            named = [row["facility"] for row in rows if row["facility"]]
            own = Facility.objects.filter(department=self.document.initiative.department_id)
            wanted["facilities"] = {place.pk: place for place in [*own, *named]}.values()
        return LineFormSet.of(LINE_FORMS[self.section.part])(
            data,
            initial=[{**row, "facility": getattr(row.get("facility"), "pk", "")} for row in rows],
            prefix=f"{self.section.slug}-rows",
            form_kwargs=wanted,
        )

    def _ask_for_no_names(self) -> None:
        for field in self.fields.values():
            if isinstance(field, FreeTextField):
                field.help_text = NO_NAMES
                break

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        start, end = data.get("starts_on"), data.get("ends_on")
        if start and end and end < start:
            self.add_error("ends_on", _("The end lies before the start."))
        if self.rows is not None and not self.rows.is_valid():
            self.add_error(None, _("A line must be corrected; see below."))
            for error in self.rows.non_form_errors():
                self.add_error(None, error)
        return data

    def values(self) -> dict[str, Any]:
        values = {
            name: value
            for name, value in self.cleaned_data.items()
            if name not in ("version", "reason")
        }
        if "goals" in values:
            values["goals"] = list(values["goals"])
        if self.rows is not None:
            values["rows"] = self.rows.kept()
            if self.section.part == CRITERIA:
                self._number(values["rows"])
        return values

    def _number(self, rows: list[dict[str, Any]]) -> None:
        """Criteria keep their numbers; new ones follow."""
        numbers = {line.pk: line.position for line in self.document.criteria}
        last = max(numbers.values(), default=0)
        for row in rows:
            # A line that is sent twice is the criterion once, and then a new one.
            known = numbers.pop(row["id"], None)
            if known is None:
                last += 1
            row["number"] = known or last
