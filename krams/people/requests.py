"""What a view of the portal is given."""

from ..models import User
from ..web.htmx import HtmxRequest


class Request(HtmxRequest):
    """A request of somebody who has logged in: the middleware lets nobody else through."""

    user: User
