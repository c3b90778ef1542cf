"""What is measured for a criterion: chosen, changed, no longer followed."""

import datetime as dt
import uuid

import pytest
from django.urls import reverse
from django.utils import timezone
from pytest_django.asserts import assertContains

from initiatives.criteria.compound import is_compound
from initiatives.criteria.ready_made import offers
from initiatives.enums import FigureAbout, IndicatorKind
from initiatives.models import FacilityIndicator, Indicator, Measurement, SuccessCriterion
from krams.enums import Role
from krams.models import Facility, Membership

from ..making_criteria import make_criterion, make_initiative, measure, url

pytestmark = pytest.mark.django_db

CPR = "010203-1234"


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


@pytest.fixture
def scale(indicator):
    """A scale from 0 to 100 points."""
    indicator.minimum, indicator.maximum = 0, 100
    indicator.save()
    return indicator


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
    assert days["rygning-dagligt"] == dt.date(2019, 1, 10)
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


def test_an_entered_figure_says_whether_it_is_about_people(desk, initiative, criterion):
    """Of what is not, nothing is hidden: so nobody is asked by leaving it out."""
    sent = indicator_data() | {"about": ""}
    response = desk.post(new_indicator(criterion), sent)
    assert response.status_code == 422
    assert list(response.context["form"].errors) == ["about"]
    assert "Vælg, hvad tallet handler om." in response.content.decode()
    assert desk.post(new_indicator(criterion), sent | {"about": "other"}).status_code == 302
    made = criterion.indicators.get(name=sent["name"])
    assert (made.about, made.is_average) == ("other", False)
    where = url("indicator-edit", initiative.pk, made.pk)
    assert desk.get(where).context["form"]["about"].value() == "other"
    assert desk.post(where, indicator_data(about="people")).status_code == 302
    response = desk.post(where, indicator_data(about="other"))
    assert response.status_code == 409
    made.refresh_from_db()
    assert made.is_average
    told = desk.get(reverse("history", args=["indikator", made.pk])).content.decode()
    assert "Noget andet" in told
    assert "Personer: et gennemsnit" in told


@pytest.mark.parametrize("what", ["measured", "removed", "baseline", "nothing"])
def test_nobody_uncovers_the_figures_of_a_place_that_she_does_not_manage(
    login, make_user, department, facility, what
):
    """A facility's own initiative can take place at others too, and its manager edits it."""
    neighbour = Facility.objects.create(department=department, name="Hus 2", slug="hus-2")
    initiative = make_initiative(department, facility, neighbour, facility=facility)
    indicator = make_criterion(initiative, kind=IndicatorKind.VALUE).indicators.get()
    measure(facility, indicator, 41, people=3)
    values = [] if what in ("baseline", "nothing") else [47]
    measure(neighbour, indicator, *values, baseline=None if what == "nothing" else 40, people=3)
    if what == "removed":
        Measurement.objects.update(removed_at=timezone.now())
        FacilityIndicator.objects.update(baseline=None)
    desk = login(make_user(Role.MANAGER, facility=facility))
    where = url("indicator-edit", initiative.pk, indicator.pk)
    response = desk.post(where, indicator_data(about="other"))
    indicator.refresh_from_db()
    if what == "nothing":
        assert (response.status_code, indicator.about) == (302, "other")
        return
    assert (response.status_code, indicator.about) == (422, "people")
    assert list(response.context["form"].errors) == ["about"]
    assert "1 botilbud, som du ikke er leder af, har tal." in response.content.decode()
    desk = login(make_user(Role.MANAGER, department=department))
    assert desk.post(where, indicator_data(about="other")).status_code == 302


@pytest.mark.parametrize("reads", [False, True])
@pytest.mark.parametrize("end", [{"minimum": "45"}, {"maximum": "45"}, {"minimum": "50"}])
def test_no_range_feels_for_the_figures_of_a_place_that_she_does_not_manage(
    login, make_user, department, facility, end, reads
):
    """Whether it is refused must not depend on them: asked again and again, that is the figure."""
    neighbour = Facility.objects.create(department=department, name="Hus 2", slug="hus-2")
    initiative = make_initiative(department, facility, neighbour, facility=facility)
    indicator = make_criterion(initiative, kind=IndicatorKind.VALUE).indicators.get()
    measure(neighbour, indicator, 47, people=3)
    manager = make_user(Role.MANAGER, facility=facility)
    if reads:
        Membership.objects.create(user=manager, facility=neighbour, role=Role.VIEWER)
    desk, where = login(manager), url("indicator-edit", initiative.pk, indicator.pk)
    response = desk.post(where, indicator_data(**end))
    assert response.status_code == 422
    assert list(response.context["form"].errors) == list(end)
    html = response.content.decode()
    assert "1 botilbud, som du ikke er leder af, har tal." in html
    assert "47" not in "".join(response.context["form"].errors[next(iter(end))])
    # Nor where it is said to be of people no longer: what was said of three stays hidden.
    Indicator.objects.update(about=FigureAbout.OTHER)
    response = desk.post(where, indicator_data(about="other", **end))
    assert (response.status_code, list(response.context["form"].errors)) == (422, list(end))
    Indicator.objects.update(about=FigureAbout.PEOPLE)
    Indicator.objects.update(minimum=0, maximum=60)
    wider = indicator_data(minimum="0", maximum="100")
    assert desk.post(where, wider).status_code == 302
    desk = login(make_user(Role.MANAGER, department=department))
    sent = indicator_data(minimum="40", maximum="100", version=2)
    assert desk.post(where, sent).status_code == 302


@pytest.mark.parametrize("kind", ["share", "log", "dialogue"])
def test_other_kinds_are_not_asked_what_they_are_about(desk, criterion, kind):
    assert "about" not in desk.get(new_indicator(criterion, f"slags={kind}")).context["form"].fields


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
