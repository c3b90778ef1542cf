"""Figures about few people are hidden everywhere, with all from which they could be worked out."""

import csv
import datetime as dt
import io
from dataclasses import replace
from decimal import Decimal

import openpyxl
import pytest
import time_machine
from django.urls import reverse
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from initiatives.criteria.few_people import total_of
from initiatives.criteria.figures import Figure, Tracked
from initiatives.criteria.queries.figures import tracked_of, tracked_rows
from initiatives.criteria.status import Facts, Point
from initiatives.enums import Direction, FigureAbout, IndicatorKind, MeetingKind
from initiatives.followup.queries.worklist import sections
from initiatives.models import FacilityIndicator, FollowUpSettings, Indicator, Meeting
from krams.enums import Role
from krams.models import Facility
from krams.privacy.small_counts import share_is_small
from krams.worklist.sections import Kind

from ..making_criteria import QUARTERS, TODAY, make_criterion, make_initiative, measure
from ..planning import make_activity

NBSP = "\N{NO-BREAK SPACE}"
HIDDEN_DA = "Skjult (få personer)"
FEW = [(2, 14), (13, 14), (10, 14), (3, 3)]
SUNDAY = dt.date(2026, 11, 15)


@pytest.fixture(autouse=True)
def on_a_day():
    with time_machine.travel(dt.datetime(2026, 11, 21, 12), tick=False):
        yield


@pytest.fixture
def houses(department, facility):
    return [
        facility,
        *(
            Facility.objects.create(department=department, name=f"Hus {n}", slug=f"hus-{n}")
            for n in range(2, 5)
        ),
    ]


@pytest.fixture
def indicator(department, houses):
    return make_criterion(make_initiative(department, *houses)).indicators.get()


@pytest.fixture
def manager(make_user, department):
    return make_user(Role.MANAGER, department=department)


@pytest.fixture
def desk(login, manager):
    return login(manager)


@pytest.fixture
def overview(desk, department):
    """Row of the overview by the name of the facility."""

    def read(name):
        html = desk.get(reverse("initiatives:overview", args=[department.slug])).content.decode()
        return html[html.index(f'role="rowheader">{name}') :].split("</tr>")[0]

    return read


@pytest.fixture
def leaf(login, make_user, department, indicator):
    """The indicator's part of the criterion's page of a facility, for who enters no figures."""

    def read(house, reader=None):
        desk = login(reader or make_user(Role.VIEWER, department=department))
        place = [department.slug, indicator.criterion_id, house.slug]
        html = desk.get(reverse("initiatives:criterion", args=place)).content.decode()
        return html[html.index('class="sec indicator"') :].split("</section>")[0]

    return read


@pytest.fixture
def files(desk, department):
    """Rows of the CSV and of the XLSX file, by the name of the facility."""

    def read():
        address = reverse("initiatives:overview-export", args=[department.slug, "csv"])
        text = desk.get(address).content.decode("utf-8-sig")
        sent = desk.get(address[:-3] + "xlsx").content
        sheet = openpyxl.load_workbook(io.BytesIO(sent)).active
        tables = csv.reader(io.StringIO(text), delimiter=";"), sheet.iter_rows(values_only=True)
        return [{row[2]: row for row in table} for table in tables]

    return read


@pytest.fixture
def agenda(desk):
    """The news of the criteria on the agenda of a house meeting, or of the department."""

    def read(*, day=None, **where):
        kind = MeetingKind.HOUSE if "facility" in where else MeetingKind.MANAGEMENT
        meeting = Meeting.objects.create(
            kind=kind, held_on=day or TODAY + dt.timedelta(days=7), **where
        )
        html = desk.get(meeting.get_absolute_url()).content.decode()
        return html[html.index('id="h-news"') :].split("</section>")[0]

    return read


