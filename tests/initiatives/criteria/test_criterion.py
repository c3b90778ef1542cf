"""A criterion at a facility: figures, chart, the manager's assessment, adding a measurement."""

import datetime as dt
import uuid
from decimal import Decimal
from itertools import pairwise

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from initiatives.criteria.bounds import Bounds
from initiatives.criteria.chart import chart
from initiatives.criteria.status import Point
from initiatives.enums import AssessmentLevel, IndicatorKind
from initiatives.models import Assessment, FacilityIndicator, Indicator, Measurement
from krams.enums import Role
from krams.models import Facility

from ..making_criteria import TODAY, make_criterion, make_initiative, measure

pytestmark = pytest.mark.usefixtures("on_a_day")

HTMX = {"HX-Request": "true"}
CPR = "010203-1234"
NBSP = "\N{NO-BREAK SPACE}"


@pytest.fixture
def on_a_day():
    with time_machine.travel(dt.datetime(2026, 11, 21, 12), tick=False):
        yield


@pytest.fixture
def initiative(department, facility):
    return make_initiative(department, facility)


@pytest.fixture
def criterion(initiative):
    return make_criterion(initiative)


@pytest.fixture
def indicator(criterion):
    return criterion.indicators.get()


@pytest.fixture
def manager(make_user, department):
    return make_user(Role.MANAGER, department=department)


@pytest.fixture
def visit(login, manager):
    return login(manager)


@pytest.fixture
def place(criterion):
    return ["socialpsykiatrien", criterion.pk, "bakkehuset"]


@pytest.fixture
def path(place):
    return reverse("initiatives:criterion", args=place)


@pytest.fixture
def assess_path(place):
    return reverse("initiatives:criterion-assess", args=place)


@pytest.fixture
def add_path(place, indicator):
    return reverse("initiatives:measurement-add", args=[*place, indicator.pk])


def assessment(level="met", reason="Det går godt.", base=0, version=0):
    values = {"base": base, "version": version, "level": level, "reason": reason}
    return {f"vurdering-{name}": value for name, value in values.items()}


def measurement(**changed):
    values = {
        "submission_id": str(uuid.uuid4()),
        "measured_on": "20.11.2026",
        "numerator": "11",
        "denominator": "18",
        "note": "",
    } | changed
    return {f"maaling-{name}": value for name, value in values.items() if value is not None}


# --- Reading --------------------------------------------------------------------------------------


@pytest.fixture
def look(make_user, department):
    """Who reads the page and enters no figures there."""
    client = Client()
    client.force_login(make_user(Role.VIEWER, department=department))
    return client


def test_the_page_has_facts_chart_and_table(visit, path, facility, indicator):
    measure(facility, indicator, (8, 18), (10, 18), (13, 18))
    html = visit.get(path).content.decode()
    assert f"<dd>72{NBSP}%<small>30.09.2026 · n 18</small>" in html
    assert f"<dd>60{NBSP}%<small>senest 31.12.2027</small>" in html
    assert html.count('role="img"') == 2
    assert f"Fra 44{NBSP}% den 31.03.2026 til 72{NBSP}% den 30.09.2026." in html
    assert html.count('<th scope="row"') == 3
    assert "Tallene siger:" in html
    assert "Nået" in html


def test_few_people_are_hidden_in_facts_chart_and_table(look, path, facility, indicator):
    measure(facility, indicator, (9, 18), (1, 4))
    html = look.get(path).content.decode()
    assert html.count("Skjult (få personer)") == 2
    assert f"25{NBSP}%" not in html
    assert f"50{NBSP}%" in html


def test_a_baseline_about_few_people_is_hidden(look, path, facility, indicator):
    followed = measure(facility, indicator, (1, 4), (5, 10), (6, 10), baseline=25)
    assert f"25{NBSP}%" in look.get(path).content.decode()
    followed.baseline_on = dt.date(2026, 3, 31)
    followed.save()
    assert f"25{NBSP}%" not in look.get(path).content.decode()


def test_the_page_hides_what_the_overview_hides(look, path, facility, indicator, initiative):
    measure(facility, indicator, (5, 9))
    for number, share in enumerate([(2, 4), (9, 18)]):
        house = Facility.objects.create(
            department=facility.department, name=f"H{number}", slug=f"h{number}"
        )
        initiative.facilities.add(house)
        measure(house, indicator, share)
    assert f"56{NBSP}%" not in look.get(path).content.decode()


