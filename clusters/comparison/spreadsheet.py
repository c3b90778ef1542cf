"""The pages that compare authorities as tables for a spreadsheet. Pure."""

from collections.abc import Iterable, Iterator
from typing import Any

from django.utils.translation import gettext as _

from krams.documents.spreadsheets import Table

from ..enums import EffortState
from ..matrix.cell_status import Line
from .coverage import Coverage, Share
from .gaps import Gap
from .side_by_side import Comparison, Side
from .themes import ThemeView


def comparison_tables(compared: Iterable[Comparison]) -> list[Table]:
    """A row a proposal and authority."""
    heads = [
        *(_("Group"), _("Number"), _("Proposal"), _("Comparison"), _("In common")),
        *(_("Authority"), _("Answer"), _("Efforts"), _("Only here"), _("Gap")),
    ]
    rows = (
        [
            *(one.proposal.group.name, one.proposal.number, one.proposal.title),
            *(str(one.likeness.label), ", ".join(theme.name for theme, _having in one.common)),
            *_side(side),
        ]
        for one in compared
        for side in one.sides
    )
    return [Table(_("Compare"), heads, rows, wraps=True)]


def _side(side: Side) -> list[Any]:
    return [
        *(side.cell.column.authority.official_name, side.cell.state_text),
        *(_bullets(side.others), _bullets(side.only), _("yes") if side.is_gap else _("no")),
    ]


def _bullets(lines: Iterable[Line]) -> str:
    return "\n".join(f"• {line.effort.text}" for line in lines)


def gap_tables(found: list[Gap]) -> list[Table]:
    """A sheet of what is missing, and one of what others do."""
    return [
        Table(
            _("Gaps"),
            [
                *(_("Number"), _("Proposal"), _("Missing at"), _("Answer")),
                _("Nobody has an effort"),
            ],
            _missing(found),
            wraps=True,
        ),
        Table(
            _("What others do"),
            [_("Number"), _("Proposal"), _("Authority"), _("Effort"), _("State")],
            _inspiration(found),
            wraps=True,
        ),
    ]


def _missing(found: Iterable[Gap]) -> Iterator[list[Any]]:
    for gap in found:
        for cell in gap.missing:
            yield [
                *(gap.proposal.number, gap.proposal.title),
                *(cell.column.authority.official_name, cell.state_text),
                _("yes") if gap.is_nobodys else _("no"),
            ]


def _inspiration(found: Iterable[Gap]) -> Iterator[list[Any]]:
    for gap in found:
        for column, lines in gap.inspiration:
            for line in lines:
                yield [
                    *(gap.proposal.number, gap.proposal.title),
                    *(column.authority.official_name, line.effort.text, _state(line)),
                ]


def _state(line: Line) -> str:
    return str(EffortState(line.effort.state).label)


def coverage_tables(found: Coverage) -> list[Table]:
    """A sheet by authority, and one by proposal."""
    counts = [_("Answered"), _("Has an effort"), _("In all"), _("Answers besides")]
    return [
        Table(
            _("Per authority"),
            [_("Authority"), *counts],
            ([share.of.authority.official_name, *_counts(share)] for share in found.authorities),
        ),
        Table(
            _("Per proposal"),
            [_("Number"), _("Proposal"), _("Concerns"), *counts],
            (
                [share.of.number, share.of.title, share.of.whom, *_counts(share)]
                for share in found.proposals
            ),
            wraps=True,
        ),
    ]


def _counts(share: Share[Any]) -> list[int]:
    return [share.answered, share.with_effort, share.total, share.extra]


def theme_tables(views: Iterable[ThemeView]) -> list[Table]:
    """A row an effort under each of its themes."""
    heads = [_("Theme"), _("Authority"), _("Effort"), _("State"), _("Proposals")]
    rows = (
        [
            *(view.theme.name, column.authority.official_name, line.effort.text, _state(line)),
            "\n".join(map(str, proposals)),
        ]
        for view in views
        for column, efforts in view.efforts
        for line, proposals in efforts
    )
    return [Table(_("Themes"), heads, rows, wraps=True)]