# --- Shares ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("share", FEW)
def test_few_in_a_share_or_few_others(houses, indicator, overview, leaf, files, agenda, share):
    measure(houses[0], indicator, (7, 14), share)
    whole = round(100 * share[0] / share[1])
    for shown in (overview("Bakkehuset"), leaf(houses[0]), agenda(facility=houses[0])):
        assert HIDDEN_DA in shown
        assert f"{whole}{NBSP}%" not in shown
        assert f"· n {share[1]}" not in shown
        assert "Dårligere" not in shown
    for rows in files():
        assert HIDDEN_DA in rows["Bakkehuset"]
        status, figure, _unit, n = rows["Bakkehuset"][6:10]
        assert (status or "", figure, n or "") == ("", HIDDEN_DA, "")


@pytest.mark.parametrize("share", [(0, 14), (14, 14), (5, 14), (9, 14)])
def test_a_share_with_many_or_none_on_each_side_is_shown(
    houses, indicator, overview, leaf, files, agenda, share
):
    measure(houses[0], indicator, share)
    whole = round(100 * share[0] / share[1])
    assert f"{whole}{NBSP}%" in overview("Bakkehuset")
    assert f"{whole}{NBSP}%" in leaf(houses[0])
    assert HIDDEN_DA not in agenda(facility=houses[0])
    assert [int(rows["Bakkehuset"][9]) for rows in files()] == [14, 14]


def test_the_total_is_of_what_is_shown(
    houses, indicator, overview, leaf, files, agenda, department
):
    """15 of 30: who subtracts 6 of 12 and 9 of 18 has nothing left."""
    for house, share in zip(houses, [(2, 14), (6, 12), (9, 18)], strict=False):
        measure(house, indicator, share)
    total = overview("Alle botilbud")
    assert f"50{NBSP}% · n 30" in total
    assert "1 skjult er ikke med" in total
    assert HIDDEN_DA in overview("Bakkehuset")
    assert HIDDEN_DA in leaf(houses[0])
    assert HIDDEN_DA in agenda(facility=houses[0])
    assert [rows["Bakkehuset"][7] for rows in files()] == [HIDDEN_DA] * 2
    for house, n in zip(houses[1:], (12, 18), strict=False):
        assert f"<span>50{NBSP}%" in overview(house.name)
        assert f"· n {n}" in overview(house.name)
        assert "50 %" in agenda(facility=house)
    assert agenda(department=department).count(HIDDEN_DA) == 1


def test_a_total_of_few_people_hides_no_other_house(houses, indicator, overview):
    for house, share in zip(houses, [(2, 14), (0, 12), (0, 18)], strict=False):
        measure(house, indicator, share)
    assert f"0{NBSP}% · n 30" in overview("Alle botilbud")
    assert HIDDEN_DA in overview("Bakkehuset")
    assert f"<span>0{NBSP}%" in overview("Hus 2")


def test_the_municipality_sets_the_threshold(
    houses, indicator, municipality, overview, leaf, agenda
):
    measure(houses[0], indicator, (6, 14))
    for shown in (overview("Bakkehuset"), leaf(houses[0]), agenda(facility=houses[0])):
        assert HIDDEN_DA not in shown
    FollowUpSettings.objects.create(municipality=municipality, smallest_shown_count=7)
    for shown in (overview("Bakkehuset"), leaf(houses[0]), agenda(facility=houses[0])):
        assert HIDDEN_DA in shown


def test_nobody_sets_it_below_the_floor(houses, indicator, municipality, overview, leaf, agenda):
    """Also where it was set before there was a floor."""
    FollowUpSettings.objects.create(municipality=municipality, smallest_shown_count=1)
    measure(houses[0], indicator, (4, 14))
    for shown in (overview("Bakkehuset"), leaf(houses[0]), agenda(facility=houses[0])):
        assert HIDDEN_DA in shown


