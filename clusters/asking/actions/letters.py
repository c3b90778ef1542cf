"""The letters of an ask: that somebody is asked, and that the answers are still waited for."""

import datetime as dt

from django.core.mail import EmailMultiAlternatives
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from krams.letters.actions import post
from krams.letters.composers import written
from krams.models import Letter, User

from ...enums import AskKind
from ...models import AskedColumn, AskedEditor
from ..queries.recipients import waited_for

ASKED, REMINDED = "ask", "ask-reminder"


def post_ask(asked: AskedEditor, *, by: User) -> None:
    """Once for each person and column, in the transaction of the ask."""
    post(kind=ASKED, to=asked.editor, about=str(asked.pk), by=by, key=str(asked.pk))


def post_reminder(asked: AskedEditor, today: dt.date, *, by: User | None = None) -> None:
    """At most one for each person, column and day."""
    key = f"{asked.pk} {today.isoformat()}"
    post(kind=REMINDED, to=asked.editor, about=str(asked.pk), by=by, key=key)


def compose_ask(letter: Letter) -> EmailMultiAlternatives | None:
    """None where it was withdrawn or handed in, or the role ended, before the letter left."""
    return _compose(letter, is_reminder=False)


def compose_reminder(letter: Letter) -> EmailMultiAlternatives | None:
    return _compose(letter, is_reminder=True)


def _talk(column: AskedColumn, proposal: int) -> str:
    """Where comments about the field are written."""
    args = [column.ask.cluster.slug, proposal, column.authority.slug]
    return reverse("clusters:conversation", args=args)


def _compose(letter: Letter, *, is_reminder: bool) -> EmailMultiAlternatives | None:
    today = timezone.localdate()
    asked = waited_for(today).filter(pk=letter.about).first()
    if asked is None:
        return None
    column = asked.column
    ask = column.ask
    fields = column.fields.filter(proposal__retired_on=None).select_related("proposal")
    subjects = {
        AskKind.FILL: _("KRAMS: please fill in answers of %(authority)s"),
        AskKind.CONFIRM: _("KRAMS: please confirm the answers of %(authority)s"),
        AskKind.COMMENT: _("KRAMS: please comment on proposals for %(authority)s"),
    }
    subject = subjects[AskKind(ask.kind)]
    if is_reminder:
        subject = _("KRAMS, reminder: answers of %(authority)s are waited for")
    context = {
        "ask": ask,
        "authority": column.authority,
        "cluster": ask.cluster,
        "asked_by": ask.asked_by_name,
        "proposals": [
            (one.proposal, letter.link(_talk(column, one.proposal_id))) for one in fields
        ],
        "is_reminder": is_reminder,
        "is_late": ask.deadline < today,
        "link": letter.link(column.form_path()),
    }
    template = "clusters/asking/email/ask"
    return written(letter, subject % {"authority": column.authority}, template, context)
