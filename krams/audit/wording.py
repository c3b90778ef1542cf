"""What an entry of the audit log says to people; the table holds words of the code and numbers."""

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from ..enums import Role

# What stands before the ":" of what an entry is about.
THINGS = {
    "account": gettext_lazy("Account"),
    "unknown": gettext_lazy("No account"),
    "readlink": gettext_lazy("Read link"),
    "clustermembership": gettext_lazy("Member of a cluster"),
    "facility": gettext_lazy("Facility"),
}
FACTS = {
    "what": "",
    "reason": "",
    "role": "",
    "account": gettext_lazy("account"),
    "file": "",
    "version": gettext_lazy("version"),
    "places": gettext_lazy("places"),
    "fields": gettext_lazy("fields"),
    "days": gettext_lazy("days"),
    "rows": gettext_lazy("rows"),
    "kind_of": "",
}
WORDS = {
    "given": gettext_lazy("given"),
    "changed": gettext_lazy("changed"),
    "ended": gettext_lazy("ended"),
    "invited": gettext_lazy("invited"),
    "handed over": gettext_lazy("link handed over"),
    "accepted": gettext_lazy("accepted"),
    "withdrawn": gettext_lazy("withdrawn"),
    "made": gettext_lazy("made"),
    "renewed": gettext_lazy("made anew"),
    "made anew": gettext_lazy("made anew"),
    "agreed": gettext_lazy("agreed"),
    "opened": gettext_lazy("opened for the first time"),
    "stopped": gettext_lazy("stopped"),
    "taken back": gettext_lazy("taken back"),
    "added": gettext_lazy("added"),
    "removed": gettext_lazy("removed"),
    "anonymised": gettext_lazy("name replaced"),
    "password": gettext_lazy("wrong password"),
    "second_step": gettext_lazy("wrong second step"),
    "organisation": gettext_lazy("the organisation's log-in"),
    "totp": gettext_lazy("app"),
    "webauthn": gettext_lazy("passkey"),
    "recovery_codes": gettext_lazy("recovery codes"),
    "all": gettext_lazy("all"),
}


def about_in_words(about: str) -> str:
    thing, colon, rest = about.partition(":")
    return f"{THINGS[thing]} {rest}" if colon and thing in THINGS else about


def details_in_words(details: dict[str, Any]) -> str:
    """The facts of an entry, each with its name where it does not speak for itself."""
    return "; ".join(_fact(name, value) for name, value in details.items())


def _fact(name: str, value: Any) -> str:
    label = str(FACTS.get(name, name))
    text = ", ".join(map(str, value)) if isinstance(value, list) else _word(name, value)
    return f"{label}: {text}" if label else text


def _word(name: str, value: Any) -> str:
    if name == "role" and value in Role.values:
        return str(Role(value).label)
    if value is True or value is False:
        return _("yes") if value else _("no")
    return str(WORDS.get(value, value))
