"""Indicators that count the activity log: weeks, factors, and what is left out."""

import datetime as dt
from decimal import Decimal

import pytest
from django.urls import reverse

from initiatives.enums import CriterionStatus, IndicatorKind
from initiatives.figures import read_tracked
from initiatives.log_figures import weeks_since
from initiatives.models import FacilityIndicator, Indicator
from krams.enums import Role

from .criteria import make_criterion, make_initiative
from .planning import make_activity

TODAY = dt.date(2026, 11, 21)


@pytest.fixture
def followed(department, facility):
    criterion = make_criterion(make_initiative(department, facility), kind=IndicatorKind.VALUE)
    Indicator.objects.update(
        kind="log", log_measure="sessions", log_factor="M", starts_on=dt.date(2026, 10, 28)
    )
    return FacilityIndicator.objects.create(
        indicator=criterion.indicators.get(), facility=facility, baseline=0, target=2
    )


def figures(django_assert_num_queries):
    with django_assert_num_queries(2):
        (one,) = read_tracked(FacilityIndicator.objects.all(), TODAY, 5)
    return one


def test_each_complete_week_gives_a_figure(followed, facility, django_assert_num_queries):
    for day, factors, people in [
        ((2026, 11, 1), "M", 9),  # The week in which measuring begins is not complete.
        ((2026, 11, 2), "M", 4),
        ((2026, 11, 8), "KM", 3),
        ((2026, 11, 8), "K", 8),
        ((2026, 11, 10), "M", 5),
        ((2026, 11, 20), "M", 7),  # This week is not over.
    ]:
        make_activity(facility, held_on=dt.date(*day), factors=factors, participant_count=people)
    one = figures(django_assert_num_queries)
    assert [(figure.day, figure.value) for figure in one.figures] == [
        (dt.date(2026, 11, 8), Decimal(2)),
        (dt.date(2026, 11, 15), Decimal(1)),
    ]
    assert one.is_worse
    Indicator.objects.update(log_measure="participations")
    one = figures(django_assert_num_queries)
    assert [figure.value for figure in one.figures] == [Decimal(7), Decimal(5)]
    assert one.status == CriterionStatus.REACHED


def test_a_week_without_anything_is_nought(followed, django_assert_num_queries):
    one = figures(django_assert_num_queries)
    assert [figure.value for figure in one.figures] == [0, 0]


@pytest.mark.parametrize(
    ("starts_on", "today", "number"),
    [
        (dt.date(2026, 11, 16), dt.date(2026, 11, 22), 0),
        (dt.date(2026, 11, 16), dt.date(2026, 11, 23), 1),
        (dt.date(2026, 12, 28), dt.date(2027, 1, 4), 1),
        (dt.date(2020, 1, 1), dt.date(2026, 11, 21), 26),
        (dt.date(2027, 1, 1), dt.date(2026, 11, 21), 0),
    ],
)
def test_weeks_are_complete_also_over_new_year(starts_on, today, number):
    assert len(weeks_since(starts_on, today)) == number


def test_nobody_enters_what_is_counted(login, make_user, followed, facility, department):
    desk = login(make_user(Role.MANAGER, department=department))
    indicator = followed.indicator
    place = [department.slug, indicator.criterion_id, facility.slug]
    add = reverse("initiatives:measurement-add", args=[*place, indicator.pk])
    assert desk.get(add).status_code == 404
    page = desk.get(reverse("initiatives:criterion", args=place)).content.decode()
    assert add not in page
