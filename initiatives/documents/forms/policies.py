"""The form of a municipality's policy: its title, its period, and its goals in their order."""

from typing import Any

from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from krams.history.forms import VersionField
from krams.web.forms import CountField, DanishDateField, LineField, PortalForm, SubmissionField

from ...form_fields import longest
from ...models import Policy, PolicyGoal
from .lines import MOST_LINES, LineForm, LineFormSet

GOALS = "maal"


class GoalForm(LineForm):
    text = LineField(label=_("Goal"), max_length=longest(PolicyGoal, "text"))
    place = CountField(label=_("Place in the list"), least=1, most=MOST_LINES, required=False)

    def has_changed(self) -> bool:
        """A place without a goal is no line."""
        return bool(self.initial) or bool(self["text"].data)


class PolicyForm(PortalForm):
    """``policy`` is the one that is edited; ``goals`` is the formset of its goals."""

    title = LineField(
        label=_("Title"),
        max_length=longest(Policy, "title"),
        error_messages={"required": _("Write what the policy is called.")},
    )
    valid_from = DanishDateField(label=_("In force from"), required=False)
    valid_until = DanishDateField(
        label=_("In force until"), help_text=_("The last day; may be left out."), required=False
    )
    version = VersionField(required=False)
    submission_id = SubmissionField(required=False)

    def __init__(
        self, data: QueryDict | None = None, *, policy: Policy | None, goals: list[dict[str, Any]]
    ) -> None:
        super().__init__(data, initial=self.initial_of(policy) if policy else None)
        self.fields["version" if policy else "submission_id"].required = True
        rows = [{**goal, "place": number} for number, goal in enumerate(goals, start=1)]
        self.goals = LineFormSet.of(GoalForm)(data, initial=rows, prefix=GOALS)

    @staticmethod
    def initial_of(policy: Policy) -> dict[str, Any]:
        names = ("title", "valid_from", "valid_until", "version")
        return {name: getattr(policy, name) for name in names}

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        first, last = data.get("valid_from"), data.get("valid_until")
        if first and last and last < first:
            self.add_error("valid_until", _("The end lies before the start."))
        if not self.goals.is_valid():
            self.add_error(None, _("A goal must be corrected; see below."))
            for error in self.goals.non_form_errors():
                self.add_error(None, error)
        return data

    def values(self) -> dict[str, Any]:
        data = self.cleaned_data
        rows = sorted(enumerate(self.goals.kept(), start=1), key=_new_place)
        return {
            **{name: data[name] for name in ("title", "valid_from", "valid_until")},
            "goals": [{"id": row["id"], "text": row["text"]} for _number, row in rows],
        }


def _new_place(row: tuple[int, dict[str, Any]]) -> tuple[int, int, int]:
    """What moved up comes before the one that was there, what moved down after it."""
    number, goal = row
    place = goal["place"] or number
    return place, (place > number) - (place < number), number
