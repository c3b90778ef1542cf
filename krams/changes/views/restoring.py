"""The way back to what an earlier version said."""

from django.contrib import messages
from django.core.exceptions import ObjectDoesNotExist, ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from ...history import views as history
from ...history.actions.locking import StaleVersion
from ...people.requests import Request
from ..actions.restoring import restore as restore_version
from ..forms import RestoreForm


@require_POST
def restore(request: Request, key: str, pk: int) -> HttpResponse:
    """Put back what a version said; back to the history, which tells it as the newest change."""
    registration, subject, is_there = history.find(request, key, pk)
    form = RestoreForm(request.POST)
    if not form.is_valid():
        error = _("The page is out of date. Choose the version again.")
        return history.draw(request, registration, subject, is_there, status=422, error=error)
    try:
        restored = restore_version(
            registration=registration,
            pk=pk,
            history_id=form.cleaned_data["saved"],
            version=form.cleaned_data["version"],
            by=request.user,
        )
    except ObjectDoesNotExist as gone:
        raise Http404 from gone
    except StaleVersion:
        # Read again: the page shows what was saved meanwhile, with its version.
        registration, subject, is_there = history.find(request, key, pk)
        error = _("Somebody has saved this meanwhile. Look at it, and choose the version again.")
        return history.draw(request, registration, subject, is_there, status=409, error=error)
    except ValidationError as wrong:
        error = " ".join(wrong.messages)
        return history.draw(request, registration, subject, is_there, status=422, error=error)
    messages.success(request, _("What stood then stands again."))
    for lack in restored.lacks:
        messages.warning(request, lack)
    return redirect("history", key, pk)
