"""Read links: a coordinator makes and stops them; whoever has one reads that edition alone."""

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from krams.documents import papers
from krams.people.requests import Request
from krams.web.addresses import number_of

from ...access import get_coordinated
from ...enums import ReadLinkState
from ...form_page import status_of
from ...matrix.spreadsheet import tables_of
from ...matrix.wording import legend
from ...models import Edition, ReadLink
from .. import actions
from ..content import thaw
from ..edition_paper import edition_paper, frozen_text
from ..forms import ReadLinkForm
from ..queries import coordinated_edition, link_of, links_of, texts_of
from ..read_links import SHOWN_FOR, token_of


@require_http_methods(["GET", "POST"])
def read_links(request: Request, slug: str, number: int) -> HttpResponse:
    """The links of an edition, and a form for one more; a new one is shown for a short time."""
    cluster = get_coordinated(request.user, slug)
    edition = coordinated_edition(cluster, number)
    form = ReadLinkForm(request.POST or None)
    if request.method == "POST" and edition.withdrawn_at:
        raise PermissionDenied
    if request.method == "POST" and form.is_valid():
        try:
            link = actions.make_read_link(edition=edition, by=request.user, **form.cleaned_data)
        except actions.EditionWithdrawn as withdrawn:
            raise PermissionDenied from withdrawn
        return redirect(f"{link.get_absolute_url()}?ny={link.pk}")
    found, today = links_of(edition), timezone.localdate()
    context = {
        "cluster": cluster,
        "edition": edition,
        "form": form,
        "links": [(link, link.state(today)) for link in found],
        "works": ReadLinkState.OPEN,
        "new_link": _new_link(request, found),
    }
    return render(request, "clusters/editions/read_links.html", context, status=status_of(form))


def _new_link(request: Request, links: list[ReadLink]) -> str:
    """The address of the link that the person has just made; "" for all others."""
    pk = number_of(request, "ny")
    since = timezone.now() - SHOWN_FOR
    for link in links:
        if link.pk == pk and link.created_by_id == request.user.pk and link.created_at > since:
            path = reverse("clusters:read", args=[token_of(link.submission_id)])
            return request.build_absolute_uri(path)
    return ""


@require_POST
def revoke(request: Request, slug: str, number: int, pk: int) -> HttpResponse:
    cluster = get_coordinated(request.user, slug)
    edition = coordinated_edition(cluster, number)
    try:
        link = actions.revoke_read_link(edition=edition, link_id=pk, by=request.user)
    except ReadLink.DoesNotExist as none:
        raise Http404 from none
    messages.success(request, _("The link is stopped: %(label)s.") % {"label": link.label})
    return redirect("clusters:read-links", slug, number)


@never_cache
@login_not_required
@require_safe
def read(request: HttpRequest, token: str) -> HttpResponse:
    """The edition of a link, and nothing else of the portal; it counts how often that is."""
    link = link_of(token)
    if refused := _refused(request, link):
        return refused
    assert link is not None, "refused otherwise"
    if request.method == "GET":
        actions.count_opening(link)
    edition = link.edition
    matrix = thaw(edition.content, names_people=False)
    context = {
        "token": token,
        "cluster": edition.cluster,
        "edition": edition,
        "matrix": matrix,
        "whole": matrix,
        "filter": {"needle": ""},
        "was": edition.content["cluster"],
        "frozen": frozen_text(edition, names_people=False),
        "texts": texts_of(edition),
        "legend": legend(),
    }
    return _for_readers(render(request, "clusters/editions/read.html", context))


@never_cache
@login_not_required
@require_safe
def read_file(request: HttpRequest, token: str, kind: str) -> HttpResponse:
    """The same as a file."""
    link = link_of(token)
    if refused := _refused(request, link):
        return refused
    assert link is not None, "refused otherwise"
    matrix = thaw(link.edition.content, names_people=False)
    paper = edition_paper(link.edition, matrix, texts_of(link.edition), names_people=False)
    return _for_readers(papers.download(paper, kind, tables_of(matrix)))


def _refused(request: HttpRequest, link: ReadLink | None) -> HttpResponse | None:
    """The page that says why a link opens nothing, and whom to ask; None where it opens."""
    state = link.state(timezone.localdate()) if link else None
    if state is ReadLinkState.OPEN:
        return None
    edition: Edition | None = link.edition if link else None
    context = {"state": state.value if state else "", "edition": edition}
    status = 410 if link else 404
    return _for_readers(
        render(request, "clusters/editions/read_refused.html", context, status=status)
    )


def _for_readers(response: HttpResponse) -> HttpResponse:
    """No search engine keeps it, and no page that it leads to is told the link."""
    response.headers["X-Robots-Tag"] = "noindex, nofollow, noarchive"
    # Not "no-referrer": with it a browser sends ``Origin: null`` along with the form that chooses
    # the language, which the protection against forged requests refuses.
    response.headers["Referrer-Policy"] = "strict-origin"
    return response
