"""What the history tells of answers, efforts, notes and proposals, and who may read it."""

from collections.abc import Callable
from datetime import datetime
from typing import Any, TypeAlias

from django.db.models import Count, Exists, Model, OuterRef, Q, QuerySet
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from krams.history import queries, registry
from krams.history.registry import Record
from krams.models import Cluster, User

from .access import editable_columns
from .editions.actions import redact_edition
from .matrix.actions.new_themes import remove_theme
from .matrix.actions.restoring import restore_cell, restore_effort_text, restore_note
from .matrix.models import PositionQuerySet
from .models import (
    Ask,
    AskedColumn,
    AuthorityNote,
    Comment,
    Edition,
    EditionText,
    Effort,
    EffortProposal,
    ImportDecision,
    ImportDraft,
    Position,
    Proposal,
    ProposalGroup,
    ReadLink,
    SourceDocument,
    Theme,
    Thread,
    Wording,
)

# Named by where it stands, so that it is not told as a field.
CLUSTER = {"cluster": registry.PARENT}
HANDED_IN = "The name stands beside it, and stays when the account goes."
# Of places, and of efforts.
Saved: TypeAlias = tuple[list[Record], list[Record]]
CELL = {"proposal": registry.PARENT, "authority": registry.PARENT}
COLUMN = {**CLUSTER, "authority": registry.PARENT}
# In whose log of changes a row stands.
OF_CLUSTER = {"cluster": "cluster"}
OF_COLUMN = {**OF_CLUSTER, "authority": "authority"}
OF_THREAD = {"cluster": "thread__cluster", "authority": "thread__authority"}
OF_EDITION = {"cluster": "edition__cluster"}


class CellEfforts:
    """What stood in a cell: efforts and their places are rows of their own, saved with the answer.

    Stands in for :class:`krams.history.queries.Lines`.
    """

    @property
    def label(self) -> str:
        return gettext("Efforts in the cell")

    def changes(self, subject: Record) -> Saved:
        """All that was ever saved of the places in a cell, and of their efforts."""
        places = EffortProposal.history.filter(
            proposal_id=subject.proposal_id,
            effort_id__in=Effort.history.filter(authority_id=subject.authority_id).values("id"),
        )
        efforts = Effort.history.filter(id__in=places.values("effort_id"))
        order = ("history_date", "history_id")
        return list(places.order_by(*order)), list(efforts.order_by(*order))

    def standing(self, changes: Saved, before: datetime | None) -> str:
        places, efforts = (queries.standing_rows(rows, before) for rows in changes)
        ordered = sorted(places.values(), key=lambda place: (place.position, place.id))
        found = (efforts.get(place.effort_id) for place in ordered)
        return queries.numbered(
            f"{effort.text} ({effort.get_state_display()})"
            for effort in found
            if effort and effort.removed_at is None
        )


def _in_clusters(model: type[Model], *related: str) -> Callable[[User], QuerySet[Any]]:
    """What of a model the person may see: all that belongs to a cluster that they see."""

    def visible(user: User) -> QuerySet[Any]:
        seen = Cluster.objects.visible_to(user)
        return model._default_manager.filter(cluster__in=seen).select_related("cluster", *related)

    return visible


def _positions(user: User) -> PositionQuerySet:
    seen = Cluster.objects.visible_to(user)
    return Position.objects.filter(proposal__cluster__in=seen).select_related(
        "proposal__cluster", "authority"
    )


def _in_editable_columns(rows: QuerySet[Any], user: User) -> QuerySet[Any]:
    """Of rows with ``cluster`` and ``authority``, those in columns that the person fills in."""
    columns = editable_columns(user).filter(
        cluster=OuterRef("cluster"), authority=OuterRef("authority")
    )
    return rows.filter(Exists(columns))


def _editable_efforts(user: User) -> QuerySet[Effort]:
    return _in_editable_columns(Effort.objects.standing(), user)


