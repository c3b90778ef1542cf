"""The letters about roles: an invitation with its link, and what became of somebody's own roles.

Composed when they are sent: the secret of a link is made then, and is stored nowhere.
"""

import json
from typing import Any

from django.core.mail import EmailMultiAlternatives
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from ...history.models import Kept
from ...letters import composers
from ...letters.actions import post
from ...models import Invitation, Letter, Membership, User
from ..queries.people import PLACES
from .links import new_link

INVITED, GIVEN, CHANGED, ENDED = "role-invited", "role-given", "role-changed", "role-ended"


def register() -> None:
    composers.register(INVITED, invited)
    for kind in (GIVEN, CHANGED, ENDED):
        composers.register(kind, told)


def post_invitation(invitation: Invitation, *, by: User) -> None:
    about = json.dumps([invitation.pk, invitation.round])
    post(kind=INVITED, to=invitation.user, about=about, by=by, key=about)


def post_change(kind: str, role: Membership, *, by: User | None, before: str = "") -> None:
    """Tell who has the role; it was just saved or removed with its history."""
    record = newest_record(role)
    about = f"{record.history_id}"
    # What the role was cannot be found again by the role that it is now.
    post(kind=kind, to=role.user, about=about, text=before, by=by, key=about)


def newest_record(role: Kept) -> Any:
    return Membership.history.filter(id=role.pk).order_by("-history_id")[0]


def invited(letter: Letter) -> EmailMultiAlternatives | None:
    """None where the invitation was answered or withdrawn, or has got another link since."""
    pk, turn = json.loads(letter.about)
    rows = Invitation.objects.waiting().filter(pk=pk, round=turn)
    found = rows.select_related("user", "invited_by", *PLACES).first()
    if found is None or found.expires_at <= timezone.now():
        return None
    last = date_format(timezone.localtime(found.expires_at), "SHORT_DATETIME_FORMAT")
    lines = [
        _("%(who)s invites you to KRAMS & Klynge.") % {"who": found.invited_by},
        _("Your role: %(role)s.") % {"role": found},
        _("Open the link to say yes and to choose how you log in. It lasts until %(last)s.")
        % {"last": last},
    ]
    subject = _("You are invited to KRAMS & Klynge")
    link = letter.link(new_link(found))
    return composed(letter, subject, lines, link, _("Open the invitation"))


def told(letter: Letter) -> EmailMultiAlternatives | None:
    """What a record of the history says of the receiver's role; None where the record is gone."""
    record = Membership.history.filter(history_id=int(letter.about)).first()
    if record is None:
        return None
    role = str(record.instance)
    subject, text = _what(letter.kind, role, letter.text)
    by_claims = record.by_claims and letter.by is None
    who = letter.by or (_("Your organisation's log-in") if by_claims else _("The portal"))
    lines = [text % {"who": who, "role": role, "before": letter.text}]
    if record.valid_until and record.history_type != "-":
        day = date_format(record.valid_until, "SHORT_DATE_FORMAT")
        lines.append(_("The last day of the role is %(day)s.") % {"day": day})
    if letter.kind == GIVEN and not by_claims and not letter.to.has_usable_password():
        lines.append(
            _("Have you no password yet? Press “Forgot your password?” on the log-in page.")
        )
    lines.append(
        _("Is it not right? Write to your IT department.")
        if by_claims
        else _("Is it not right? Write to whoever did it.")
    )
    return composed(letter, subject, lines, letter.link(reverse("home")), _("Log in"))


def _what(kind: str, role: str, before: str) -> tuple[str, str]:
    """The subject, and a sentence with ``who``, ``role`` and ``before`` to be filled in."""
    if kind == GIVEN:
        return (
            _("You have a new role in KRAMS & Klynge"),
            _("%(who)s has given you a role: %(role)s. You have it from now on."),
        )
    if kind == CHANGED and before == role:
        return _("Your role was changed"), _("%(who)s has changed your role: %(role)s.")
    if kind == CHANGED:
        return (
            _("Your role was changed"),
            _("%(who)s has changed your role. It was: %(before)s. It is now: %(role)s."),
        )
    return _("Your role ends"), _("%(who)s has ended your role: %(role)s.")


def composed(
    letter: Letter, subject: str, lines: list[str], link: str, action: str
) -> EmailMultiAlternatives:
    context = {"lines": lines, "link": link, "action": action}
    return composers.written(letter, subject, "krams/roles/email/letter", context)
