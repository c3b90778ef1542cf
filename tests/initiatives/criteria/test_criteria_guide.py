"""The guide through criteria: what is measured, a facility's own target, and figures corrected."""

import datetime as dt
import uuid
from decimal import Decimal

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from pytest_django.asserts import assertContains

from initiatives.criteria.actions.measurements import OutOfRange, set_target
from initiatives.criteria.forms.indicators import is_compound
from initiatives.criteria.ready_made import offers
from initiatives.enums import IndicatorKind
from initiatives.models import (
    FacilityIndicator,
    Indicator,
    Initiative,
    Measurement,
    SuccessCriterion,
)
from krams.enums import Role
from krams.models import Facility

from ..making_criteria import make_criterion, make_initiative, measure

pytestmark = pytest.mark.django_db
CPR = "010203-1234"


@pytest.fixture
def initiative(department, facility):
    return make_initiative(department, facility)


@pytest.fixture
def criterion(initiative):
    return make_criterion(initiative, kind=IndicatorKind.VALUE)


@pytest.fixture
def indicator(criterion):
    return criterion.indicators.get()


@pytest.fixture
def desk(login, make_user, department):
    return login(make_user(Role.MANAGER, department=department))


def url(name, *args):
    return reverse(f"initiatives:{name}", args=args)


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


def indicator_data(**values) -> dict:
    return {
        "name": "Beboere, der går en tur hver dag",
        "direction": "more",
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


# --- What is measured -----------------------------------------------------------------------------


def test_the_first_step_offers_ready_made_ones_of_its_factor_first(desk, criterion):
    response = desk.get(url("indicator-new", criterion.initiative_id, criterion.pk))
    assert response.status_code == 200
    shown = response.context["offers"]
    assert "M" in shown[0].factors
    assert len(shown) == len(offers())
    assert "7.3.2022" in response.content.decode() or "07.03.2022" in response.content.decode()


def test_an_offer_says_from_when_it_applies_or_that_nobody_knows(desk, criterion):
    """The day of publication of the source; a scale such as WHO-5 has none."""
    days = {offer.key: offer.valid_from for offer in offers()}
    assert days["soevn-syv-til-ni-timer"] == dt.date(2024, 4, 24)
    assert days["frugt-og-groent"] == dt.date(2021, 1, 7)
    assert [offer.key for offer in offers() if offer.is_undated] == ["who-5"]
    for query in ("", "?klar=who-5"):
        where = url("indicator-new", criterion.initiative_id, criterion.pk) + query
        assert desk.get(where).content.decode().count("uden dato") == 1
    dated = desk.get(new_indicator(criterion, "klar=frugt-og-groent")).content.decode()
    assert "uden dato" not in dated


def test_a_ready_made_one_fills_in_the_form_and_forces_nothing(desk, criterion):
    where = new_indicator(criterion, "klar=alkohol-ti-om-ugen")
    form = desk.get(where).context["form"]
    assert form["name"].value() == "Beboere, der drikker højst 10 genstande om ugen"
    assert "unit" not in form.fields
    sent = indicator_data(name="Vores egne ord")
    assert desk.post(where, sent).status_code == 302
    made = Indicator.objects.get(name="Vores egne ord")
    assert (made.kind, made.unit, made.position) == ("share", "%", 2)


@pytest.mark.parametrize("query", ["slags=nej", "slags=", "klar=findes-ikke", "klar=&slags=x"])
def test_an_unknown_kind_asks_again(desk, criterion, query):
    assert desk.get(new_indicator(criterion, query)).status_code == 422


@pytest.mark.parametrize("offer", offers(), ids=lambda offer: offer.key)
def test_every_ready_made_one_can_be_taken_as_it_is(desk, criterion, offer):
    where = new_indicator(criterion, f"klar={offer.key}")
    form = desk.get(where).context["form"]
    sent = {name: form[name].value() for name in form.fields if form[name].value() is not None}
    sent["starts_on"] = "01.11.2026"
    assert desk.post(where, sent).status_code == 302
    made = Indicator.objects.get(name=offer.name)
    assert (made.kind, made.direction, made.source) == (offer.kind, offer.direction, offer.source)
    assert (made.minimum, made.maximum) == (offer.minimum, offer.maximum)


def test_a_count_from_the_log_says_of_what(desk, criterion):
    where = new_indicator(criterion, "slags=log")
    sent = indicator_data(log_measure="participations", log_factor="M")
    assert desk.post(where, sent).status_code == 302
    made = Indicator.objects.get(kind="log")
    assert (made.log_measure, made.log_factor, made.frequency) == ("participations", "M", "weekly")
    told = f": {made.get_log_measure_display()}, {made.get_log_factor_display()}"
    assertContains(desk.get(url("criteria", criterion.initiative_id)), told)
    for bad in ({"log_measure": ""}, {"log_factor": "Q"}):
        response = desk.post(where, sent | bad | {"submission_id": str(uuid.uuid4())})
        assert response.status_code == 422
        assert list(response.context["form"].errors) == list(bad)


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"name": ""}, "name"),
        ({"name": "x" * 201}, "name"),
        ({"name": CPR}, "name"),
        ({"direction": "op"}, "direction"),
        ({"direction": ""}, "direction"),
        ({"unit": "x" * 41}, "unit"),
        ({"frequency": "daily"}, "frequency"),
        ({"source": "a\x00b"}, "source"),
        ({"starts_on": ""}, "starts_on"),
        ({"starts_on": "31-02-2026"}, "starts_on"),
        ({"starts_on": "01.01.0001"}, "starts_on"),
        ({"submission_id": "x"}, "submission_id"),
        ({"minimum": "nul"}, "minimum"),
        ({"minimum": "NaN"}, "minimum"),
        ({"maximum": "1e400"}, "maximum"),
        ({"maximum": "99999999999"}, "maximum"),
        ({"minimum": "5", "maximum": "5"}, "maximum"),
        ({"minimum": "10,5", "maximum": "2"}, "maximum"),
    ],
)
def test_bad_indicators_are_refused_at_the_field(desk, criterion, values, field):
    response = desk.post(new_indicator(criterion), indicator_data(**values))
    assert response.status_code == 422
    assert list(response.context["form"].errors) == [field]
    assert criterion.indicators.count() == 1


