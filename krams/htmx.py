"""What the views need to know of htmx."""

from django.http import HttpRequest


def is_partial(request: HttpRequest) -> bool:
    """Whether the answer goes into a page that is already there.

    A boosted link or a restored history entry wants the whole page.
    """
    htmx = request.htmx
    return bool(htmx) and not htmx.boosted and not htmx.history_restore_request