def test_a_reader_who_manages_one_house_does_not_find_another(
    houses, indicator, make_user, login, department, leaf
):
    """Her own hidden 2 of 12 stand on its own page; no total with them in it is beside it."""
    for house, share in zip(houses, [(2, 14), (2, 12), (9, 18), (20, 30)], strict=True):
        measure(house, indicator, share)
    reader = make_user(Role.VIEWER, department=department)
    reader.memberships.create(role=Role.MANAGER, facility=houses[1])
    assert [HIDDEN_DA in leaf(house, reader) for house in houses] == [True, False, False, False]
    html = login(reader).get(reverse("initiatives:overview", args=[department.slug])).text
    row = html[html.index('role="rowheader">Hus 2') :].split("</tr>")[0]
    assert HIDDEN_DA in row, "what others read along hides it from her too"
    assert f"60{NBSP}% · n 48" in html


def test_an_average_of_a_place_of_three_is_hidden(houses, indicator, overview, leaf, files, agenda):
    """One without n cannot be about more people than live there."""
    Indicator.objects.update(kind=IndicatorKind.VALUE, unit="kg")
    Facility.objects.filter(pk=houses[0].pk).update(place_count=3)
    Facility.objects.filter(pk=houses[1].pk).update(place_count=5)
    measure(houses[0], indicator, 84, 97)
    measure(houses[1], indicator, 84, 97)
    for shown in (overview("Bakkehuset"), leaf(houses[0]), agenda(facility=houses[0])):
        assert HIDDEN_DA in shown
        assert "97" not in shown
        assert "84" not in shown
    assert [rows["Bakkehuset"][7] for rows in files()] == [HIDDEN_DA] * 2
    for shown in (overview("Hus 2"), leaf(houses[1]), agenda(facility=houses[1])):
        assert "97" in shown


@pytest.mark.parametrize(
    ("people", "places", "is_shown"),
    [
        (4, 14, False),
        (5, None, True),
        (5, 3, True),
        (None, None, False),
        (None, 4, False),
        (None, 5, True),
    ],
)
def test_an_average_is_of_as_many_as_it_says_or_as_live_there(
    houses, indicator, overview, leaf, files, agenda, people, places, is_shown
):
    """Of nobody knows how many is not of many."""
    Indicator.objects.update(kind=IndicatorKind.VALUE, unit="point")
    Facility.objects.filter(pk=houses[0].pk).update(place_count=places)
    measure(houses[0], indicator, 84, 97, people=people, baseline=None)
    for shown in (overview("Bakkehuset"), leaf(houses[0]), agenda(facility=houses[0])):
        assert (HIDDEN_DA in shown, "97" in shown) == (not is_shown, is_shown)
    for shown in (overview("Bakkehuset"), leaf(houses[0])):
        assert (f"· n {people}" in shown) == (is_shown and people is not None)
    assert (f"(n = {people})" in agenda(facility=houses[0])) == (is_shown and people is not None)
    for rows in files():
        figure, n = rows["Bakkehuset"][7], rows["Bakkehuset"][9]
        assert (figure == HIDDEN_DA) != is_shown
        assert str(n or "") == (str(people or "") if is_shown else "")


def test_who_enters_them_sees_averages_of_few(houses, indicator, leaf, make_user):
    Indicator.objects.update(kind=IndicatorKind.VALUE, unit="point")
    measure(houses[0], indicator, 84, 97, people=3)
    shown = leaf(houses[0], make_user(Role.MANAGER, facility=houses[0]))
    assert HIDDEN_DA not in shown
    assert f"97{NBSP}point<small>30.09.2026 · n 3</small>" in shown


def test_averages_have_no_total(houses, indicator, desk, department):
    """One without n, from before it was asked for, has no weight."""
    Indicator.objects.update(kind=IndicatorKind.VALUE, unit="point")
    for house in houses[:3]:
        measure(house, indicator, 50, people=12)
    html = desk.get(reverse("initiatives:overview", args=[department.slug])).text
    assert html.count("· n 12") == 3
    assert "Alle botilbud" not in html[html.index("<table") :].split("</table>")[0]


