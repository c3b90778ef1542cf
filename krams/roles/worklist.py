"""What the first page and the weekly e-mail say of invitations. Pure, but for addresses."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from ..worklist.sections import Kind, Line, Section
from .shown import INVITED


@dataclass(frozen=True, slots=True)
class Unanswered:
    """Invitations that nobody has accepted: ``expired`` have a link that lasts no longer."""

    expired: int
    waiting: int


def sections_of(found: Unanswered) -> Iterator[Section]:
    """For who may send them again."""
    path = f"{reverse('people')}?vis={INVITED}"
    if number := found.expired:
        text = ngettext(
            "%(number)s invitation expired before it was accepted.",
            "%(number)s invitations expired before they were accepted.",
            number,
        )
        line = Line(text % {"number": number}, _("Send again"), path)
        yield Section(_("Expired invitations"), (line,), path)
    if number := found.waiting:
        text = ngettext(
            "%(number)s invitation is not accepted yet.",
            "%(number)s invitations are not accepted yet.",
            number,
        )
        line = Line(text % {"number": number}, _("See who"), path)
        yield Section(_("Open invitations"), (line,), path, kind=Kind.COMING)
