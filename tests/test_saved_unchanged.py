"""A form that is saved as it was opened makes no version and leaves nothing in the history."""

import re

from django.db import transaction
from django.db.models import Max

from krams.data_protection.kinds import histories
from tests.demo import DemoTestCase
from tests.forms_on_pages import PageForm, read
from tests.pages import PAGES

# Forms with something to fill in that do something by being sent as they were opened, and what.
BY_BEING_SENT = {
    "clusters:cell-edit": "confirms the answer today, under the version that it has",
    "clusters:step-done": "says that the step was done; a next one may be added",
    "initiatives:criterion": "is the assessment of another day",
    "initiatives:indicator-new?klar=who-5": "makes the indicator that stands ready",
    "initiatives:plan-end": "ends the activity today",
    "initiatives:thresholds": "chooses the defaults, which nobody had chosen",
    "role-end": "ends the role now",
}


def newest() -> set[tuple[str, int | None]]:
    """The last entry of each history: to count them would take most of the time."""
    return {
        (one.__name__, one.objects.aggregate(key=Max("history_id"))["key"]) for one in histories()
    }


class Unchanged(DemoTestCase):
    def test_what_is_saved_as_it_was_opened_leaves_no_trace(self):
        before, seen, traces = newest(), set(), {}
        for page in PAGES:
            forms, _links = read(self.answer_of(page), page.path())
            for form in forms:
                kind = re.sub(r"\d+", "", f"{form.path} {sorted(form.served)}")
                if self.is_filled_in(form) and kind not in seen:
                    seen.add(kind)
                    if made := self.sent(page.who, form, before):
                        traces[f"{page.name}{page.query}"] = made
        assert len(seen) > 80
        assert traces.keys() == BY_BEING_SENT.keys(), traces

    @staticmethod
    def is_filled_in(form: PageForm) -> bool:
        return form.method == "post" and any(kind != "hidden" for kind in form.kinds.values())

    def sent(self, who: str, form: PageForm, before: set[tuple[str, int | None]]) -> list[str]:
        """The histories that it made an entry in."""
        with transaction.atomic():
            status = self.client_of(who).post(form.path, form.served).status_code
            made = [name for name, _key in newest() - before]
            transaction.set_rollback(True)
        assert status < 500, form.path
        return made