def test_an_indicator_is_added_once_edited_and_retired(desk, initiative, criterion, indicator):
    sent = indicator_data()
    for _time in range(2):
        assert desk.post(new_indicator(criterion), sent).status_code == 302
    assert criterion.indicators.count() == 2
    where = url("indicator-edit", initiative.pk, indicator.pk)
    assert desk.post(where, indicator_data(name="Deres")).status_code == 302
    response = desk.post(where, indicator_data(name="Mit"))
    assert response.status_code == 409
    assert "Deres" in response.content.decode()
    desk.post(url("indicator-retire", initiative.pk, indicator.pk))
    indicator.refresh_from_db()
    assert indicator.retired
    page = reverse(
        "initiatives:criterion",
        args=[initiative.department.slug, criterion.pk, initiative.facilities.get().slug],
    )
    assert not _has_part(desk, page, indicator)
    desk.post(url("indicator-retire", initiative.pk, indicator.pk), {"tilbage": "1"})
    assert _has_part(desk, page, indicator)


def _has_part(desk, page, indicator) -> bool:
    parts = desk.get(page).context["page"].parts
    return any(part.indicator == indicator for part in parts)


@pytest.mark.parametrize(
    ("title", "compound"),
    [
        ("Færre overvægtige og diabetikere", True),
        ("Bedre trivsel samt mindre PN-medicin", True),
        ("Færre rygere", False),
        ("Mere brogede måltider", False),
    ],
)
def test_a_criterion_about_two_things_is_told(desk, initiative, title, compound):
    assert is_compound(title) == compound
    criterion = make_criterion(initiative)
    SuccessCriterion.objects.update(title=title)
    page = desk.get(url("criteria", initiative.pk))
    assert page.context["rows"][0]["splits"] == compound
    step = desk.get(url("indicator-new", initiative.pk, criterion.pk))
    assert step.context["splits"] == compound


# --- Baseline and target --------------------------------------------------------------------------


def target_url(indicator, facility):
    criterion = indicator.criterion
    place = [criterion.initiative.department.slug, criterion.pk, facility.slug]
    return url("target-edit", *place, indicator.pk)


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


# --- The range of a figure ------------------------------------------------------------------------


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
    secret = Facility.objects.create(department=department, name="Skovly", slug="skovly")
    measure(secret, indicator, 7, target=None, baseline=None)
    desk = login(make_user(Role.MANAGER, facility=facility))
    where = url("indicator-edit", initiative.pk, indicator.pk)
    response = desk.post(where, indicator_data(minimum="8"))
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


# --- Measurements corrected -----------------------------------------------------------------------


def measured(facility, indicator):
    measure(facility, indicator, 10, 12)
    return Measurement.objects.order_by("measured_on").last()


def figure_url(name, measurement):
    followed = measurement.facility_indicator
    criterion = followed.indicator.criterion
    place = [criterion.initiative.department.slug, criterion.pk, followed.facility.slug]
    return url(f"measurement-{name}", *place, followed.indicator_id, measurement.pk)


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
