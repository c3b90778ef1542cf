"""How the weekdays of a plan are said: "Monday, Wednesday and Friday". Pure."""

from django.utils.dates import WEEKDAYS
from django.utils.text import capfirst, get_text_list
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

NAMED_SETS = {"1234567": _("Every day"), "12345": _("Monday to Friday")}


def weekday_names(digits: str) -> str:
    """ "135" as "Monday, Wednesday and Friday", in the language of the request."""
    if digits in NAMED_SETS:
        return str(NAMED_SETS[digits])
    names = [str(WEEKDAYS[int(digit) - 1]) for digit in digits]
    return capfirst(get_text_list(names, gettext("and")))
