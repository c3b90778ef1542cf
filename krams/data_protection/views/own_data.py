"""What is stored about oneself, as a file."""

import json

from django.http import Http404, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from ...audit.actions import record
from ...documents.downloads import attachment
from ...documents.spreadsheets import Table, download_workbook
from ...enums import AuditKind
from ...people.requests import Request
from ..queries import read_own_data


@require_GET
def own_data(request: Request, kind: str) -> HttpResponse:
    """``/konto/mine-oplysninger.xlsx`` and ``.json``; a line in the audit log says so."""
    if kind not in ("json", "xlsx"):
        raise Http404
    parts = list(read_own_data(request.user))
    record(AuditKind.PERSONAL_DATA, actor=request.user, about=f"account:{request.user.pk}")
    title = _("My data")
    if kind == "xlsx":
        return download_workbook(title, [Table(one.title, one.columns, one.rows) for one in parts])
    content = {
        one.key: [dict(zip(one.columns, row, strict=True)) for row in one.rows] for one in parts
    }
    text = json.dumps(content, ensure_ascii=False, indent=1, default=str)
    return attachment(text.encode(), title, "json", "application/json")
