"""A file as the answer to a request."""

from django.http import HttpResponse

from ..danish.slugs import danish_slug


def attachment(content: bytes, title: str, kind: str, content_type: str) -> HttpResponse:
    """The file under a name made of its title; ``kind`` is the ending. No proxy keeps it."""
    name = f"{danish_slug(title) or 'dokument'}.{kind}"
    return HttpResponse(
        content,
        content_type=content_type,
        headers={
            "Content-Disposition": f'attachment; filename="{name}"',
            "Cache-Control": "private, no-store",
        },
    )
