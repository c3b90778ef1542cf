"""Which period a page of held of planned is about."""

import datetime as dt
from typing import Any

from django.utils.translation import gettext_lazy as _

from krams.web.forms import DanishDateField, FilterForm

from ..period import MOST_DAYS, Period, quick_choices


class PeriodForm(FilterForm):
    """The names are those of the address. Without dates it is the last quarter that is over."""

    fra = DanishDateField(label=_("From"), required=False)
    til = DanishDateField(label=_("To"), required=False)

    def __init__(self, *args: Any, today: dt.date, **kwargs: Any) -> None:
        self.today = today
        super().__init__(*args, **kwargs)

    @property
    def yesterday(self) -> dt.date:
        return self.today - dt.timedelta(days=1)

    def clean(self) -> dict[str, Any]:
        values = super().clean()
        first, last = values.get("fra"), values.get("til")
        if first and last and last < first:
            self.add_error("til", _("The end lies before the start."))
        elif first and first > self.yesterday:
            self.add_error("fra", _("Choose a day that has passed."))
        elif first and ((last or self.yesterday) - first).days >= MOST_DAYS:
            self.add_error("fra", _("Choose at most three years at a time."))
        return values

    @property
    def period(self) -> Period:
        """Of a valid form; it never reaches into days that have not passed."""
        first, last = self.cleaned_data["fra"], self.cleaned_data["til"]
        if not first and not last:
            return dict(quick_choices(self.today))["last-quarter"]
        last = min(last or self.yesterday, self.yesterday)
        return Period(first or dt.date(last.year, 1, 1), last)
