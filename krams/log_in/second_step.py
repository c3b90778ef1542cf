"""A second step beside the password, for those whose role opens what is others' too.

``REQUIRE_SECOND_STEP`` says whether managers, coordinators, administrators and superusers must have
one: a passkey, or a code from an app. It is asked of the session, without a query: how somebody
logged in, or that they have set one up since.
"""

from typing import Any

from allauth.account.internal.flows.login import get_authentication_records
from allauth.mfa.models import Authenticator
from allauth.mfa.signals import authenticator_added, authenticator_removed, authenticator_reset
from django.conf import settings
from django.contrib import messages
from django.dispatch import receiver
from django.http import HttpRequest
from django.utils.translation import gettext as _

from ..audit.actions import record
from ..enums import AuditKind
from ..models import User
from ..people.permissions import NEEDING_SECOND_STEP
from ..settings.saml import PROVIDER_ID
from .organisation import told

# In the session: who has set one up since the log-in, and where that led away from.
ADDED, ASKED_FOR = "second_step_added", "second_step_asked_for"


def is_required_of(user: User) -> bool:
    """By the setting and the roles in force today, which every page has read already."""
    if not settings.REQUIRE_SECOND_STEP:
        return False
    return user.is_superuser or any(scope.role in NEEDING_SECOND_STEP for scope in user.scopes)


def was_taken(request: HttpRequest) -> bool:
    """Whether whoever is logged in has proven more than a password in this session."""
    user = request.user
    if request.session.get(ADDED) == user.pk:
        return True
    ways = get_authentication_records(request, user)
    return any(_is_strong(way, request) for way in ways)


def _is_strong(way: dict[str, Any], request: HttpRequest) -> bool:
    """A way in that is more than a password: by itself, by the operator's word for all of the
    organisation's log-ins, or by what this one said.
    """
    if way["method"] == "socialaccount":
        is_saml = way.get("provider") == PROVIDER_ID
        always = settings.SAML_SECOND_STEP if is_saml else settings.OIDC_SECOND_STEP
        return bool(always or told.of_session(request).get("strong"))
    return bool(way["method"] == "mfa")


def is_last(user: User) -> bool:
    """Whether the account has no more than one passkey or app; recovery codes are for a loss."""
    own = Authenticator.objects.filter(user=user)
    return bool(own.exclude(type=Authenticator.Type.RECOVERY_CODES).count() < 2)


@receiver(authenticator_added)
def _added(
    sender: object, request: HttpRequest, user: User, authenticator: Authenticator, **_more: Any
) -> None:
    _keep(user, "added", authenticator)
    if authenticator.type != Authenticator.Type.RECOVERY_CODES:
        request.session[ADDED] = user.pk
        if ASKED_FOR in request.session:
            messages.success(request, _("From now on you log in in two steps."))


@receiver(authenticator_removed)
def _removed(
    sender: object, request: HttpRequest, user: User, authenticator: Authenticator, **_more: Any
) -> None:
    _keep(user, "removed", authenticator)


@receiver(authenticator_reset)
def _reset(
    sender: object, request: HttpRequest, user: User, authenticator: Authenticator, **_more: Any
) -> None:
    _keep(user, "made anew", authenticator)


def _keep(user: User, what: str, authenticator: Authenticator) -> None:
    about = f"account:{user.pk}"
    record(AuditKind.SECOND_STEP, actor=user, about=about, what=what, kind_of=authenticator.type)