def test_a_first_figure_is_asked_for_from_when_the_place_and_the_initiative_began(
    visit, path, facility, indicator, initiative
):
    """Not from the indicator's own first day, which may lie years before."""
    Indicator.objects.update(starts_on=dt.date(2019, 1, 1))
    measure(facility, indicator)

    def due_on():
        return visit.get(path).context["page"].parts[0].tracked.judgement.due_on

    assert due_on() == dt.date(2026, 4, 14)
    for version, after, month in [(2, "active", 9), (3, "paused\nFor få hænder", 10)]:
        saved_at = dt.datetime(2026, month, 1, 12, tzinfo=dt.UTC)
        initiative.changes.create(version=version, section="status", after=after, saved_at=saved_at)
    assert due_on() == dt.date(2026, 12, 15)
    FacilityIndicator.objects.update(followed_on=TODAY)
    assert due_on() == dt.date(2027, 3, 7)


def test_a_compound_criterion_has_a_section_an_indicator(visit, initiative, facility):
    criterion = make_criterion(initiative, 5, indicators=2, kind=IndicatorKind.VALUE)
    path = reverse("initiatives:criterion", args=["socialpsykiatrien", criterion.pk, "bakkehuset"])
    html = visit.get(path).content.decode()
    assert html.count('class="sec indicator"') == 2
    assert html.count("Her er ikke målt noget endnu.") == 2


def test_assessed_in_dialogue_asks_for_no_figure(visit, path, place, indicator):
    Indicator.objects.update(kind=IndicatorKind.DIALOGUE)
    html = visit.get(path).content.decode()
    assert "Vurderes i dialog" in html
    assert "Tilføj måling" not in html
    assert "Tallene siger" not in html


def test_a_facility_outside_the_initiative_is_404(visit, criterion, department):
    Facility.objects.create(department=department, name="Andet", slug="andet")
    arguments = ["socialpsykiatrien", criterion.pk, "andet"]
    assert visit.get(reverse("initiatives:criterion", args=arguments)).status_code == 404


def test_keys_that_do_not_belong_together_are_404(
    visit, criterion, indicator, initiative, other_facility
):
    other = make_criterion(make_initiative(other_facility.department, other_facility))
    for arguments in (
        ["socialpsykiatrien", other.pk, "bakkehuset"],
        ["botilbud-soenderby", criterion.pk, "bakkehuset"],
        ["socialpsykiatrien", criterion.pk, "engen"],
    ):
        assert visit.get(reverse("initiatives:criterion", args=arguments)).status_code == 404
    second = make_criterion(initiative, 2).indicators.get()
    for wrong in (second.pk, other.indicators.get().pk, 10**30):
        place = ["socialpsykiatrien", criterion.pk, "bakkehuset", wrong]
        path = reverse("initiatives:measurement-add", args=place)
        assert visit.post(path, measurement()).status_code == 404


def test_who_may(client, make_user, path, assess_path, add_path, facility, other_facility):
    client.force_login(make_user(Role.MANAGER, department=other_facility.department))
    for address in (path, assess_path, add_path):
        assert client.get(address).status_code == 404
    assert client.post(assess_path, assessment()).status_code == 404
    assert client.post(add_path, measurement()).status_code == 404
    for role in (Role.STAFF, Role.VIEWER):
        client.force_login(make_user(role, facility=facility))
        html = client.get(path).content.decode()
        assert "Lederens vurdering" in html
        assert "<form" not in html[html.index("<main") : html.index("</main")]
        assert client.post(assess_path, assessment()).status_code == 403
        assert client.get(add_path).status_code == 403
        assert client.post(add_path, measurement(), headers=HTMX).status_code == 403
    assert not Assessment.objects.exists()
    assert not Measurement.objects.exists()


def test_queries_do_not_grow(visit, path, facility, indicator, initiative, manager):
    measure(facility, indicator, (9, 18))
    visit.get(path)
    with CaptureQueriesContext(connection) as few:
        visit.get(path)
    assert len(few) <= 8
    days = [TODAY - dt.timedelta(days=back) for back in range(101, 11, -3)]
    measure(facility, indicator, *[(9, 18)] * 30, days=days)
    for number in range(30):
        house = Facility.objects.create(
            department=facility.department, name=f"H{number}", slug=f"h{number}"
        )
        initiative.facilities.add(house)
        measure(house, indicator, (9, 18))
        Assessment.objects.create(
            criterion=indicator.criterion,
            facility=facility,
            level="met",
            assessed_on=TODAY - dt.timedelta(days=number),
            assessed_by=manager,
        )
    with CaptureQueriesContext(connection) as many:
        visit.get(path)
    assert len(many) == len(few)


# --- Assessing ------------------------------------------------------------------------------------


