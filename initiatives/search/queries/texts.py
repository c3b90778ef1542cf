"""Which texts of the KRAMS half are found, and whose they are.

Whatever people write is a text of a kind here (a test compares this with the models), and only
within what the person may see. Each hit leads to where the text stands.
"""

from django.db.models import Exists, OuterRef, Q, QuerySet

from krams.models import Department, User
from krams.people.queries import memberships
from krams.search.registry import Visible

from ...access import municipalities_seen_by
from .documents import AUTHORITY, DEPARTMENT, DOCUMENTS
from .work import WORK


def _departments(user: User) -> QuerySet[Department]:
    """Those whose initiatives the person may see, in whatever role."""
    if user.is_superuser:
        return Department.objects.all()
    here = Q(department=OuterRef("pk")) | Q(authority=OuterRef("municipality"))
    here |= Q(facility__department=OuterRef("pk"))
    return Department.objects.filter(Exists(memberships(user).filter(here)))


SCOPES: dict[str, Visible] = {DEPARTMENT: _departments, AUTHORITY: municipalities_seen_by}
KINDS = (*DOCUMENTS, *WORK)
