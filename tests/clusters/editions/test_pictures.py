"""Answers from edition to edition, and a proposal's way: what was said when."""

import datetime as dt

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from clusters.confirmations.actions.confirm import confirm_answer
from clusters.editions.actions import withdraw_edition
from clusters.editions.development import Stage
from clusters.editions.queries import MOST_STAGES
from clusters.editions.timeline import Save, event_of, timeline
from clusters.enums import EffortState, Happening, PositionState
from clusters.matrix.actions.save_cell import save_cell
from clusters.matrix.answer import Answer, EffortInput
from clusters.models import Position, Proposal
from krams.enums import Role
from krams.models import Authority, ClusterMembership

from ..conftest import freeze_now

NORDBY, SOENDERBY = 1, 2
NOON = dt.datetime(2026, 3, 1, 12, tzinfo=dt.UTC)


# --- Pure ---------------------------------------------------------------------------------------


def save(day, state="established", authority=NORDBY, confirmed=True, since=None):
    at = NOON + dt.timedelta(days=day)
    return Save(authority, at, at.date(), state, since, at.date() if confirmed else None)


def happened(*saves, efforts=()):
    before, found = None, []
    for one in saves:
        event = event_of(before, one, set(efforts))
        found.append(event and event.what)
        before = one
    return found


def test_what_a_save_did():
    saves = [save(0), save(1), save(2, "none"), save(3, "not_filled"), save(4, "planned")]
    assert happened(*saves) == [
        Happening.ANSWERED,
        Happening.CONFIRMED,
        Happening.CHANGED,
        Happening.EMPTIED,
        Happening.ANSWERED,
    ]


def test_a_save_of_efforts_is_no_confirmation_alone():
    saves = [save(0), save(1)]
    assert happened(*saves, efforts={(NORDBY, saves[1].at)})[1] == Happening.EFFORTS
    assert happened(*saves, efforts={(SOENDERBY, saves[1].at)})[1] == Happening.CONFIRMED


def test_a_new_date_is_a_change_and_a_save_that_says_nothing_is_nothing():
    soon = save(1, "planned", since=dt.date(2027, 1, 1))
    assert happened(save(0, "planned"), soon)[1] == Happening.CHANGED
    assert happened(save(0), save(1, confirmed=False)) == [Happening.ANSWERED, None]
    assert happened(save(0, "not_filled")) == [None]


def test_bands_stand_where_their_days_are():
    today = NOON.date() + dt.timedelta(days=100)
    found = timeline(
        [NORDBY, SOENDERBY],
        [save(0), save(25), save(50, "none"), save(100, "none", SOENDERBY)],
        set(),
        [NOON.date() + dt.timedelta(days=75)],
        today,
    )
    nordby, soenderby = found.courses
    assert (nordby.full, nordby.half) == (
        "M0.0 0H24.8V8H0.0zM24.8 0H49.5V8H24.8z",
        "M49.5 4H100V8H49.5z",
    )
    assert nordby.ticks == "M24.8 9v3"
    assert soenderby.half == "M99.0 4H100V8H99.0z", "what was answered today is seen"
    assert found.lines == "M74.2 0v12"
    assert nordby.state == soenderby.state == PositionState.NONE
    assert [event.authority for event in found.events] == [SOENDERBY, NORDBY, NORDBY, NORDBY]


def test_without_answers_there_is_today():
    found = timeline([NORDBY], [], set(), [], NOON.date())
    assert (found.first, found.last) == (NOON.date(), NOON.date())
    assert found.courses[0].state == PositionState.NOT_FILLED
    assert found.courses[0].full == found.courses[0].half == ""


@given(*[st.integers(min_value=0, max_value=500)] * 3)
def test_the_parts_of_a_bar_meet_and_fill_it(with_effort, without, unanswered):
    stage = Stage(1, "", NOON.date(), with_effort, without, unanswered)
    ends = [float(part.x) + float(part.width) for part in stage.parts]
    assert float(stage.parts[0].x) == 0
    for end, part in zip(ends, stage.parts[1:], strict=False):
        assert end == pytest.approx(float(part.x), abs=0.11)
    assert ends[-1] == pytest.approx(100 if stage.total else 0, abs=0.11)
    assert stage.answered + stage.unanswered == stage.total


# --- Pages --------------------------------------------------------------------------------------


@pytest.fixture
def put(cluster, coordinator, municipality):
    """Answers a proposal through the product's own action, on a day."""

    def put(proposal, day, *texts, state=PositionState.ESTABLISHED, authority=municipality):
        column = ClusterMembership.objects.get(cluster=cluster, authority=authority)
        found = Position.objects.filter(proposal=proposal, authority=authority).first()
        efforts = tuple(
            EffortInput(text=text, state=EffortState.RUNNING, proposals=frozenset({proposal.pk}))
            for text in texts
        )
        with time_machine.travel(day, tick=False):
            save_cell(
                column=column,
                proposal=proposal,
                version=found.version if found else 0,
                answer=Answer(state=state, efforts=efforts),
                by=coordinator,
            )

    return put


@pytest.fixture
def reader(login, make_user, cluster):
    return login(make_user(Role.VIEWER, cluster=cluster))


