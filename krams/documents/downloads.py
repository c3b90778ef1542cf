"""A file as the answer to a request."""

from collections.abc import Iterable
from typing import BinaryIO

from django.http import FileResponse, HttpResponse, StreamingHttpResponse

from ..danish.slugs import danish_slug


def attachment(content: bytes, title: str, kind: str, content_type: str) -> HttpResponse:
    """The file under a name made of its title; ``kind`` is the ending. No proxy keeps it."""
    return HttpResponse(content, content_type=content_type, headers=_headers(title, kind))


def streamed(
    portions: Iterable[bytes] | BinaryIO, title: str, kind: str, content_type: str
) -> StreamingHttpResponse:
    """The same of a file that is never in memory as a whole: one on disk, or made as it is sent.

    Whoever goes away closes it.
    """
    answer = FileResponse if hasattr(portions, "read") else StreamingHttpResponse
    return answer(portions, content_type=content_type, headers=_headers(title, kind))


def _headers(title: str, kind: str) -> dict[str, str]:
    name = f"{danish_slug(title) or 'dokument'}.{kind}"
    return {
        "Content-Disposition": f'attachment; filename="{name}"',
        "Cache-Control": "private, no-store",
    }
