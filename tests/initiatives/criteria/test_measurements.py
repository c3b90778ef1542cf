"""Measurements corrected, removed and brought back."""

import uuid
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction

from initiatives.enums import FigureAbout
from initiatives.models import Indicator, Measurement

from ..making_criteria import QUARTERS, figure_url, make_criterion, measure, measured, url

pytestmark = pytest.mark.django_db

CPR = "010203-1234"


def figures(version=0, **values) -> dict:
    data = {
        "baseline": "1.234,5",
        "baseline_on": "01.01.2026",
        "target": "1.500",
        "target_on": "31.12.2027",
        "version": version,
        **values,
    }
    return {f"maaltal-{name}": value for name, value in data.items()}


def correction(version=1, **values) -> dict:
    data = {
        "measured_on": "30.09.2026",
        "value": "12,5",
        "note": "",
        "version": version,
        "reason": "Talt forkert",
        **values,
    }
    return {f"maaling-{name}": value for name, value in data.items()}


def test_a_measurement_is_corrected_with_its_reason(desk, facility, indicator):
    found = measured(facility, indicator)
    where = figure_url("edit", found)
    assert desk.get(where).status_code == 200
    assert desk.post(where, correction()).status_code == 302
    found.refresh_from_db()
    assert (found.value, found.version) == (Decimal("12.5"), 2)
    assert found.history.first().history_change_reason == "Talt forkert"
    assert "Talt forkert" in desk.get(where).content.decode()
    response = desk.post(where, correction(value="13"))
    assert response.status_code == 409
    assert "12.5" in response.content.decode() or "12,5" in response.content.decode()
    again = correction(value="13", version=response.context["form"]["version"].value())
    assert desk.post(where, again).status_code == 302


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"value": "NaN"}, "value"),
        ({"value": "1e400"}, "value"),
        ({"value": ""}, "value"),
        ({"measured_on": "31.12.2025"}, "measured_on"),
        ({"measured_on": "30.06.2026"}, "measured_on"),
        ({"measured_on": "01.01.2099"}, "measured_on"),
        ({"note": CPR}, "note"),
        ({"reason": "x" * 301}, "reason"),
        ({"version": "x"}, "version"),
    ],
)
def test_bad_corrections_are_refused_at_the_field(desk, facility, indicator, values, field):
    found = measured(facility, indicator)
    response = desk.post(figure_url("edit", found), correction(**values))
    assert response.status_code == 422
    assert list(response.context["form"].errors) == [field]
    found.refresh_from_db()
    assert found.version == 1


def addition(**values) -> dict:
    sent = correction(submission_id=str(uuid.uuid4()), people="14", **values)
    return {name: value for name, value in sent.items() if name != "maaling-version"}


@pytest.fixture
def add_path(indicator, facility):
    criterion = indicator.criterion
    place = [criterion.initiative.department.slug, criterion.pk, facility.slug]
    return url("measurement-add", *place, indicator.pk)


def test_an_average_says_of_how_many_people_it_is(desk, add_path):
    assert "Hvor mange indgår?" in desk.get(add_path).content.decode()
    assert desk.post(add_path, addition()).status_code == 302
    saved = Measurement.objects.get()
    assert (saved.value, saved.people, saved.denominator) == (Decimal("12.5"), 14, None)
    page = desk.get(add_path.split("maal")[0]).content.decode()
    assert "· n 14" in page
    assert '<td class="num">14</td>' in page


@pytest.mark.parametrize("people", ["", "0", "-3", "1,5", "mange", "100000", "9" * 40])
def test_an_average_of_nobody_is_refused_at_the_field(desk, add_path, people):
    sent = addition() | {"maaling-people": people}
    response = desk.post(add_path, sent)
    assert response.status_code == 422
    html = response.content.decode()
    assert 'id="id_maaling-people_error"' in html
    assert 'value="12,5"' in html
    assert not Measurement.objects.exists()


def test_who_forgets_how_many_is_told_what_to_write(desk, add_path):
    html = desk.post(add_path, addition() | {"maaling-people": ""}).text
    told = "Skriv, hvor mange personer der indgår."
    assert " ".join(html.split()).count(told) == 2
    # Behind a question stands no colon.
    assert f"Hvor mange indgår? {told}" in " ".join(html.split())