def test_a_proposals_way(cluster, rows, coordinator, municipality, put, login, reader):
    put(rows[0], dt.datetime(2026, 3, 1, 12), state=PositionState.NONE)
    put(rows[1], dt.datetime(2026, 3, 2, 12), "Et andet forslag")
    put(rows[0], dt.datetime(2026, 4, 1, 12), state=PositionState.ESTABLISHED)
    put(rows[0], dt.datetime(2026, 5, 1, 12), "Varmestue")
    column = ClusterMembership.objects.get(cluster=cluster, authority=municipality)
    with time_machine.travel(dt.datetime(2026, 6, 1, 12), tick=False):
        confirm_answer(column=column, versions={rows[0].pk: 3}, by=coordinator)
        edition = freeze_now(cluster, coordinator)
        late = Proposal.objects.create(
            cluster=cluster, group=rows[0].group, number=9, title="Kom senere"
        )
    answer = reader.get(reverse("clusters:proposal-course", args=[cluster.slug, rows[0].pk]))
    events = answer.context["timeline"].events
    assert [(event.what, event.day.month) for event in events] == [
        (Happening.CONFIRMED, 6),
        (Happening.EFFORTS, 5),
        (Happening.CHANGED, 4),
        (Happening.ANSWERED, 3),
    ]
    assert [mark.number for mark in answer.context["marks"]] == [edition.number]
    html = answer.content.decode()
    assert "bekræftede svaret, som det står" in html
    assert coordinator.name not in html, "what happened, not who did it"
    later = reader.get(reverse("clusters:proposal-course", args=[cluster.slug, late.pk]))
    assert later.context["marks"] == []
    assert "Ingen har svaret på forslaget endnu." in later.content.decode()


def test_only_a_proposal_of_a_cluster_that_one_sees(cluster, rows, reader, other_cluster):
    foreign = Proposal.objects.create(
        cluster=other_cluster,
        group=other_cluster.proposal_groups.create(name="Andet"),
        number=1,
        title="Fremmed",
    )
    for slug, pk in (
        (cluster.slug, foreign.pk),
        (other_cluster.slug, foreign.pk),
        (other_cluster.slug, rows[0].pk),
        (cluster.slug, 999_999),
    ):
        assert reader.get(reverse("clusters:proposal-course", args=[slug, pk])).status_code == 404
    path = reverse("clusters:development", args=[other_cluster.slug])
    assert reader.get(path).status_code == 404


def test_who_has_left_is_no_row(cluster, rows, municipality, put, reader):
    put(rows[0], dt.datetime(2026, 3, 1, 12))
    ClusterMembership.objects.filter(authority=municipality).update(valid_until=dt.date(2026, 3, 2))
    answer = reader.get(reverse("clusters:proposal-course", args=[cluster.slug, rows[0].pk]))
    assert answer.status_code == 200
    assert answer.context["timeline"].events == []


def test_stages_are_what_was_frozen_and_today(cluster, rows, coordinator, put, reader):
    freeze_now(cluster, coordinator)
    put(rows[0], dt.datetime(2026, 3, 1, 12), "Varmestue")
    put(rows[1], dt.datetime(2026, 3, 1, 12), state=PositionState.NONE)
    withdrawn = freeze_now(cluster, coordinator)
    freeze_now(cluster, coordinator)
    withdraw_edition(edition=withdrawn, by=coordinator, reason="Fejl i teksten")
    rows[5].delete()
    answer = reader.get(reverse("clusters:development", args=[cluster.slug]))
    found = [
        (one.number, one.with_effort, one.without, one.unanswered)
        for one in answer.context["stages"]
    ]
    assert found == [(1, 0, 0, 18), (3, 1, 1, 16), (None, 1, 1, 13)]
    assert "2 af 18 besvaret" in answer.content.decode()


def test_only_the_latest_editions_are_read(cluster, rows, coordinator, reader):
    for _time in range(MOST_STAGES + 2):
        freeze_now(cluster, coordinator)
    answer = reader.get(reverse("clusters:development", args=[cluster.slug]))
    numbers = [one.number for one in answer.context["stages"]]
    assert numbers == [*range(3, MOST_STAGES + 3), None]


@pytest.mark.parametrize("name", ["development", "proposal-course"])
def test_queries_do_not_grow_and_titles_are_only_titles(
    cluster, rows, coordinator, region, put, reader, name
):
    Proposal.objects.filter(pk=rows[0].pk).update(title="<svg onload=alert(1)>")
    put(rows[0], dt.datetime(2026, 3, 1, 12), "Varmestue")
    freeze_now(cluster, coordinator, title="<script>alert(1)</script>")
    arguments = [cluster.slug] if name == "development" else [cluster.slug, rows[0].pk]
    path = reverse(f"clusters:{name}", args=arguments)
    reader.get(path)
    with CaptureQueriesContext(connection) as few:
        html = reader.get(path).content.decode()
    assert "<svg onload" not in html
    assert "<script>alert" not in html
    for number in range(6):
        put(rows[0], dt.datetime(2026, 4, 1 + number, 12), f"Indsats {number}")
        put(rows[number], dt.datetime(2026, 5, 1 + number, 12), "Tilbud", authority=region)
        freeze_now(cluster, coordinator)
    assert Authority.objects.count() >= 3
    with CaptureQueriesContext(connection) as many:
        reader.get(path)
    assert len(many) == len(few) <= 8
