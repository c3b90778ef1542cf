"""The page of one's own settings."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from ...mail import actions
from ...mail.forms import DigestForm
from ...people.requests import Request


@require_http_methods(["GET", "HEAD", "POST"])
def account_settings(request: Request) -> HttpResponse:
    """What one may choose oneself; everybody's account is an administrator's."""
    if request.method != "POST":
        chosen = {
            "frequency": request.user.digest_frequency,
            "language": request.user.digest_language,
            "reminder_days": request.user.reminder_days,
        }
        return render(request, "krams/pages/settings.html", {"form": DigestForm(initial=chosen)})
    form = DigestForm(request.POST)
    if not form.is_valid():
        return render(request, "krams/pages/settings.html", {"form": form}, status=422)
    actions.choose_digest(**form.cleaned_data, by=request.user)
    messages.success(request, _("Saved. It counts from the next e-mail."))
    return redirect(reverse("settings", fragment="besked"))
