"""What every form of the portal has: its markup, its version, and what it was sent before."""

import uuid
from collections.abc import Mapping
from typing import Any, TypeVar

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.db.models import QuerySet
from django.utils.datastructures import MultiValueDict
from django.utils.translation import gettext_lazy as _

from ...history.forms import VersionField
from ..submissions import submission_id

F = TypeVar("F", bound=forms.Field)


class PortalForm(forms.Form):
    """A form in the portal's markup: ``{{ form.name.as_field_group }}`` gives label to error."""

    def __init__(self, *args: Any, **kwargs: Any):
        kwargs.setdefault("label_suffix", "")
        super().__init__(*args, **kwargs)
        self.use_required_attribute = False

    def clean(self) -> dict[str, Any]:
        """As Django's, which may give nothing; ours give what is clean."""
        super().clean()
        return self.cleaned_data

    def field(self, name: str, kind: type[F]) -> F:
        """The field as what it is: it may have choices. Raises ``TypeError`` where it is not."""
        found = self.fields[name]
        if not isinstance(found, kind):
            raise TypeError(f"{name} is no {kind.__name__}")
        return found


class FilterForm(PortalForm):
    """What a page shows (GET). It is folded away, so its summary says how much is chosen."""

    # Fields that stand elsewhere on the page.
    beside: tuple[str, ...] = ()

    @property
    def folded(self) -> list:
        return [self[name] for name in self.fields if name not in self.beside]

    @property
    def typed(self) -> dict[str, str]:
        """What of the address is the filter, right or wrong."""
        values = {name: (self[name].value() or "").strip() for name in self.fields}
        return {name: value for name, value in values.items() if value}

    @property
    def chosen_count(self) -> int:
        """As typed, right or wrong."""
        return sum(bool((field.value() or "").strip()) for field in self.folded)

    @property
    def is_wrong(self) -> bool:
        """What must be corrected is seen."""
        return any(field.errors for field in self.folded)


class VersionForm(PortalForm):
    """A button that changes one thing: nothing but the version that was read."""

    version = VersionField()


class SubmissionInput(forms.HiddenInput):
    """Gives the id of what was sent with it: ``krams.web.submissions`` says why."""

    def value_from_datadict(
        self, data: Mapping[str, Any], files: MultiValueDict[str, UploadedFile], name: str
    ) -> Any:
        typed = super().value_from_datadict(data, files, name)
        try:
            form_id = uuid.UUID(str(typed))
        except ValueError:
            return typed
        sent = data.lists() if hasattr(data, "lists") else ((key, [data[key]]) for key in data)
        mine = {name, "csrfmiddlewaretoken"}
        content = ((key, str(one)) for key, many in sent if key not in mine for one in many)
        return str(submission_id(form_id, content))


class SubmissionField(forms.UUIDField):
    """A hidden id made with the form: the same content sent twice is stored once."""

    widget = SubmissionInput
    default_error_messages = {
        name: _("The form is out of date. Send it once more.") for name in ("required", "invalid")
    }

    def __init__(self, **options: Any):
        super().__init__(initial=uuid.uuid4, **options)

    def bound_data(self, data: Any, initial: Any) -> Any:
        """What a form that comes back holds: without an id it could never be sent."""
        try:
            return str(uuid.UUID(str(data)))
        except ValueError:
            return uuid.uuid4()


class SeveralField(forms.ModelMultipleChoiceField):
    """Rows to choose several of; a key that no database can hold is one that is not there."""

    def _check_values(self, value: Any) -> QuerySet[Any]:
        try:
            # Django's own, which its stubs leave out.
            return super()._check_values(value)  # type: ignore[misc]
        except OverflowError as error:
            message = self.error_messages["invalid_choice"]
            largest = max(value, key=len)
            raise forms.ValidationError(
                message, code="invalid_choice", params={"value": largest}
            ) from error