def test_assess(visit, path, assess_path, manager):
    answer = visit.post(assess_path, assessment(), headers=HTMX)
    html = answer.content.decode()
    assert answer.status_code == 200
    assert html.startswith('<section class="sec" id="vurdering"')
    assert '<p id="stand" hx-swap-oob="true">' in html
    saved = Assessment.objects.get()
    assert (saved.level, saved.reason, saved.assessed_by) == ("met", "Det går godt.", manager)
    assert (saved.assessed_on, saved.version) == (TODAY, 1)
    assert saved.history.get().history_user == manager
    data = assessment("not_met", "Alligevel ikke.", saved.pk, 1)
    assert visit.post(assess_path, data).url == f"{path}#vurdering"
    saved.refresh_from_db()
    assert (saved.level, saved.version) == ("not_met", 2), "the same day: one assessment"


def test_a_new_day_is_a_new_assessment(visit, path, assess_path, criterion, facility):
    old = Assessment.objects.create(
        criterion=criterion, facility=facility, level="met", assessed_on=dt.date(2026, 10, 8)
    )
    visit.post(assess_path, assessment("partly_met", "Lidt endnu.", old.pk, 1))
    assert [one.level for one in Assessment.objects.all()] == ["met", "partly_met"]
    html = visit.get(path).content.decode()
    assert html.index("Tidligere vurderinger") < html.index("08.10.2026")


@pytest.mark.parametrize(
    ("level", "needed"),
    [("met", False), ("partly_met", True), ("not_met", True), ("not_assessed", False)],
)
def test_disagreeing_with_the_figures_needs_a_reason(
    visit, assess_path, facility, indicator, level, needed
):
    measure(facility, indicator, (13, 18))
    answer = visit.post(assess_path, assessment(level, reason=""), headers=HTMX)
    assert answer.status_code == (422 if needed else 200)
    assert ("Tallene siger »Nået«. Skriv" in answer.content.decode()) == needed
    assert Assessment.objects.exists() != needed


def test_what_was_typed_is_kept_without_javascript(visit, assess_path):
    answer = visit.post(assess_path, assessment("", "Min begrundelse"))
    html = answer.content.decode()
    assert answer.status_code == 422
    assert "<title>Fejl: " in html
    assert "Min begrundelse</textarea>" in html
    assert "Vælg en vurdering." in html


@pytest.mark.parametrize("headers", [HTMX, {}])
def test_a_stale_assessment_shows_both(visit, assess_path, criterion, facility, make_user, headers):
    theirs = Assessment.objects.create(
        criterion=criterion,
        facility=facility,
        level=AssessmentLevel.NOT_MET,
        reason="Svømning er aflyst.",
        assessed_on=TODAY,
        assessed_by=make_user(Role.MANAGER, facility=facility),
    )
    answer = visit.post(assess_path, assessment("met", "Svømning er i gang."), headers=headers)
    html = answer.content.decode()
    assert answer.status_code == 409
    assert "<del>aflyst</del>" in html
    assert "<ins>i gang</ins>" in html
    assert str(theirs.assessed_by) in html
    assert "Svømning er i gang.</textarea>" in html
    assert f'name="vurdering-base" value="{theirs.pk}"' in html
    theirs.refresh_from_db()
    assert theirs.level == "not_met"
    again = assessment("met", "Svømning er i gang.", theirs.pk, theirs.version)
    assert visit.post(assess_path, again).status_code == 302


def test_the_same_assessment_sent_twice_is_saved_once(visit, assess_path):
    for _time in range(2):
        assert visit.post(assess_path, assessment()).status_code == 302
    assert Assessment.objects.get().version == 1


@pytest.mark.parametrize(
    "changed",
    [
        {"level": "superb"},
        {"version": "abc"},
        {"version": "10" * 30},
        {"version": ""},
        {"base": "-1"},
        {"base": "10" * 30},
        {"reason": f"Om {CPR}"},
        {"reason": "nul \x00"},
        {"reason": "x" * 501},
    ],
)
def test_bad_assessments(visit, assess_path, changed):
    answer = visit.post(assess_path, assessment(**changed))
    html = answer.content.decode()
    assert answer.status_code == 422
    assert 'id="error-summary"' in html
    assert html.count(CPR) == (CPR in str(changed))
    assert not Assessment.objects.exists()


# --- Measuring ------------------------------------------------------------------------------------


def test_add_a_share_in_place(visit, add_path, indicator, manager):
    form = visit.get(add_path, headers=HTMX).content.decode()
    assert form.startswith(f'<section class="sec indicator" id="maal-{indicator.pk}"')
    answer = visit.post(add_path, measurement(note="Efter ferien"), headers=HTMX)
    html = answer.content.decode()
    assert answer.status_code == 200
    assert "Målingen er gemt." in html
    saved = Measurement.objects.get()
    assert (saved.numerator, saved.denominator, saved.value) == (11, 18, Decimal("61.1111"))
    assert (saved.note, saved.registered_by) == ("Efter ferien", manager)
    assert saved.history.get().history_user == manager


