"""What the journal of an initiative calls its parts, and how their texts read. Pure.

Status, participating facilities and a facility's own texts are no sections of the form, but they
change like sections do; in the journal each has a slug of its own.
"""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Protocol

from django.utils.translation import gettext_lazy as _

from krams.danish.collation import sort_key

from ..enums import Factor, InitiativeStatus
from .sections import BY_SLUG, STORED_DAY, days_in_words, in_words


class HasStatus(Protocol):
    """An initiative, as far as its status goes."""

    @property
    def status(self) -> str: ...
    @property
    def status_reason(self) -> str: ...
    @property
    def paused_until(self) -> date | None: ...


class Named(Protocol):
    @property
    def name(self) -> str: ...


class LocalLine(Protocol):
    @property
    def place_name(self) -> str | None: ...
    @property
    def text(self) -> str: ...


class FactorLines(Protocol):
    @property
    def factor(self) -> Factor: ...
    @property
    def local(self) -> Sequence[LocalLine]: ...


class HasFactorParts(Protocol):
    @property
    def factor_parts(self) -> Sequence[FactorLines]: ...


STATUS = "status"


FACILITIES = "botilbud"


LOCAL = "lokalt"


TITLES = {
    **{slug: section.title for slug, section in BY_SLUG.items()},
    STATUS: _("Status"),
    FACILITIES: _("Facilities that take part"),
    LOCAL: _("What single facilities do"),
}


# Where on the initiative's page it stands.
ANCHORS = {STATUS: "livsforloeb", FACILITIES: "botilbud", LOCAL: "beskrivelse"}


def status_text(initiative: HasStatus) -> str:
    """The status as its code, so that the journal reads in whatever language it is opened."""
    until = initiative.paused_until
    parts = (initiative.status, initiative.status_reason, until and f"{until:{STORED_DAY}}")
    return "\n".join(part for part in parts if part)


def facilities_text(facilities: Iterable[Named]) -> str:
    return "\n".join(f"• {place.name}" for place in facilities)


def local_text(document: HasFactorParts) -> str:
    rows = (
        f"{line.place_name}, {part.factor.value}: {line.text}"
        for part in document.factor_parts
        for line in part.local
    )
    return "\n\n".join(sorted(rows, key=sort_key))


def shown(slug: str, text: str) -> str:
    """A text of the journal as it is shown: the code of a status becomes its word, a date too."""
    if slug != STATUS:
        return in_words(slug, text)
    code, _end, rest = text.partition("\n")
    if code not in InitiativeStatus.values:
        return text
    reason, separator, last = rest.rpartition("\n")
    rest = f"{reason}{separator}{days_in_words(last)}"
    return "\n".join(part for part in (str(InitiativeStatus(code).label), rest) if part)
