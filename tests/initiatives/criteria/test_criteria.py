"""The guide through criteria: what is measured, a facility's own target, and figures corrected."""

import uuid

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from initiatives.models import Measurement, SuccessCriterion
from krams.enums import Role

from ..making_criteria import (
    figure_url,
    make_criterion,
    make_initiative,
    measure,
    measured,
    target_url,
    url,
)

pytestmark = pytest.mark.django_db
CPR = "010203-1234"


def criterion_data(**values) -> dict:
    return {
        "title": "Flere er med i fysiske aktiviteter",
        "short_title": "Motion",
        "factors": ["M"],
        "description": "",
        "version": 1,
        "submission_id": str(uuid.uuid4()),
        **values,
    }


# --- Criteria -------------------------------------------------------------------------------------


def test_a_criterion_is_added_once_and_stands_in_the_document(desk, initiative):
    sent = criterion_data()
    for _time in range(2):
        assert desk.post(url("criterion-new", initiative.pk), sent).status_code == 302
    mine = initiative.criteria.get()
    assert (mine.number, mine.title, mine.factors) == (1, sent["title"], "M")
    assert sent["title"] in desk.get(initiative.get_absolute_url()).content.decode()
    change = initiative.changes.get()
    assert (change.section, change.version, change.before) == ("succeskriterier", 2, "")
    assert "[Motion] (M)" in change.after


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"title": ""}, "title"),
        ({"title": "   "}, "title"),
        ({"title": "x" * 301}, "title"),
        ({"title": f"a {CPR}"}, "title"),
        ({"short_title": ""}, "short_title"),
        ({"short_title": "a\x07"}, "short_title"),
        ({"factors": []}, "factors"),
        ({"factors": ["Q"]}, "factors"),
        ({"description": "x" * 2001}, "description"),
        ({"submission_id": "1"}, "submission_id"),
    ],
)
def test_bad_criteria_are_refused_at_the_field(desk, initiative, values, field):
    sent = criterion_data(**values)
    response = desk.post(url("criterion-new", initiative.pk), sent)
    assert response.status_code == 422
    assert list(response.context["form"].errors) == [field]
    assert response.context["form"]["title"].value() == sent["title"]
    assert not SuccessCriterion.objects.exists()


def test_a_criterion_is_edited_under_its_version(desk, initiative, criterion):
    where = url("criterion-edit", initiative.pk, criterion.pk)
    assert desk.post(where, criterion_data(title="Deres ord")).status_code == 302
    mine = criterion_data(title="Mine ord")
    response = desk.post(where, mine)
    assert response.status_code == 409
    html = response.content.decode()
    assert "Deres ord" in html
    assert "Mine ord" in html
    again = mine | {"version": response.context["form"]["version"].value()}
    assert desk.post(where, again).status_code == 302
    criterion.refresh_from_db()
    assert (criterion.title, criterion.version) == ("Mine ord", 3)
    for version in ("abc", "", "1" + "0" * 30):
        assert desk.post(where, mine | {"version": version}).status_code == 422


def test_criteria_are_put_in_order(desk, initiative):
    rows = [make_criterion(initiative, number) for number in (1, 2, 3)]

    def move(row, place):
        return desk.post(url("criterion-move", initiative.pk, row.pk), {"place": place})

    def order():
        return list(initiative.criteria.values_list("pk", flat=True))

    assert move(rows[2], 1).status_code == 302
    assert order() == [rows[2].pk, rows[0].pk, rows[1].pk]
    assert move(rows[2], 999).status_code == 302
    assert order() == [row.pk for row in rows]
    assert list(initiative.criteria.values_list("number", flat=True)) == [1, 2, 3]
    assert initiative.changes.count() == 2
    for place in (0, -1, "x", 10**30, ""):
        assert move(rows[0], place).status_code == 422


def test_a_retired_criterion_keeps_its_figures_and_comes_back_last(desk, initiative, facility):
    first, second = make_criterion(initiative), make_criterion(initiative, 2)
    measure(facility, first.indicators.get(), (3, 10))
    where = url("criterion-retire", initiative.pk, first.pk)
    assert desk.post(where).status_code == 302
    document = desk.get(initiative.get_absolute_url()).content.decode()
    assert first.title not in document
    assert second.title in document
    overview = desk.get(reverse("initiatives:overview", args=[initiative.department.slug]))
    assert f"kriterium-{first.pk}" not in overview.content.decode()
    assert Measurement.objects.count() == 1
    desk.post(url("criterion-new", initiative.pk), criterion_data())
    desk.post(where, {"tilbage": "1"})
    first.refresh_from_db()
    assert (first.retired, first.number) == (False, 4)


# --- Who may, and how much it costs ---------------------------------------------------------------


def test_who_may_do_what(
    login, make_user, initiative, criterion, indicator, facility, other_facility
):
    found = measured(facility, indicator)
    guarded = [
        url("criterion-new", initiative.pk),
        url("criterion-edit", initiative.pk, criterion.pk),
        url("indicator-new", initiative.pk, criterion.pk),
        url("indicator-edit", initiative.pk, indicator.pk),
        target_url(indicator, facility),
        figure_url("edit", found),
    ]
    posts = [
        url("criterion-move", initiative.pk, criterion.pk),
        url("criterion-retire", initiative.pk, criterion.pk),
        url("indicator-retire", initiative.pk, indicator.pk),
        figure_url("remove", found),
        figure_url("restore", found),
    ]
    for role, scope, status in [
        (Role.MANAGER, {"department": other_facility.department}, 404),
        (Role.STAFF, {"facility": facility}, 403),
        (Role.VIEWER, {"department": facility.department}, 403),
    ]:
        desk = login(make_user(role, **scope))
        assert {desk.get(where).status_code for where in guarded} == {status}
        assert {desk.post(where).status_code for where in guarded + posts} == {status}
    assert desk.get(url("criteria", initiative.pk)).status_code == 200
    assert b"/ret/" not in desk.get(url("criteria", initiative.pk)).content
    own = login(make_user(Role.MANAGER, facility=facility))
    assert {own.get(where).status_code for where in guarded[:4]} == {403}
    assert {own.get(where).status_code for where in guarded[4:]} == {200}


def test_ids_of_others_lead_nowhere(desk, department, initiative, criterion, indicator, facility):
    second = make_initiative(department, facility, title="En anden")
    assert desk.get(url("criterion-edit", second.pk, criterion.pk)).status_code == 404
    assert desk.get(url("indicator-edit", second.pk, indicator.pk)).status_code == 404
    other = make_criterion(second)
    found = measured(facility, indicator)
    place = [department.slug, other.pk, facility.slug, other.indicators.get().pk, found.pk]
    assert desk.post(url("measurement-remove", *place), {"version": 1}).status_code == 404


def test_queries_stay_the_same(desk, initiative, facility):
    def queries():
        with CaptureQueriesContext(connection) as captured:
            assert desk.get(url("criteria", initiative.pk)).status_code == 200
        return len(captured)

    make_criterion(initiative)
    few = queries()
    for number in range(2, 31):
        criterion = make_criterion(initiative, number, indicators=2)
        measure(facility, criterion.indicators.first(), (3, 10))
    assert queries() == few <= 8
