"""What is stored about one person (article 15 of the GDPR), for the person to take along."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from django.db.models import CharField, F, QuerySet, TextField, Value
from django.db.models.functions import Cast
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from ..models import AuditEntry, Membership, User
from .authors import author_columns
from .kinds import histories

Row = list[Any]
# Of a history: created, changed, removed.
_WHAT = {"+": "created", "~": "changed", "-": "removed"}


@dataclass(frozen=True)
class Part:
    """One table of what is stored: ``key`` names it in the file for programs."""

    key: str
    title: str
    columns: list[str]
    rows: list[Row]


def read_own_data(person: User) -> Iterator[Part]:
    """All tables, in a number of queries that does not grow with what the person did.

    Not the texts themselves: they are the organisation's, stand on its pages, and may be about
    others. What the person saved is told by kind, number, time and reason.
    """
    yield Part("account", _("Account"), [_("What"), _("Value")], list(_account(person)))
    yield Part("log_in", _("Ways to log in"), [_("What"), _("Value"), _("Time")], _ways_in(person))
    yield Part(
        "roles",
        _("Roles"),
        [_("Role"), _("From"), _("Until")],
        [[str(role), role.valid_from, role.valid_until] for role in _roles(person)],
    )
    yield from _told(person)
    yield Part(
        "saved",
        _("What you saved"),
        [_("What"), _("Number"), _("How"), _("Reason"), _("Time")],
        list(_saved(person)),
    )
    yield Part(
        "author_of",
        _("Where you are named as the author"),
        [_("What"), _("Number"), _("As")],
        list(_author_of(person)),
    )


def _told(person: User) -> Iterator[Part]:
    """What the portal wrote to the person, and what it noted of the person."""
    yield Part(
        "letters",
        _("Letters"),
        [_("Kind"), _("State"), _("Time")],
        [
            [one.kind, str(one.get_state_display()), _local(one.created_at)]
            for one in person.letters.order_by("pk")
        ],
    )
    yield Part(
        "digests",
        _("E-mails about what needs you"),
        [_("Period"), _("Time")],
        [[one.period, _local(one.begun_at)] for one in person.digests.order_by("pk")],
    )
    yield Part(
        "reminders",
        _("Reminders"),
        [_("About"), _("Day")],
        [[one.key, one.posted_on] for one in person.reminded_of.order_by("pk")],
    )
    yield Part(
        "audit",
        _("Audit log"),
        [_("What"), _("About"), _("Network"), _("Time")],
        [
            [str(one.get_kind_display()), one.about, one.address, _local(one.at)]
            for one in AuditEntry.objects.filter(actor=person).order_by("pk")
        ],
    )


def _local(moment: dt.datetime | None) -> str:
    return timezone.localtime(moment).isoformat(sep=" ", timespec="minutes") if moment else ""


def _account(person: User) -> Iterator[Row]:
    hidden = {"id", "password", "is_staff"}
    for one in person._meta.concrete_fields:
        if one.name not in hidden:
            value = getattr(person, one.attname)
            text = _local(value) if isinstance(value, dt.datetime) else str(value or "")
            yield [str(capfirst(one.verbose_name)), text]


def _ways_in(person: User) -> list[Row]:
    addresses = EmailAddress.objects.filter(user=person).order_by("pk")
    keys = Authenticator.objects.filter(user=person).order_by("pk")
    organisations = SocialAccount.objects.filter(user=person).order_by("pk")
    return [
        *([_("E-mail"), one.email, ""] for one in addresses),
        *([str(one.get_type_display()), "", _local(one.created_at)] for one in keys),
        *([one.provider, one.uid, _local(one.date_joined)] for one in organisations),
    ]


def _roles(person: User) -> QuerySet[Membership]:
    return (
        Membership.objects.filter(user=person)
        .select_related("facility", "department", "authority", "cluster", "within")
        .order_by("pk")
    )


def _saved(person: User) -> Iterator[Row]:
    """One query over all histories."""
    columns = ("_kind", "_number", "history_type", "history_change_reason", "history_date")
    parts = [
        model.objects.filter(history_user=person)
        .order_by()
        .annotate(_kind=Value(model._meta.label, CharField()), _number=Cast(F("id"), CharField()))
        .values_list(*columns)
        for model in histories()
    ]
    first, *others = parts
    names = {model._meta.label: _name(model.instance_type) for model in histories()}
    for what, key, how, reason, at in first.union(*others, all=True).order_by("history_date"):
        yield [names[what], key, _WHAT[how], reason or "", _local(at)]


def _author_of(person: User) -> Iterator[Row]:
    """One query over all columns that say who."""
    found = [
        (model, column)
        for model, column in author_columns()
        if not hasattr(model, "instance_type") and model is not AuditEntry
    ]
    parts = [
        model._base_manager.filter(**{column: person.pk})
        .order_by()
        .annotate(
            _kind=Value(model._meta.label, TextField()),
            _number=Cast(F("pk"), CharField()),
            _as=Value(column, TextField()),
        )
        .values_list("_kind", "_number", "_as")
        for model, column in found
    ]
    names = {model._meta.label: _name(model) for model, _column in found}
    first, *others = parts
    for what, key, how in first.union(*others, all=True).order_by("_kind", "_number"):
        yield [names[what], key, how]


def _name(model: Any) -> str:
    return str(capfirst(model._meta.verbose_name))
