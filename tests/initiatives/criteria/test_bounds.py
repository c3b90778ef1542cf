"""Between which values a figure lies, in every form and after every change."""

import datetime as dt
import uuid
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from initiatives.criteria.actions.measurements import OutOfRange
from initiatives.criteria.actions.targets import set_target
from initiatives.enums import FigureAbout
from initiatives.models import FacilityIndicator, Indicator, Initiative, Measurement
from krams.enums import Role
from krams.models import Facility

from ..making_criteria import figure_url, measure, measured, target_url, url

pytestmark = pytest.mark.django_db


def indicator_data(**values) -> dict:
    return {
        "name": "Beboere, der går en tur hver dag",
        "direction": "more",
        "about": "people",
        "unit": "point",
        "frequency": "monthly",
        "source": "Optælling",
        "starts_on": "01.01.2026",
        "version": 1,
        "submission_id": str(uuid.uuid4()),
        **values,
    }


def new_indicator(criterion, query="slags=value"):
    return url("indicator-new", criterion.initiative_id, criterion.pk) + f"?{query}"


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
        "people": "14",
        "note": "",
        "version": version,
        "reason": "Talt forkert",
        **values,
    }
    return {f"maaling-{name}": value for name, value in data.items()}


@pytest.fixture
def scale(indicator):
    """A scale from 0 to 100 points."""
    indicator.minimum, indicator.maximum = 0, 100
    indicator.save()
    return indicator


def add_url(indicator, facility):
    criterion = indicator.criterion
    place = [criterion.initiative.department.slug, criterion.pk, facility.slug]
    return url("measurement-add", *place, indicator.pk)


def test_an_indicator_gets_a_range_in_danish_numbers(desk, criterion):
    sent = indicator_data(minimum="-1.000,5", maximum="1.234,5")
    assert desk.post(new_indicator(criterion), sent).status_code == 302
    made = criterion.indicators.get(name=sent["name"])
    assert (made.minimum, made.maximum) == (Decimal("-1000.5"), Decimal("1234.5"))
    form = desk.get(url("indicator-edit", criterion.initiative_id, made.pk)).context["form"]
    assert form["minimum"].value() == "-1.000,5"
    page = desk.get(url("criteria", criterion.initiative_id)).content.decode()
    assert "et tal fra -1.000,5 til 1.234,5 point" in page


@pytest.mark.parametrize("kind", ["share", "log", "dialogue"])
def test_only_an_entered_figure_is_asked_for_its_range(desk, criterion, kind):
    form = desk.get(new_indicator(criterion, f"slags={kind}")).context["form"]
    assert not {"minimum", "maximum"} & set(form.fields)


def test_who_5_carries_its_range(desk, criterion):
    form = desk.get(new_indicator(criterion, "klar=who-5")).context["form"]
    assert (form["minimum"].value(), form["maximum"].value()) == ("0", "100")


@pytest.mark.parametrize(("value", "status"), [("-0,1", 422), ("0", 302), ("100", 302)])
def test_a_measurement_lies_in_the_range(desk, scale, facility, value, status):
    sent = correction(value=value, submission_id=str(uuid.uuid4()))
    response = desk.post(add_url(scale, facility), sent)
    assert response.status_code == status
    if status == 422:
        html = response.content.decode()
        assert "Skriv et tal fra 0 til 100 point." in html
        assert 'value="-0,1"' in html
        assert not Measurement.objects.exists()


def test_a_correction_and_what_is_brought_back_lie_in_the_range(desk, indicator, facility):
    found = measured(facility, indicator)
    assert desk.post(figure_url("remove", found), {"version": 1}).status_code == 302
    Indicator.objects.update(maximum=11)
    desk.post(figure_url("restore", found))
    found.refresh_from_db()
    assert found.removed_at
    Indicator.objects.update(maximum=12)
    desk.post(figure_url("restore", found))
    response = desk.post(figure_url("edit", found), correction(version=3, value="12,1"))
    assert response.status_code == 422
    assert list(response.context["form"].errors) == ["value"]


@pytest.mark.parametrize("field", ["baseline", "target"])
@pytest.mark.parametrize("value", ["-1", "100,5"])
def test_baseline_and_target_lie_in_the_range(desk, scale, facility, field, value):
    sent = figures(**{"baseline": "40", "target": "50", field: value})
    response = desk.post(target_url(scale, facility), sent)
    assert response.status_code == 422
    assert list(response.context["form"].errors) == [field]
    assert not FacilityIndicator.objects.exists()


def test_a_count_from_the_log_is_never_below_nought(desk, indicator, facility):
    Indicator.objects.update(kind="log", log_measure="sessions", log_factor="M")
    response = desk.post(target_url(indicator, facility), figures(baseline="-1", target="5"))
    assert response.status_code == 422
    assert response.context["form"].errors["baseline"] == ["Skriv et tal på mindst 0 point."]


def test_the_range_that_was_set_meanwhile_counts(indicator, facility, make_user, department):
    """The form was checked against the range that was read."""
    manager = make_user(Role.MANAGER, department=department)
    Indicator.objects.update(maximum=10)
    with pytest.raises(OutOfRange) as refused:
        set_target(
            indicator=indicator,
            facility=facility,
            version=0,
            values={"baseline": Decimal(9), "target": Decimal(11)},
            by=manager,
        )
    assert refused.value.field == "target"
    assert not FacilityIndicator.objects.exists()


