"""Indicators that count the activity log: weeks, factors, and what is left out."""

import datetime as dt
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from initiatives.criteria.queries.counted_in_log import weeks_since
from initiatives.criteria.queries.figures import tracked_of, tracked_rows
from initiatives.enums import CriterionStatus, IndicatorKind
from initiatives.models import FacilityIndicator, Indicator
from krams.enums import Role
from krams.models import Facility

from ..making_criteria import make_criterion, make_initiative
from ..planning import make_activity

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
        (one,) = tracked_of(list(tracked_rows(FacilityIndicator.objects.all())), TODAY, 5)
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
    # One time more or less is no change.
    assert not one.is_worse
    Indicator.objects.update(log_measure="participations")
    one = figures(django_assert_num_queries)
    assert [figure.value for figure in one.figures] == [Decimal(7), Decimal(5)]
    # Of the first week 4 + 3: two activities for different factors, few people each.
    assert [one.hides(figure) for figure in one.figures] == [True, True]
    make_activity(facility, held_on=dt.date(2026, 11, 3), participant_count=6)
    make_activity(facility, held_on=dt.date(2026, 11, 3), participant_count=5, factors="KM")
    one = figures(django_assert_num_queries)
    assert one.is_worse
    assert one.status == CriterionStatus.REACHED


def test_a_week_without_a_log_is_no_data_and_one_of_cancellations_is_nought(
    followed, facility, django_assert_num_queries
):
    """Without a plan, on pause, or with nothing written down: nobody can say how much was held."""
    one = figures(django_assert_num_queries)
    assert (one.figures, one.status) == ((), CriterionStatus.NO_DATA)
    make_activity(facility, held_on=dt.date(2026, 11, 4), outcome="cancelled")
    make_activity(facility, held_on=dt.date(2026, 11, 5), participant_count=0)
    one = figures(django_assert_num_queries)
    assert [(figure.day, figure.value) for figure in one.figures] == [(dt.date(2026, 11, 8), 0)]


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


def test_every_facility_that_takes_part_has_its_counts(login, make_user, department, facility):
    """Neither a baseline nor a target is needed: the log is there."""
    second = Facility.objects.create(department=department, name="Skovly", slug="skovly")
    initiative = make_initiative(department, facility, second)
    criterion = make_criterion(initiative, kind=IndicatorKind.VALUE)
    Indicator.objects.update(
        kind="log", log_measure="sessions", log_factor="M", starts_on=dt.date(2026, 1, 1)
    )
    indicator = criterion.indicators.get()
    FacilityIndicator.objects.create(indicator=indicator, facility=facility, baseline=0, target=2)
    last_week = timezone.localdate() - dt.timedelta(weeks=1)
    for _time in range(3):
        make_activity(second, held_on=last_week)
    desk = login(make_user(Role.MANAGER, department=department))
    [table] = desk.get(reverse("initiatives:overview", args=[department.slug])).context["tables"]
    shown = {
        row.name: [figure.value for one in row.cells[0].tracked for figure in one.figures]
        for row in table.rows
    }
    assert shown == {"Bakkehuset": [], "Skovly": [3]}
    place = [department.slug, criterion.pk, "skovly"]
    page = desk.get(reverse("initiatives:criterion", args=place))
    [part] = page.context["page"].parts
    assert (part.tracked.latest.value, part.tracked.status) == (3, None)
    assert page.context["page"].computed is None
    assert "Sæt udgangspunkt og målværdi" in page.content.decode()
    assert not FacilityIndicator.objects.filter(facility=second).exists()


def test_two_counts_of_one_criterion_stand_once_each(login, make_user, department, facility):
    criterion = make_criterion(make_initiative(department, facility), indicators=2)
    Indicator.objects.update(kind="log", log_measure="sessions", log_factor="M", unit="")
    Indicator.objects.create(
        criterion=criterion,
        position=3,
        name="Taget af",
        kind="log",
        direction="more",
        log_measure="sessions",
        log_factor="M",
        starts_on=dt.date(2026, 1, 1),
        retired=True,
    )
    desk = login(make_user(Role.MANAGER, department=department))
    [table] = desk.get(reverse("initiatives:overview", args=[department.slug])).context["tables"]
    [row] = table.rows
    [cell] = row.cells
    assert [one.name for one in cell.tracked] == ["Måltal 1.1", "Måltal 1.2"]


def test_counts_cost_one_query_more_at_many_facilities(login, make_user, department, facility):
    initiative = make_initiative(department, facility)
    make_criterion(initiative)
    Indicator.objects.update(kind="log", log_measure="sessions", log_factor="M")
    desk = login(make_user(Role.MANAGER, department=department))

    def queries():
        with CaptureQueriesContext(connection) as captured:
            desk.get(reverse("initiatives:overview", args=[department.slug]))
        return len(captured)

    few = queries()
    for number in range(20):
        house = Facility.objects.create(
            department=department, name=f"Hus {number}", slug=f"hus-{number}"
        )
        initiative.facilities.add(house)
    assert queries() == few <= 8
