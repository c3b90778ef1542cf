"""Writes to a municipality's policies and their goals.

They are kept by those who keep its activity types: managers and administrators of the municipality
or of one of its departments.
"""

import uuid
from typing import Any

from django.db import transaction

from krams.danish.names import find_look_alike
from krams.history.actions.locking import StaleVersion, lock, save_kept, save_version
from krams.models import Authority, User

from ...access import municipalities_kept_by
from ...models import Policy, PolicyGoal
from .life_cycle import SentElsewhere


class TitleTaken(Exception):
    """The municipality has a policy of that title; ``policy`` is it."""

    def __init__(self, policy: Policy) -> None:
        super().__init__(f"title of {policy.pk}")
        self.policy = policy


class GoalInUse(Exception):
    """An initiative serves the goal that was to be removed; ``goal`` is it."""

    def __init__(self, goal: PolicyGoal) -> None:
        super().__init__(f"goal {goal.pk}")
        self.goal = goal


@transaction.atomic
def add_policy(
    *, municipality: Authority, values: dict[str, Any], submission_id: uuid.UUID, by: User
) -> Policy:
    """Add a policy with its goals; the same form sent twice adds one.

    Raises ``Authority.DoesNotExist`` (not allowed), ``TitleTaken`` and ``SentElsewhere``.
    """
    municipality = _kept(municipality, by)
    if sent := Policy.objects.filter(submission_id=submission_id).first():
        if sent.municipality_id != municipality.pk:
            raise SentElsewhere
        return sent
    policy = Policy(municipality=municipality, submission_id=submission_id)
    _write(policy, values, by)
    return policy


@transaction.atomic
def edit_policy(
    *,
    municipality: Authority,
    policy: Policy,
    version: int,
    values: dict[str, Any],
    by: User,
    reason: str = "",
) -> Policy:
    """Change title, period and goals. What says nothing new saves nothing.

    Raises ``DoesNotExist``, ``StaleVersion``, ``TitleTaken`` and ``GoalInUse``.
    """
    municipality = _kept(municipality, by)
    try:
        current = lock(municipality.policies, version=version, pk=policy.pk)
    except StaleVersion as stale:
        saved: Policy = stale.current
        if not _says_the_same(saved, values):
            raise
        return saved
    if not _says_the_same(current, values):
        _write(current, values, by, reason)
    return current


def goals_of(policy: Policy) -> list[dict[str, Any]]:
    """The goals in the shape of the form's rows."""
    return [{"id": goal.pk, "text": goal.text} for goal in policy.goals.all()]


def _kept(municipality: Authority, by: User) -> Authority:
    mine = municipalities_kept_by(by)
    return mine.select_for_update(of=("self",), no_key=True).get(pk=municipality.pk)


def _says_the_same(policy: Policy, values: dict[str, Any]) -> bool:
    plain = [goal["text"] for goal in values["goals"]]
    fields = ("title", "valid_from", "valid_until")
    return all(getattr(policy, name) == values[name] for name in fields) and plain == [
        goal.text for goal in policy.goals.all()
    ]


def _write(policy: Policy, values: dict[str, Any], by: User, reason: str = "") -> None:
    others = policy.municipality.policies.exclude(pk=policy.pk)
    if twin := find_look_alike(others, "title", values["title"]):
        raise TitleTaken(twin)
    for name in ("title", "valid_from", "valid_until"):
        setattr(policy, name, values[name])
    save_version(policy, by=by, reason=reason)
    standing = {goal.pk: goal for goal in policy.goals.all()}
    for position, row in enumerate(values["goals"], start=1):
        goal = standing.pop(row["id"], None) or PolicyGoal(policy=policy)
        if (goal.position, goal.text) != (position, row["text"]):
            goal.position, goal.text = position, row["text"]
            save_kept(goal, by=by)
    for goal in standing.values():
        if goal.initiatives.exists():
            raise GoalInUse(goal)
        goal._history_user = by
        goal.delete()
