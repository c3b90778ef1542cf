"""Which editions a cluster has, which of them stands last, and how much has changed since."""

import datetime as dt
from collections.abc import Collection
from typing import Any, NamedTuple

from django.db.models import F, QuerySet
from django.shortcuts import get_object_or_404
from django.utils import timezone

from krams.models import Cluster, User

from ..access import Sheet
from ..matrix.layout import Matrix
from ..matrix.queries.read_matrix import read_matrix
from ..models import (
    Edition,
    EditionRedaction,
    EditionText,
    Effort,
    EffortProposal,
    Position,
    Proposal,
    ReadLink,
)
from .content import Json, thaw
from .development import Stage, stage
from .differences import compare
from .read_links import hash_of
from .timeline import (
    Save,
    Timeline,
    timeline,
)

# Columns that the model names.
_NAMED = {"authorities": F("content__authorities")}
# Each is a whole matrix to be read.
MOST_STAGES = 12
# Of one proposal: half a dozen authorities that confirm every quarter for ten years.
MOST_SAVES = 400


def editions_of(cluster: Cluster) -> list[Edition]:
    """Newest first, a few a year; their links need no further query.

    What an edition holds is a whole matrix: it is read when it is asked for.
    """
    brief = cluster.editions.defer("content").annotate(**_NAMED)
    found: list[Edition] = list(brief)
    for edition in found:
        edition.cluster = cluster
    return found


def contents_of(cluster: Cluster, numbers: Collection[int]) -> dict[int, Json]:
    """What the editions with these numbers hold."""
    return dict(cluster.editions.filter(number__in=numbers).values_list("number", "content"))


def last_standing(editions: list[Edition]) -> Edition | None:
    return next((edition for edition in editions if edition.withdrawn_at is None), None)


def answers_changed(last: Edition | None, whole: Matrix) -> int:
    """How many answers differ from the last edition that stands."""
    return len(compare(thaw(last.content), whole).cells) if last else 0


def visible_edition(user: User, slug: str, number: int) -> Edition:
    visible = Edition.objects.visible_to(user).select_related("cluster", "written")
    return get_object_or_404(visible, cluster__slug=slug, number=number)


def coordinated_edition(cluster: Cluster, number: int) -> Edition:
    """Of a cluster that the person coordinates, with its texts. Raises ``Http404``."""
    return get_object_or_404(
        Edition.objects.select_related("cluster", "written"), cluster=cluster, number=number
    )


def texts_of(edition: Edition) -> EditionText:
    """What is written around the edition; empty texts of version 0 where nothing is."""
    return getattr(edition, "written", None) or EditionText(edition=edition, version=0)


def redactions_of(edition: Edition) -> list[EditionRedaction]:
    """When words were taken out of it, by whom and why."""
    return list(edition.redactions.all())


def links_of(edition: Edition) -> list[ReadLink]:
    """The newest first, a few for each meeting."""
    found = list(edition.read_links.all())
    for link in found:
        link.edition = edition
    return found


def link_of(token: str) -> ReadLink | None:
    """The link with its edition, whatever has become of it; None where there is none."""
    known = ReadLink.objects.select_related("edition__cluster", "edition__written")
    return known.filter(token_hash=hash_of(token)).first()


def stages_of(sheet: Sheet) -> list[Stage]:
    """The latest editions that stand, oldest first, and today: four queries."""
    found = sheet.cluster.editions.filter(withdrawn_at=None)[:MOST_STAGES]
    stages = [
        stage(one.number, one.title, timezone.localdate(one.frozen_at), thaw(one.content))
        for one in reversed(found)
    ]
    whole = read_matrix(sheet, with_notes=False, with_themes=False)
    return [*stages, stage(None, "", sheet.today, whole)]


class EditionMark(NamedTuple):
    """An edition that holds a proposal."""

    number: int
    title: str
    day: dt.date


def read_timeline(sheet: Sheet, proposal: Proposal) -> tuple[Timeline, list[EditionMark]]:
    """A proposal's way in the columns of today, and the editions that hold it: four queries."""
    authorities = [column.authority_id for column in sheet.columns]
    saves = [
        Save(authority, at, timezone.localdate(at), state, since, confirmed)
        for authority, at, state, since, confirmed in _saves(proposal, authorities)
    ]
    saves.reverse()
    marks = [
        EditionMark(number, title, timezone.localdate(frozen_at))
        for number, title, frozen_at, proposals in sheet.cluster.editions.filter(withdrawn_at=None)
        .order_by("number")
        .values_list("number", "title", "frozen_at", "content__proposals")
        if any(entry["key"] == proposal.pk for entry in proposals)
    ]
    days = [mark.day for mark in marks]
    efforts = _effort_saves(proposal)
    return timeline(authorities, saves, efforts, days, sheet.today), marks


def _saves(proposal: Proposal, authorities: list[int]) -> QuerySet[Any, tuple[Any, ...]]:
    """Newest first, as many as one page can tell."""
    found: QuerySet[Any, tuple[Any, ...]] = (
        Position.history.filter(proposal_id=proposal.pk, authority_id__in=authorities)
        .order_by("-history_date", "-history_id")
        .values_list("authority_id", "history_date", "state", "state_from", "confirmed_on")
    )
    return found[:MOST_SAVES]


def _effort_saves(proposal: Proposal) -> set[tuple[int, dt.datetime]]:
    """Whose efforts in the cells of the proposal were saved when, or came to them or left them."""
    places = list(
        EffortProposal.history.filter(proposal_id=proposal.pk).values_list(
            "effort_id", "history_date"
        )
    )
    efforts = Effort.history.filter(id__in={key for key, _at in places})
    rows = list(efforts.values_list("id", "authority_id", "history_date"))
    owner = {key: authority for key, authority, _at in rows}
    found = {(authority, at) for _key, authority, at in rows}
    return found | {(owner[key], at) for key, at in places if key in owner}


def visible_proposal(sheet: Sheet, pk: int) -> Proposal:
    """Also a retired one: its way is part of what was said. Raises ``Http404``."""
    return get_object_or_404(Proposal.objects.select_related("group"), cluster=sheet.cluster, pk=pk)
