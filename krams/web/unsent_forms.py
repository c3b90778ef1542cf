"""What was sent after the session had ended, kept until the same person has logged in again.

Without JavaScript a form that is sent too late meets the log-in. What was typed waits in the new
session, for half an hour, for nobody but whoever used this browser last: the session that has run
out says who. It is never sent by itself; the person sees it and presses the button.
"""

import re
from typing import Any

from django.conf import settings
from django.contrib.auth import SESSION_KEY
from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.auth.signals import user_logged_in
from django.dispatch import receiver
from django.http import HttpRequest
from django.utils import timezone
from django.utils.module_loading import import_string

from ..privacy.cpr import find_cpr

KEPT = "kept"
# On a request: who was logged out in the middle of it, because nothing had happened for a while.
LOGGED_OUT = "logged_out_person"
SECONDS = 30 * 60
MOST_CHARACTERS = 100_000
# What is written in the portal, and on its administration pages. Passwords, codes and keys are
# asked for by the pages of allauth.
ROOMS = ("krams.", "initiatives.", "clusters.", "django.contrib.admin.")
NEVER = re.compile("csrf|password|token", re.IGNORECASE)
CSRF = "csrfmiddlewaretoken"
# The field in which a form says for whom it was drawn, and the header of what asks before it is
# sent: ``ui.js``.
WHOSE, WHOSE_HEADER = "whose", "X-Whose"
# What a form carries for itself; the rest was typed or chosen.
OWN_FIELDS = (
    *(WHOSE, "submission_id", "version", "page_day", "which_day", "early", "dag", "_FORMS"),
    # What a form was drawn with: a record, or the print of a field.
    *("seen", "-was"),
)


def last_person(request: HttpRequest) -> int | None:
    """Who is logged in, or was until this browser's session ended by itself.

    Nobody where somebody logged out: that session is gone.
    """
    if request.user.is_authenticated:
        return request.user.pk
    if person := getattr(request, LOGGED_OUT, None):
        return int(person)
    key = request.COOKIES.get(settings.SESSION_COOKIE_NAME)
    store = import_string(f"{settings.SESSION_ENGINE}.SessionStore")
    person = store.content_of_ended(key).get(SESSION_KEY) if key else None
    return int(person) if person else None


def is_of_another(request: HttpRequest, person: int) -> bool:
    """Whether the form was drawn for somebody else than ``person``.

    It waits in a tab while the next person logs in at the same computer; its token follows a
    log-in (``ui.js``), so that alone would send it in the name of that person.
    """
    said = request.headers.get(WHOSE_HEADER) or request.POST.get(WHOSE)
    return bool(said) and said != str(person)


def fields_of(request: HttpRequest) -> list[list[str]]:
    """What was sent, name and value, without what opens something."""
    return [
        [name, value]
        for name, values in request.POST.lists()
        for value in values
        if not NEVER.search(name)
    ]


def is_whole(request: HttpRequest) -> bool:
    """Whether ``fields_of`` has all of it: a log-in without its password is of no use."""
    return not any(NEVER.search(name) for name in request.POST if name != CSRF)


def typed(fields: list[list[str]]) -> list[str]:
    """What a person typed or chose of what was sent."""
    return [
        value
        for name, value in fields
        if value.strip() and not any(own in name for own in OWN_FIELDS)
    ]


def keep(request: HttpRequest) -> bool:
    """Put what was sent into the new session. False where it is not to be kept."""
    match = request.resolver_match
    if match is None or not match.func.__module__.startswith(ROOMS) or request.FILES:
        return False
    person = last_person(request)
    if person is None or is_of_another(request, person):
        return False
    fields = fields_of(request)
    if sum(len(name) + len(value) for name, value in fields) > MOST_CHARACTERS:
        return False
    if any(find_cpr(value) for _name, value in fields):
        return False
    request.session[KEPT] = {
        "person": person,
        "path": request.get_full_path(),
        "fields": fields,
        "at": int(timezone.now().timestamp()),
    }
    return True


def found(request: HttpRequest) -> dict[str, Any] | None:
    """What is kept for the person who is logged in; what is another's or too old is thrown away."""
    kept = request.session.get(KEPT)
    if kept is None:
        return None
    age = timezone.now().timestamp() - kept["at"]
    if kept["person"] == request.user.pk and age <= SECONDS:
        return kept
    forget(request)
    return None


def forget(request: HttpRequest) -> None:
    request.session.pop(KEPT, None)


def arrived(request: HttpRequest) -> None:
    """The form is here again: from now on it is the page's."""
    kept = request.session.get(KEPT)
    if kept and kept["path"] == request.get_full_path():
        forget(request)


@receiver(user_logged_in)
def _on_log_in(
    sender: object, request: HttpRequest | None, user: AbstractBaseUser, **_more: Any
) -> None:
    if request is None:
        return
    kept = request.session.get(KEPT)
    if kept and kept["person"] != user.pk:
        forget(request)
