"""The page of a cell with what is said about it: ask, answer, resolve, correct, withdraw."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from krams.history.actions.locking import StaleVersion
from krams.people.requests import Request
from krams.web.forms import VersionForm

from ...form_page import renew_version, status_of
from ...models import Comment
from ..actions.threads import ask, reply, resolve, save_comment, withdraw_comment
from ..forms import DeclineForm, OldCommentForm, QuestionForm, ReplyForm
from ..queries.cell import Talk, read_talk
from .guards import conversation_path, posted, writing


@require_http_methods(["GET", "POST"])
def conversation(request: Request, slug: str, proposal: int, authority: str) -> HttpResponse:
    """The cell as it stands, with its threads; a POST asks something about it."""
    if request.method == "POST":
        return _ask(request, slug, proposal, authority)
    return show(request, read_talk(request.user, slug, proposal, authority))


@writing()
def _ask(request: Request, talk: Talk) -> HttpResponse:
    form = QuestionForm(request.POST)
    if not form.is_valid():
        return show(request, talk, 422, question=form)
    thread = ask(
        column=talk.column, proposal=talk.cell.proposal, by=request.user, **form.cleaned_data
    )
    messages.success(request, _("Your question is sent."))
    return redirect(conversation_path(talk, f"s-{thread.pk}"))


@posted
@writing()
def thread_reply(request: Request, talk: Talk, thread: int) -> HttpResponse:
    """One more entry of a thread."""
    talk.told(thread)
    form = ReplyForm(request.POST, prefix=None, auto_id=f"id-{thread}-%s")
    if not form.is_valid():
        return show(request, talk, 422, replies={thread: form})
    reply(column=talk.column, thread_id=thread, by=request.user, **form.cleaned_data)
    return redirect(conversation_path(talk, f"s-{thread}"))


@posted
@writing()
def thread_resolve(request: Request, talk: Talk, thread: int) -> HttpResponse:
    """Nothing more is to be said, or (``tilbage``) there is."""
    talk.told(thread)
    form = VersionForm(request.POST)
    if not form.is_valid():
        return show(request, talk, 422, stale=thread)
    key = {"version": form.cleaned_data["version"], "back": "tilbage" in request.POST}
    try:
        resolve(column=talk.column, thread_id=thread, by=request.user, **key)
    except StaleVersion:
        return show(request, read_again(request, talk), 409, stale=thread)
    return redirect(conversation_path(talk, f"s-{thread}"))


@require_http_methods(["GET", "POST"])
@writing()
def comment(request: Request, talk: Talk, pk: int) -> HttpResponse:
    """One's own comment: corrected, or withdrawn (``tilbage``)."""
    found = _own(request, talk, pk)
    initial = {"text": found.text, "version": found.version}
    form = OldCommentForm(request.POST or None, initial=initial)
    status, theirs = status_of(form), None
    key: dict[str, Any] = {"column": talk.column, "comment_id": pk, "by": request.user}
    if request.method == "POST" and form.is_valid():
        try:
            if "tilbage" in request.POST:
                withdraw_comment(version=form.cleaned_data["version"], **key)
            else:
                save_comment(**key, **form.cleaned_data)
        except StaleVersion as stale:
            renew_version(form, stale.current)
            status, theirs = 409, stale.current
        else:
            return redirect(conversation_path(talk, f"s-{found.thread_id}"))
    context = {
        "cluster": talk.sheet.cluster,
        "talk": talk,
        "comment": found,
        "form": form,
        "theirs": theirs,
        "back": conversation_path(talk, f"s-{found.thread_id}"),
    }
    return render(request, "clusters/conversation/comment.html", context, status=status)


def _own(request: Request, talk: Talk, pk: int) -> Comment:
    """404 for a comment of another cell, 403 for somebody else's, and for one that is gone."""
    comments = (comment for told in talk.threads for comment in told.comments)
    found = next((comment for comment in comments if comment.pk == pk), None)
    if found is None:
        raise Http404
    if found.written_by_id != request.user.pk or found.withdrawn_at:
        raise PermissionDenied
    return found


def read_again(request: Request, talk: Talk) -> Talk:
    return read_talk(
        request.user,
        talk.sheet.cluster.slug,
        talk.cell.proposal.pk,
        talk.column.authority.slug,
    )


def show(request: Request, talk: Talk, status: int = 200, **shown: Any) -> HttpResponse:
    """The page, with the forms that were refused: ``question``, ``replies`` and ``declines`` by
    the key of their thread; ``stale`` is the key of a thread that somebody else has changed,
    ``refusal`` why a wording could not be accepted."""
    open_threads = [told for told in talk.threads if told.thread.resolved_at is None]
    replies, declines = shown.pop("replies", {}), shown.pop("declines", {})
    for told in talk.threads:
        key = told.thread.pk
        replies.setdefault(key, ReplyForm(auto_id=f"id-{key}-%s"))
        declines.setdefault(
            key,
            DeclineForm(
                auto_id=f"nej-{key}-%s",
                initial={"version": told.thread.proposed.version if told.thread.proposed else 0},
            ),
        )
    question = shown.pop("question", None)
    context = {
        "cluster": talk.sheet.cluster,
        "talk": talk,
        "cell": talk.cell,
        "open": open_threads,
        "resolved": talk.threads[len(open_threads) :],
        "question": question or QuestionForm(),
        "form": question,
        "replies": replies,
        "declines": declines,
        **shown,
    }
    return render(request, "clusters/conversation/conversation.html", context, status=status)
