"""What an edition keeps of a matrix, and the matrix read back from it.

The content is plain JSON that says everything the page showed, so that an edition reads the same
whatever becomes of proposals, authorities and clusters later. Keys are those of the rows that it
was taken from; they match a cell or an effort of one edition with that of another.
"""

import datetime as dt
from collections.abc import Iterable
from typing import Any, TypeAlias

from krams.models import Authority, Cluster

from ..matrix.layout import Matrix, build
from ..matrix.rows import (
    AnswerRow,
    AuthorityRow,
    EffortRow,
    GroupRow,
    MemberRow,
    NoteRow,
    PlaceRow,
    ProposalRow,
    SourceRow,
    ThemeRow,
)

FORMAT = 1
# One object of it; which keys it has is said here alone.
Json: TypeAlias = dict[str, Any]


# --- Freeze -------------------------------------------------------------------------------------


def freeze(cluster: Cluster, matrix: Matrix, today: dt.date) -> Json:
    """The matrix as JSON; ``matrix`` must be whole, not filtered."""
    efforts: dict[int, EffortRow] = {}
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


def _authority(authority: Authority | AuthorityRow) -> Json:
    return {
        "key": authority.pk,
        "kind": authority.kind,
        "code": authority.code,
        "name": authority.name,
        "official_name": authority.official_name,
        "slug": authority.slug,
    }


def _proposal(proposal: ProposalRow) -> Json:
    source = proposal.source
    return {
        "key": proposal.pk,
        "number": proposal.number,
        "title": proposal.title,
        "concerned": proposal.concerned,
        "group": {"key": proposal.group_id, "name": proposal.group.name},
        "source": source
        and {
            "key": source.pk,
            "title": source.title,
            "is_exhaustive": source.is_exhaustive,
        },
    }


def _effort(effort: EffortRow) -> Json:
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
        "responsible": effort.responsible,
        "next_step": effort.next_step,
        "next_step_on": _text(effort.next_step_on),
    }


def _note(note: NoteRow) -> Json:
    return {
        "key": note.pk,
        "authority": note.authority_id,
        "division": note.division,
        "heading": note.heading,
        "text": note.text,
        "link": note.link,
    }


# --- Thaw ---------------------------------------------------------------------------------------


def thaw(content: Json, *, names_people: bool = True) -> Matrix:
    """The matrix as it was, built by the same code as today's.

    Without ``names_people`` it does not say who confirmed an answer.
    """
    authorities = {
        entry["key"]: AuthorityRow(pk=entry["key"], **_without(entry, "key"))
        for entry in content["authorities"]
    }
    efforts = {entry["key"]: _thaw_effort(entry) for entry in content["efforts"]}
    return build(
        columns=[MemberRow(authority) for authority in authorities.values()],
        proposals=_thaw_proposals(content["proposals"]),
        positions=[
            AnswerRow(
                pk=0,
                proposal_id=entry["proposal"],
                authority_id=entry["authority"],
                state=entry["state"],
                state_from=_day(entry["state_from"]),
                confirmed_on=_day(entry["confirmed_on"]),
                # By name alone: the account may be gone. Early editions do not say it.
                confirmed_by=entry.get("confirmed_by", "") if names_people else "",
                version=1,
            )
            for entry in content["answers"]
        ],
        places=[
            PlaceRow(efforts[entry["effort"]], entry["proposal"]) for entry in content["places"]
        ],
        notes=[
            NoteRow(
                pk=entry["key"],
                authority_id=entry["authority"],
                **_without(entry, "key", "authority"),
            )
            for entry in content["notes"]
        ],
        today=dt.date.fromisoformat(content["day"]),
        interval_months=content["interval_months"],
    )


def _thaw_effort(entry: Json) -> EffortRow:
    return EffortRow(
        pk=entry["key"],
        authority_id=entry["authority"],
        text=entry["text"],
        note=entry["note"],
        explained_by_id=entry["explained_by"],
        state=entry["state"],
        division=entry["division"],
        link=entry["link"],
        valid_from=_day(entry["valid_from"]),
        valid_until=_day(entry["valid_until"]),
        initiative_id=None,
        initiative_title=entry.get("initiative", ""),
        theme_list=[ThemeRow(0, name, "") for name in entry.get("themes", ())],
        responsible=entry.get("responsible", ""),
        next_step=entry.get("next_step", ""),
        next_step_on=_day(entry.get("next_step_on")),
        # The first editions were frozen without.
        has_links="themes" in entry,
        has_steps="next_step" in entry,
    )


def _thaw_proposals(entries: Iterable[Json]) -> list[ProposalRow]:
    found = []
    groups: dict[int, GroupRow] = {}
    sources: dict[int, SourceRow] = {}
    for entry in entries:
        group, source = entry["group"], entry["source"]
        groups.setdefault(group["key"], GroupRow(group["key"], group["name"]))
        if source:
            # Older editions froze the remark, which is the coordinator's alone.
            sources.setdefault(
                source["key"],
                SourceRow(source["key"], source["title"], source["is_exhaustive"]),
            )
        found.append(
            ProposalRow(
                pk=entry["key"],
                number=entry["number"],
                title=entry["title"],
                group=groups[group["key"]],
                source=sources[source["key"]] if source else None,
                concerned=entry.get("concerned", ""),
            )
        )
    return found


def _without(entry: Json, *names: str) -> Json:
    return {name: value for name, value in entry.items() if name not in names}


def _day(text: str | None) -> dt.date | None:
    return dt.date.fromisoformat(text) if text else None