def test_what_is_not_about_people_is_not_asked_of_how_many(desk, add_path, facility, indicator):
    measure(facility, indicator, 12, people=9)
    Indicator.objects.update(about=FigureAbout.OTHER)
    assert "Hvor mange indgår?" not in desk.get(add_path).content.decode()
    sent = addition(measured_on="01.10.2026") | {"maaling-people": ""}
    assert desk.post(add_path, sent).status_code == 302
    assert Measurement.objects.get(value="12.5").people is None
    # What was said while it was an average stays.
    found = Measurement.objects.get(value=12)
    assert desk.post(figure_url("edit", found), correction()).status_code == 302
    found.refresh_from_db()
    assert (found.value, found.people) == (Decimal("12.5"), 9)


@pytest.mark.parametrize("way", ["added", "corrected", "bad"])
def test_a_form_that_was_open_while_it_was_an_average_says_of_how_many(
    desk, add_path, facility, indicator, way
):
    """Otherwise the figure of three people would be shown as one that is about nobody."""
    found = measured(facility, indicator)
    Indicator.objects.update(about=FigureAbout.OTHER)
    where, sent = add_path, addition(measured_on="01.10.2026") | {"maaling-people": "3"}
    if way == "corrected":
        where, sent = figure_url("edit", found), correction(people="3")
    elif way == "bad":
        response = desk.post(where, sent | {"maaling-people": "tre"})
        assert response.status_code == 422
        assert 'value="tre"' in response.content.decode()
        return
    assert desk.post(where, sent).status_code == 302
    assert Measurement.objects.get(value="12.5").people == 3


def test_one_from_before_it_was_asked_for_is_corrected_without(desk, facility, indicator):
    found = measured(facility, indicator)
    where = figure_url("edit", found)
    assert desk.post(where, correction(people="")).status_code == 302
    assert desk.post(where, correction(2, people="11")).status_code == 302
    found.refresh_from_db()
    assert found.people == 11
    assert "(n = 11)" in desk.get(where).content.decode()
    response = desk.post(where, correction(3, people=""))
    assert response.status_code == 422
    assert list(response.context["form"].errors) == ["people"]
    assert [one.people for one in found.history.order_by("history_id")][-2:] == [None, 11]


def test_two_who_correct_how_many_see_both(desk, facility, indicator):
    measure(facility, indicator, 12, people=9)
    found = Measurement.objects.get()
    where = figure_url("edit", found)
    assert desk.post(where, correction(people="11")).status_code == 302
    response = desk.post(where, correction(people="13"))
    assert response.status_code == 409
    [differs] = response.context["differences"]
    assert (differs.label, differs.theirs, differs.mine) == ("Hvor mange indgår?", "11", "13")


@pytest.mark.parametrize("wrong", [{"people": 0}, {"people": 4, "numerator": 1, "denominator": 4}])
def test_the_database_knows_no_average_of_nobody_and_none_of_a_share(facility, indicator, wrong):
    followed = measure(facility, indicator)
    with pytest.raises(IntegrityError), transaction.atomic():
        Measurement.objects.create(
            facility_indicator=followed, measured_on=QUARTERS[0], value=25, **wrong
        )


def test_a_part_above_the_whole_is_refused(desk, initiative, facility):
    share = make_criterion(initiative, 2).indicators.get()
    measure(facility, share, (3, 10))
    found = Measurement.objects.get()
    sent = correction(numerator="11", denominator="10")
    response = desk.post(figure_url("edit", found), sent)
    assert response.status_code == 422
    assert list(response.context["form"].errors) == ["numerator"]


def test_a_measurement_is_removed_and_brought_back(desk, facility, indicator):
    found = measured(facility, indicator)
    page = url(
        "criterion",
        indicator.criterion.initiative.department.slug,
        indicator.criterion_id,
        facility.slug,
    )
    remove = figure_url("remove", found)
    assert desk.post(remove, {"version": 7}).status_code == 409
    assert desk.post(remove, {}).status_code == 422
    for _time in range(2):
        assert desk.post(remove, {"version": 1}).status_code == 302
    tracked = desk.get(page).context["page"].parts[0].tracked
    assert [figure.value for figure in tracked.figures] == [10]
    assert [figure.pk for figure in tracked.removed] == [found.pk]
    assert desk.get(figure_url("edit", found)).status_code == 404
    assert desk.post(figure_url("restore", found)).status_code == 302
    tracked = desk.get(page).context["page"].parts[0].tracked
    assert [figure.value for figure in tracked.figures] == [10, 12]


def test_a_day_that_has_another_figure_by_now_gets_none_back(desk, facility, indicator):
    found = measured(facility, indicator)
    desk.post(figure_url("remove", found), {"version": 1})
    Measurement.objects.create(
        facility_indicator=found.facility_indicator, measured_on=found.measured_on, value=1
    )
    desk.post(figure_url("restore", found))
    found.refresh_from_db()
    assert found.removed_at is not None
