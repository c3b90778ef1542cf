"""Writes to an initiative, one section at a time."""

from typing import Any, TypeAlias

from django.db import transaction
from django.db.models import QuerySet

from krams.history.actions.locking import StaleVersion, save_version
from krams.models import User

from ...enums import Factor
from ...fields import factor_set
from ...models import AttentionPoint, EconomyLine, FactorText, Initiative, SuccessCriterion
from ..queries.document import read_document
from ..sections import ATTENTION, CRITERIA, ECONOMY, FACTORS, GOALS, Section, section_text
from .journal import locked_part, note

LineRow: TypeAlias = EconomyLine | SuccessCriterion | AttentionPoint
LINE_MODELS: dict[str, type[LineRow]] = {
    ECONOMY: EconomyLine,
    CRITERIA: SuccessCriterion,
    ATTENTION: AttentionPoint,
}


@transaction.atomic
def save_section(
    *,
    initiative: Initiative,
    section: Section,
    version: int,
    values: dict[str, Any],
    reason: str,
    by: User,
) -> Initiative:
    """Save what a section says, as ``SectionForm.values()`` gives it, and note it in the journal.

    Every save counts the initiative's version up, and the journal says which section it was. So a
    save based on an older version is stale only if this section has changed since; others may
    edit other sections. What says nothing new saves nothing, as when the form is sent twice.

    Raises ``Initiative.DoesNotExist`` if ``by`` may not edit it, and ``StaleVersion``.
    """
    current, is_stale = locked_part(initiative, section.slug, version, by)
    standing = read_document(current).values(section)
    if _comparable(standing) == _comparable(values):
        return current
    if is_stale:
        raise StaleVersion(current)
    before = section_text(section, standing)
    _write(current, section, values, by)
    save_version(current, by=by, reason=reason)
    after = section_text(section, values)
    note(current, section.slug, before=before, after=after, reason=reason, by=by)
    return current


def _comparable(values: dict[str, Any]) -> dict[str, Any]:
    """The values without the identity of lines: the same words twice are one and the same."""
    plain = dict(values)
    if "goals" in plain:
        plain["goals"] = {goal.pk for goal in plain["goals"]}
    if "rows" in plain:
        plain["rows"] = [
            {name: value for name, value in row.items() if name != "id"} for row in plain["rows"]
        ]
    return plain


def _write(initiative: Initiative, section: Section, values: dict[str, Any], by: User) -> None:
    for name in section.fields:
        setattr(initiative, name, values[name])
    if section.part == GOALS:
        initiative.goals.set([goal.pk for goal in values["goals"]])
    elif section.part == FACTORS:
        _write_factor_texts(initiative, values, by)
    elif section.has_lines:
        _write_lines(initiative, section.part, values["rows"], by)


def _write_factor_texts(initiative: Initiative, values: dict[str, Any], by: User) -> None:
    common = {row.factor: row for row in initiative.factor_texts.filter(facility=None)}
    for factor in Factor:
        text = values[f"factor_{factor.value}"]
        row = common.get(factor.value) or FactorText(initiative=initiative, factor=factor)
        if row.text != text:
            row.text = text
            save_version(row, by=by)


def _write_lines(initiative: Initiative, part: str, rows: list[dict[str, Any]], by: User) -> None:
    model = LINE_MODELS[part]
    rows_of_it: QuerySet[LineRow] = model.objects.filter(initiative=initiative)
    if part == CRITERIA:
        rows_of_it = initiative.criteria.filter(retired=False)
    standing = {row.pk: row for row in rows_of_it}
    for position, values in enumerate(rows, start=1):
        row = standing.pop(values["id"], None) or model(initiative=initiative)
        wanted = _columns(part, position, values)
        if row._state.adding or any(getattr(row, name) != value for name, value in wanted.items()):
            for name, value in wanted.items():
                setattr(row, name, value)
            save_version(row, by=by)
    if part == CRITERIA:
        # A criterion carries measurements and assessments; leaving it out does not delete it.
        return
    for row in standing.values():
        row._history_user = by
        row.delete()


def _columns(part: str, position: int, values: dict[str, Any]) -> dict[str, Any]:
    columns = {name: value for name, value in values.items() if name != "id"}
    if part == CRITERIA:
        return columns | {"factors": factor_set(columns["factors"])}
    return columns | {"position": position}
