"""Loads the matrix of Klynge Syd: proposals, answers, efforts and the notes below the table."""

import datetime as dt

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from krams.danish.collation import sort_key
from krams.danish.slugs import danish_slug
from krams.models import Authority, Cluster
from krams.seeding.actions import Seeder
from krams.seeding.facts_files import FIXTURES, Entry, read_facts

from .enums import Concerned, Division, EffortState, PositionState
from .matrix.cell_status import agreeing
from .models import (
    AuthorityNote,
    Effort,
    EffortProposal,
    Position,
    Proposal,
    ProposalGroup,
    SourceDocument,
    Theme,
)


def load_matrix(*, demo: bool = False, today: dt.date | None = None) -> Seeder:
    """Load ``klynge_syd.toml``, with ``demo`` also made-up dates of confirmation.

    Raises ``FactsError``, also where the cluster is missing.
    """
    facts = read_facts(FIXTURES / "klynge_syd.toml")
    facts.only("cluster", "source", "groups", "notes", "answers", "demo_confirmations")
    with transaction.atomic():
        matrix = _Matrix(facts)
        matrix.keep_proposals()
        matrix.keep_notes()
        matrix.confirmed = _confirmations(facts, today or timezone.localdate()) if demo else {}
        for answer in facts.tables("answers"):
            matrix.keep_answer(answer)
    return matrix.seeder


def _confirmations(facts: Entry, today: dt.date) -> dict[tuple[str, int], dt.date]:
    dates = {}
    for entry in facts.tables("demo_confirmations"):
        entry.only("authority", "proposals", "days_ago")
        for number in entry["proposals"]:
            day = today - dt.timedelta(days=entry["days_ago"])
            dates[entry["authority"], number] = day
    return dates


class _Matrix:
    def __init__(self, facts: Entry):
        self.facts, self.seeder = facts, Seeder()
        self.confirmed: dict[tuple[str, int], dt.date] = {}
        self.proposals: dict[int, Proposal | None] = {}
        self.notes: dict[tuple[str, str], AuthorityNote | None] = {}
        self.cluster = Cluster.objects.ever_at(facts["cluster"]).first()
        if self.cluster is None:
            raise facts.refuse(_("the cluster is not there; first run load_organisations"))
        authorities = Authority.objects.filter(cluster_memberships__cluster=self.cluster)
        self.columns = {name: one for one in authorities for name in (one.name, one.official_name)}

    def _authority(self, entry: Entry) -> Authority:
        if entry["authority"] not in self.columns:
            raise entry.refuse(
                _("%(name)s is no column of %(cluster)s")
                % {"name": entry["authority"], "cluster": self.cluster}
            )
        return self.columns[entry["authority"]]

    def keep_proposals(self) -> None:
        entry = self.facts.table("source").only("title", "remark", "is_exhaustive")
        source = self.seeder.keep(
            entry,
            SourceDocument,
            {"cluster": self.cluster, "title": entry["title"]},
            remark=entry["remark"],
            is_exhaustive=entry["is_exhaustive"],
        )
        number = 0
        for position, entry in enumerate(self.facts.tables("groups"), start=1):
            entry.only("name", "concerned", "proposals")
            key = {"cluster": self.cluster, "name": entry["name"]}
            group = self.seeder.keep(entry, ProposalGroup, key, position=position)
            concerned = entry.choices("concerned", Concerned, len(entry["proposals"]))
            for title, whom in zip(entry["proposals"], concerned, strict=True):
                number += 1
                self.proposals[number] = None
                if group:
                    self.proposals[number] = self.seeder.keep(
                        entry,
                        Proposal,
                        {"cluster": self.cluster, "title": title},
                        group=group,
                        number=number,
                        concerned=whom,
                        source=source,
                    )

    def keep_notes(self) -> None:
        for position, entry in enumerate(self.facts.tables("notes"), start=1):
            entry.only("authority", "division", "heading", "text", "link")
            self.notes[entry["authority"], entry["heading"]] = self.seeder.keep(
                entry,
                AuthorityNote,
                {
                    "cluster": self.cluster,
                    "authority": self._authority(entry),
                    "heading": entry["heading"],
                },
                division=entry.choice("division", Division) if "division" in entry else "",
                position=position,
                text=entry["text"].strip(),
                link=entry.get("link"),
            )

    def keep_answer(self, entry: Entry) -> None:
        entry.only("authority", "proposals", "state", "efforts")
        unknown = set(entry["proposals"]) - set(self.proposals)
        if unknown:
            raise entry.refuse(_("there is no proposal %(number)s") % {"number": min(unknown)})
        holds = bool(entry.tables("efforts"))
        state = entry.choice("state", PositionState)
        if agreeing(state, holds_efforts=holds) != state:
            raise entry.refuse(_("state and efforts do not agree"))
        authority = self._authority(entry)
        found = (self.proposals[number] for number in entry["proposals"])
        proposals = [proposal for proposal in found if proposal]
        for proposal in proposals:
            self._keep_position(entry, authority, proposal)
        for position, effort in enumerate(entry.tables("efforts"), start=1):
            self._keep_effort(effort, authority, entry["authority"], proposals, position)

    def _keep_position(self, entry: Entry, authority: Authority, proposal: Proposal) -> None:
        key = {"proposal": proposal, "authority": authority}
        values: dict[str, object] = {"state": entry.choice("state", PositionState)}
        confirmed = self.confirmed.get((entry["authority"], proposal.number))
        # Only a new row: tomorrow's demo must not move the date of confirmation.
        if confirmed and not Position.objects.filter(**key).exists():
            values["confirmed_on"] = confirmed
        self.seeder.keep(entry, Position, key, **values)

    def _keep_effort(
        self,
        entry: Entry,
        authority: Authority,
        name: str,
        proposals: list[Proposal],
        position: int,
    ) -> None:
        entry.only(
            "text",
            "note",
            "explained_by",
            "state",
            "division",
            "valid_from",
            "valid_until",
            "themes",
        )
        heading = entry.get("explained_by")
        if heading and (name, heading) not in self.notes:
            raise entry.refuse(_("there is no note “%(heading)s”") % {"heading": heading})
        key = {"cluster": self.cluster, "authority": authority, "text": entry["text"]}
        themes = entry.get("themes", [])
        is_new = not Effort.objects.filter(**key).exists()
        effort = self.seeder.keep(
            entry,
            Effort,
            key,
            note=entry.get("note"),
            explained_by=self.notes.get((name, heading)),
            state=entry.choice("state", EffortState, default=EffortState.RUNNING),
            division=entry.choice("division", Division) if "division" in entry else "",
            valid_from=entry.get("valid_from", None),
            valid_until=entry.get("valid_until", None),
            **({"theme_text": ", ".join(sorted(themes, key=sort_key))} if is_new else {}),
        )
        if effort is None:
            return
        if is_new:
            kept = (self._theme(entry, theme) for theme in themes)
            effort.themes.set([theme for theme in kept if theme])
        for proposal in proposals:
            key = {"effort": effort, "proposal": proposal}
            self.seeder.keep(entry, EffortProposal, key, position=position)

    def _theme(self, entry: Entry, name: str) -> Theme | None:
        return self.seeder.keep(entry, Theme, {"slug": danish_slug(name)}, name=name)
