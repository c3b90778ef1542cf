"""The record of processing (article 30 of the GDPR), made from the models and the settings.

The page for administrators and ``docs/data-protection.md`` (``scripts/data_protection.py``) are two
views of it, so that neither can be forgotten.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from django.apps import apps
from django.conf import settings
from django.db import models
from django.utils.functional import Promise
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from ..database.guarded import guarded_fields
from ..history.registry import AnyField
from ..models import User
from .authors import APPS
from .registry import KINDS

HISTORY = "RETENTION_HISTORY"


@dataclass(frozen=True)
class Stored:
    """One kind of row: where people are named in it, what they write there, and its history."""

    name: str
    people: list[str]
    texts: list[str]
    has_history: bool


@dataclass(frozen=True)
class Table:
    """A part of the record: ``rows`` of texts below ``columns``."""

    key: str
    title: str
    columns: list[str]
    rows: list[list[str]]


def record() -> Iterator[Table]:
    """All parts, in the language of the reader."""
    asked = [_("Question"), pgettext("to a question", "Answer")]
    yield Table("record", _("Record of processing"), asked, _article_30())
    flow = [_("From"), _("To"), _("What")]
    yield Table("flow", _("Where data goes"), flow, _flow())
    kept = [_("What"), _("How long"), _("Counted"), _("Setting")]
    yield Table("kept", _("What is kept how long"), kept, _kept())
    stored = [_("Rows"), _("Accounts named"), _("Texts that people write"), _("Earlier versions")]
    yield Table("stored", _("What is stored"), stored, _stored())
    cookies = [_("Name"), _("What for"), _("How long")]
    yield Table("cookies", _("Cookies"), cookies, _cookies())


def _article_30() -> list[list[str]]:
    return [*_processing(), *_whose(), *_safeguards()]


def _processing() -> list[list[str]]:
    contact = settings.PRIVACY_CONTACT
    return [
        [_("Controller"), settings.ORGANISATION or _("The organisation that runs the portal")],
        [_("Contact"), contact or _("As the controller says; PRIVACY_CONTACT names it")],
        [
            _("Purpose"),
            _(
                "Work on diet, smoking, alcohol, exercise and sleep at facilities: activities, "
                "criteria and meetings; and what authorities of a health cluster do."
            ),
        ],
        [_("Basis"), _("A task of a public authority: article 6(1)(e) of the GDPR")],
    ]


def _whose() -> list[list[str]]:
    return [
        [
            _("Residents"),
            _(
                "Counts only. No field asks for a name, and no text takes a CPR number in. Figures "
                "about fewer than %(number)s people are hidden across facilities."
            )
            % {"number": settings.MINIMUM_COUNT_FLOOR},
        ],
        [
            _("Staff"),
            _(
                "Name or role, work e-mail, roles at places, what was saved and when, log-ins with "
                "the network and the kind of browser they came from."
            ),
        ],
        [_("Sensitive data"), _("None is asked for")],
        [
            _("Recipients"),
            _("Colleagues with a role at the place; the host of the portal, as a processor"),
        ],
        [_("Outside the EU"), _("Nothing is sent there by the portal")],
    ]


def _safeguards() -> list[list[str]]:
    return [
        [
            _("Rights"),
            _(
                "Everybody takes out what is stored about the own account in Settings; a name is "
                "replaced when somebody leaves; a text is corrected where it stands."
            ),
        ],
        [
            _("Security"),
            _(
                "Log-in with lock-out and, where it is set up, a second step; rights decided in "
                "the query, encrypted connections, history of every change, an audit log that "
                "nobody can change."
            ),
        ],
    ]


def _flow() -> list[list[str]]:
    portal, browser = _("The portal"), _("Browser")
    backups = (
        _("All of the database, encrypted; BACKUP_KEEP says how many stay")
        if settings.BACKUP_RECIPIENTS
        else _("All of the database, not encrypted; BACKUP_KEEP says how many stay")
    )
    rows = [
        [browser, portal, _("What people write and choose; over https alone")],
        [portal, _("Database"), _("All that the tables below name")],
        [portal, _("Log of the server"), _("A line a request, without what a form held")],
        [portal, _("Backups"), backups],
        [portal, _("Mail server"), _("Letters to accounts: links and what needs them")],
        [portal, _("Calendar programs"), _("Planned activities, behind a secret address")],
        [portal, _("Readers with a link"), _("One frozen edition of a matrix")],
        [portal, browser, _("Pages and files of what one may see")],
    ]
    if settings.SOCIALACCOUNT_PROVIDERS:
        told = (
            _("E-mail address, name, number and groups")
            if settings.LOGIN_ROLES
            else _("E-mail address, name and number")
        )
        rows.append([_("The organisation's log-in"), portal, told])
    if "replica" in settings.DATABASES:
        rows.append([_("Database"), _("Its copy"), _("The same, for reading")])
    return rows


def _kept() -> list[list[str]]:
    rows = [
        [str(kind.name), _days(kind.days), str(kind.since), kind.setting] for kind in KINDS.values()
    ]
    history = [_("Earlier versions of what stands"), _days(settings.RETENTION_DAYS[HISTORY])]
    return [*rows, [*history, _("since the next one was saved"), HISTORY]]


def _days(number: int) -> str:
    if not number:
        return _("until it is removed by hand")
    return ngettext("%(number)s day", "%(number)s days", number) % {"number": number}


def stored() -> list[Stored]:
    """All kinds of rows of the portal's own, with a name that people know."""
    found = []
    for app in APPS:
        for model in apps.get_app_config(app).get_models():
            if not hasattr(model, "instance_type"):
                found.append(
                    Stored(
                        str(capfirst(model._meta.verbose_name)),
                        _names(_people(model)),
                        _names(guarded_fields(model)),
                        hasattr(model, "history"),
                    )
                )
    return sorted(found, key=lambda one: one.name)


def _people(model: type[models.Model]) -> Iterator[AnyField]:
    for field in model._meta.local_concrete_fields:
        is_account = isinstance(field, models.ForeignKey) and field.related_model is User
        if is_account or (model is User and field.name in ("email", "name")):
            yield field


def _names(fields: Iterable[AnyField]) -> list[str]:
    """What people call them; an account that has no name of its own there is an account."""
    account = str(User._meta.verbose_name)
    names = [
        str(field.verbose_name) if isinstance(field.verbose_name, Promise) else account
        for field in fields
        if isinstance(field.verbose_name, Promise) or isinstance(field, models.ForeignKey)
    ]
    return list(dict.fromkeys(names))


def _stored() -> list[list[str]]:
    return [
        [
            one.name,
            ", ".join(one.people),
            ", ".join(one.texts),
            _("kept") if one.has_history else "",
        ]
        for one in stored()
        if one.people or one.texts
    ]


def _cookies() -> list[list[str]]:
    hours = settings.SESSION_COOKIE_AGE // 3600
    session = ngettext("%(hours)s hour", "%(hours)s hours", hours) % {"hours": hours}
    return [
        [settings.SESSION_COOKIE_NAME, _("keeps you logged in"), session],
        [settings.CSRF_COOKIE_NAME, _("makes sure that forms come from you"), _("one year")],
        [
            settings.LANGUAGE_COOKIE_NAME,
            _("remembers the language that you chose"),
            _("one year"),
        ],
    ]
