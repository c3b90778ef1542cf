"""How the days of a plan are said: "Monday, Wednesday and Friday". Pure."""

from django.utils.dates import WEEKDAYS
from django.utils.text import capfirst, get_text_list
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from .enums import Repeats

NAMED_SETS = {"1234567": _("Every day"), "12345": _("Monday to Friday")}
WHEN = {
    Repeats.FORTNIGHTLY: _("Every other week: %(days)s"),
    Repeats.FIRST: _("First %(days)s of the month"),
    Repeats.SECOND: _("Second %(days)s of the month"),
    Repeats.THIRD: _("Third %(days)s of the month"),
    Repeats.FOURTH: _("Fourth %(days)s of the month"),
    Repeats.LAST: _("Last %(days)s of the month"),
}


def weekday_names(digits: str) -> str:
    """ "135" as "Monday, Wednesday and Friday", in the language of the request."""
    if digits in NAMED_SETS:
        return str(NAMED_SETS[digits])
    return capfirst(_listed(digits))


def rhythm_days(digits: str, repeats: str) -> str:
    """Weekdays with the weeks in which they have their turn: "First Monday of the month"."""
    if repeats == Repeats.WEEKLY:
        return weekday_names(digits)
    return str(WHEN[Repeats(repeats)]) % {"days": _listed(digits)}


def repeats_name(repeats: str) -> str:
    return str(Repeats(repeats).label)


def _listed(digits: str) -> str:
    return str(get_text_list([str(WEEKDAYS[int(digit) - 1]) for digit in digits], gettext("and")))
