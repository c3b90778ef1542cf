"""Makes the whole country in one transaction, or nothing of it."""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass

from django.db import transaction
from django.db.models import Model
from django.utils import translation
from django.utils.translation import gettext as _

from initiatives.models import Activity
from initiatives.seed import load_activity_types
from krams.models import Facility, User
from krams.organisations.actions.structure import load_structure
from krams.search.actions import rebuild_all

from ..plans import lines_of
from ..weeks import Place
from .bare_tables import bare_tables
from .columns import chosen_clusters
from .country import Country, Order
from .figures import make_figures
from .initiatives import make_initiative, make_policies
from .log import how_far_back, make_log
from .matrices import make_matrix, make_themes
from .meetings import make_follow_ups, make_meetings
from .places import make_places, make_types
from .plans import make_plans, place_of
from .store import Store, tidy_up

# Fewer a week no facility registers; so far back its plans are thought out before they are counted.
LEAST_A_WEEK = 5


class NotEmpty(Exception):
    """The database holds facilities already: somebody's, or those of another country."""


@dataclass(frozen=True, slots=True)
class Made:
    """How many rows were written to which table, and one person a role at the first facility.

    ``log_ins`` are those of the first facility, its department, municipality and cluster.
    """

    country: Country
    written: dict[type[Model], int]
    log_ins: list[User]


def make_country(order: Order, tell: Callable[[str], None]) -> Made:
    """Make it; ``tell`` hears what is being made.

    Raises :class:`NotEmpty`, ``TooLong`` and ``TooFewClusters``.
    """
    with transaction.atomic():
        if Facility.objects.exists():
            raise NotEmpty
        # What is stored is Danish, whatever the language of who asked for it.
        with translation.override("da"):
            made = _make(order, tell)
    tidy_up()
    return made


def _make(order: Order, tell: Callable[[str], None]) -> Made:
    load_structure()
    load_activity_types()
    weeks, surplus = _how_far_back(order)
    this_monday = order.today - dt.timedelta(days=order.today.isoweekday() - 1)
    country = Country(order, Store(), this_monday - dt.timedelta(weeks=weeks), weeks, surplus)
    country.clusters = chosen_clusters(country)
    tell(_("Places and people …"))
    log_ins = make_places(country)
    make_types(country)
    tell(_("Initiatives, weekly plans, figures and meetings …"))
    places = _make_the_krams_half(country)
    tell(_("Matrices …"))
    themes = make_themes(country)
    for cluster in country.clusters:
        make_matrix(country, cluster, themes)
        country.store.flush()
    tell(_("Registrations …"))
    with bare_tables(Activity, Activity.history.model):
        make_log(country, places)
        country.store.flush()
    country.store.finish()
    tell(_("The search …"))
    rebuild_all()
    written = {model: table.written for model, table in country.store.tables.items()}
    return Made(country, written, log_ins)


def _make_the_krams_half(country: Country) -> list[Place]:
    """All but the log; returns the facilities as the log knows them."""
    policies = make_policies(country)
    places = []
    for branch in country.branches:
        make_initiative(country, branch, *policies[branch.department.municipality_id])
        make_follow_ups(country, branch)
        for site in branch.sites:
            place = place_of(country, branch, site)
            make_plans(country, branch, site, place)
            make_figures(country, branch, site)
            make_meetings(country, site)
            places.append(place)
    return places


def _how_far_back(order: Order) -> tuple[int, int]:
    """By the weekly plans alone: they are the same wherever the facilities lie."""
    farthest = order.activities // (order.facilities * LEAST_A_WEEK) + 4
    places = [
        Place(number, 0, lines_of(order.seed, number, farthest), {}, {}, ())
        for number in range(1, order.facilities + 1)
    ]
    last_weekday = order.today.isoweekday()
    return how_far_back(places, order.activities, seed=order.seed, last_weekday=last_weekday)
