"""A cluster whose members lie in its region, on a day of 2026, and the forms of its set-up."""

import datetime as dt
import uuid

import pytest
from django.urls import reverse

from krams.models import RegionMembership, User

TODAY = dt.date(2026, 11, 21)


@pytest.fixture
def today_in_2026(time_machine):
    time_machine.move_to(dt.datetime(2026, 11, 21, 9, tzinfo=dt.UTC), tick=False)


@pytest.fixture
def in_the_region(today_in_2026, region, municipality, other_municipality):
    for one in (municipality, other_municipality):
        RegionMembership.objects.create(municipality=one, region=region)


@pytest.fixture
def superuser(db):
    return User.objects.create_superuser("super@proeve.example", "x", name="Administrator")


def at(name: str, cluster, *more) -> str:
    return reverse(f"clusters:{name}", args=[cluster.slug, *more])


def new_form(its_region, *members, **fields) -> dict:
    return {
        "name": "Klynge Østerå",
        "slug": "",
        "kind": "health_cluster",
        "region": its_region.pk,
        "valid_from": "01.12.2026",
        "valid_until": "",
        "confirmation_interval_months": "6",
        "authorities": [one.pk for one in members],
        "submission_id": str(uuid.uuid4()),
    } | fields


def facts(cluster, **fields) -> dict:
    return {
        "name": cluster.name,
        "slug": cluster.slug,
        "kind": cluster.kind,
        "region": cluster.region_id,
        "valid_from": "",
        "valid_until": "",
        "confirmation_interval_months": "6",
        "version": cluster.version,
    } | fields


def proposal_form(own_group, **fields) -> dict:
    return {
        "number": "7",
        "title": "Et nyt forslag",
        "group": own_group.pk,
        "concerned": "all",
        "source": "",
        "submission_id": str(uuid.uuid4()),
    } | fields
