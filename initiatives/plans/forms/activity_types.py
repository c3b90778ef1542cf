"""The forms of an activity type, and of its place in the municipality's list."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from krams.history.forms import VersionField
from krams.web.forms import CountField, LineField, PortalForm, SubmissionField

from ...form_fields import FactorsField
from ...models import ActivityType

MOST_TYPES = 999


class TypeForm(PortalForm):
    """A type and its factors; ``kind`` is the one that is edited."""

    name = LineField(
        label=_("Name"),
        max_length=120,
        error_messages={"required": _("Write what the activity is called.")},
    )
    factors = FactorsField(
        label=_("KRAMS factors"),
        error_messages={"required": _("Choose at least one KRAMS factor.")},
    )
    version = VersionField(required=False)
    submission_id = SubmissionField(required=False)

    def __init__(self, *args: Any, kind: ActivityType | None = None, **kwargs: Any) -> None:
        if kind:
            kwargs["initial"] = self.initial_of(kind)
        super().__init__(*args, **kwargs)
        self.fields["version" if kind else "submission_id"].required = True

    @staticmethod
    def initial_of(kind: ActivityType) -> dict[str, Any]:
        return {"name": kind.name, "factors": list(kind.factors), "version": kind.version}

    def values(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in ("name", "factors")}


class PlaceForm(PortalForm):
    """Where in the list."""

    place = CountField(least=1, most=MOST_TYPES)
