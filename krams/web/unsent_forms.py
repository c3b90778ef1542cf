"""What was sent after the session had ended, kept until the same person has logged in again.

Without JavaScript a form that is sent too late meets the log-in. What was typed waits in the new
session, for half an hour, for nobody but whoever used this browser last: a signed cookie says who.
It is never sent by itself; the person sees it and presses the button.
"""

import re
from typing import Any

from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.auth.signals import user_logged_in
from django.core import signing
from django.dispatch import receiver
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from ..privacy.cpr import find_cpr

PERSON, KEPT = "person", "kept"
# One kind of signature cannot stand for another.
SALT = "krams.kept"
SECONDS = 30 * 60
# The cookie outlives the session by a night.
COOKIE_AGE = settings.SESSION_COOKIE_AGE + 24 * 3600
MOST_CHARACTERS = 100_000
# Only what is written in the portal itself: log-in, passwords and keys are elsewhere.
ROOMS = {"initiatives", "clusters"}
NEVER = re.compile("csrf|password|token", re.IGNORECASE)
# What a form carries for itself; the rest was typed or chosen.
OWN_FIELDS = ("submission_id", "version", "page_day", "which_day", "early", "dag")


def remember(request: HttpRequest, response: HttpResponse) -> None:
    """Note in a cookie who uses this browser; whoever logs out is forgotten."""
    if request.user.is_authenticated:
        if last_person(request) != request.user.pk:
            response.set_signed_cookie(
                PERSON,
                str(request.user.pk),
                salt=SALT,
                max_age=COOKIE_AGE,
                secure=settings.SESSION_COOKIE_SECURE,
                httponly=True,
                samesite="Lax",
            )
    elif PERSON in request.COOKIES and request.path.endswith("/logout/"):
        response.delete_cookie(PERSON, samesite="Lax")


def last_person(request: HttpRequest) -> int | None:
    if request.user.is_authenticated:
        return request.user.pk
    try:
        return int(request.get_signed_cookie(PERSON, salt=SALT, max_age=COOKIE_AGE) or "")
    except (KeyError, ValueError, signing.BadSignature):
        return None


def fields_of(request: HttpRequest) -> list[list[str]]:
    """What was sent, name and value, without what opens something."""
    return [
        [name, value]
        for name, values in request.POST.lists()
        for value in values
        if not NEVER.search(name)
    ]


def typed(fields: list[list[str]]) -> list[str]:
    """What a person typed or chose of what was sent."""
    return [
        value
        for name, value in fields
        if value.strip() and not any(own in name for own in OWN_FIELDS)
    ]


def keep(request: HttpRequest) -> bool:
    """Put what was sent into the new session. False where it is not to be kept."""
    person, match = last_person(request), request.resolver_match
    if person is None or match is None or match.app_name not in ROOMS or request.FILES:
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
