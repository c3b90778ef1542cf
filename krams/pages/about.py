"""Pages about the portal itself, and the language switch."""

import datetime as dt

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import BadRequest
from django.http import HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from ..enums import Role
from ..mail import actions
from ..web.forms import DigestForm

YEAR = 365 * 24 * 3600


# When the accessibility statement was last reviewed; change it together with the text.
STATEMENT_REVIEWED_ON = dt.date(2026, 11, 21)
ROLE_TEXTS = (
    (Role.STAFF, _("logs and corrects activities at the own facility")),
    (Role.MANAGER, _("also edits the initiative, the plan, the criteria and the meetings")),
    (Role.EDITOR, _("edits the own authority's column in the matrix")),
    (Role.COORDINATOR, _("keeps the cluster's proposals and editions")),
    (Role.VIEWER, _("reads, but changes nothing")),
    (Role.ADMINISTRATOR, _("may do all of this in the own organisation or cluster")),
)


@login_not_required
@require_safe
def help_page(request):
    roles = [(role.label, text) for role, text in ROLE_TEXTS]
    return render(request, "krams/pages/help.html", {"roles": roles})


@login_not_required
@require_safe
def accessibility(request):
    return render(
        request,
        "krams/pages/accessibility.html",
        {
            "default_organisation": _("The municipality"),
            "contact": settings.ACCESSIBILITY_CONTACT,
            "host": request.get_host(),
            "reviewed_on": STATEMENT_REVIEWED_ON,
        },
    )


@login_not_required
@require_safe
def privacy(request):
    return render(
        request,
        "krams/pages/privacy.html",
        {
            "default_organisation": _("The municipality"),
            "contact": settings.PRIVACY_CONTACT,
            "session_hours": settings.SESSION_COOKIE_AGE // 3600,
        },
    )


@login_not_required
@require_POST
def language(request):
    """Remember the language in a cookie and go back to where the person was."""
    chosen = request.POST.get("language")
    if chosen not in dict(settings.LANGUAGES):
        raise BadRequest("There is no such language.")
    target = request.POST.get("next", "/")
    if not url_has_allowed_host_and_scheme(
        target, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    ):
        target = "/"
    response = HttpResponseRedirect(target)
    response.set_cookie(
        settings.LANGUAGE_COOKIE_NAME,
        chosen,
        max_age=YEAR,
        samesite="Lax",
        httponly=True,
        secure=settings.SESSION_COOKIE_SECURE,
    )
    return response


@require_http_methods(["GET", "HEAD", "POST"])
def account_settings(request):
    """What one may choose oneself; everybody's account is an administrator's."""
    if request.method != "POST":
        chosen = {
            "frequency": request.user.digest_frequency,
            "language": request.user.digest_language,
        }
        return render(request, "krams/pages/settings.html", {"form": DigestForm(initial=chosen)})
    form = DigestForm(request.POST)
    if not form.is_valid():
        return render(request, "krams/pages/settings.html", {"form": form}, status=422)
    actions.choose_digest(**form.cleaned_data, by=request.user)
    messages.success(request, _("Saved. It counts from the next e-mail."))
    return redirect(reverse("settings", fragment="besked"))
