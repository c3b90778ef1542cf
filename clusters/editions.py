"""A matrix as frozen content and back, and what differs between two of them. Pure.

The content is plain JSON that says everything the page showed, so that an edition reads the same
whatever becomes of proposals, authorities and clusters later. Keys are those of the rows that it
was taken from; they match a cell or an effort of one edition with that of another.
"""

import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from krams.diff import inline
from krams.models import Authority, Cluster, ClusterMembership, User

from .enums import Division, EffortState, PositionState
from .matrix import Matrix, build
from .models import (
    AuthorityNote,
    Effort,
    EffortProposal,
    Position,
    Proposal,
    ProposalGroup,
    SourceDocument,
)
from .wording import short_date

FORMAT = 1


# --- Freeze -------------------------------------------------------------------------------------


def freeze(cluster: Cluster, matrix: Matrix, today: dt.date) -> dict:
    """The matrix as JSON; ``matrix`` must be whole, not filtered."""
    efforts, answers, places = {}, [], []
    for cell in matrix.cells.values():
        key = {"proposal": cell.proposal.pk, "authority": cell.column.authority.pk}
        if cell.position:
            answers.append(
                {
                    **key,
                    "state": cell.state.value,
                    "state_from": _text(cell.state_from),
                    "confirmed_on": _text(cell.position.confirmed_on),
                    "confirmed_by": str(cell.position.confirmed_by or ""),
                }
            )
        for line in cell.lines:
            efforts[line.effort.pk] = line.effort
            places.append({**key, "effort": line.effort.pk})
    return {
        "format": FORMAT,
        "day": today.isoformat(),
        "interval_months": cluster.confirmation_interval_months,
        "cluster": {
            "name": cluster.name,
            "kind": cluster.kind,
            "region": cluster.region.official_name,
            "valid_from": _text(cluster.valid_from),
            "valid_until": _text(cluster.valid_until),
        },
        "authorities": [_authority(column.authority) for column in matrix.columns],
        "proposals": [_proposal(row.proposal) for row in matrix.rows],
        "answers": answers,
        "efforts": [_effort(effort) for effort in efforts.values()],
        "places": places,
        "notes": [
            _note(entry.note)
            for column in matrix.columns
            for entry in column.entries
            if entry.note is not None
        ],
    }


def _text(day: dt.date | None) -> str | None:
    return day.isoformat() if day else None


def _authority(authority: Authority) -> dict:
    return {
        "key": authority.pk,
        "kind": authority.kind,
        "code": authority.code,
        "name": authority.name,
        "official_name": authority.official_name,
        "slug": authority.slug,
    }


def _proposal(proposal: Proposal) -> dict:
    source = proposal.source
    return {
        "key": proposal.pk,
        "number": proposal.number,
        "title": proposal.title,
        "group": {"key": proposal.group_id, "name": proposal.group.name},
        "source": source
        and {
            "key": source.pk,
            "title": source.title,
            "remark": source.remark,
            "is_exhaustive": source.is_exhaustive,
        },
    }


def _effort(effort: Effort) -> dict:
    return {
        "key": effort.pk,
        "authority": effort.authority_id,
        "text": effort.text,
        "note": effort.note,
        "explained_by": effort.explained_by_id,
        "state": effort.state,
        "division": effort.division,
        "link": effort.link,
        "valid_from": _text(effort.valid_from),
        "valid_until": _text(effort.valid_until),
        "themes": effort.theme_names,
        "initiative": effort.initiative_title,
    }


def _note(note: AuthorityNote) -> dict:
    return {
        "key": note.pk,
        "authority": note.authority_id,
        "division": note.division,
        "heading": note.heading,
        "text": note.text,
        "link": note.link,
    }


# --- Thaw ---------------------------------------------------------------------------------------


