"""A column, group or proposal is moved one place, unless the page is out of date."""

from collections.abc import Callable

from django.contrib import messages
from django.core.exceptions import ObjectDoesNotExist
from django.http import Http404
from django.utils.translation import gettext as _

from krams.history.actions.locking import LARGEST_VERSION, StaleVersion
from krams.models import Cluster
from krams.people.requests import Request


def move(request: Request, action: Callable[..., None], *, cluster: Cluster, name: str) -> int:
    """Do the move that was asked for (``op=12`` or ``ned=12``) and return what was moved.

    A page that is out of date moves nothing and says so: twice sent is moved once.
    """
    step = -1 if "op" in request.POST else 1
    key = _number(request.POST.get("op" if step == -1 else "ned"))
    version = _number(request.POST.get("version"))
    try:
        action(cluster=cluster, step=step, version=version, by=request.user, **{name: key})
    except StaleVersion:
        messages.warning(
            request, _("Nothing was moved: the cluster was changed meanwhile. See the order below.")
        )
    except ObjectDoesNotExist as none:
        raise Http404 from none
    return key


def _number(raw: str | None) -> int:
    if not (raw and raw.isascii() and raw.isdecimal() and len(raw) <= 10):
        raise Http404
    if int(raw) > LARGEST_VERSION:
        raise Http404
    return int(raw)
