"""Pages about the portal itself: help, accessibility, privacy."""

import datetime as dt

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from ..help_sections import GROUPS, contents, group_of, roles

# When the accessibility statement was last reviewed; change it together with the text.
STATEMENT_REVIEWED_ON = dt.date(2026, 11, 21)


@login_not_required
@require_safe
def help_page(request: HttpRequest) -> HttpResponse:
    """What the help has; each group is a page of its own."""
    return render(request, "krams/pages/help.html", {"contents": contents()})


@login_not_required
@require_safe
def help_group(request: HttpRequest, slug: str) -> HttpResponse:
    group = group_of(slug)
    if group is None:
        raise Http404
    context = {
        "group": group,
        "groups": GROUPS,
        "sections": dict(contents())[group],
        "roles": roles(),
    }
    return render(request, "krams/pages/help_group.html", context)


@login_not_required
@require_safe
def accessibility(request: HttpRequest) -> HttpResponse:
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
def privacy(request: HttpRequest) -> HttpResponse:
    return render(
        request,
        "krams/pages/privacy.html",
        {
            "default_organisation": _("The municipality"),
            "contact": settings.PRIVACY_CONTACT,
            "session_hours": settings.SESSION_COOKIE_AGE // 3600,
            "cookies": {
                "session": settings.SESSION_COOKIE_NAME,
                "forms": settings.CSRF_COOKIE_NAME,
                "language": settings.LANGUAGE_COOKIE_NAME,
            },
        },
    )
