"""Forms that are sent again and again: each filled from its page, and taken back afterwards.

What a person would do: open the page, fill the form, send it. The page is opened here, in the
process that keeps the database, so that it costs the measured server nothing.
"""

from collections.abc import Callable
from datetime import timedelta
from urllib.parse import urlencode

from django.db import transaction
from django.test import Client
from django.utils import timezone

from initiatives.log.actions.registrations import remove_activity
from initiatives.models import Activity
from krams.models import User

from .html_forms import Fields, NoForm, posted_by, with_values
from .recording import Page

HTMX = {"HX-Request": "true"}
DAYS_BACK = 28
# As many as a week is written up with at a time; and what a line of an effort begins with.
CELLS_FILLED = 10
ADDED = " (rettet)"


class Form:
    """One page that is posted; ``client`` is logged in as its person."""

    def __init__(self, page: Page, client: Client, headers: dict[str, str]):
        self.page, self.client, self.headers = page, client, headers
        self.newest = 0

    def fill(self) -> tuple[str, bytes]:
        """The address and the body of the next request."""
        self.newest = Activity.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
        path, fields = FILLED_BY[self.page.write](self)
        return path, urlencode(fields).encode()

    def take_back(self) -> None:
        """Registrations that the request made are gone, with their history; cells stay changed.

        They are first removed as people remove them, so that whatever is counted counts them out.
        """
        if self.page.write == "cell":
            return
        by = User.objects.get(pk=self.page.user_id)
        made = Activity.objects.filter(pk__gt=self.newest, registered_by=by)
        with transaction.atomic():
            for activity in made.select_related("facility"):
                remove_activity(activity=activity, by=by)
                Activity.objects.filter(pk=activity.pk).delete()
                Activity.history.filter(id=activity.pk).delete()

    def opened(self, path: str) -> str:
        answer = self.client.get(path, headers=self.headers)
        if answer.status_code != 200:
            raise RuntimeError(f"{path}: {answer.status_code} where the form should be")
        return answer.content.decode()


def _tap(form: Form) -> tuple[str, Fields]:
    """The first planned activity that waits, today or on a day before: "Held" is pressed."""
    plans = form.page.path.replace("/i-dag/", "/planlagt/")
    for back in range(DAYS_BACK):
        day = timezone.localdate() - timedelta(days=back)
        query = f"?dag={day.isoformat()}" if back else ""
        try:
            path, fields = posted_by(form.opened(form.page.path + query), plans)
        except NoForm:
            continue
        # The first number is "held"; what is planned for later has been held already.
        without_reason = [one for one in fields if one[0] != "cancellation_reason"]
        return path, with_values(without_reason, participant_count="7", outcome="held", early="1")
    raise NoForm(f"Nothing waits to be registered in {DAYS_BACK} days.")


def _week(form: Form) -> tuple[str, Fields]:
    """The first empty cells of the week, each held with some people."""
    path, fields = posted_by(form.opened(form.page.path), form.page.path)
    empty = [name for name, value in fields if name[0] == "c" and "-" in name and not value]
    if not empty:
        raise NoForm("The week has no empty cell.")
    held = {name: str(3 + number) for number, name in enumerate(empty[:CELLS_FILLED])}
    return path, with_values(fields, **held)


def _cell(form: Form) -> tuple[str, Fields]:
    """The text of the first effort gets a word more, or loses it again."""
    path, fields = posted_by(form.opened(form.page.path), form.page.path)
    name, text = next(one for one in fields if one[0].endswith("-text") and one[1])
    changed = text.removesuffix(ADDED) if text.endswith(ADDED) else text + ADDED
    kept = [(key, changed if key == name else value) for key, value in fields]
    return path, kept


FILLED_BY: dict[str, Callable[[Form], tuple[str, Fields]]] = {
    "tap": _tap,
    "week": _week,
    "cell": _cell,
}
