"""What a view of the portal is given."""

from ..web.htmx import HtmxRequest

from ..models import User


class Request(HtmxRequest):
    """A request of somebody who has logged in: the middleware lets nobody else through."""

    user: User
