"""Lists of what was changed at a place and by oneself."""

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from clusters.enums import PositionState
from clusters.matrix.actions.save_cell import save_cell
from clusters.matrix.answer import Answer
from clusters.models import Proposal, ProposalGroup
from initiatives.enums import MeetingKind
from initiatives.models import (
    ActivityType,
    FollowUpSettings,
    Initiative,
    Meeting,
    PlannedActivity,
    PlanPause,
    SuccessCriterion,
)
from krams.changes.queries import log as queries
from krams.changes.queries.log import PER_PAGE, Found
from krams.enums import Role
from krams.history import registry
from krams.history.actions.locking import save_kept, save_version
from krams.models import Department, Facility, Membership
from tests.demo import DemoTestCase


@pytest.fixture
def manager(make_user, department):
    return make_user(Role.MANAGER, department=department)


def log_of(client, address):
    response = client.get(address)
    assert response.status_code == 200
    return response.context["entries"]


def of_facility(client, facility):
    return log_of(client, f"/botilbud/{facility.slug}/aendringslog/")


def test_a_facilitys_log_tells_what_changed_newest_first(login, facility, manager):
    facility.name, facility.remark = "Bakkegården", "Ny <b>have</b>"
    save_version(facility, by=manager, reason="Ombygning")

    response = login(manager).get(f"/botilbud/{facility.slug}/aendringslog/")

    last, first = response.context["entries"]
    assert (last.sign, last.who, last.reason) == ("~", manager.name, "Ombygning")
    assert dict(last.changes)["Navn"] == "<del>Bakkehuset</del><ins>Bakkegården</ins>"
    assert (first.sign, first.who) == ("+", "Systemet")
    text = response.content.decode()
    assert "Ny &lt;b&gt;have" in text
    assert f"/historik/botilbud/{facility.pk}/" in text


def test_values_read_as_people_write_them(login, facility, manager, municipality):
    save_version(FollowUpSettings(municipality=municipality), by=manager)
    kind = save_version(
        ActivityType(municipality=municipality, name="Gåtur", factors="M"), by=manager
    )
    plan = save_version(
        PlannedActivity(
            facility=facility,
            activity_type=kind,
            title="Gåtur",
            factors="M",
            weekdays="1",
            starts_on=dt.date(2026, 1, 5),
        ),
        by=manager,
    )
    plan.weekdays, plan.starts_on = "12", dt.date(2026, 2, 2)
    plan.start_time = dt.time(9, 30)
    save_version(plan, by=manager)
    pause = PlanPause(planned_activity=plan, starts_on=dt.date(2026, 3, 2), reason="Ferie")
    save_kept(pause, by=manager)
    meeting = Meeting(facility=facility, kind=MeetingKind.HOUSE, held_on=dt.date(2026, 3, 2))
    save_version(meeting, by=manager)
    meeting.closed_at = dt.datetime(2026, 3, 2, 12, tzinfo=dt.UTC)
    save_version(meeting, by=manager)

    closed, _made, paused, changed, *_rest = of_facility(login(manager), facility)

    assert [closed.title, paused.title] == ["02.03.2026", "Gåtur"]
    assert dict(closed.changes) == {"Afsluttet": "<ins>02.03.2026 kl. 13.00</ins>"}
    told = dict(changed.changes)
    assert "<ins>09.30</ins>" in told.values()
    assert "<del>05.01.2026</del><ins>02.02.2026</ins>" in told.values()


def test_who_does_not_see_the_place_finds_no_log(
    login, make_user, facility, other_facility, municipality, other_municipality, cluster
):
    stranger = make_user(Role.MANAGER, facility=other_facility)
    client = login(stranger)
    assert client.get(f"/botilbud/{facility.slug}/aendringslog/").status_code == 404
    assert client.get(f"/myndigheder/{municipality.slug}/aendringslog/").status_code == 404
    assert client.get(f"/klynger/{cluster.slug}/aendringslog/").status_code == 404
    assert client.get(f"/myndigheder/{other_municipality.slug}/aendringslog/").status_code == 200
    assert client.post("/konto/aendringslog/").status_code == 405


def test_a_log_tells_no_more_than_one_may_see(login, make_user, facility, department, manager):
    """The authority's log has all its facilities, each only for who sees it."""
    other = Facility.objects.create(department=department, name="Skovhuset", slug="skovhuset")
    other.remark = "Hemmelig"
    save_version(other, by=manager)
    staff = make_user(Role.STAFF, facility=facility)
    role = Membership.objects.get(user=manager)
    role.valid_until = dt.date(2030, 1, 1)
    save_kept(role, by=None)
    address = "/myndigheder/nordby/aendringslog/"

    seen = {entry.title for entry in log_of(login(staff), address)}
    all_seen = {entry.title for entry in log_of(login(manager), address)}

    assert "Bakkehuset" in seen
    assert "Skovhuset" not in seen
    assert manager.name not in seen
    assert {"Bakkehuset", "Skovhuset"} <= all_seen