@pytest.mark.parametrize(("places", "is_hidden"), [(None, True), (4, True), (5, False)])
def test_a_baseline_that_somebody_wrote_is_an_average_without_n(
    houses, indicator, leaf, make_user, places, is_hidden
):
    Indicator.objects.update(kind=IndicatorKind.VALUE, unit="point")
    Facility.objects.filter(pk=houses[0].pk).update(place_count=places)
    measure(houses[0], indicator, 97, people=12, baseline=41)
    assert (HIDDEN_DA in leaf(houses[0]), "41" in leaf(houses[0])) == (is_hidden, not is_hidden)
    assert f"41{NBSP}point" in leaf(houses[0], make_user(Role.MANAGER, facility=houses[0]))


def test_nothing_is_said_of_a_hidden_figure_by_comparing_with_it(
    houses, indicator, overview, leaf, files, agenda
):
    """Last time 12 of 14: that it is worse now tells where the hidden one lay."""
    measure(houses[0], indicator, (12, 14), (5, 14))
    for shown in (overview("Bakkehuset"), leaf(houses[0]), agenda(facility=houses[0])):
        assert "Dårligere" not in shown
        assert "86" not in shown
    assert "36" in overview("Bakkehuset")
    assert "mod" not in agenda(facility=houses[0])
    measure(houses[1], indicator, (9, 14), (5, 14))
    for shown in (overview("Hus 2"), leaf(houses[1]), agenda(facility=houses[1])):
        assert "Dårligere" in shown


def test_who_enters_the_figures_of_a_place_sees_them(houses, indicator, leaf, make_user):
    measure(houses[0], indicator, (2, 14))
    manager = make_user(Role.MANAGER, facility=houses[0])
    assert f"14{NBSP}%" in leaf(houses[0], manager)
    assert HIDDEN_DA not in leaf(houses[0], manager)
    assert HIDDEN_DA in leaf(houses[0])


def test_a_baseline_that_is_a_hidden_measurement_is_hidden(houses, indicator, leaf, files):
    followed = measure(houses[0], indicator, (2, 14), (6, 14), baseline="14.29")
    assert f"14{NBSP}%" in leaf(houses[0])
    followed.baseline_on = QUARTERS[1]
    followed.save()
    shown = leaf(houses[0])
    assert f"14{NBSP}%" not in shown
    assert "Udgangspunkt 14" not in shown
    assert [rows["Bakkehuset"][11] for rows in files()] == [HIDDEN_DA] * 2


@pytest.mark.parametrize("again", [False, True])
def test_a_baseline_stays_hidden_when_its_measurement_is_removed(
    houses, indicator, leaf, files, again
):
    """Unless the day is measured again, by then of many."""
    followed = measure(houses[0], indicator, (2, 14), (6, 14), baseline="14.29")
    FacilityIndicator.objects.update(baseline_on=QUARTERS[1])
    first = followed.measurements.get(measured_on=QUARTERS[1])
    first.removed_at = timezone.now()
    first.save()
    if again:
        followed.measurements.create(
            measured_on=QUARTERS[1], value="42.86", numerator=6, denominator=14
        )
    assert (f"14{NBSP}%" in leaf(houses[0])) == again
    assert [rows["Bakkehuset"][11] == HIDDEN_DA for rows in files()] == [not again] * 2


def test_what_does_not_count_people_is_shown(houses, indicator, overview, leaf, agenda):
    """Nor does it where somebody was asked how many, before it was said what it is about."""
    Indicator.objects.update(kind=IndicatorKind.VALUE, about=FigureAbout.OTHER, unit="gange")
    measure(houses[0], indicator, 4, 3, people=2)
    assert f"3{NBSP}gange" in overview("Bakkehuset")
    assert f"3{NBSP}gange" in leaf(houses[0])
    assert "3 gange mod 4 gange sidst" in agenda(facility=houses[0])


# --- The agenda reads figures as the overview does ------------------------------------------------


