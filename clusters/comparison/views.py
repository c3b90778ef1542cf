"""Pages that hold authorities up against each other. Everything chosen stands in the address.

Each is a file too, of the same ``kind`` as the ending of its address. One whose address means
nothing leads back to the page, which says so.
"""

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from krams.enums import AuthorityKind
from krams.people.requests import Request
from krams.replica.reading import allow_replica

from ..access import Sheet, get_sheet
from ..form_page import status_of
from ..matrix.layout import Matrix
from ..matrix.queries.read_matrix import read_matrix
from ..matrix.views.files import sheet_file
from ..matrix.wording import legend
from .coverage import Coverage, coverage
from .forms import MOST, OneAuthorityForm, OneThemeForm, SideBySideForm
from .gaps import gaps
from .heat import shades, squares
from .paper import comparison_blocks, coverage_blocks, gap_blocks, theme_blocks
from .queries import contacts_by_authority
from .side_by_side import Likeness, side_by_side
from .spreadsheet import comparison_tables, coverage_tables, gap_tables, theme_tables
from .themes import by_theme

# What is left where only differences and gaps are asked for.
TO_SEE = (Likeness.DIFFERENT, Likeness.GAP)


@require_GET
def compare(request: Request, slug: str, kind: str = "") -> HttpResponse:
    """Two to four authorities beside each other; until others are chosen, the region is one."""
    sheet = get_sheet(request.user, slug)
    allow_replica(request)
    matrix = read_matrix(sheet, with_notes=False)
    first = _shown_first(matrix)
    form = SideBySideForm(request.GET or None, matrix, initial={"m": first, "kun": True})
    chosen, only = first, True
    if form.is_bound:
        chosen = form.cleaned_data["m"] if form.is_valid() else []
        only = bool(form.cleaned_data.get("kun"))
    compared = side_by_side(matrix, chosen)
    shown = [one for one in compared if not only or one.likeness in TO_SEE]
    columns = [column for column in matrix.columns if column.authority.slug in chosen]
    if kind and form.errors:
        return _back(request, "compare", sheet)
    if kind:
        blocks, tables = comparison_blocks(shown, columns), comparison_tables(shown)
        return sheet_file(sheet, kind, _("Compare"), blocks, tables, is_wide=True)
    context = {
        "cluster": sheet.cluster,
        "form": form,
        "columns": columns,
        "compared": shown,
        "total": len(compared),
        "answered": any(side.cell.is_filled for one in compared for side in one.sides),
    }
    return render(request, "clusters/comparison/compare.html", context, status=status_of(form))


@require_GET
def gap_list(request: Request, slug: str, kind: str = "") -> HttpResponse:
    """Proposals that nobody, or only others, have an effort for, and whom to ask."""
    sheet = get_sheet(request.user, slug)
    allow_replica(request)
    matrix = read_matrix(sheet, with_notes=False)
    form = OneAuthorityForm(request.GET, matrix)
    chosen = form.cleaned_data["myndighed"] if form.is_valid() else ""
    found, contacts = gaps(matrix, chosen), contacts_by_authority(sheet.cluster, matrix)
    if kind and form.errors:
        return _back(request, "gaps", sheet)
    if kind:
        blocks, tables = gap_blocks(found, contacts), gap_tables(found)
        return sheet_file(sheet, kind, _("Gaps"), blocks, tables, is_wide=True)
    context = {
        "cluster": sheet.cluster,
        "form": form,
        "gaps": found,
        "contacts": contacts,
        "total": len(matrix.rows),
    }
    return render(request, "clusters/comparison/gaps.html", context, status=status_of(form))


@require_GET
def coverage_table(request: Request, slug: str, kind: str = "") -> HttpResponse:
    """How much is answered, and how much is done: per proposal and per authority."""
    sheet = get_sheet(request.user, slug)
    allow_replica(request)
    matrix = read_matrix(sheet, with_notes=False)
    found = coverage(matrix)
    if kind:
        blocks, tables = coverage_blocks(found, matrix), coverage_tables(found)
        return sheet_file(sheet, kind, _("Coverage"), blocks, tables, lead=(_covered(found),))
    context = {
        "cluster": sheet.cluster,
        "coverage": found,
        "matrix": matrix,
        "squares": list(squares(matrix)),
        "shades": shades(),
        "legend": legend(),
    }
    return render(request, "clusters/comparison/coverage.html", context)


@require_GET
def themes(request: Request, slug: str, kind: str = "") -> HttpResponse:
    """Who does what on a theme, across authorities and proposals."""
    sheet = get_sheet(request.user, slug)
    allow_replica(request)
    matrix = read_matrix(sheet, with_notes=False)
    views = by_theme(matrix)
    form = OneThemeForm(request.GET, matrix.themes)
    chosen = form.cleaned_data["tema"] if form.is_valid() else ""
    shown = [view for view in views if chosen in ("", view.theme.slug)]
    if kind and form.errors:
        return _back(request, "themes", sheet)
    if kind:
        return sheet_file(sheet, kind, _("Themes"), theme_blocks(shown), theme_tables(shown))
    context = {"cluster": sheet.cluster, "form": form, "views": shown}
    return render(request, "clusters/comparison/themes.html", context, status=status_of(form))


def _back(request: Request, page: str, sheet: Sheet) -> HttpResponse:
    address = reverse(f"clusters:{page}", args=[sheet.cluster.slug])
    return redirect(f"{address}?{request.GET.urlencode()}")


def _covered(found: Coverage) -> str:
    return _("%(answered)s of %(total)s cells are answered, %(efforts)s have an effort") % {
        "answered": found.whole.answered,
        "total": found.whole.total,
        "efforts": found.whole.with_effort,
    }


def _shown_first(matrix: Matrix) -> list[str]:
    """As many as fit beside each other, in the order of the matrix, the region among them."""
    columns = matrix.columns
    regions = [one for one in columns if one.authority.kind == AuthorityKind.REGION][:1]
    others = [one for one in columns if one not in regions][: MOST - len(regions)]
    return [one.authority.slug for one in columns if one in [*others, *regions]]