def test_what_is_gone_is_told_to_who_sees_its_place(
    login, make_user, facility, department, manager
):
    meeting = Meeting(facility=facility, kind=MeetingKind.HOUSE, held_on=dt.date(2026, 3, 2))
    save_version(meeting, by=manager)
    of_department = Meeting(
        department=department, kind=MeetingKind.MANAGEMENT, held_on=dt.date(2026, 3, 3)
    )
    save_version(of_department, by=manager)
    for one in (meeting, of_department):
        one._history_user = manager
        one.delete()
    staff = make_user(Role.STAFF, facility=facility)

    gone = next(one for one in of_facility(login(staff), facility) if one.sign == "-")
    assert (gone.sign, gone.title, gone.is_there) == ("-", "02.03.2026", False)
    titles = {entry.title for entry in log_of(login(staff), "/myndigheder/nordby/aendringslog/")}
    assert "02.03.2026" in titles
    assert "03.03.2026" not in titles
    assert (
        f"/historik/moede/{meeting.pk}"
        not in login(staff).get(f"/botilbud/{facility.slug}/aendringslog/").content.decode()
    )


def test_ones_own_log_is_ones_own_and_ends_with_the_role(login, make_user, facility, manager):
    other = make_user(Role.STAFF, facility=facility)
    facility.remark = "Fra lederen"
    save_version(facility, by=manager)
    facility.remark = "Fra en anden"
    save_version(facility, by=other)

    page = login(manager).get("/konto/aendringslog/")
    assert '<a href="/konto/indstillinger/">Indstillinger</a>' in page.content.decode()
    [mine] = page.context["entries"]
    assert "Fra lederen" in dict(mine.changes)["Bemærkning"]

    Membership.objects.filter(user=manager).update(valid_until=dt.date(2020, 1, 1))
    assert log_of(login(manager), "/konto/aendringslog/") == []


def test_the_matrix_is_in_the_logs_of_cluster_and_authority(
    login, make_user, cluster, municipality
):
    editor = make_user(Role.EDITOR, authority=municipality)
    group = ProposalGroup.objects.create(cluster=cluster, name="Støtte")
    proposal = Proposal.objects.create(cluster=cluster, group=group, number=1, title="Gadeplan")
    column = cluster.memberships.get(authority=municipality)
    save_cell(
        column=column,
        proposal=proposal,
        version=0,
        answer=Answer(PositionState.ESTABLISHED, efforts=()),
        by=editor,
    )
    client = login(editor)
    for address in ("/klynger/proeve/aendringslog/", "/myndigheder/nordby/aendringslog/"):
        assert ("Svar", "Gadeplan") in {
            (entry.called, entry.title) for entry in log_of(client, address)
        }
    assert "Gadeplan" not in {
        entry.title for entry in log_of(client, "/myndigheder/soenderby/aendringslog/")
    }


def test_pages_go_on_without_a_row_twice_or_missing(login, make_user, facility, municipality):
    """Also among rows of several kinds that were saved at one moment."""
    manager = make_user(Role.ADMINISTRATOR, authority=municipality)
    now = dt.datetime(2026, 11, 1, 8, tzinfo=dt.UTC)
    for number in range(PER_PAGE + 10):
        kind = ActivityType(municipality=municipality, name=f"Art {number}", factors="M")
        place = Department(municipality=municipality, name=f"A{number}", slug=f"a{number}")
        for one in (kind, place):
            one._history_date = now
            save_version(one, by=manager)
    client, seen, address = login(manager), [], "/myndigheder/nordby/aendringslog/"
    query = ""
    while True:
        with CaptureQueriesContext(connection) as sent:
            response = client.get(address + query)
        assert len(sent) <= 8
        entries = response.context["entries"]
        assert len(entries) <= PER_PAGE
        seen += [(entry.called, entry.pk, entry.sign) for entry in entries]
        query = response.context["pages"].older
        if not query:
            break
    assert len(seen) == len(set(seen)) >= 2 * (PER_PAGE + 10)
    back = client.get(address + response.context["pages"].newer)
    assert len(back.context["entries"]) == PER_PAGE
    assert client.get(f"{address}?foer=1~2~3").status_code == 404


def test_relations_are_named_and_not_looked_up(login, department, manager):
    initiative = save_version(Initiative(department=department, title="Kost"), by=manager)
    criterion = SuccessCriterion(
        initiative=initiative, number=1, title="Vægt", short_title="Vægt", factors="K"
    )
    save_version(criterion, by=manager)
    initiative.facility = Facility.objects.create(
        department=department, name="Skovhuset", slug="skovhuset"
    )
    save_version(initiative, by=manager)
    entries = log_of(login(manager), "/myndigheder/nordby/aendringslog/")
    assert ["Botilbuddet, der ejer den"] in [entry.others for entry in entries]


class LogsOfTheDemo(DemoTestCase):
    def test_each_log_costs_eight_queries_at_most(self):
        for who in ("leder", "medarbejder", "redaktoer", "koordinator", "laeser"):
            for address in ("/botilbud/mosbjerghus/", "/myndigheder/hjoerring/", "/klynger/syd/"):
                reader = self.client_of(who)
                with CaptureQueriesContext(connection) as sent:
                    response = reader.get(f"{address}aendringslog/")
                assert response.status_code in (200, 404)
                assert len(sent) <= 8, [one["sql"][:150] for one in sent]

    def test_the_last_saves_of_every_kind_can_be_told(self):
        for number, key in enumerate(sorted(registry.REGISTRY)):
            history = registry.REGISTRY[key].model.history
            found = [Found(one.history_date, number, one.history_id) for one in history.all()[:10]]
            told = queries._entries(found)
            assert [entry.registration.key for entry in told] == [key] * len(found)
