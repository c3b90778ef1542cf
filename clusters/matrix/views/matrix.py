"""The list of clusters, and the matrix of one."""

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from krams.models import Cluster
from krams.people.requests import Request
from krams.web.htmx import is_partial

from ...access import Sheet, get_sheet, may_coordinate
from ...matrix.layout import Matrix
from ..cell_status import Cell
from ..forms.matrix_filter import MatrixFilter
from ..queries.cluster_list import cluster_cards
from ..queries.read_matrix import read_matrix
from ..wording import legend


@require_safe
def clusters(request: Request) -> HttpResponse:
    """The clusters that the person may see, with the share of cells that are filled in."""
    visible = Cluster.objects.visible_to(request.user)
    cards = cluster_cards(visible, timezone.localdate())
    return render(request, "clusters/matrix/clusters.html", {"cards": cards})


@require_safe
def matrix(request: Request, slug: str) -> HttpResponse:
    """The matrix of a cluster; a filter that does not exist is 422 with the whole of it."""
    sheet = get_sheet(request.user, slug)
    whole = read_matrix(sheet, with_cited=True)
    chosen = MatrixFilter(request.GET, whole)
    template = (
        "clusters/matrix/matrix.html#result"
        if is_partial(request)
        else "clusters/matrix/matrix.html"
    )
    context = {
        "cluster": sheet.cluster,
        "whole": whole,
        "matrix": chosen.shown,
        "filter": chosen,
        "legend": legend(),
        "today": sheet.today,
        "undo": _undoable(whole, request.GET.get("fortryd", "")),
        "asked": [one for one in sheet.columns if one.awaits_consent and one.may_agree],
        "may_coordinate": may_coordinate(request.user, sheet.cluster),
        "taken_back": [
            one for one in sheet.columns if one.awaits_consent and one.consent_withdrawn_on
        ],
        "consenting": _consenting(sheet),
        "partial": is_partial(request),
        # A form that opens in the table must know how many columns the table shows.
        "tail": f"?vis={chosen.value('vis')}" if chosen.value("vis") else "",
    }
    return render(request, template, context, status=200 if chosen.is_valid() else 422)


def _consenting(sheet: Sheet) -> list:
    """The columns whose yes the person may take back: not of who left before the cluster ended."""
    last = sheet.cluster.valid_until
    return [
        column
        for column in sheet.columns
        if column.may_take_back
        and not column.awaits_consent
        and (column.valid_until in (None, last) or column.valid_until >= sheet.today)
    ]


def _undoable(whole: Matrix, anchor: str) -> Cell | None:
    """The cell whose efforts somebody has just removed, by the anchor in the address."""
    if not anchor:
        return None
    cells = (cell for cell in whole.cells.values() if cell.anchor == anchor)
    return next((cell for cell in cells if cell.column.may_edit), None)
