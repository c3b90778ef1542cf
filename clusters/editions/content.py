"""What an edition keeps of a matrix, and the matrix read back from it.

The content is plain JSON that says everything the page showed, so that an edition reads the same
whatever becomes of proposals, authorities and clusters later. Keys are those of the rows that it
was taken from; they match a cell or an effort of one edition with that of another.
"""

import datetime as dt
from collections.abc import Iterable
from typing import Any, TypeAlias

from krams.models import Authority, Cluster, ClusterMembership, User

from ..matrix.layout import Matrix, build
from ..models import (
    AuthorityNote,
    Effort,
    EffortProposal,
    Position,
    Proposal,
    ProposalGroup,
    SourceDocument,
)

FORMAT = 1
# One object of it; which keys it has is said here alone.
Json: TypeAlias = dict[str, Any]


# --- Freeze -------------------------------------------------------------------------------------


def freeze(cluster: Cluster, matrix: Matrix, today: dt.date) -> Json:
    """The matrix as JSON; ``matrix`` must be whole, not filtered."""
    efforts: dict[int, Effort] = {}
    answers, places = [], []
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


def _authority(authority: Authority) -> Json:
    return {
        "key": authority.pk,
        "kind": authority.kind,
        "code": authority.code,
        "name": authority.name,
        "official_name": authority.official_name,
        "slug": authority.slug,
    }


def _proposal(proposal: Proposal) -> Json:
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
            "is_exhaustive": source.is_exhaustive,
        },
    }


def _effort(effort: Effort) -> Json:
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


def _note(note: AuthorityNote) -> Json:
    return {
        "key": note.pk,
        "authority": note.authority_id,
        "division": note.division,
        "heading": note.heading,
        "text": note.text,
        "link": note.link,
    }


# --- Thaw ---------------------------------------------------------------------------------------


def thaw(content: Json) -> Matrix:
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


def _thaw_effort(entry: Json, authority: Authority) -> Effort:
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


def _thaw_proposals(entries: Iterable[Json]) -> dict[int, Proposal]:
    found: dict[int, Proposal] = {}
    groups: dict[int, ProposalGroup] = {}
    sources: dict[int, SourceDocument] = {}
    for entry in entries:
        group, source = entry["group"], entry["source"]
        groups.setdefault(group["key"], ProposalGroup(pk=group["key"], name=group["name"]))
        if source:
            # Older editions froze the remark, which is the coordinator's alone.
            sources.setdefault(
                source["key"],
                SourceDocument(pk=source["key"], **_without(source, "key", "remark")),
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


def _without(entry: Json, *names: str) -> Json:
    return {name: value for name, value in entry.items() if name not in names}


def _day(text: str | None) -> dt.date | None:
    return dt.date.fromisoformat(text) if text else None
