"""What somebody is told whose role ended while their form was on its way."""

from collections.abc import Callable

from django.core.exceptions import ObjectDoesNotExist
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase

from ..models import Membership, User
from ..web.errors import forbidden


class EndedMeanwhileMiddleware:
    """403 where a role ended between the page's own question and that of the write.

    A write asks for permission in the query that locks its row, so that a row which the person may
    no longer write is one that is not there. Where nothing ended it is an error of ours, and stays
    one.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        user, is_missing = request.user, isinstance(exception, ObjectDoesNotExist)
        if is_missing and isinstance(user, User) and not _stands(user):
            return forbidden(request)
        return None


def _stands(user: User) -> bool:
    """Whether the person has all that they had when the request began."""
    account = User.objects.filter(pk=user.pk, is_active=True, is_superuser=user.is_superuser)
    held = set(Membership.objects.held_by(user).values_list("pk", "role"))
    return account.exists() and {(one.pk, one.role) for one in user.scopes} <= held