def test_a_new_range_names_the_figures_that_it_leaves_out(desk, initiative, indicator, facility):
    measured(facility, indicator)
    where = url("indicator-edit", initiative.pk, indicator.pk)
    response = desk.post(where, indicator_data(minimum="11", maximum="50"))
    assert response.status_code == 422
    errors, start = response.context["form"].errors, "Ret først det, der ligger udenfor: Bakkehuset"
    assert errors["minimum"] == [f"{start}, 30.06.2026: 10 point."]
    assert errors["maximum"] == [f"{start}, målværdi: 60 point."]
    assert response.context["form"]["minimum"].value() == "11"
    indicator.refresh_from_db()
    assert (indicator.minimum, indicator.version) == (None, 1)
    assert desk.post(where, indicator_data(minimum="10", maximum="60")).status_code == 302


def test_many_figures_outside_are_counted(desk, initiative, indicator, facility):
    days = [dt.date(2026, month, 1) for month in range(1, 7)]
    measure(facility, indicator, *range(101, 107), days=days)
    where = url("indicator-edit", initiative.pk, indicator.pk)
    [error] = desk.post(where, indicator_data(maximum="100")).context["form"].errors["maximum"]
    assert error.count("Bakkehuset") == 4
    assert "og 2 til" in error


def test_a_removed_figure_stands_in_no_way(desk, initiative, indicator, facility):
    found = measured(facility, indicator)
    desk.post(figure_url("remove", found), {"version": 1})
    FacilityIndicator.objects.update(target=None, baseline=None)
    where = url("indicator-edit", initiative.pk, indicator.pk)
    assert desk.post(where, indicator_data(maximum="10")).status_code == 302


def test_figures_that_one_may_not_see_are_only_counted(
    login, make_user, department, facility, indicator, initiative
):
    Initiative.objects.update(facility=facility)
    Indicator.objects.update(about=FigureAbout.OTHER)
    secret = Facility.objects.create(department=department, name="Skovly", slug="skovly")
    measure(secret, indicator, 7, target=None, baseline=None)
    desk = login(make_user(Role.MANAGER, facility=facility))
    where = url("indicator-edit", initiative.pk, indicator.pk)
    response = desk.post(where, indicator_data(about="other", minimum="8"))
    assert response.status_code == 422
    assert "1 tal fra et andet botilbud" in response.content.decode()
    assert "Skovly" not in response.content.decode()


@pytest.mark.parametrize(
    ("direction", "baseline", "status"),
    [("less", 40, 422), ("less", 60, 302), ("keep", 40, 302), ("reach", 40, 302)],
)
def test_a_new_direction_leaves_no_target_on_the_wrong_side(
    desk, initiative, indicator, facility, direction, baseline, status
):
    measure(facility, indicator, target=60, baseline=baseline)
    where = url("indicator-edit", initiative.pk, indicator.pk)
    response = desk.post(where, indicator_data(direction=direction, name="Mit navn"))
    assert response.status_code == status
    indicator.refresh_from_db()
    assert indicator.direction == ("more" if status == 422 else direction)
    if status == 422:
        [error] = response.context["form"].errors["direction"]
        assert error.startswith("Ret først de målværdier")
        assert error.endswith("forkerte side af udgangspunktet: Bakkehuset.")
        assert response.context["form"]["name"].value() == "Mit navn"


def test_targets_that_one_may_not_see_are_only_counted(
    login, make_user, department, facility, indicator, initiative
):
    Initiative.objects.update(facility=facility)
    Indicator.objects.update(about=FigureAbout.OTHER)
    secret = Facility.objects.create(department=department, name="Skovly", slug="skovly")
    measure(secret, indicator)
    desk = login(make_user(Role.MANAGER, facility=facility))
    where = url("indicator-edit", initiative.pk, indicator.pk)
    response = desk.post(where, indicator_data(direction="less"))
    assert response.status_code == 422
    assert "Målværdien for 1 andet botilbud" in response.content.decode()
    assert "Skovly" not in response.content.decode()


def test_it_does_not_begin_after_what_was_measured(desk, initiative, indicator, facility):
    measured(facility, indicator)
    where = url("indicator-edit", initiative.pk, indicator.pk)
    response = desk.post(where, indicator_data(starts_on="01.07.2026"))
    assert response.status_code == 422
    [error] = response.context["form"].errors["starts_on"]
    assert error == "Der er en måling fra 30.06.2026. Vælg den dag eller en tidligere."
    assert response.context["form"]["starts_on"].value() == "01.07.2026"
    assert desk.post(where, indicator_data(starts_on="30.06.2026")).status_code == 302
    Measurement.objects.update(removed_at=timezone.now())
    assert desk.post(where, indicator_data(starts_on="01.10.2026", version=2)).status_code == 302


@pytest.mark.parametrize("values", [{"minimum": 5, "maximum": 5}, {"kind": "share", "maximum": 50}])
def test_the_database_refuses_a_range_without_sense(indicator, values):
    with pytest.raises(IntegrityError), transaction.atomic():
        Indicator.objects.filter(pk=indicator.pk).update(**values)
