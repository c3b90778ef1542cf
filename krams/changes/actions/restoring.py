"""Putting back what an earlier version said, as a new change."""

from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import models, transaction
from django.utils import formats, timezone
from django.utils.translation import gettext as _

from ...audit.actions import record as keep
from ...enums import AuditKind
from ...history.actions.locking import lock, save_version
from ...history.registry import Record, Registration, Restored, Restoring
from ...models import User
from ...privacy.free_text import validate_free_text
from ..places import authority_of


@transaction.atomic
def restore(
    *, registration: Registration, pk: int, history_id: int, version: int, by: User
) -> Restored:
    """Save what a version of an object said as its next one; ``version`` is today's, as seen.

    What it says is checked as if somebody typed it. The history keeps all that stood between.
    Raises ``DoesNotExist`` for a version that there is not, ``PermissionDenied``, ``StaleVersion``
    and ``ValidationError``.
    """
    restoring = registration.restoring
    if restoring is None:
        raise PermissionDenied
    record = registration.model.history.get(id=pk, history_id=history_id)  # type: ignore[attr-defined]
    values = {name: getattr(record, name) for name in restoring.fields}
    stood = formats.date_format(timezone.localtime(record.history_date), "SHORT_DATETIME_FORMAT")
    reason = _("Restored as it stood %(time)s") % {"time": stood}
    save = restoring.save or _saver(restoring)
    restored: Restored = save(record=record, version=version, values=values, by=by, reason=reason)
    # After the save, which asks who may: that is told first. What is wrong is taken back.
    for name, value in values.items():
        _check(registration.model._meta.get_field(name), value)
    authority = authority_of(registration, record)
    about = f"{registration.key}:{pk}"
    keep(AuditKind.RESTORED, actor=by, about=about, authority=authority, version=history_id)
    return restored


def _check(field: Any, value: Any) -> None:
    if isinstance(value, str) and value:
        validate_free_text(value)
        if isinstance(field, models.Field):
            field.run_validators(value)
    elif value == "" and not field.blank:
        raise ValidationError(_("This version says nothing."))


def _saver(restoring: Restoring) -> Any:
    def save(
        *, record: Record, version: int, values: dict[str, Any], by: User, reason: str
    ) -> Restored:
        mine = restoring.editable(by)
        try:
            current = lock(mine, version=version, pk=record.id)
        except mine.model.DoesNotExist as error:
            raise PermissionDenied from error
        for name, value in values.items():
            setattr(current, name, value)
        return Restored(save_version(current, by=by, reason=reason))

    return save
