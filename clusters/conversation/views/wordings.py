"""A wording proposed for a cell: proposed, accepted, declined, withdrawn."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from krams.history.actions.locking import StaleVersion
from krams.people.requests import Request
from krams.web.forms import VersionForm

from ...enums import Side
from ...form_page import renew_version, status_of
from ...matrix.actions.save_cell import ExpiredEffort
from ...matrix.wording import expired_text
from ...models import Position
from ..actions.wordings import accept_wording, decline_wording, propose_wording, withdraw_wording
from ..forms import AcceptForm, DeclineForm, WordingForm
from ..proposed import Proposed, answer_with
from ..queries.cell import Talk
from .cell import read_again, show
from .guards import conversation_path, posted, writing


@require_http_methods(["GET", "POST"])
@writing(Side.COORDINATOR)
def propose(request: Request, talk: Talk) -> HttpResponse:
    """What the cell says, to be reworded; nothing changes until its editor accepts it."""
    cell = talk.cell
    initial = {"state": cell.state, "state_from": cell.state_from, "seen": cell.version}
    form = WordingForm(request.POST or None, cell=cell, initial=initial)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        thread = propose_wording(
            column=talk.column,
            proposal=cell.proposal,
            text=data["text"],
            state=data["state"],
            state_from=data["state_from"],
            lines=form.lines,
            seen_version=data["seen"],
            submission_id=data["submission_id"],
            by=request.user,
        )
        sent = _("Your proposal is sent. The answer stays until it is accepted.")
        messages.success(request, sent)
        return redirect(conversation_path(talk, f"s-{thread.pk}"))
    context = {"cluster": talk.sheet.cluster, "talk": talk, "cell": cell, "form": form}
    context["back"] = conversation_path(talk)
    return render(request, "clusters/conversation/propose.html", context, status=status_of(form))


@posted
@writing(Side.EDITOR)
def accept(request: Request, talk: Talk, thread: int) -> HttpResponse:
    """Save the cell as proposed; where either changed since it was seen, both are shown (409)."""
    proposed = _proposed(talk, thread)
    form = AcceptForm(request.POST)
    if not form.is_valid():
        return show(request, talk, 422, stale=thread)
    try:
        accept_wording(
            column=talk.column,
            thread_id=thread,
            version=form.cleaned_data["version"],
            cell_version=form.cleaned_data["cell"],
            answer=answer_with(proposed, talk.cell, talk.matrix),
            by=request.user,
        )
    except StaleVersion as stale:
        name = "changed" if isinstance(stale.current, Position) else "stale"
        return show(request, read_again(request, talk), 409, **{name: thread})
    except ExpiredEffort as error:
        return show(request, talk, 422, refused=thread, refusal=expired_text(error.effort))
    messages.success(request, _("The proposal is accepted, and the answer is confirmed."))
    return redirect(conversation_path(talk, f"s-{thread}"))


@posted
@writing(Side.EDITOR)
def decline(request: Request, talk: Talk, thread: int) -> HttpResponse:
    """Say no, with a reason; the answer stays as it is."""
    _proposed(talk, thread)
    form = DeclineForm(request.POST, auto_id=f"nej-{thread}-%s")
    if not form.is_valid():
        return show(request, talk, 422, declines={thread: form})
    try:
        decline_wording(column=talk.column, thread_id=thread, by=request.user, **form.cleaned_data)
    except StaleVersion as stale:
        renew_version(form, stale.current)
        return show(request, read_again(request, talk), 409, stale=thread, declines={thread: form})
    return redirect(conversation_path(talk, f"s-{thread}"))


@posted
@writing(Side.COORDINATOR)
def withdraw(request: Request, talk: Talk, thread: int) -> HttpResponse:
    """Take a proposal back that nobody has decided on."""
    _proposed(talk, thread)
    form = VersionForm(request.POST)
    if not form.is_valid():
        return show(request, talk, 422, stale=thread)
    try:
        withdraw_wording(column=talk.column, thread_id=thread, by=request.user, **form.cleaned_data)
    except StaleVersion:
        return show(request, read_again(request, talk), 409, stale=thread)
    return redirect(conversation_path(talk, f"s-{thread}"))


def _proposed(talk: Talk, thread: int) -> Proposed:
    """404 for a thread of another cell, and for one that proposes nothing."""
    proposed = talk.told(thread).proposed
    if proposed is None:
        raise Http404
    return proposed
