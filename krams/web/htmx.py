"""What the views need to know of htmx."""

from django.http import HttpRequest
from django_htmx.middleware import HtmxDetails


class HtmxRequest(HttpRequest):
    """A request as django-htmx's middleware hands it on."""

    htmx: HtmxDetails


def is_partial(request: HtmxRequest) -> bool:
    """Whether the answer goes into a page that is already there.

    A boosted link or a restored history entry wants the whole page.
    """
    htmx = request.htmx
    return bool(htmx) and not htmx.boosted and not htmx.history_restore_request
