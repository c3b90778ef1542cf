"""Pages that hold authorities up against each other. Everything chosen stands in the address."""

from django.shortcuts import render
from django.views.decorators.http import require_GET

from krams.enums import AuthorityKind

from ..access import get_sheet
from ..matrix.models import editors_in
from ..matrix.queries.matrix import read_matrix
from .comparison import Likeness, by_theme, coverage, gaps, side_by_side
from .forms import MOST, OneAuthorityForm, OneThemeForm, SideBySideForm


@require_GET
def compare(request, slug: str):
    """Two to four authorities beside each other; until others are chosen, the region is one."""
    sheet = get_sheet(request.user, slug)
    matrix = read_matrix(sheet, with_notes=False)
    first = _shown_first(matrix)
    form = SideBySideForm(request.GET or None, matrix, initial={"m": first, "kun": True})
    chosen, only = first, True
    if form.is_bound:
        chosen = form.cleaned_data["m"] if form.is_valid() else []
        only = bool(form.cleaned_data.get("kun"))
    compared = side_by_side(matrix, chosen)
    shown = [one for one in compared if not only or one.likeness != Likeness.SAME]
    context = {
        "cluster": sheet.cluster,
        "form": form,
        "columns": [column for column in matrix.columns if column.authority.slug in chosen],
        "compared": shown,
        "total": len(compared),
        "answered": any(side.cell.is_filled for one in compared for side in one.sides),
    }
    return _answer(request, "clusters/comparison/compare.html", context, form)


@require_GET
def gap_list(request, slug: str):
    """Proposals that nobody, or only others, have an effort for, and whom to ask."""
    sheet = get_sheet(request.user, slug)
    matrix = read_matrix(sheet, with_notes=False)
    form = OneAuthorityForm(request.GET, matrix)
    chosen = form.cleaned_data["myndighed"] if form.is_valid() else ""
    context = {
        "cluster": sheet.cluster,
        "form": form,
        "gaps": gaps(matrix, chosen),
        "contacts": _contacts(sheet.cluster, matrix),
        "total": len(matrix.rows),
    }
    return _answer(request, "clusters/comparison/gaps.html", context, form)


@require_GET
def coverage_table(request, slug: str):
    """How much is answered, and how much is done: per proposal and per authority."""
    sheet = get_sheet(request.user, slug)
    matrix = read_matrix(sheet, with_notes=False)
    context = {"cluster": sheet.cluster, "coverage": coverage(matrix), "matrix": matrix}
    return render(request, "clusters/comparison/coverage.html", context)


@require_GET
def themes(request, slug: str):
    """Who does what on a theme, across authorities and proposals."""
    sheet = get_sheet(request.user, slug)
    matrix = read_matrix(sheet, with_notes=False)
    views = by_theme(matrix)
    form = OneThemeForm(request.GET, matrix.themes)
    chosen = form.cleaned_data["tema"] if form.is_valid() else ""
    shown = [view for view in views if chosen in ("", view.theme.slug)]
    context = {"cluster": sheet.cluster, "form": form, "views": shown}
    return _answer(request, "clusters/comparison/themes.html", context, form)


def _answer(request, template: str, context: dict, form):
    return render(request, template, context, status=422 if form.errors else 200)


def _shown_first(matrix) -> list[str]:
    """As many as fit beside each other, in the order of the matrix, the region among them."""
    columns = matrix.columns
    regions = [one for one in columns if one.authority.kind == AuthorityKind.REGION][:1]
    others = [one for one in columns if one not in regions][: MOST - len(regions)]
    return [one.authority.slug for one in columns if one in [*others, *regions]]


def _contacts(cluster, matrix) -> dict[int, list]:
    """By the key of the authority: the accounts that keep its column (one query)."""
    found: dict[int, list] = {}
    editors = (
        editors_in(cluster.pk)
        .filter(
            authority__in=[column.authority for column in matrix.columns],
            user__is_active=True,
        )
        .select_related("user")
        .order_by("user__name")
    )
    for membership in editors:
        found.setdefault(membership.authority_id, []).append(membership.user)
    return found
