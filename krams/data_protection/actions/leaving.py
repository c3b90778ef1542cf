"""Somebody leaves: the name is replaced everywhere, and what was done keeps its author."""

from typing import Any

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from django.contrib.admin.models import LogEntry
from django.contrib.contenttypes.models import ContentType
from django.contrib.sessions.models import Session
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models.signals import pre_delete
from django.utils.translation import gettext_lazy as _

from ...audit.actions import record
from ...enums import AuditKind, DigestFrequency
from ...models import Membership, User
from ...roles.actions.grants import end_now
from ..authors import has_left_traces, lone_name_columns, name_columns

# In Danish, whoever looks: it takes the place of a name that people wrote.
FORMER = "Tidligere medarbejder"
# RFC 2606: no letter ever gets there.
ADDRESS = "tidligere-{pk}@anonym.invalid"


@transaction.atomic
def anonymise(person: User, *, by: User | None) -> User:
    """Close an account for good and replace its name; ``by`` is None for a command.

    Its number stays as the author of what it saved. Roles end, and address, password, keys,
    letters and invitations go. Asked again it changes nothing. Raises ``ValidationError`` for
    one's own account and for the last one that may open the administration pages.
    """
    account = User.objects.select_for_update().get(pk=person.pk)
    if account.email == ADDRESS.format(pk=account.pk):
        return account
    _refuse_needed(account, by)
    for role in Membership.objects.select_for_update(of=("self",)).filter(user=account):
        end_now(role, by=by or account)
    for model, column, name in name_columns():
        model._base_manager.filter(**{column: account.pk}).update(**{name: FORMER})
    for model, name in lone_name_columns():
        if not hasattr(model, "instance_type"):
            _replace_lone(model, name, account)
    LogEntry.objects.filter(
        content_type=ContentType.objects.get_for_model(User), object_id=str(account.pk)
    ).update(object_repr=FORMER)
    for model in (EmailAddress, Authenticator, SocialAccount):
        model._base_manager.filter(user=account).delete()
    Session.objects.filter(log_in__user=account).delete()
    for own in (account.letters, account.digests, account.reminded_of, account.invitations):
        own.all().delete()
    account.name, account.email = FORMER, ADDRESS.format(pk=account.pk)
    account.is_active = account.is_staff = account.is_superuser = False
    account.digest_frequency = DigestFrequency.NEVER
    # Ends every session: they are signed with it.
    account.set_unusable_password()
    account.save()
    record(AuditKind.ACCOUNT, actor=by, about=f"account:{account.pk}", what="anonymised")
    return account


def _replace_lone(model: type[Any], name: str, account: User) -> None:
    """Whatever the person was called when they wrote it, in the rows and in their history."""
    history = model.history
    keys = history.filter(history_user=account.pk).values("id")
    order = ("id", "history_date", "history_id")
    columns = ("id", name, "history_user_id")
    stood: dict[int, str] = {}
    written = []
    for key, text, by in list(history.filter(id__in=keys).order_by(*order).values_list(*columns)):
        if by == account.pk and text and text != stood.get(key):
            written.append((key, text))
        stood[key] = text
    for key, text in written:
        for rows in (model._base_manager.filter(pk=key), history.filter(id=key)):
            rows.filter(**{name: text}).update(**{name: FORMER})


def _refuse_needed(account: User, by: User | None) -> None:
    if by is not None and by.pk == account.pk:
        raise ValidationError(_("Your own account must be closed by somebody else."))
    others = User.objects.filter(is_active=True, is_superuser=True).exclude(pk=account.pk)
    if account.is_superuser and not others.exists():
        raise ValidationError(
            _("This is the last account that may open these pages. Make another one first.")
        )


def refuse_to_delete(sender: type[models.Model], instance: User, **_more: Any) -> None:
    """What somebody saved would be told as the system's: raises ``ProtectedError``."""
    if has_left_traces(instance):
        raise models.ProtectedError(
            "An account that has saved something is anonymised, not deleted.", {instance}
        )


def register() -> None:
    pre_delete.connect(refuse_to_delete, sender=User, dispatch_uid="krams.data_protection.leaving")
