"""Measurements corrected, removed and brought back."""

from decimal import Decimal

import pytest

from initiatives.models import Measurement

from ..making_criteria import figure_url, make_criterion, measure, measured, url

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