def thaw(content: dict) -> Matrix:
    """The matrix as it was, built by the same code as today's, of rows that are never saved."""
    authorities = {
        entry["key"]: Authority(pk=entry["key"], **_without(entry, "key"))
        for entry in content["authorities"]
    }
    proposals = _thaw_proposals(content["proposals"])
    efforts = {
        entry["key"]: _thaw_effort(entry, authorities[entry["authority"]])
        for entry in content["efforts"]
    }
    return build(
        columns=[_column(authority) for authority in authorities.values()],
        proposals=proposals.values(),
        positions=[
            Position(
                proposal=proposals[entry["proposal"]],
                authority=authorities[entry["authority"]],
                state=entry["state"],
                state_from=_day(entry["state_from"]),
                confirmed_on=_day(entry["confirmed_on"]),
                confirmed_by=_account(entry.get("confirmed_by")),
            )
            for entry in content["answers"]
        ],
        places=[
            EffortProposal(proposal=proposals[entry["proposal"]], effort=efforts[entry["effort"]])
            for entry in content["places"]
        ],
        notes=[
            AuthorityNote(
                pk=entry["key"],
                authority=authorities[entry["authority"]],
                **_without(entry, "key", "authority"),
            )
            for entry in content["notes"]
        ],
        today=dt.date.fromisoformat(content["day"]),
        interval_months=content["interval_months"],
    )


def _thaw_effort(entry: dict, authority: Authority) -> Effort:
    effort = Effort(
        pk=entry["key"],
        authority=authority,
        explained_by_id=entry["explained_by"],
        valid_from=_day(entry["valid_from"]),
        valid_until=_day(entry["valid_until"]),
        **{name: entry[name] for name in ("text", "note", "state", "division", "link")},
    )
    if "themes" in entry:
        # The first editions were frozen without.
        effort.theme_names, effort.initiative_title = entry["themes"], entry["initiative"]
    return effort


def _thaw_proposals(entries: Iterable[dict]) -> dict[int, Proposal]:
    found, groups, sources = {}, {}, {}
    for entry in entries:
        group, source = entry["group"], entry["source"]
        groups.setdefault(group["key"], ProposalGroup(pk=group["key"], name=group["name"]))
        if source:
            sources.setdefault(
                source["key"], SourceDocument(pk=source["key"], **_without(source, "key"))
            )
        found[entry["key"]] = Proposal(
            pk=entry["key"],
            number=entry["number"],
            title=entry["title"],
            group=groups[group["key"]],
            source=sources[source["key"]] if source else None,
        )
    return found


def _column(authority: Authority) -> ClusterMembership:
    column = ClusterMembership(authority=authority)
    column.may_edit = False
    return column


def _account(name: str | None) -> User | None:
    """Whoever confirmed, by name alone: the account may be gone. Early editions do not say it."""
    return User(name=name) if name else None


def _without(entry: dict, *names: str) -> dict:
    return {name: value for name, value in entry.items() if name not in names}


def _day(text: str | None) -> dt.date | None:
    return dt.date.fromisoformat(text) if text else None


# --- Compare ------------------------------------------------------------------------------------


@dataclass
class CellChange:
    """What became of one answer: the states if they differ, and a line per changed effort."""

    proposal: Proposal
    authority: Authority
    old_state: PositionState
    new_state: PositionState
    lines: list[SafeString] = field(default_factory=list)

    @property
    def has_new_state(self) -> bool:
        return self.old_state != self.new_state

    @property
    def summary(self) -> str:
        """One line for an agenda."""
        if self.has_new_state:
            return _("%(old)s → %(new)s") % {
                "old": self.old_state.label,
                "new": self.new_state.label,
            }
        return _("the efforts were changed")


