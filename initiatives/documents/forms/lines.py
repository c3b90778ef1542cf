"""Lines that are edited together: as many as there are, and empty ones to add."""

import re
from collections.abc import Iterable
from typing import Any

from django import forms
from django.db.models import Model
from django.forms import BaseForm, BaseFormSet, formset_factory
from django.http import QueryDict
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from krams.danish.normal_form import tidy
from krams.danish.numbers import format_decimal, parse_decimal
from krams.web.forms import LineField, PortalForm

from ...enums import Factor

MOST_LINES = 60
MORE_LINES = 2
LARGEST_AMOUNT = 2_000_000_000


class PickField(forms.ChoiceField):
    """One of some objects, or none; the form reads them once, however many lines there are."""

    def __init__(self, *, none: str | Promise, **options: Any) -> None:
        self.none = none
        self.objects: dict[str, Model] = {}
        super().__init__(required=False, **options)

    def offer(self, objects: Iterable[Model]) -> None:
        self.objects = {str(item.pk): item for item in objects}
        self.choices = [("", self.none), *((key, str(item)) for key, item in self.objects.items())]

    def clean(self, value: Any) -> Model | None:
        return self.objects.get(super().clean(value))


class KronerField(LineField):
    """Whole kroner, with or without points between the thousands."""

    default_error_messages = {
        "amount": _("Write whole kroner, such as 12.000."),
    }

    def __init__(self, **options: Any) -> None:
        super().__init__(max_length=20, **options)
        self.widget.attrs.update({"class": "in", "inputmode": "numeric"})

    def prepare_value(self, value: Any) -> Any:
        return format_decimal(value) if isinstance(value, int) else value

    def clean(self, value: Any) -> int | None:
        text = super().clean(value)
        if not text:
            return None
        try:
            amount = parse_decimal(text)
        except ValueError:
            amount = None
        if amount is None or amount % 1 or not 0 <= amount <= LARGEST_AMOUNT:
            raise forms.ValidationError(self.error_messages["amount"], code="amount")
        return int(amount)

    def has_changed(self, initial: Any, data: Any) -> bool:
        return (self.prepare_value(initial) or "") != tidy(data or "")


class FactorListField(forms.MultipleChoiceField):
    """One or more KRAMS factors, as a list of letters in the order of the word."""

    widget = forms.CheckboxSelectMultiple

    def __init__(self, **options: Any) -> None:
        super().__init__(choices=Factor.choices, **options)

    def clean(self, value: Any) -> list[str]:
        chosen = super().clean(value)
        return [letter for letter in Factor.values if letter in chosen]


class LineForm(PortalForm):
    """One line; ``id`` is empty for a new one."""

    id = forms.IntegerField(required=False, widget=forms.HiddenInput)


class LineFormSet(BaseFormSet):
    """The lines of a section.

    A line that somebody else removed meanwhile counts as new: its id is not among those that the
    action finds, so that nothing is lost and nothing of another initiative can be reached.
    """

    deletion_widget = forms.CheckboxInput

    @classmethod
    def of(cls, form: type[LineForm]) -> type["LineFormSet"]:
        made: type[LineFormSet] = formset_factory(  # type: ignore[assignment]  # One of ``cls``.
            form,
            formset=cls,
            extra=1,
            can_delete=True,
            max_num=MOST_LINES,
            absolute_max=MOST_LINES + 20,
            validate_max=True,
        )
        return made

    def add_fields(self, form: BaseForm, index: int | None) -> None:
        super().add_fields(form, index)
        is_new = index is None or index >= self.initial_form_count()
        if is_new or not self.may_remove:
            del form.fields["DELETE"]
        else:
            form.fields["DELETE"].label = _("Remove this line")

    def total_form_count(self) -> int:
        """As many as were sent, whatever the count beside them says: no line is lost."""
        total = super().total_form_count()
        if not self.is_bound:
            return total
        prefix = re.escape(str(self.prefix))
        pattern = re.compile(rf"{prefix}-(\d{{1,9}})-\w+", re.ASCII)
        sent = [int(match[1]) + 1 for name in self.data if (match := pattern.fullmatch(name))]
        return min(max([total, *sent]), self.absolute_max)

    @property
    def may_remove(self) -> bool:
        """A criterion has measurements and assessments, so it does not go with a tick."""
        return "short_title" not in self.form.base_fields

    def focus_new(self) -> None:
        """The focus goes to the first of the lines that ``with_more_lines`` made room for."""
        for form in self.forms[-MORE_LINES:][:1]:
            form.visible_fields()[0].field.widget.attrs["autofocus"] = True

    def kept(self) -> list[dict[str, Any]]:
        """The cleaned lines in order, without removed and empty ones."""
        return [
            {name: value for name, value in form.cleaned_data.items() if name != "DELETE"}
            for form in self.forms
            if form.cleaned_data and not form.cleaned_data.get("DELETE")
        ]


def with_more_lines(data: QueryDict, prefix: str) -> QueryDict:
    """The posted data with room for more lines. Unreadable counts are left to the formset."""
    more = data.copy()
    name = f"{prefix}-TOTAL_FORMS"
    try:
        more[name] = str(min(int(more.get(name, "")) + MORE_LINES, MOST_LINES))
    except ValueError:
        return data
    return more
