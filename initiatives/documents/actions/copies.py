"""Takes an initiative over as a draft of another department or facility."""

import uuid

from django.db import transaction

from krams.history.actions.locking import save_version
from krams.models import Department, Facility, User

from ...models import EconomyLine, FactorText, Indicator, Initiative, SuccessCriterion
from .life_cycle import sent_before

_COPIED: tuple[str, ...] = (
    "introduction",
    "purpose",
    "target_group",
    "actors",
    "timeline",
    "economy",
)
_COPIED += ("criteria_note", "follow_up")


@transaction.atomic
def copy_initiative(
    *,
    source: Initiative,
    department: Department,
    facility: Facility | None,
    title: str,
    submission_id: uuid.UUID,
    by: User,
) -> Initiative:
    """Take over an initiative's texts as a draft of one's own.

    Copied are the common texts, the criteria and indicators without any facility's figures, and
    the economy lines without amounts and facilities. Policy and goals come along inside the same
    municipality. Dates, facilities, local texts, assessments and attention points do not.

    Raises ``DoesNotExist`` if ``by`` may not see ``source`` or begin one there, and
    ``SentElsewhere``.
    """
    source = Initiative.objects.visible_to(by).select_related("department").get(pk=source.pk)
    if sent := sent_before(department, facility, submission_id, by):
        return sent
    copy = Initiative(
        department=department,
        facility=facility,
        title=title,
        submission_id=submission_id,
        copied_from=source,
        **{name: getattr(source, name) for name in _COPIED},
    )
    same_municipality = department.municipality_id == source.department.municipality_id
    if same_municipality:
        copy.policy_id = source.policy_id
    save_version(copy, by=by)
    if same_municipality:
        copy.goals.set(source.goals.all())
    if facility:
        copy.facilities.add(facility)
    _copy_rows(source, copy, by)
    return copy


def _copy_rows(source: Initiative, copy: Initiative, by: User) -> None:
    for text in source.factor_texts.filter(facility=None).exclude(text=""):
        save_version(FactorText(initiative=copy, factor=text.factor, text=text.text), by=by)
    for line in source.economy_lines.all():
        save_version(EconomyLine(initiative=copy, position=line.position, what=line.what), by=by)
    criteria = source.criteria.filter(retired=False).prefetch_related("indicators")
    for number, criterion in enumerate(criteria, start=1):
        mine = SuccessCriterion(initiative=copy, number=number)
        for name in ("title", "short_title", "description", "factors"):
            setattr(mine, name, getattr(criterion, name))
        save_version(mine, by=by)
        for indicator in criterion.indicators.all():
            if not indicator.retired:
                save_version(_copied(indicator, mine), by=by)


def _copied(indicator: Indicator, criterion: SuccessCriterion) -> Indicator:
    names: tuple[str, ...] = (
        "position",
        "name",
        "kind",
        "direction",
        "unit",
        "frequency",
        "source",
    )
    names += ("about", "log_measure", "log_factor", "starts_on", "minimum", "maximum")
    values = {name: getattr(indicator, name) for name in names}
    return Indicator(criterion=criterion, **values)