@dataclass
class Difference:
    """From one matrix to another: changed cells in the order of the page, changed notes, columns.

    ``unchanged`` counts the cells that both have and that say the same.
    """

    cells: list[CellChange]
    notes: list[tuple[Authority, SafeString]]
    joined: list[Authority]
    left: list[Authority]
    unchanged: int

    @property
    def groups(self) -> list[tuple[str, list[CellChange]]]:
        found: dict[str, list[CellChange]] = {}
        for change in self.cells:
            found.setdefault(change.proposal.group.name, []).append(change)
        return list(found.items())

    def of(self, authority_slug: str) -> "Difference":
        """Only one authority's."""
        return Difference(
            [change for change in self.cells if change.authority.slug == authority_slug],
            [entry for entry in self.notes if entry[0].slug == authority_slug],
            [],
            [],
            self.unchanged,
        )

    def __bool__(self) -> bool:
        return bool(self.cells or self.notes or self.joined or self.left)


def compare(old: Matrix, new: Matrix) -> Difference:
    """What a reader of ``old`` must know to have read ``new``."""
    before, after = old.cells, new.cells
    changes, unchanged = [], 0
    # Proposals that are gone come last: their rows are only in the old matrix.
    for key in [*after, *(key for key in before if key not in after)]:
        change = _cell_change(before.get(key), after.get(key))
        if change is None:
            unchanged += key in before and key in after
        else:
            changes.append(change)
    old_columns = {column.authority.pk: column.authority for column in old.columns}
    new_columns = {column.authority.pk: column.authority for column in new.columns}
    return Difference(
        changes,
        list(_note_changes(old, new)),
        [one for key, one in new_columns.items() if key not in old_columns],
        [one for key, one in old_columns.items() if key not in new_columns],
        unchanged,
    )


def _cell_change(old, new) -> CellChange | None:
    shown = new or old
    change = CellChange(
        shown.proposal,
        shown.column.authority,
        old.state if old else PositionState.NOT_FILLED,
        new.state if new else PositionState.NOT_FILLED,
    )
    lines = [line for cell in (old, new) if cell for line in cell.lines]
    # What one of the two does not know is no difference.
    with_links = all(hasattr(line.effort, "theme_names") for line in lines)
    before, after = _effort_texts(old, with_links), _effort_texts(new, with_links)
    for key in [*after, *(key for key in before if key not in after)]:
        if before.get(key) != after.get(key):
            change.lines.append(inline(before.get(key, ""), after.get(key, "")))
    return change if change.has_new_state or change.lines else None


def _effort_texts(cell, with_links: bool) -> dict[int, str]:
    lines = cell.lines if cell else ()
    return {line.effort.pk: effort_text(line.effort, with_links=with_links) for line in lines}


def effort_text(effort: Effort, *, with_links: bool = False) -> str:
    """All that an effort says, as one line of text; with its themes and initiative if told to."""
    parts = [effort.text]
    if effort.state != EffortState.RUNNING:
        parts.append(f"({EffortState(effort.state).label})")
    if effort.valid_from:
        parts.append(_("from %(date)s") % {"date": short_date(effort.valid_from)})
    if effort.valid_until:
        parts.append(_("until %(date)s") % {"date": short_date(effort.valid_until)})
    if effort.division:
        parts.append(f"[{Division(effort.division).label}]")
    parts += [part for part in (effort.link, effort.note) if part]
    if with_links and effort.theme_names:
        parts.append(_("Themes: %(names)s") % {"names": ", ".join(effort.theme_names)})
    if with_links and effort.initiative_title:
        parts.append(_("KRAMS initiative: %(title)s") % {"title": effort.initiative_title})
    return " ".join(parts)


def _note_changes(old: Matrix, new: Matrix) -> Iterator[tuple[Authority, SafeString]]:
    before, after = _note_texts(old), _note_texts(new)
    for key in [*after, *(key for key in before if key not in after)]:
        authority, text = after.get(key, (None, ""))
        old_authority, old_text = before.get(key, (None, ""))
        if text != old_text:
            yield authority or old_authority, inline(old_text, text)


def _note_texts(matrix: Matrix) -> dict[int, tuple[Authority, str]]:
    return {
        entry.note.pk: (
            column.authority,
            "\n".join(part for part in (entry.heading, entry.text, entry.link) if part),
        )
        for column in matrix.columns
        for entry in column.entries
        if entry.note is not None
    }