def _editable_positions(user: User) -> QuerySet[Position]:
    columns = editable_columns(user).filter(
        cluster=OuterRef("proposal__cluster"), authority=OuterRef("authority")
    )
    return Position.objects.filter(Exists(columns), proposal__retired_on=None)


def _asks(user: User) -> QuerySet[Ask]:
    """Only who coordinates the cluster reads an ask as a whole."""
    return Ask.objects.coordinated_by(user).select_related("cluster")


def _asked_columns(user: User) -> QuerySet[AskedColumn]:
    mine = AskedColumn.objects.filter(ask__in=Ask.objects.coordinated_by(user))
    return mine.select_related("ask__cluster", "authority")


def _in_threads(model: type[Model], path: str) -> Callable[[User], QuerySet[Any]]:
    def visible(user: User) -> QuerySet[Any]:
        seen = Cluster.objects.visible_to(user)
        rows = model._default_manager.filter(**{f"{path}cluster__in": seen})
        return rows.select_related(f"{path}cluster", f"{path}authority", f"{path}proposal")

    return visible


def _lines(lines: list[dict[str, Any]]) -> str:
    texts = (line["text"] or gettext("(removed)") for line in lines or ())
    return queries.numbered(texts)


def _register_conversation() -> None:
    registry.register(
        Thread,
        key="samtale",
        not_restored=_("A conversation is closed and opened by its own buttons."),
        visible=_in_threads(Thread, ""),
        without={**CLUSTER, **CELL, "opened_at": registry.BY_WHOM},
        places=OF_COLUMN,
        titled="proposal__title",
    )
    registry.register(
        Comment,
        key="kommentar",
        not_restored=_("Somebody may have answered it as it stood."),
        visible=_in_threads(Comment, "thread__"),
        without={
            "thread": registry.PARENT,
            "written_by": registry.BY_WHOM,
            "written_by_name": registry.BY_WHOM,
            "written_at": registry.BY_WHOM,
            "side": registry.BY_WHOM,
        },
        places=OF_THREAD,
        titled="thread__proposal__title",
    )
    registry.register(
        Wording,
        key="formulering",
        not_restored=_("It stands as it was answered. Propose another wording."),
        visible=_in_threads(Wording, "thread__"),
        without={
            "thread": registry.PARENT,
            "seen_version": "The version of the cell is told by the cell's own history.",
            "settled_at": registry.BY_WHOM,
            "settled_by_name": registry.BY_WHOM,
        },
        show={"lines": _lines},
        places=OF_THREAD,
        titled="thread__proposal__title",
    )


def register() -> None:
    _register_conversation()
    _register_asks()
    _register_matrix()
    _register_proposals()
    _register_editions()
    _register_copies()


def _register_copies() -> None:
    """What was written elsewhere is read from here too, and goes with it."""
    registry.register_texts(
        Edition, places={"cluster": "cluster"}, copies=True, rewrite=redact_edition
    )
    registry.register_texts(ImportDraft, places={"cluster": "cluster"}, copies=True)
    registry.register_texts(ImportDecision, places={"cluster": "draft__cluster"}, copies=True)
    # One that several columns use is a subject, names nobody, and is not one authority's to remove.
    of_one = Theme.objects.annotate(
        clusters=Count("efforts__cluster", distinct=True),
        authorities=Count("efforts__authority", distinct=True),
    ).filter(clusters=1, authorities=1)
    registry.register_texts(
        Theme,
        places={name: f"efforts__{path}" for name, path in OF_COLUMN.items()},
        where=Q(pk__in=of_one.values("pk")),
        nobodys=Q(efforts=None),
        rewrite=remove_theme,
    )