def test_the_agenda_has_the_latest_figure_of_its_time(houses, indicator, agenda):
    measure(houses[0], indicator, (6, 14), (7, 14), (8, 14))
    assert "57 % mod 50 % sidst" in agenda(facility=houses[0])
    assert "50 % mod 43 % sidst" in agenda(facility=houses[0], day=dt.date(2026, 7, 15))
    assert "<li" not in agenda(facility=houses[1])


def test_an_agenda_leaves_out_what_is_no_longer_followed(houses, indicator, agenda, department):
    measure(houses[0], indicator, (7, 14))
    measure(houses[1], indicator, (7, 14))
    Facility.objects.filter(pk=houses[1].pk).update(closed_on=TODAY)
    assert agenda(department=department).count("50 %") == 1
    assert "50 %" in agenda(facility=houses[1]), "its own meeting still knows it"
    Indicator.objects.update(retired=True)
    assert "<li" not in agenda(facility=houses[0])


# --- Participations from the activity log ---------------------------------------------------------


@pytest.fixture
def followed(houses, indicator):
    """Participations of three complete weeks; the first begins on 26 October."""
    Indicator.objects.update(
        kind=IndicatorKind.LOG,
        log_measure="participations",
        log_factor="M",
        unit="deltagelser",
        starts_on=dt.date(2026, 10, 26),
    )
    return FacilityIndicator.objects.create(indicator=indicator, facility=houses[0], target=20)


def take_part(house, *counts, last=SUNDAY):
    """One activity a week, the last one on ``last``; None: none held."""
    for weeks, count in enumerate(reversed(counts)):
        day = last - dt.timedelta(weeks=weeks)
        if count is None:
            make_activity(house, held_on=day, outcome="cancelled")
        else:
            make_activity(house, held_on=day, participant_count=count)


@pytest.mark.parametrize("people", [1, 4])
def test_a_week_of_few_participations_is_hidden(houses, followed, overview, leaf, files, people):
    take_part(houses[0], 30, 17, people)
    for shown in (overview("Bakkehuset"), leaf(houses[0])):
        assert HIDDEN_DA in shown
        assert f"{people}{NBSP}deltagelse" not in shown
        assert "Dårligere" not in shown
    assert [rows["Bakkehuset"][7] for rows in files()] == [HIDDEN_DA] * 2
    table = leaf(houses[0]).split("<tbody>")[1]
    assert f"30{NBSP}deltagelser" in table
    assert f"17{NBSP}deltagelser" in table, "the sum of the quarter has the hidden week not in it"


def test_sessions_and_weeks_without_any_are_shown(houses, followed, overview, leaf):
    take_part(houses[0], 30, None, 3)
    Indicator.objects.update(log_measure="sessions", unit="gange")
    assert HIDDEN_DA not in leaf(houses[0])
    assert f"1{NBSP}gange" in overview("Bakkehuset")
    Indicator.objects.update(log_measure="participations", unit="deltagelser")
    table = leaf(houses[0]).split("<tbody>")[1]
    assert f"0{NBSP}deltagelser" in table
    assert table.count(HIDDEN_DA) == 1


def test_weeks_of_another_quarter_hide_nothing_here(houses, followed):
    """A small week in September is sought in the sum of the third quarter."""
    Indicator.objects.update(starts_on=dt.date(2026, 9, 7))
    take_part(houses[0], 9, 3, 8, 7, 30, 6, 8, 9, 20, 30)
    [one] = tracked_of(list(tracked_rows(FacilityIndicator.objects.all())), TODAY, 5)
    hidden = [figure.day for figure in one.figures if one.hides(figure)]
    # 3 wait for the 8 after them.
    assert hidden == [dt.date(2026, 9, 20), dt.date(2026, 9, 27)]
    assert not one.is_hidden


# --- What else tells of figures -------------------------------------------------------------------


