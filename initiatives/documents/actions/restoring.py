"""The texts of an initiative as an earlier version had them, section by section."""

from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from krams.history.actions.locking import StaleVersion
from krams.history.queries import standing_rows
from krams.history.registry import Record, Restored
from krams.models import Facility, User

from ...access import municipalities_kept_by
from ...enums import Factor
from ...models import (
    AttentionPoint,
    EconomyLine,
    FactorText,
    Initiative,
    Policy,
    PolicyGoal,
    SectionChange,
)
from ..queries.document import read_document
from ..sections import ATTENTION, ECONOMY, FACTORS, GOALS, SECTIONS, Section
from .policies import GoalInUse, TitleTaken, edit_policy
from .sections import save_section

# What somebody has written; the policy, dates and status were decided.
TEXTS = (
    *("title", "introduction", "purpose", "target_group", "actors", "timeline", "economy"),
    *("criteria_note", "follow_up"),
)


POINT = ("text", "factor", "follow_up_on", "closed_on")
GOALS_SLUG = next(section.slug for section in SECTIONS if section.part == GOALS)


@transaction.atomic
def restore_texts(
    *, record: Record, version: int, values: dict[str, Any], by: User, reason: str
) -> Restored:
    """Each section whose text was another is saved as a change of its own, and the journal says so.

    The texts of the factors, the goals that it served, and the lines of costs and of what to keep
    an eye on come along, costs as far as ``_costs_then`` says. Criteria stay as they are: they
    carry measurements, and each has its own history. Raises ``PermissionDenied`` and
    ``StaleVersion``.
    """
    mine = Initiative.objects.editable_by(by).select_for_update(of=("self",))
    current = mine.filter(pk=record.id).first()
    if current is None:
        raise PermissionDenied
    if current.version != version:
        raise StaleVersion(current)
    _costs, lacking = _costs_then(current, record)
    for section in SECTIONS:
        wanted = read_document(current).values(section) | _then(current, section, record, values)
        current = save_section(
            initiative=current,
            section=section,
            version=current.version,
            values=wanted,
            reason=reason,
            by=by,
        )
    text = _("The cost “%(what)s” did not come back: its facility has left the department.")
    return Restored(current, tuple(text % {"what": what} for what in lacking))


def _then(
    initiative: Initiative, section: Section, record: Record, values: dict[str, Any]
) -> dict[str, Any]:
    texts = {name: values[name] for name in section.fields if name in values}
    if section.part == FACTORS:
        texts |= {f"factor_{factor.value}": _text_of(record, factor) for factor in Factor}
    elif section.part == GOALS:
        goals = _goals_then(initiative, record)
        texts |= {} if goals is None else {"goals": goals}
    elif section.part == ECONOMY:
        texts["rows"], _lacking = _costs_then(initiative, record)
    elif section.part == ATTENTION:
        there = set(initiative.attention_points.values_list("pk", flat=True))
        texts["rows"] = [
            {
                "id": one.id if one.id in there else None,
                **{name: getattr(one, name) for name in POINT},
            }
            for one in _lines_then(AttentionPoint, record)
        ]
    return texts


def _costs_then(initiative: Initiative, record: Record) -> tuple[list[dict[str, Any]], list[str]]:
    """The lines of costs to save, and what those were for that could not come back.

    A line names what its form would offer: a facility of the department, or one that a line names
    today. Without its facility it would be a cost of all of them, so it stays as it is today.
    """
    standing = {one.pk: one for one in initiative.economy_lines.all()}
    named = {one.facility_id for one in standing.values()}
    own = Q(department=initiative.department_id) | Q(pk__in=named - {None})
    places = {one.pk: one for one in Facility.objects.filter(own)}
    rows, lacking = [], []
    for then in _lines_then(EconomyLine, record):
        line = then
        if then.facility_id is not None and then.facility_id not in places:
            lacking.append(then.what)
            line = standing.get(then.id)
        if line is not None:
            rows.append(
                {
                    "id": then.id if then.id in standing else None,
                    "what": line.what,
                    "facility": places.get(line.facility_id),
                    "amount_dkk": line.amount_dkk,
                }
            )
    return rows, lacking