def _register_asks() -> None:
    registry.register(
        Ask,
        key="anmodning",
        not_restored=_("It was sent as it stood. Send another ask."),
        visible=_asks,
        without={**CLUSTER, "asked_by": registry.BY_WHOM, "asked_by_name": registry.BY_WHOM},
        places=OF_CLUSTER,
        own_rules=True,
    )
    registry.register(
        AskedColumn,
        key="anmodning-myndighed",
        not_restored=_("A column is handed in again on its own page."),
        visible=_asked_columns,
        without={"ask": registry.PARENT, "authority": registry.PARENT, "handed_in_by": HANDED_IN},
        places={"cluster": "ask__cluster", "authority": "authority"},
        own_rules=True,
    )


def _register_matrix() -> None:
    registry.register(
        Position,
        key="svar",
        visible=_positions,
        without=CELL,
        names={"confirmed_by": _("confirmed by")},
        lines=CellEfforts(),
        places={"cluster": "proposal__cluster", "authority": "authority"},
        titled="proposal__title",
        restoring=registry.Restoring((), _editable_positions, restore_cell),
    )
    registry.register(
        Effort,
        key="skemaindsats",
        visible=_in_clusters(Effort),
        without=COLUMN,
        names={"initiative": _("KRAMS initiative")},
        places=OF_COLUMN,
        restoring=registry.Restoring(
            ("text", "note", "link", "responsible"), _editable_efforts, restore_effort_text
        ),
        counts_up=lambda effort: Position.objects.filter(
            authority=effort.authority_id, proposal__places__effort=effort
        ),
    )
    registry.register(
        AuthorityNote,
        key="uddybning",
        visible=_in_clusters(AuthorityNote),
        without=COLUMN,
        places=OF_COLUMN,
        restoring=registry.Restoring(
            ("heading", "text", "link", "division"),
            lambda user: _in_editable_columns(AuthorityNote.objects.all(), user),
            restore_note,
            gone=lambda user: AuthorityNote.history.filter(
                cluster__in=Cluster.objects.visible_to(user)
            ),
        ),
    )


def _register_proposals() -> None:
    registry.register(
        Proposal,
        key="forslag",
        visible=_in_clusters(Proposal, "group"),
        without={**CLUSTER, "copied_from": registry.ORIGIN},
        places=OF_CLUSTER,
        restoring=registry.Restoring(
            ("title",),
            lambda user: Proposal.objects.filter(cluster__in=Cluster.objects.coordinated_by(user)),
        ),
    )
    registry.register(
        ProposalGroup,
        key="forslagsgruppe",
        not_restored=_("Correct the name where the proposals are edited."),
        visible=_in_clusters(ProposalGroup),
        without=CLUSTER,
        places=OF_CLUSTER,
    )
    registry.register(
        SourceDocument,
        key="kilde",
        not_restored=_("It restates a document as that stands."),
        visible=_in_clusters(SourceDocument),
        without=CLUSTER,
        places=OF_CLUSTER,
    )


def _register_editions() -> None:
    registry.register(
        EditionText,
        key="udgavetekst",
        visible=lambda user: EditionText.objects.filter(
            edition__in=Edition.objects.visible_to(user)
        ).select_related("edition__cluster"),
        without={"edition": registry.PARENT},
        restoring=registry.Restoring(
            ("introduction", "conclusion"),
            lambda user: EditionText.objects.filter(
                edition__withdrawn_at=None,
                edition__cluster__in=Cluster.objects.coordinated_by(user),
            ),
        ),
        places=OF_EDITION,
        titled="edition__title",
    )
    registry.register(
        ReadLink,
        key="laeselink",
        not_restored=_("A right is given anew, never put back."),
        # A link is its coordinators' own: readers of the cluster need none.
        visible=lambda user: ReadLink.objects.filter(
            edition__cluster__in=Cluster.objects.coordinated_by(user)
        ).select_related("edition__cluster"),
        without={
            "edition": registry.PARENT,
            "token_hash": "What opens the edition is shown to nobody.",
            "opened_count": "Counted, not written: it changes without a save.",
            "last_opened_at": "Counted, not written: it changes without a save.",
            "created_at": "The first entry has its time.",
            "created_by": registry.BY_WHOM,
        },
        places=OF_EDITION,
        own_rules=True,
    )
