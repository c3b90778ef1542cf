"""What a coordinator writes around an edition: its introduction and its conclusion."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from krams.history.actions.locking import StaleVersion
from krams.people.requests import Request

from ...access import get_coordinated
from ...form_page import renew, status_of
from .. import actions
from ..forms import TextsForm
from ..queries import coordinated_edition, texts_of

TEXTS = ("introduction", "conclusion", "version")


@require_http_methods(["GET", "POST"])
def write_texts(request: Request, slug: str, number: int) -> HttpResponse:
    """Both on one page; of one that is withdrawn they stay as they are (403)."""
    cluster = get_coordinated(request.user, slug)
    edition = coordinated_edition(cluster, number)
    if edition.withdrawn_at:
        raise PermissionDenied
    texts = texts_of(edition)
    form = TextsForm(request.POST or None, initial={name: getattr(texts, name) for name in TEXTS})
    context = {"cluster": cluster, "edition": edition, "texts": texts, "form": form}
    status = status_of(form)
    if request.method == "POST" and form.is_valid():
        try:
            actions.write_texts(edition=edition, by=request.user, **form.cleaned_data)
        except StaleVersion as stale:
            context |= {"clash": True, "differences": renew(form, stale.current)}
            status = 409
        except actions.EditionWithdrawn as withdrawn:
            raise PermissionDenied from withdrawn
        else:
            messages.success(request, _("The texts are saved."))
            return redirect(edition)
    return render(request, "clusters/editions/write_texts.html", context, status=status)