def test_add_without_javascript(visit, path, add_path, indicator):
    assert b"<html" in visit.get(add_path).content
    assert visit.post(add_path, measurement()).url == f"{path}#maal-{indicator.pk}"


@pytest.mark.parametrize(
    ("typed", "value"),
    [("47,5", "47.5"), ("1.234,5", "1234.5"), ("-3", "-3"), ("0", "0"), ("1.000", "1000")],
)
def test_danish_numbers(visit, add_path, indicator, typed, value):
    Indicator.objects.update(kind=IndicatorKind.VALUE)
    data = measurement(numerator=None, denominator=None, value=typed, people="9")
    assert visit.post(add_path, data).status_code == 302
    assert Measurement.objects.get().value == Decimal(value)


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "NaN",
        "Infinity",
        "1e400",
        "1,23456",
        "1" * 12,
        "12.34,5",
        "fem",
        "1,\x00",
        "9" * 50,
    ],
)
def test_bad_numbers(visit, add_path, indicator, typed):
    Indicator.objects.update(kind=IndicatorKind.VALUE)
    data = measurement(numerator=None, denominator=None, value=typed, people="9")
    answer = visit.post(add_path, data, headers=HTMX)
    assert answer.status_code == 422
    assert 'id="id_maaling-value_error"' in answer.content.decode()
    assert not Measurement.objects.exists()


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"numerator": "19"}, "numerator"),
        ({"numerator": "-1"}, "numerator"),
        ({"numerator": "1,5"}, "numerator"),
        ({"numerator": None}, "numerator"),
        ({"denominator": "0", "numerator": "0"}, "denominator"),
        ({"denominator": "1" * 13}, "denominator"),
        ({"measured_on": "31-02-2026"}, "measured_on"),
        ({"measured_on": "01.01.0001"}, "measured_on"),
        ({"measured_on": "22.11.2026"}, "measured_on"),
        ({"measured_on": "31.12.2025"}, "measured_on"),
        ({"note": f"Beboer {CPR}"}, "note"),
        ({"note": "x" * 501}, "note"),
        ({"note": "to\nlinjer"}, "note"),
    ],
)
def test_bad_measurements_are_pointed_at(visit, add_path, changed, field):
    answer = visit.post(add_path, measurement(**changed))
    html = answer.content.decode()
    assert answer.status_code == 422
    assert f'id="id_maaling-{field}_error"' in html
    assert html.count(CPR) == (CPR in str(changed))
    assert not Measurement.objects.exists()


def test_a_day_has_one_measurement(visit, add_path):
    assert visit.post(add_path, measurement()).status_code == 302
    answer = visit.post(add_path, measurement(numerator="5"))
    assert answer.status_code == 422
    assert "Der er allerede en måling den dag." in answer.content.decode()


def test_the_form_sent_twice_adds_one(visit, add_path):
    data = measurement()
    for _time in range(2):
        assert visit.post(add_path, data).status_code == 302
    assert Measurement.objects.count() == 1


def test_a_submission_of_another_place_adds_nothing(visit, add_path, initiative):
    data = measurement()
    visit.post(add_path, data)
    second = make_criterion(initiative, 2)
    place = ["socialpsykiatrien", second.pk, "bakkehuset", second.indicators.get().pk]
    assert visit.post(reverse("initiatives:measurement-add", args=place), data).status_code == 422
    assert Measurement.objects.count() == 1


# --- Drawing --------------------------------------------------------------------------------------


def points(*values):
    days = (dt.date(2026, 1, 1) + dt.timedelta(days=90 * n) for n in range(len(values)))
    return [Point(day, Decimal(value)) for day, value in zip(days, values, strict=True)]


def test_a_chart_has_round_ticks_around_all_that_is_drawn():
    drawn = chart(
        points(41, 55), width=720, target=Decimal(60), bounds=Bounds(Decimal(0), Decimal(100))
    )
    assert [tick.value for tick in drawn.ticks] == [40, 45, 50, 55, 60]
    assert chart([], width=720) is None


@pytest.mark.parametrize("values", [(5,), (5, 5, 5), (0, 0), (-3, 4), ("0.001", "0.002")])
def test_any_figures_can_be_drawn(values):
    drawn = chart(points(*values), width=336, baseline=Decimal(values[0]))
    heights = [float(mark.y) for mark in drawn.marks]
    assert all(20 <= height <= 236 for height in heights)
    assert len(drawn.ticks) <= 8
    assert drawn.marks[-1].text


def test_labels_do_not_touch():
    drawn = chart(points(*range(12)), width=336)
    labelled = [float(mark.x) for mark in drawn.marks if mark.text]
    assert all(b - a >= 44 for a, b in pairwise(labelled))
    assert drawn.marks[-1].text == "11"
