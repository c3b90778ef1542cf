"""The forms of an initiative's life: begin, copy, and a new status."""

import datetime as dt
from collections.abc import Iterable
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from krams.history.forms import VersionField
from krams.models import Department, Facility
from krams.web.forms import DanishDateField, LineField, PortalForm, SubmissionField

from ...enums import InitiativeStatus
from ...form_fields import longest
from ...models import Initiative

LONGEST_TITLE = longest(Initiative, "title")


class InitiativeForm(PortalForm):
    """What it is called and whose it is; ``departments`` and ``facilities`` are those one manages.

    The owner is "d" or "f" and the number of a department or of a facility.
    """

    title = LineField(
        label=_("Title"),
        max_length=LONGEST_TITLE,
        error_messages={"required": _("Write what the initiative is called.")},
    )
    owner = forms.ChoiceField(
        label=_("Who owns it?"),
        help_text=_("A department’s initiative can take place at several of its facilities."),
        error_messages={"required": _("Choose who owns it.")},
    )
    submission_id = SubmissionField()

    def __init__(
        self,
        data: QueryDict | None = None,
        *,
        departments: Iterable[Department],
        facilities: Iterable[Facility],
        initial: dict[str, Any] | None = None,
    ) -> None:
        super().__init__(data, initial=initial)
        self.owners: dict[str, Department | Facility] = {f"d{one.pk}": one for one in departments}
        self.owners |= {f"f{one.pk}": one for one in facilities}
        groups: dict[str, list[tuple[str, str]]] = {}
        for key, owner in self.owners.items():
            department = owner if isinstance(owner, Department) else owner.department
            group = f"{department}, {department.municipality}"
            groups.setdefault(group, []).append((key, str(owner)))
        choices: list[Any] = [("", _("Choose"))] if len(self.owners) > 1 else []
        self.field("owner", forms.ChoiceField).choices = choices + list(groups.items())

    def values(self) -> dict[str, Any]:
        data = self.cleaned_data
        owner = self.owners[data["owner"]]
        facility = owner if isinstance(owner, Facility) else None
        return {
            "title": data["title"],
            "department": owner.department if isinstance(owner, Facility) else owner,
            "facility": facility,
            "submission_id": data["submission_id"],
        }


class StatusForm(PortalForm):
    """A decision about the status: a pause and an end need their reason, a pause may say for how
    long."""

    version = VersionField()
    reason = LineField(
        label=_("Reason"),
        help_text=_("Shown to everyone who follows the initiative. No names or CPR numbers."),
        max_length=longest(Initiative, "status_reason"),
        error_messages={"required": _("Write the reason.")},
    )
    until = DanishDateField(
        label=_("Until (may be left out)"),
        help_text=_("The initiative does not start again by itself; the date is a reminder."),
        required=False,
    )

    def __init__(
        self, data: QueryDict | None = None, *, initiative: Initiative, status: InitiativeStatus
    ) -> None:
        initial: dict[str, Any] = {"version": initiative.version}
        if status == initiative.status:
            initial |= {"reason": initiative.status_reason, "until": initiative.paused_until}
        super().__init__(data, initial=initial, prefix="status")
        self.status = status
        if status != InitiativeStatus.PAUSED:
            del self.fields["until"]
        if status == InitiativeStatus.ACTIVE:
            del self.fields["reason"]

    def clean_until(self) -> dt.date | None:
        until = self.cleaned_data["until"]
        if until and until <= timezone.localdate():
            raise forms.ValidationError(
                _("The pause must last until a day that is still to come."), code="past"
            )
        return until

    def values(self) -> dict[str, Any]:
        data = self.cleaned_data
        return {
            "version": data["version"],
            "status": self.status,
            "reason": data.get("reason", ""),
            "until": data.get("until"),
        }
