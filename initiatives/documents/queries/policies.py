"""Reads the policies of a municipality with their goals."""

from django.db.models import Count, QuerySet

from krams.database.prepared import prepared
from krams.models import Authority
from krams.people.access import one_of

from ...models import Policy, PolicyGoal


@prepared
def _policies(municipality: Authority) -> QuerySet[Policy]:
    mine = Policy.objects.filter(municipality=municipality)
    counted = mine.annotate(initiative_count=Count("initiatives", distinct=True))
    # Counting drops the order of the model.
    return counted.order_by("title", "pk")


@prepared
def _goals(municipality: Authority) -> QuerySet[PolicyGoal, tuple[int, str]]:
    mine = PolicyGoal.objects.filter(policy__municipality=municipality)
    return mine.values_list("policy_id", "text")


def read_policies(municipality: Authority) -> list[tuple[Policy, list[str]]]:
    """Policies by title, each with its goals; a policy knows its ``initiative_count``."""
    goals: dict[int, list[str]] = {}
    for policy, text in _goals(municipality):
        goals.setdefault(policy, []).append(text)
    return [(policy, goals.get(policy.pk, [])) for policy in _policies(municipality)]


@prepared
def _goals_of(municipality_id: int) -> QuerySet[PolicyGoal]:
    mine = PolicyGoal.objects.filter(policy__municipality=municipality_id)
    return mine.select_related("policy")


@prepared
def _policies_of(municipality_id: int) -> QuerySet[Policy]:
    return Policy.objects.filter(municipality=municipality_id)


def named_policies(municipality_id: int) -> tuple[list[Policy], list[PolicyGoal]]:
    """The municipality's policies and their goals, to find one by its name."""
    return _policies_of(municipality_id), _goals_of(municipality_id)


@prepared
def _policy(municipality: Authority, pk: int) -> QuerySet[Policy]:
    return Policy.objects.filter(municipality=municipality, pk=pk).order_by()


def policy_of(municipality: Authority, pk: int) -> Policy:
    """Raises ``Http404``."""
    found = one_of(_policy(municipality, pk))
    found.municipality = municipality
    return found
