"""Makes the whole country in one transaction, or nothing of it."""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass

from django.db import transaction
from django.db.models import Model

from initiatives.seed import load_activity_types
from krams.models import Facility
from krams.organisations.actions.structure import load_structure

from ..plans import lines_of
from ..weeks import Place
from .columns import chosen_clusters
from .country import Country, Order
from .figures import make_figures
from .initiatives import make_initiative, make_policies
from .log import how_far_back, make_log
from .matrices import make_matrix, make_themes
from .meetings import make_follow_ups, make_meetings
from .places import make_places, make_types
from .plans import make_plans, place_of
from .store import Store, check_foreign_keys_now, count_rows_for_plans

# Fewer a week no facility registers; so far back its plans are thought out before they are counted.
LEAST_A_WEEK = 5


class NotEmpty(Exception):
    """The database holds facilities already: somebody's, or those of another country."""


@dataclass(frozen=True, slots=True)
class Made:
    """How many rows stand in which table, and who may log in to see what."""

    country: Country
    written: dict[type[Model], int]


def make_country(order: Order, tell: Callable[[str], None]) -> Made:
    """Make it; ``tell`` hears what is being made. Raises :class:`NotEmpty` and ``TooLong``."""
    with transaction.atomic():
        if Facility.objects.exists():
            raise NotEmpty
        made = _make(order, tell)
    count_rows_for_plans()
    return made


def _make(order: Order, tell: Callable[[str], None]) -> Made:
    load_structure()
    load_activity_types()
    weeks, surplus = _how_far_back(order)
    this_monday = order.today - dt.timedelta(days=order.today.isoweekday() - 1)
    country = Country(order, Store(), this_monday - dt.timedelta(weeks=weeks), weeks, surplus)
    country.clusters = chosen_clusters(order)
    tell("Steder og personer")
    make_places(country)
    make_types(country)
    policies = make_policies(country)
    pairs = [(branch, site) for branch in country.branches for site in branch.sites]
    tell("Indsatser, ugeplaner, målinger og møder")
    for branch in country.branches:
        make_initiative(country, branch, *policies[branch.department.municipality_id])
        make_follow_ups(country, branch)
    places = []
    for branch, site in pairs:
        place = place_of(country, branch, site)
        make_plans(country, branch, site, place)
        make_figures(country, branch, site)
        make_meetings(country, site)
        places.append(place)
    tell("Klyngernes skemaer")
    themes = make_themes(country)
    for cluster in country.clusters:
        make_matrix(country, cluster, themes)
    country.store.flush()
    check_foreign_keys_now()
    tell("Registreringer")
    make_log(country, places)
    country.store.finish()
    return Made(country, {one: table.written for one, table in country.store.tables.items()})


def _how_far_back(order: Order) -> tuple[int, int]:
    """By the weekly plans alone: they are the same wherever the facilities lie."""
    farthest = order.activities // (order.facilities * LEAST_A_WEEK) + 4
    places = [
        Place(number, 0, lines_of(order.seed, number, farthest), {}, {}, ())
        for number in range(1, order.facilities + 1)
    ]
    last_weekday = order.today.isoweekday()
    return how_far_back(places, order.activities, seed=order.seed, last_weekday=last_weekday)
