"""Writes to where an initiative takes place, and to what a facility itself does there."""

from django.db import transaction

from krams.history.actions.locking import StaleVersion, save_version
from krams.models import Facility, User

from ...enums import Factor
from ...models import FactorText, Initiative
from .. import journal
from ..queries.document import read_document
from .journal import locked_part, saved_part


@transaction.atomic
def choose_facilities(
    *, initiative: Initiative, version: int, chosen: list[Facility], by: User
) -> Initiative:
    """Say which facilities take part. What one has registered and measured stays its own.

    Raises ``DoesNotExist`` and ``StaleVersion``.
    """
    current, stale = locked_part(initiative, journal.FACILITIES, version, by)
    if {place.pk for place in current.facilities.all()} == {place.pk for place in chosen}:
        return current
    if stale:
        raise StaleVersion(current)
    before = journal.facilities_text(current.facilities.order_by("name", "pk"))
    current.facilities.set(chosen)
    after = journal.facilities_text(current.facilities.order_by("name", "pk"))
    return saved_part(current, journal.FACILITIES, before, after, by)


@transaction.atomic
def save_local_text(
    *,
    initiative: Initiative,
    facility: Facility,
    factor: Factor,
    version: int,
    text: str,
    by: User,
) -> FactorText:
    """Write what a facility itself does for a factor; ``version`` is the text's (0: none yet).

    Raises ``DoesNotExist`` if ``by`` does not manage a facility that takes part, and
    ``StaleVersion``.
    """
    visible = Initiative.objects.visible_to(by).select_for_update(of=("self",))
    current = visible.get(pk=initiative.pk)
    place = Facility.objects.managed_by(by).filter(initiatives=current).get(pk=facility.pk)
    row = current.factor_texts.filter(facility=place, factor=factor).first()
    standing = row.version if row else 0
    row = row or FactorText(initiative=current, facility=place, factor=factor)
    if row.text == text:
        return row
    if standing != version:
        raise StaleVersion(row)
    current = Initiative.objects.select_related("department", "policy").get(pk=current.pk)
    before = journal.local_text(read_document(current))
    row.text = text
    save_version(row, by=by)
    after = journal.local_text(read_document(current))
    saved_part(current, journal.LOCAL, before, after, by)
    return row
