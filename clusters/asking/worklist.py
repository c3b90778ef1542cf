"""What the first page and the weekly e-mail say of asks. Pure, but for addresses."""

import datetime as dt
from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from krams.worklist.sections import Line

from ..enums import AskKind
from ..matrix.wording import short_date


@dataclass(frozen=True, slots=True)
class Asked:
    """What an editor is asked for and has not handed in: ``fields`` of a column, ``first`` the key
    of the proposal of one of them; ``part`` is the key of the authority's part of the ask."""

    part: int
    kind: str
    who: str
    deadline: dt.date
    fields: int
    first: int | None
    authority: str
    slug: str

    @property
    def is_about_answers(self) -> bool:
        return self.kind != AskKind.COMMENT

    def path(self, cluster: str) -> str:
        """The very field where it is one, the form of all of them else; a comment is written
        where the talk about the field is."""
        if self.fields == 1 and self.first:
            name = "cell-edit" if self.is_about_answers else "conversation"
            return reverse(f"clusters:{name}", args=[cluster, self.first, self.slug])
        return f"{reverse('clusters:column', args=[cluster, self.slug])}?bed={self.part}"


@dataclass(frozen=True, slots=True)
class Out:
    """An ask of the cluster's coordinators, with how many of its authorities have handed in."""

    pk: int
    kind: str
    deadline: dt.date
    done: int
    parts: int

    @property
    def is_answered(self) -> bool:
        return self.done == self.parts


def asked_line(asked: Asked, cluster: str, today: dt.date) -> Line:
    texts = {
        AskKind.FILL: ngettext(
            "%(who)s asks you to fill in %(number)s field of %(authority)s by %(date)s",
            "%(who)s asks you to fill in %(number)s fields of %(authority)s by %(date)s",
            asked.fields,
        ),
        AskKind.CONFIRM: ngettext(
            "%(who)s asks you to confirm %(number)s answer of %(authority)s by %(date)s",
            "%(who)s asks you to confirm %(number)s answers of %(authority)s by %(date)s",
            asked.fields,
        ),
        AskKind.COMMENT: ngettext(
            "%(who)s asks you to comment on %(number)s proposal for %(authority)s by %(date)s",
            "%(who)s asks you to comment on %(number)s proposals for %(authority)s by %(date)s",
            asked.fields,
        ),
    }
    text = texts[AskKind(asked.kind)] % {
        "who": asked.who,
        "number": asked.fields,
        "authority": asked.authority,
        "date": short_date(asked.deadline),
    }
    if asked.deadline < today:
        text = _("%(what)s. The deadline has passed") % {"what": text}
    action = _("Open the form") if asked.is_about_answers else _("Write a comment")
    return Line(text, action, asked.path(cluster))


def out_line(out: Out, cluster: str) -> Line:
    """How far an ask has come."""
    if out.is_answered:
        text = ngettext(
            "%(what)s: the authority has handed in, deadline %(date)s",
            "%(what)s: all %(number)s authorities have handed in, deadline %(date)s",
            out.parts,
        )
    else:
        text = ngettext(
            "%(what)s: %(done)s of %(number)s authority has handed in, deadline %(date)s",
            "%(what)s: %(done)s of %(number)s authorities have handed in, deadline %(date)s",
            out.parts,
        )
    text %= {
        "what": AskKind(out.kind).label,
        "done": out.done,
        "number": out.parts,
        "date": short_date(out.deadline),
    }
    action = _("See the answers") if out.is_answered else _("See who")
    return Line(text, action, reverse("clusters:ask", args=[cluster, out.pk]))
