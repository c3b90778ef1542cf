"""What the pages tell htmx, and what the views need to know of it."""

import json

from django.http import HttpRequest
from django_htmx.middleware import HtmxDetails

CONFIG = json.dumps(
    {
        # The Content-Security-Policy allows neither.
        "allowEval": False,
        "includeIndicatorStyles": False,
        # What was on a shared computer's screen is not kept.
        "historyCacheSize": 0,
        # Swapped and settled in one step, so that no key is lost between the two.
        "defaultSettleDelay": 0,
        "timeout": 30_000,
        # A refused form is shown like a saved one; other errors are told by static/ui.js.
        "responseHandling": [
            {"code": "204", "swap": False},
            {"code": "[23]..", "swap": True},
            {"code": "409|422", "swap": True},
            {"code": "[45]..", "swap": False, "error": True},
        ],
    },
    separators=(",", ":"),
)


class HtmxRequest(HttpRequest):
    """A request as django-htmx's middleware hands it on."""

    htmx: HtmxDetails


def is_partial(request: HtmxRequest) -> bool:
    """Whether the answer goes into a page that is already there.

    A boosted link or a restored history entry wants the whole page.
    """
    htmx = request.htmx
    return bool(htmx) and not htmx.boosted and not htmx.history_restore_request
