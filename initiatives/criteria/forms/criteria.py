"""The form of a criterion, and that of its place among the others."""

from typing import Any

from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from krams.history.forms import VersionField
from krams.web.forms import (
    CountField,
    FreeTextField,
    LineField,
    PortalForm,
    SubmissionField,
)

from ...form_fields import FactorsField, longest
from ...models import SuccessCriterion


class CriterionForm(PortalForm):
    """A criterion in the document's wording; ``criterion`` is the one that is edited."""

    title = LineField(
        label=_("Criterion"),
        help_text=_("As it stands in the initiative."),
        max_length=longest(SuccessCriterion, "title"),
        error_messages={"required": _("Write the criterion.")},
    )
    short_title = LineField(
        label=_("Short name"),
        help_text=_("For tables, such as “Smoking”."),
        max_length=longest(SuccessCriterion, "short_title"),
        error_messages={"required": _("Write a short name.")},
    )
    factors = FactorsField(
        label=_("KRAMS factors"),
        error_messages={"required": _("Choose at least one KRAMS factor.")},
    )
    description = FreeTextField(
        label=_("Description (may be left out)"),
        help_text=_("No names or CPR numbers."),
        max_length=2000,
        rows=3,
        required=False,
    )
    version = VersionField(required=False)
    submission_id = SubmissionField(required=False)

    def __init__(
        self, data: QueryDict | None = None, *, criterion: SuccessCriterion | None
    ) -> None:
        super().__init__(data, initial=self.initial_of(criterion) if criterion else None)
        self.fields["version" if criterion else "submission_id"].required = True

    @staticmethod
    def initial_of(criterion: SuccessCriterion) -> dict[str, Any]:
        names = ("title", "short_title", "description", "version")
        return {name: getattr(criterion, name) for name in names} | {
            "factors": list(criterion.factors)
        }

    def values(self) -> dict[str, Any]:
        names = ("title", "short_title", "factors", "description")
        return {name: self.cleaned_data[name] for name in names}


class PlaceForm(PortalForm):
    """Where in the list."""

    place = CountField(least=1, most=999)
