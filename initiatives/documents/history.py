"""What the history tells of initiatives and policies."""

from django.db.models import Q, QuerySet

from krams.history import registry
from krams.history.queries import Lines

from ..access import municipalities_kept_by, municipalities_seen_by
from ..models import (
    AttentionPoint,
    EconomyLine,
    FactorText,
    Initiative,
    Policy,
    PolicyGoal,
    SectionChange,
)
from .actions.restoring import TEXTS, restore_policy, restore_texts
from .journal import LOCAL
from .sections import BY_SLUG, beside_fields, in_words


def _its_initiative(row: FactorText | EconomyLine | AttentionPoint) -> QuerySet[Initiative]:
    """A section is saved under the version of the initiative."""
    return Initiative.objects.filter(pk=row.initiative_id)


def _parts(records: list[registry.Record]) -> list[registry.Beside | None]:
    """What a save made of goals, texts per factor and lines: each is of one section."""
    journal = {
        one.version: one
        for one in SectionChange.objects.filter(
            initiative=records[0].id, version__in=[record.version for record in records]
        )
    }
    return [_part(journal.get(record.version)) for record in records]


def _part(change: SectionChange | None) -> registry.Beside | None:
    section = BY_SLUG.get(change.section) if change else None
    if change is None or section is None:
        return None
    old, new = (
        beside_fields(section, in_words(section.slug, text))
        for text in (change.before, change.after)
    )
    return None if old == new else (str(section.title), old, new)


def register() -> None:
    of_initiative = {"facility": "initiative__facility", "department": "initiative__department"}
    for model in (FactorText, EconomyLine, AttentionPoint):
        registry.register_texts(model, places=of_initiative, counts_up=_its_initiative)
    registry.register_texts(SectionChange, places=of_initiative)
    # What a facility itself does there, and the journal of it.
    registry.register_texts(FactorText, places={"facility": "facility"}, counts_up=_its_initiative)
    registry.register_texts(
        SectionChange, places={"facility": "initiative__facilities"}, where=Q(section=LOCAL)
    )
    registry.register_texts(PolicyGoal, places={"authority": "policy__municipality"})
    registry.register(
        Initiative,
        key="indsats",
        visible=Initiative.objects.visible_to,
        without={"department": registry.PARENT, "copied_from": registry.ORIGIN},
        beside=_parts,
        places={"facility": "facility", "department": "department"},
        restoring=registry.Restoring(TEXTS, Initiative.objects.editable_by, restore_texts),
    )
    registry.register(
        Policy,
        key="politik",
        visible=lambda user: Policy.objects.filter(
            municipality__in=municipalities_seen_by(user)
        ).select_related("municipality"),
        without={"municipality": registry.PARENT},
        lines=Lines(PolicyGoal, of="policy", text="text"),
        places={"authority": "municipality"},
        restoring=registry.Restoring(
            ("title",),
            lambda user: Policy.objects.filter(municipality__in=municipalities_kept_by(user)),
            restore_policy,
        ),
    )
