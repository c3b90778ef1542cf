"""The form with which a coordinator asks, and those that prolong an ask and hand it in."""

import datetime as dt
from collections.abc import Iterable, Mapping
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from krams.history.forms import VersionField
from krams.web.forms import (
    CountField,
    DanishDateField,
    FreeTextField,
    PortalForm,
    SubmissionField,
)

from ...enums import AskKind, AskScope
from ...matrix.layout import Matrix
from ..actions.ask import Wanted
from ..asked_fields import lacks
from ..queries.recipients import Askable
from ..reminding import DAYS_AFTER, DAYS_BEFORE, MOST_DAYS

DAYS_TO_ANSWER = 14
# What an address may say of the form: ``?hvad=udfyld&myndighed=rebild&forslag=12``.
KINDS = {"udfyld": AskKind.FILL, "bekraeft": AskKind.CONFIRM, "kommenter": AskKind.COMMENT}


class DeadlineField(DanishDateField):
    """The last day; not one that is over."""

    def validate(self, value: Any) -> None:
        super().validate(value)
        if value and value < timezone.localdate():
            message = _("The deadline is over already. Choose today or a later day.")
            raise forms.ValidationError(message, code="past")


class PeopleField(forms.MultipleChoiceField):
    """Editors, each for one authority, as keys of authority and account."""

    widget = forms.CheckboxSelectMultiple
    default_error_messages = {
        "required": _("Choose at least one editor."),
        "invalid_choice": _("One of those chosen has no role here today, and cannot be asked."),
    }

    def clean(self, value: Any) -> Any:
        chosen = [one.split("-") for one in super().clean(value)]
        return frozenset((int(authority), int(person)) for authority, person in chosen)


class AskForm(PortalForm):
    """Who is asked for what, until when; offered are only people who can do it."""

    kind = forms.ChoiceField(
        label=_("What are they asked to do?"), choices=AskKind.choices, widget=forms.RadioSelect
    )
    scope = forms.ChoiceField(
        label=_("With which fields?"), choices=AskScope.choices, widget=forms.RadioSelect
    )
    proposals = forms.TypedMultipleChoiceField(
        label=_("Proposals"), coerce=int, required=False, widget=forms.CheckboxSelectMultiple
    )
    people = PeopleField(label=_("Who is asked?"))
    text = FreeTextField(
        label=_("Your message"),
        max_length=2_000,
        required=False,
        help_text=_("Stands in the e-mail. No names, no CPR numbers."),
    )
    deadline = DeadlineField(label=_("Deadline"))
    remind_before = CountField(
        label=_("Remind so many days before"),
        least=1,
        most=MOST_DAYS,
        required=False,
        help_text=_("Empty: no reminder."),
    )
    remind_after = CountField(
        label=_("Remind so many days after"),
        least=1,
        most=MOST_DAYS,
        required=False,
        help_text=_("Only those who have not handed in."),
    )
    submission_id = SubmissionField()

    def __init__(self, *args: Any, askable: Iterable[Askable], matrix: Matrix, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.field("proposals", forms.ChoiceField).choices = [
            (row.proposal.pk, str(row.proposal)) for row in matrix.rows
        ]
        self.field("people", forms.ChoiceField).choices = [
            (person_key(one, person.pk), f"{one.authority.official_name}: {person}")
            for one in askable
            for person in one.editors
        ]

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        scope = data.get("scope")
        if scope == AskScope.MISSING and data.get("kind") == AskKind.COMMENT:
            self.add_error("scope", _("Choose the proposals that they are to comment on."))
        if (
            scope == AskScope.CHOSEN
            and not data.get("proposals")
            and "proposals" not in self.errors
        ):
            self.add_error("proposals", _("Choose at least one proposal."))
        return data

    def wanted(self) -> Wanted:
        data = self.cleaned_data
        return Wanted(
            kind=data["kind"],
            scope=data["scope"],
            proposals=frozenset(data["proposals"]),
            people=data["people"],
            text=data["text"],
            deadline=data["deadline"],
            remind_before=data["remind_before"],
            remind_after=data["remind_after"],
        )


def person_key(askable: Askable, person: int) -> str:
    return f"{askable.authority.pk}-{person}"


def prepared_ask(
    query: Mapping[str, str], askable: Iterable[Askable], matrix: Matrix, today: dt.date
) -> dict[str, Any]:
    """What the form holds before anybody has typed: everybody who misses what is asked for.

    ``query`` may name the kind, one authority and one proposal; what it names and is not there is
    as good as not named.
    """
    kind = KINDS.get(query.get("hvad", ""), AskKind.FILL)
    slug, proposal = query.get("myndighed", ""), query.get("forslag", "")
    known = {str(row.proposal.pk) for row in matrix.rows}
    chosen = [proposal] if proposal in known else []
    lacking = {
        cell.column.authority.pk for cell in matrix.cells.values() if chosen or lacks(kind, cell)
    }
    people = [
        person_key(one, person.pk)
        for one in askable
        if one.authority.pk in lacking and slug in ("", one.authority.slug)
        for person in one.editors
    ]
    is_chosen = chosen or kind == AskKind.COMMENT
    return {
        "kind": kind.value,
        "scope": (AskScope.CHOSEN if is_chosen else AskScope.MISSING).value,
        "proposals": chosen,
        "people": people,
        "deadline": today + dt.timedelta(days=DAYS_TO_ANSWER),
        "remind_before": DAYS_BEFORE,
        "remind_after": DAYS_AFTER,
    }


class ProlongForm(PortalForm):
    version = VersionField()
    deadline = DeadlineField(label=_("New deadline"))
