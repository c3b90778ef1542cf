"""Editions of a matrix: list, one of them, freezing, withdrawing, and what changed in between."""

from django.core.exceptions import PermissionDenied
from django.http import HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from krams.documents import papers
from krams.people.requests import Request
from krams.replica.reading import allow_replica

from ...access import Sheet, get_coordinated, get_sheet, may_coordinate
from ...form_page import status_of
from ...matrix.layout import Matrix
from ...matrix.queries.read_matrix import read_matrix
from ...matrix.spreadsheet import tables_of
from ...matrix.views.files import sheet_file
from ...matrix.wording import legend
from ...models import Edition
from ..actions import freeze_edition, withdraw_edition
from ..content import thaw
from ..differences import compare
from ..edition_paper import edition_paper, frozen_text
from ..forms import DRAFT, CompareForm, FreezeForm, WithdrawForm
from ..paper import counted, difference_blocks
from ..queries import (
    answers_changed,
    contents_of,
    editions_of,
    last_standing,
    redactions_of,
    texts_of,
    visible_edition,
)


@require_safe
def editions(request: Request, slug: str) -> HttpResponse:
    """All editions of a cluster, with what changed since the last one that stands."""
    sheet = get_sheet(request.user, slug)
    found = editions_of(sheet.cluster)
    last = last_standing(found)
    whole = read_matrix(sheet, with_notes=False)
    context = {
        "cluster": sheet.cluster,
        "editions": found,
        "last": last,
        "since_last": answers_changed(last, whole),
        "compare_form": _compare_form(None, found, sheet),
        "may_freeze": may_coordinate(request.user, sheet.cluster),
        "whole": whole,
    }
    return render(request, "clusters/editions/editions.html", context)


@require_http_methods(["GET", "POST"])
def freeze(request: Request, slug: str) -> HttpResponse:
    """Freeze the matrix as it stands; the page says what has not been confirmed."""
    sheet = get_sheet(request.user, slug)
    cluster = sheet.cluster
    if not may_coordinate(request.user, cluster):
        raise PermissionDenied
    form = FreezeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        edition = freeze_edition(cluster=cluster, by=request.user, **form.cleaned_data)
        return redirect(edition)
    whole = read_matrix(sheet, with_notes=False)
    found = editions_of(cluster)
    last = last_standing(found)
    context = {
        "cluster": cluster,
        "form": form,
        "next_number": found[0].number + 1 if found else 1,
        "last": last,
        "since_last": answers_changed(last, whole),
        "whole": whole,
        "unconfirmed": sum(cell.is_outdated for cell in whole.cells.values()),
    }
    return render(request, "clusters/editions/freeze.html", context, status=status_of(form))


@require_safe
def edition(request: Request, slug: str, number: int) -> HttpResponse:
    """One edition: the matrix as it was, with the cluster and its members as they were."""
    found = visible_edition(request.user, slug, number)
    matrix = thaw(found.content)
    context = {
        "cluster": found.cluster,
        "edition": found,
        "matrix": matrix,
        "whole": matrix,
        "filter": {"needle": ""},
        "was": found.content["cluster"],
        "frozen": frozen_text(found),
        "texts": texts_of(found),
        "redactions": redactions_of(found),
        "legend": legend(),
        "may_freeze": may_coordinate(request.user, found.cluster),
    }
    return render(request, "clusters/editions/edition.html", context)


@require_safe
def edition_file(request: Request, slug: str, number: int, kind: str) -> HttpResponse:
    """An edition as a file, as it was frozen. A withdrawn one says so above the table."""
    found = visible_edition(request.user, slug, number)
    matrix = thaw(found.content)
    return papers.download(edition_paper(found, matrix, texts_of(found)), kind, tables_of(matrix))


@require_http_methods(["GET", "POST"])
def withdraw(request: Request, slug: str, number: int) -> HttpResponse:
    """Withdraw an edition, with a reason."""
    cluster = get_coordinated(request.user, slug)
    found = get_object_or_404(cluster.editions.all(), number=number)
    form = WithdrawForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        withdraw_edition(edition=found, by=request.user, **form.cleaned_data)
        return redirect(found)
    context = {"cluster": cluster, "edition": found, "form": form}
    return render(request, "clusters/editions/withdraw.html", context, status=status_of(form))


@require_safe
def changes(request: Request, slug: str, kind: str = "") -> HttpResponse:
    """Word by word from one edition to another or to today: ``?fra=2&til=3&myndighed=rebild``.

    With ``kind`` as a file; one whose address means nothing leads back to the page.
    """
    sheet = get_sheet(request.user, slug)
    allow_replica(request)
    found = editions_of(sheet.cluster)
    form = _compare_form(request.GET or None, found, sheet)
    context = {
        "cluster": sheet.cluster,
        "editions": found,
        "compare_form": form,
        "difference": None,
    }
    if kind and not form.is_valid():
        page = reverse("clusters:changes", args=[slug])
        return redirect(f"{page}?{request.GET.urlencode()}")
    if not form.is_valid():
        return render(request, "clusters/editions/changes.html", context, status=status_of(form))
    old, new = form.cleaned_data["fra"], form.cleaned_data["til"]
    contents = contents_of(sheet.cluster, [int(name) for name in (old, new) if name != DRAFT])

    def version(name: str) -> Matrix:
        return read_matrix(sheet) if name == DRAFT else thaw(contents[int(name)])

    names = {"old": _version_name(old), "new": _version_name(new)}
    difference = compare(version(old), version(new), form.cleaned_data["myndighed"])
    if kind:
        title = _("From %(old)s to %(new)s") % names
        return sheet_file(
            sheet, kind, title, difference_blocks(difference), lead=(counted(difference),)
        )
    context |= {
        "difference": difference,
        "old_name": names["old"],
        "new_name": names["new"],
    }
    return render(request, "clusters/editions/changes.html", context)


def _compare_form(data: QueryDict | None, editions: list[Edition], sheet: Sheet) -> CompareForm:
    # Those of today first, then who has left since an edition.
    authorities = {
        column.authority.slug: column.authority.official_name for column in sheet.columns
    }
    for edition in editions:
        for one in edition.authorities:
            authorities.setdefault(one["slug"], one["official_name"])
    last = str(editions[0].number) if editions else DRAFT
    initial = {"fra": last, "til": DRAFT}
    return CompareForm(data, editions=editions, authorities=authorities, initial=initial)


def _version_name(version: str) -> str:
    if version == DRAFT:
        return _("today")
    return _("edition %(number)s") % {"number": version}