def _lines_then(model: type[EconomyLine | AttentionPoint], record: Record) -> list[Record]:
    """Lines as they stood with a version."""
    rows = model.history.filter(_until(record), initiative_id=record.id)
    found = standing_rows(list(rows.order_by("history_date", "history_id")), None).values()
    return sorted(found, key=lambda one: (one.position, one.id))


def _until(record: Record) -> Q:
    """Which rows were saved by then: a section is saved row by row, the initiative last.

    One that was copied, taken in or loaded was itself saved first, and its rows along with it.
    """
    saved = Q(history_date__lte=record.history_date)
    if record.history_type != "+":
        return saved
    along = Q(
        history_user=record.history_user_id, history_change_reason=record.history_change_reason
    )
    later = Initiative.history.filter(id=record.id, history_date__gt=record.history_date)
    if following := later.order_by("history_date", "history_id").first():
        along &= Q(history_date__lt=following.history_date)
    return saved | along


def _goals_then(initiative: Initiative, record: Record) -> list[PolicyGoal] | None:
    """The goals that the journal says were chosen then, as far as the policy still has them.

    None where the journal does not tell: nobody has chosen since.
    """
    journal = SectionChange.objects.filter(initiative=initiative, section=GOALS_SLUG)
    if last := journal.filter(version__lte=record.version).order_by("-version").first():
        told, at = last.after, last.saved_at
    elif first := journal.order_by("version").first():
        told, at = first.before, first.saved_at
    else:
        return None
    texts = {line.removeprefix("• ") for line in told.splitlines()}
    # The journal has their texts of that day; one may have another by now.
    goals = list(PolicyGoal.objects.filter(policy=initiative.policy_id))
    rows = PolicyGoal.history.filter(id__in=[one.pk for one in goals], history_date__lte=at)
    then = standing_rows(list(rows.order_by("history_date", "history_id")), None)
    return [one for one in goals if then.get(one.pk, one).text in texts]


@transaction.atomic
def restore_policy(
    *, record: Record, version: int, values: dict[str, Any], by: User, reason: str
) -> Restored:
    """The title and the goals as they stood with a version; its period stays, it was decided.

    Raises ``PermissionDenied``, ``StaleVersion``, and ``ValidationError`` where another policy has
    the title by now, or an initiative serves a goal that was not there then.
    """
    mine = Policy.objects.filter(municipality__in=municipalities_kept_by(by))
    policy = mine.select_related("municipality").filter(pk=record.id).first()
    if policy is None:
        raise PermissionDenied
    there = set(policy.goals.values_list("pk", flat=True))
    goals = [
        {"id": one.id if one.id in there else None, "text": one.text}
        for one in _policy_goals_then(record)
    ]
    kept = {"valid_from": policy.valid_from, "valid_until": policy.valid_until}
    try:
        edited = edit_policy(
            municipality=policy.municipality,
            policy=policy,
            version=version,
            values={"title": values["title"], "goals": goals, **kept},
            by=by,
            reason=reason,
        )
    except TitleTaken as taken:
        raise ValidationError(_("Another policy has this title.")) from taken
    except GoalInUse as used:
        text = _("An initiative serves the goal “%(goal)s”, which was not there then.")
        raise ValidationError(text % {"goal": used.goal}) from used
    return Restored(edited)


def _policy_goals_then(record: Record) -> list[Record]:
    """A policy is saved first, its goals after it: they stand until it is saved again."""
    later = Policy.history.filter(id=record.id, history_date__gt=record.history_date)
    next_one = later.order_by("history_date").first()
    rows = PolicyGoal.history.filter(policy_id=record.id).order_by("history_date", "history_id")
    found = standing_rows(list(rows), next_one.history_date if next_one else None).values()
    return sorted(found, key=lambda one: (one.position, one.id))


def _text_of(record: Record, factor: Factor) -> str:
    """What the initiative said of a factor with a version."""
    versions = FactorText.history.filter(
        _until(record), initiative_id=record.id, factor=factor, facility=None
    )
    last = versions.order_by("-history_date", "-history_id").first()
    return last.text if last and last.history_type != "-" else ""
