"""What all pages about a cell share: the guard, and what was typed when somebody may not write."""

from collections.abc import Callable
from functools import wraps
from typing import Any, Concatenate, ParamSpec

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from krams.people.requests import Request

from ...enums import Side
from ...models import Thread
from ..queries.cell import Talk, read_talk

P = ParamSpec("P")
View = Callable[..., HttpResponse]


def conversation_path(talk: Talk, anchor: str = "") -> str:
    args = [talk.sheet.cluster.slug, talk.cell.proposal.pk, talk.column.authority.slug]
    return reverse("clusters:conversation", args=args) + (f"#{anchor}" if anchor else "")


def writing(side: Side | None = None) -> Callable[..., View]:
    """A view for those who may write about a cell, of one ``side`` or of both.

    404 where the person may not see it, 403 where it may only be read. Whoever loads an address
    that only takes a form gets the cell. A role may have ended while somebody was writing: then the
    page that says so has the text that was typed.
    """

    def decorate(view: Callable[Concatenate[Request, Talk, P], HttpResponse]) -> View:
        @wraps(view)
        def guarded(
            request: Request, slug: str, proposal: int, authority: str, **keys: Any
        ) -> HttpResponse:
            try:
                talk = read_talk(request.user, slug, proposal, authority)
                if talk.side is None or side not in (None, talk.side):
                    raise PermissionDenied
                return view(request, talk, **keys)  # type: ignore[call-arg]
            except (PermissionDenied, Http404, Thread.DoesNotExist) as error:
                typed = request.POST.get("text", "").strip()
                if not typed:
                    if isinstance(error, Thread.DoesNotExist):
                        raise Http404 from error
                    raise
                status = 403 if isinstance(error, PermissionDenied) else 404
                template = "clusters/conversation/not_saved.html"
                return render(request, template, {"typed": typed}, status=status)

        return guarded

    return decorate


def posted(view: View) -> View:
    """A view that only takes a form: its address, loaded again, leads to the cell."""

    @wraps(view)
    def only_posted(
        request: Request, slug: str, proposal: int, authority: str, **keys: Any
    ) -> HttpResponse:
        if request.method != "POST":
            return redirect("clusters:conversation", slug, proposal, authority)
        return view(request, slug, proposal, authority, **keys)

    return only_posted
