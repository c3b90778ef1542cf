"""What a matrix is made of: rows as they were read, today's or those of an edition. Pure.

They are only looked at, and never saved: a matrix has two thousand of them. What is stored is in
``models.py``.
"""

import datetime as dt
from typing import NamedTuple

from ..enums import Concerned


class AuthorityRow(NamedTuple):
    pk: int
    kind: str
    code: str
    name: str
    official_name: str
    slug: str

    def __str__(self) -> str:
        return self.official_name


class MemberRow(NamedTuple):
    """A column of an edition: nothing in it is edited."""

    authority: AuthorityRow
    may_edit: bool = False


class GroupRow(NamedTuple):
    pk: int
    name: str

    def __str__(self) -> str:
        return self.name


class SourceRow(NamedTuple):
    pk: int
    title: str
    is_exhaustive: bool
    remark: str = ""

    def __str__(self) -> str:
        return self.title


class ProposalRow(NamedTuple):
    pk: int
    number: int
    title: str
    group: GroupRow
    source: SourceRow | None
    # Empty in editions from before anybody said so.
    concerned: str = ""

    def __str__(self) -> str:
        return f"{self.number} {self.title}"

    @property
    def whom(self) -> str:
        """Whom it concerns; empty where that was never said."""
        return str(Concerned(self.concerned).label) if self.concerned else ""

    @property
    def group_id(self) -> int:
        return self.group.pk


class AnswerRow(NamedTuple):
    """``confirmed_by`` is the account as colleagues see it; empty where it is gone, or nobody."""

    pk: int
    proposal_id: int
    authority_id: int
    state: str
    state_from: dt.date | None
    confirmed_on: dt.date | None
    confirmed_by: str
    version: int


class ThemeRow(NamedTuple):
    """An edition knows but the name."""

    pk: int
    name: str
    slug: str

    def __str__(self) -> str:
        return self.name


class EffortRow(NamedTuple):
    """``has_links`` is untrue in the oldest editions, which say nothing of themes and initiative;
    ``has_steps`` in those that say nothing of who is responsible and what comes next.

    Themes are in alphabetical order; there are none where nobody asked for them.
    """

    pk: int
    authority_id: int
    text: str
    note: str
    explained_by_id: int | None
    state: str
    division: str
    link: str
    valid_from: dt.date | None
    valid_until: dt.date | None
    initiative_id: int | None
    initiative_title: str
    theme_list: list[ThemeRow]
    responsible: str = ""
    next_step: str = ""
    next_step_on: dt.date | None = None
    has_links: bool = True
    has_steps: bool = True

    def __str__(self) -> str:
        return self.text

    @property
    def theme_names(self) -> list[str]:
        return [theme.name for theme in self.theme_list]


class PlaceRow(NamedTuple):
    """An effort in the cell of one proposal."""

    effort: EffortRow
    proposal_id: int


class NoteRow(NamedTuple):
    pk: int
    authority_id: int
    division: str
    heading: str
    text: str
    link: str

    def __str__(self) -> str:
        return self.heading