def test_e_mails_and_search_tell_no_figure(houses, indicator, manager, desk):
    old = [dt.date(2026, 3, 31)]
    measure(houses[0], indicator, (2, 14), days=old)
    measure(houses[1], indicator, (7, 14), days=old)
    told = list(sections(manager, TODAY))
    lines = [line.whole for section in told for line in section.lines]
    assert sum(len(one.lines) for one in told if one.kind is Kind.NEEDS) == 2
    found = desk.get(reverse("search"), {"q": "Kriterium"}).content.decode()
    for text in (*lines, found[found.index("<main") :]):
        for figure in ("14 %", f"14{NBSP}%", "50 %", f"50{NBSP}%", "n 14"):
            assert figure not in text


# --- Whatever the figures are ---------------------------------------------------------------------

share = st.tuples(st.integers(0, 12), st.integers(0, 12)).filter(any)
histories = st.lists(st.tuples(share, share), min_size=1, max_size=5)
DAYS = [dt.date(2026, month, 28) for month in (2, 5, 8, 10)]


def tracked(pairs, direction, baseline_on, threshold, target) -> Tracked:
    """An indicator with a figure for each of (part, rest); the baseline is one of them."""
    figures = tuple(
        Figure(
            day=day,
            value=Decimal(100 * part) / (part + rest),
            numerator=part,
            denominator=part + rest,
            note="",
            by=None,
            is_small=share_is_small(part, part + rest, threshold),
        )
        for day, (part, rest) in zip(DAYS, pairs, strict=False)
    )
    first = next((one for one in figures if one.day == baseline_on), None)
    facts = Facts(
        kind=IndicatorKind.SHARE,
        direction=direction,
        frequency="quarterly",
        starts_on=DAYS[0],
        baseline=first and first.value,
        baseline_on=baseline_on,
        target=target,
        target_on=dt.date(2027, 6, 30),
        points=tuple(Point(one.day, one.value) for one in figures),
    )
    return Tracked(1, 1, 1, "", "%", IndicatorKind.SHARE, "", facts, figures, TODAY)


def seen(one: Tracked) -> tuple:
    """All that the pages and files take from an indicator."""
    return (
        [(figure.day, one.hides(figure)) for figure in one.figures],
        [(figure.value, figure.denominator) for figure in one.shown_figures],
        (one.judgement, one.status, one.is_worse, one.is_stale, one.is_hidden),
        (one.baseline, one.baseline_is_hidden, one.facts.target),
        one.is_hidden or (one.latest_text, one.n),
    )


@given(
    st.lists(share, min_size=1, max_size=4),
    st.lists(st.sampled_from([(1, 12), (4, 1), (12, 3), (0, 2), (2, 0)]), min_size=4, max_size=4),
    st.sampled_from(Direction),
    st.sampled_from([None, *DAYS]),
    st.none() | st.integers(0, 100).map(Decimal),
)
def test_what_is_seen_does_not_depend_on_hidden_figures(
    pairs, others, direction, baseline_on, target
):
    """Other small figures in their place, and everything that is shown stays as it was."""
    changed = [
        other if share_is_small(pair[0], sum(pair)) else pair
        for pair, other in zip(pairs, others, strict=False)
    ]
    one = tracked(pairs, direction, baseline_on, 5, target)
    other = tracked(changed, direction, baseline_on, 5, target)
    assert seen(one) == seen(other)


@given(histories, st.integers(2, 6))
def test_the_total_follows_from_the_houses_that_are_shown(pairs, threshold):
    houses = [
        replace(
            tracked(two, Direction.MORE, None, threshold, None),
            facility_id=number,
            smallest_shown=threshold,
        )
        for number, two in enumerate(pairs)
    ]
    total = total_of(houses)
    shown = [one.latest for one in houses if not one.is_hidden]
    assert not any(share_is_small(one.numerator, one.denominator, threshold) for one in shown)
    if len(houses) < 2:
        assert total.value is None
    elif not shown:
        assert total.is_hidden
    else:
        assert total.n == sum(one.denominator for one in shown)
        part = sum(one.numerator for one in shown)
        assert total.value == Decimal(100 * part) / total.n
        assert total.left_out == len(houses) - len(shown)
