"""The forms of getting started: a department, a facility, a person, and what to copy."""

from collections.abc import Collection, Sequence
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from krams.enums import FacilityKind, Role
from krams.models import Authority, Department, Facility
from krams.web.forms import (
    CountField,
    EmailField,
    LineField,
    PortalForm,
    SubmissionField,
    TodayField,
)

from ..form_fields import longest
from .starters import StarterInitiative, StarterLine, starter_initiatives
from .steps import Step


class MunicipalityForm(PortalForm):
    """Which municipality to set up (GET)."""

    kommune = forms.ModelChoiceField(
        Authority.objects.none(),
        to_field_name="slug",
        label=_("Municipality"),
        empty_label=_("Choose …"),
        error_messages={"required": _("Choose a municipality.")},
    )

    def __init__(self, data: QueryDict | None, *, municipalities: Sequence[Authority]) -> None:
        super().__init__(data)
        field = self.field("kommune", forms.ModelChoiceField)
        field.queryset = Authority.objects.filter(pk__in=[one.pk for one in municipalities])
        field.choices = [("", _("Choose …")), *((one.slug, str(one)) for one in municipalities)]


class SkipForm(PortalForm):
    step = forms.TypedChoiceField(
        coerce=Step, choices=[(step.value, step.title) for step in Step if step.may_be_skipped]
    )
    skipped = forms.TypedChoiceField(coerce=int, choices=[(1, "1"), (0, "0")])


class DepartmentForm(PortalForm):
    name = LineField(
        label=_("What the department is called"),
        max_length=longest(Department, "name"),
        help_text=_("Such as: Socialpsykiatrien"),
        error_messages={"required": _("Write the name of the department.")},
    )
    submission_id = SubmissionField()


class OneFacilityForm(PortalForm):
    name = LineField(
        label=_("Facility"),
        max_length=longest(Facility, "name"),
        error_messages={"required": _("Write the name of the facility.")},
    )
    kind = forms.ChoiceField(label=_("Kind"), choices=FacilityKind)
    place_count = CountField(label=_("Places"), least=1, most=999, required=False)
    submission_id = SubmissionField()


class OnePersonForm(PortalForm):
    """``roles`` are those that may be given, ``places`` the department's open facilities."""

    email = EmailField(
        label=_("E-mail"), error_messages={"required": _("Write the e-mail address.")}
    )
    name = LineField(
        label=_("Shown as"),
        max_length=120,
        required=False,
        help_text=_("A role and a place, for who has no account yet."),
    )
    role = forms.TypedChoiceField(label=_("Role"), coerce=Role)
    facility = forms.TypedChoiceField(
        label=_("Facility"), coerce=int, empty_value=None, required=False
    )
    submission_id = SubmissionField()

    def __init__(
        self,
        data: QueryDict | None = None,
        *,
        roles: Collection[Role],
        places: Sequence[Facility],
    ) -> None:
        super().__init__(data)
        self.places = {place.pk: place for place in places}
        self.field("role", forms.ChoiceField).choices = [(role.value, role.label) for role in roles]
        self.field("facility", forms.ChoiceField).choices = [
            ("", _("All of the department")),
            *((place.pk, place.name) for place in places),
        ]

    def values(self) -> dict[str, Any]:
        data = self.cleaned_data
        names = ("email", "name", "role")
        return {name: data[name] for name in names} | {
            "facility": self.places.get(data["facility"])
        }


class _FacilitiesField(forms.TypedMultipleChoiceField):
    def __init__(self, **options: Any) -> None:
        super().__init__(
            coerce=int,
            widget=forms.CheckboxSelectMultiple,
            error_messages={"required": _("Choose at least one facility.")},
            **options,
        )


class StarterPlanForm(PortalForm):
    """Which lines, and at which facilities; those without a plan are ticked beforehand."""

    facilities = _FacilitiesField(label=_("Facilities that get the activities"))
    lines = forms.MultipleChoiceField(
        label=_("Activities"),
        error_messages={"required": _("Choose at least one activity.")},
        widget=forms.CheckboxSelectMultiple,
    )
    starts_on = TodayField(label=_("First day"))
    submission_id = SubmissionField()

    def __init__(
        self,
        data: QueryDict | None = None,
        *,
        places: Sequence[Any],
        lines: Sequence[tuple[StarterLine, int]],
    ) -> None:
        begins = [place.pk for place in places if not place.plan_count]
        suggested = [line.key for line, _type in lines if line.is_suggested]
        initial = {"facilities": begins, "lines": suggested, "starts_on": timezone.localdate()}
        super().__init__(data, initial=initial)
        self.places = {place.pk: place for place in places}
        self.offered = {line.key: (line, type_id) for line, type_id in lines}
        self.field("facilities", forms.MultipleChoiceField).choices = [
            (place.pk, place.name) for place in places
        ]
        self.field("lines", forms.MultipleChoiceField).choices = [
            (key, str(line)) for key, (line, _type) in self.offered.items()
        ]

    def values(self) -> dict[str, Any]:
        data = self.cleaned_data
        return {
            "facilities": [self.places[pk] for pk in data["facilities"]],
            "lines": [self.offered[key] for key in data["lines"]],
            "starts_on": data["starts_on"],
            "submission_id": data["submission_id"],
        }


class StarterInitiativeForm(PortalForm):
    """Which template, and which facilities take part."""

    starter = forms.ChoiceField(
        label=_("Template"),
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose a template.")},
    )
    facilities = _FacilitiesField(label=_("Facilities that take part"), required=False)
    submission_id = SubmissionField()

    def __init__(self, data: QueryDict | None = None, *, places: Sequence[Facility]) -> None:
        super().__init__(data, initial={"facilities": [place.pk for place in places]})
        self.places = {place.pk: place for place in places}
        self.starters = {starter.key: starter for starter in starter_initiatives()}
        self.field("starter", forms.ChoiceField).choices = [
            (key, starter.title) for key, starter in self.starters.items()
        ]
        self.field("facilities", forms.MultipleChoiceField).choices = [
            (place.pk, place.name) for place in places
        ]

    def values(self) -> dict[str, Any]:
        data = self.cleaned_data
        starter: StarterInitiative = self.starters[data["starter"]]
        return {
            "starter": starter,
            "facilities": [self.places[pk] for pk in data["facilities"]],
            "submission_id": data["submission_id"],
        }
