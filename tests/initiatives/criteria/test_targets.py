"""A facility's own baseline and target."""

import datetime as dt
from decimal import Decimal

import pytest
from django.utils import timezone

from initiatives.models import FacilityIndicator, Indicator

from ..making_criteria import make_criterion, target_url

pytestmark = pytest.mark.django_db


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


def test_a_facility_sets_its_own_baseline_and_target(desk, indicator, facility):
    where = target_url(indicator, facility)
    for _time in range(2):
        assert desk.post(where, figures()).url.endswith(f"#maal-{indicator.pk}")
    mine = FacilityIndicator.objects.get()
    assert (mine.baseline, mine.target) == (Decimal("1234.5"), Decimal(1500))
    assert (mine.baseline_on, mine.version) == (dt.date(2026, 1, 1), 1)
    assert mine.followed_on == timezone.localdate()
    form = desk.get(where).context["form"]
    assert "1.234,5" in str(form["baseline"])
    response = desk.post(where, figures(target="1.600"))
    assert response.status_code == 409
    html = response.content.decode()
    assert "1.500" in html
    assert "1.600" in html
    again = figures(target="1.600", version=response.context["form"]["version"].value())
    assert desk.post(where, again).status_code == 302
    mine.refresh_from_db()
    assert (mine.target, mine.version) == (Decimal(1600), 2)


@pytest.mark.parametrize(
    ("direction", "values", "field"),
    [
        ("more", {"target": "1.000"}, "target"),
        ("less", {"target": "1.500"}, "target"),
        ("more", {"baseline": "NaN"}, "baseline"),
        ("more", {"baseline": "Infinity"}, "baseline"),
        ("more", {"target": "1e400"}, "target"),
        ("more", {"target": "1.5"}, "target"),
        ("more", {"target": "99999999999"}, "target"),
        ("more", {"target": "1,23456"}, "target"),
        ("more", {"baseline_on": "31-02-2026"}, "baseline_on"),
        ("more", {"baseline_on": "01.01.2099"}, "baseline_on"),
        ("more", {"target_on": "01.01.2026"}, "target_on"),
        ("more", {"target": "", "target_on": "01.01.2027"}, "target"),
        ("more", {"baseline": "", "baseline_on": "01.01.2026"}, "baseline"),
        ("more", {"version": "abc"}, "version"),
        ("more", {"version": "1" + "0" * 30}, "version"),
    ],
)
def test_bad_figures_are_refused_at_the_field(desk, indicator, facility, direction, values, field):
    Indicator.objects.update(direction=direction)
    response = desk.post(target_url(indicator, facility), figures(**values))
    assert response.status_code == 422
    assert list(response.context["form"].errors) == [field]
    assert response.context["form"]["target"].value() == values.get("target", "1.500")
    assert not FacilityIndicator.objects.exists()


@pytest.mark.parametrize(
    ("direction", "target"),
    [("more", "1.234,5"), ("less", "900"), ("keep", "1.234,5"), ("reach", "900"), ("less", "")],
)
def test_a_target_on_the_right_side(desk, indicator, facility, direction, target):
    Indicator.objects.update(direction=direction)
    sent = figures(target=target, target_on="" if not target else "31.12.2027")
    assert desk.post(target_url(indicator, facility), sent).status_code == 302


@pytest.mark.parametrize("value", ["101", "-1"])
def test_a_share_lies_between_nought_and_a_hundred(desk, initiative, facility, value):
    share = make_criterion(initiative, 2).indicators.get()
    response = desk.post(target_url(share, facility), figures(baseline=value, target="150"))
    assert response.status_code == 422
    assert set(response.context["form"].errors) == {"baseline", "target"}
