"""The first page says of the clusters what the pages behind it count, in one query."""

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from clusters.access import get_sheet
from clusters.confirmations.queries.waiting import waiting_columns
from clusters.enums import PositionState
from clusters.matrix.queries.read_matrix import read_matrix
from clusters.models import Position
from clusters.worklist.queries import sections
from krams.enums import Role
from krams.models import Cluster, ClusterMembership, Membership, User
from krams.worklist.sections import Kind
from tests.demo import DemoTestCase

from ..conftest import freeze_now

pytestmark = pytest.mark.django_db


def told(user, kind=Kind.NEEDS):
    found = sections(User.objects.get_with_scopes(user.pk), timezone.localdate())
    return {one.title: one for one in found if one.kind is kind}


def lines_of(user, title):
    return told(user)[title].lines


class OnTheDemo(DemoTestCase):
    def test_the_coordinator_reads_the_numbers_of_matrix_and_confirmations(self):
        user = User.objects.get(email="koordinator@demo.example")
        sheet = get_sheet(user, "syd")
        matrix = read_matrix(sheet)
        empty = [line.text for line in lines_of(user, "Felter uden svar")]
        assert empty == [
            f"{column.authority}: {column.total - column.filled} af {column.total} felter"
            " mangler svar."
            for column in matrix.columns
        ]
        waiting = waiting_columns(sheet.cluster, matrix)
        numbers = {str(one.column.authority): one.outdated for one in waiting if one.outdated}
        lines = lines_of(user, "Svar, som venter på at blive bekræftet")
        assert {line.text.split(":")[0] for line in lines} == numbers.keys()
        for line in lines:
            name = line.text.split(":")[0]
            assert f": {numbers[name]} svar" in line.text
        without = {str(one.column.authority) for one in waiting if not one.editors}
        assert {x.text.split(" har ")[0] for x in lines_of(user, "Uden redaktør")} == without

    def test_each_field_of_the_editor_opens_its_own_form(self):
        client = self.client_of("redaktoer")
        user = User.objects.get(email="redaktoer@demo.example")
        lines = lines_of(user, "Dine felter uden svar")
        [column] = read_matrix(get_sheet(user, "syd")).columns[:1]
        assert len(lines) == column.total - column.filled == 3
        assert told(user)["Dine felter uden svar"].lead.startswith("Du mangler 3 felter")
        for line in lines:
            page = client.get(line.path)
            assert page.status_code == 200
            assert line.head.split(" ", 1)[1] in page.content.decode()


def test_an_answer_takes_the_field_away_and_an_old_one_brings_it_back(rows, editor, answer):
    assert len(lines_of(editor, "Dine felter uden svar")) == 6
    answer(rows[0], state=PositionState.NONE)
    Position.objects.update(confirmed_on=timezone.localdate())
    assert len(lines_of(editor, "Dine felter uden svar")) == 5
    assert told(editor)["Dine felter uden svar"].lead == "Du mangler 5 felter."
    Position.objects.update(confirmed_on=timezone.localdate() - dt.timedelta(days=400))
    assert told(editor)["Dine felter uden svar"].lead == "Du mangler 5 felter, 1 skal bekræftes."
    [line] = lines_of(editor, "Dine svar, som venter på at blive bekræftet")
    assert line.path == "/klynger/proeve/?vis=nordby&gammel=1"


def test_nothing_to_do_is_said(rows, editor, answer):
    for row in rows:
        answer(row, state=PositionState.NONE)
    Position.objects.update(confirmed_on=timezone.localdate())
    [section] = [one for one in told(editor).values() if one.otherwise]
    assert section.otherwise == "Alle felter er besvaret og bekræftet."


def test_an_editor_within_one_cluster_is_told_of_that_alone(
    make_user, rows, cluster, other_cluster, municipality, other_municipality
):
    """Also where the same person keeps another authority's column in another cluster."""
    user = make_user(Role.EDITOR, authority=municipality, within=cluster)
    Membership.objects.create(
        user=user, role=Role.EDITOR, authority=other_municipality, within=other_cluster
    )
    found = [
        line.path
        for section in sections(User.objects.get_with_scopes(user.pk), timezone.localdate())
        if section.kind is Kind.NEEDS
        for line in section.lines
    ]
    assert found == [
        reverse("clusters:cell-edit", args=[cluster.slug, row.pk, municipality.slug])
        for row in rows
    ]


def test_consent_is_asked_of_the_authority_and_shown_to_the_coordinator(
    rows, editor, coordinator, cluster, municipality
):
    assert not lines_of(editor, "Medlemskab, der venter på dit ja")
    ClusterMembership.objects.filter(authority=municipality).update(awaits_consent=True)
    [line] = lines_of(editor, "Medlemskab, der venter på dit ja")
    assert line.path == reverse("clusters:matrix", args=[cluster.slug])
    [line] = lines_of(coordinator, "Medlemskab, der venter på et ja")
    assert "Nordby Kommune" in line.text


def test_the_coming_meeting_has_an_edition_or_the_coordinator_learns_that_it_has_none(
    rows, coordinator, make_user, cluster
):
    [line] = told(coordinator, Kind.COMING)["Næste møde"].lines
    assert line.path == reverse("clusters:freeze", args=[cluster.slug])
    viewer = make_user(Role.VIEWER, cluster=cluster)
    assert not told(viewer, Kind.COMING)
    edition = freeze_now(cluster, coordinator)
    for person in (coordinator, viewer):
        kind = Kind.COMING if edition.meeting_on >= timezone.localdate() else Kind.NEWS
        found = [one.path for x in told(person, kind).values() for one in x.lines]
        assert edition.get_absolute_url() in found


def test_a_reader_is_asked_for_nothing_and_no_answer_is_read(rows, make_user, cluster):
    viewer = User.objects.get_with_scopes(make_user(Role.VIEWER, cluster=cluster).pk)
    with CaptureQueriesContext(connection) as queries:
        found = list(sections(viewer, timezone.localdate()))
    assert [one.kind for one in found if one.lines or one.otherwise] == [Kind.WAYS]
    assert "clusters_position" not in queries[0]["sql"]


def test_one_query_for_thirty_clusters_and_none_without_a_role(
    rows, make_user, cluster, municipality, facility, answer
):
    user = make_user(Role.EDITOR, authority=municipality)
    Membership.objects.create(user=user, role=Role.COORDINATOR, cluster=cluster)
    answer(rows[0], "Kursus")
    for number in range(30):
        other = Cluster.objects.create(name=f"K{number}", slug=f"k{number}", region=cluster.region)
        ClusterMembership.objects.create(cluster=other, authority=municipality)
    user = User.objects.get_with_scopes(user.pk)
    with CaptureQueriesContext(connection) as queries:
        found = list(sections(user, timezone.localdate()))
    assert len([one for one in found if one.kind is Kind.WAYS]) == 31
    assert len(queries) == 1
    staff = User.objects.get_with_scopes(make_user(Role.STAFF, facility=facility).pk)
    with CaptureQueriesContext(connection) as queries:
        assert not list(sections(staff, timezone.localdate()))
    assert not queries
