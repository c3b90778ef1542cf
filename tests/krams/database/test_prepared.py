"""A query that is put together once finds the same as one that is built each time."""

import datetime as dt
from inspect import signature

import pytest
import time_machine
from django.db.models import Count, Q, QuerySet
from django.utils import timezone

from krams.database.prepared import prepared
from krams.enums import AuthorityKind
from krams.models import Authority, User

pytestmark = pytest.mark.django_db


@pytest.fixture
def authorities():
    rows = [("Aalborg", "2020-01-01"), ("Hjørring", "2021-01-01"), ("Rebild", None)]
    return [
        Authority.objects.create(
            kind=AuthorityKind.MUNICIPALITY,
            name=name,
            official_name=f"{name} Kommune",
            slug=name.lower().replace("ø", "oe"),
            valid_from=since,
        )
        for name, since in rows
    ]


def counting(build):
    """The function and how often it built its queryset."""
    calls = []

    def counted(*args, **kwargs):
        calls.append(kwargs)
        return build(*args, **kwargs)

    counted.__signature__ = signature(build)
    return prepared(counted), calls


def names(rows):
    return sorted(row.name for row in rows)


def test_one_building_serves_all_values(authorities, django_assert_num_queries):
    def build(slug: str) -> QuerySet[Authority]:
        return Authority.objects.filter(slug=slug)

    query, calls = counting(build)
    with django_assert_num_queries(3):
        assert names(query("aalborg")) == ["Aalborg"]
        assert names(query(slug="rebild")) == ["Rebild"]
        assert query("nowhere") == []
    assert len(calls) == 1


def test_rows_keys_dates_and_times_are_bound(authorities):
    @prepared
    def query(one: Authority, pk: int, day: dt.date, now: dt.datetime) -> QuerySet[Authority]:
        return Authority.objects.filter(
            Q(pk=one) | Q(pk=pk), Q(valid_from__lte=day) | Q(valid_from=None)
        ).exclude(departments__updated_at__gt=now)

    first, second, third = authorities
    now, day = timezone.now(), dt.date(2020, 6, 1)
    assert names(query(first, third.pk, day, now)) == ["Aalborg", "Rebild"]
    assert names(query(second, third.pk, day, now)) == ["Rebild"]
    assert names(query(second, third.pk, dt.date(2022, 1, 1), now)) == ["Hjørring", "Rebild"]


@pytest.mark.parametrize("kind", [list, tuple, set, frozenset])
def test_lists_of_any_length(authorities, kind):
    def build(pks: list[int], slugs: list[str]) -> QuerySet[Authority]:
        return Authority.objects.filter(pk__in=pks).exclude(slug__in=slugs)

    query, calls = counting(build)
    pks = [one.pk for one in authorities]
    assert names(query(kind(pks), kind(["rebild"]))) == ["Aalborg", "Hjørring"]
    assert names(query(kind(pks[:1]), kind(["rebild", "hjoerring"]))) == ["Aalborg"]
    assert len(calls) == 1
    # Nothing is in an empty list, and leaving nothing out leaves all.
    assert query(kind(), kind(["rebild"])) == []
    assert names(query(kind(pks), kind())) == ["Aalborg", "Hjørring", "Rebild"]


def test_choices_flags_and_nothing_decide_the_shape(authorities):
    def build(user: User, kind: AuthorityKind, since: dt.date | None) -> QuerySet[Authority]:
        found = Authority.objects.filter(kind=kind)
        if since is not None:
            found = found.filter(valid_from__gte=since)
        return found if user.is_superuser else found.none()

    query, calls = counting(build)
    admin, somebody = User(pk=1, is_superuser=True), User(pk=2)
    municipality, region = AuthorityKind.MUNICIPALITY, AuthorityKind.REGION
    assert len(query(admin, municipality, None)) == 3
    assert len(query(admin, municipality, dt.date(2021, 1, 1))) == 1
    assert query(admin, region, None) == []
    assert query(somebody, municipality, None) == []
    assert len(calls) == 4
    assert len(query(User(pk=3, is_superuser=True), municipality, None)) == 3
    assert len(calls) == 4


def test_what_is_asked_of_today_is_asked_anew_each_day(authorities):
    @prepared
    def query(kind: AuthorityKind) -> QuerySet[Authority]:
        return Authority.objects.valid_on().filter(kind=kind)

    with time_machine.travel("2020-06-01T12:00+02:00", tick=False):
        assert names(query(AuthorityKind.MUNICIPALITY)) == ["Aalborg", "Rebild"]
    with time_machine.travel("2021-06-01T12:00+02:00", tick=False):
        assert names(query(AuthorityKind.MUNICIPALITY)) == ["Aalborg", "Hjørring", "Rebild"]


def test_every_kind_of_rows(authorities, django_assert_num_queries):
    @prepared
    def pairs(slug: str) -> QuerySet[Authority, tuple]:
        return Authority.objects.filter(slug=slug).values_list("name", "valid_from")

    @prepared
    def flat(slug: str) -> QuerySet[Authority, str]:
        return Authority.objects.filter(slug=slug).values_list("name", flat=True)

    @prepared
    def dicts(slug: str) -> QuerySet[Authority, dict]:
        return Authority.objects.filter(slug=slug).values("slug").annotate(n=Count("pk"))

    @prepared
    def both(one: str, other: str) -> QuerySet[Authority, tuple]:
        found = Authority.objects.values_list("name", flat=True).order_by()
        return found.filter(slug=one).union(found.filter(slug=other), all=True).order_by("name")

    @prepared
    def fetched(slug: str) -> QuerySet[Authority]:
        return Authority.objects.filter(slug=slug).prefetch_related("departments")

    assert pairs("aalborg") == [("Aalborg", dt.date(2020, 1, 1))]
    assert flat("hjoerring") == ["Hjørring"]
    assert dicts("rebild") == [{"slug": "rebild", "n": 1}]
    # Aa is å, the last letter.
    assert both("aalborg", "rebild") == ["Rebild", "Aalborg"]
    with django_assert_num_queries(2):
        [row] = fetched("aalborg")
        assert list(row.departments.all()) == []


def test_what_cannot_be_prepared_is_refused(authorities):
    @prepared
    def query(value: object) -> QuerySet[Authority]:
        return Authority.objects.filter(name=value)

    @prepared
    def reckoning(day: dt.date) -> QuerySet[Authority]:
        return Authority.objects.filter(valid_from__gte=day - dt.timedelta(days=1))

    @prepared
    def looking(one: Authority) -> QuerySet[Authority]:
        return Authority.objects.filter(name=one.name)

    with pytest.raises(TypeError, match="no parameter"):
        query(object())
    with pytest.raises(TypeError, match="work it out first"):
        reckoning(dt.date(2020, 1, 1))
    with pytest.raises(AttributeError):
        looking(authorities[0])
