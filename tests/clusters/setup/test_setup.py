"""Setting a cluster up without a developer: cluster, members, proposals, sources, people."""

import datetime as dt
import re
import uuid

import pytest
from django.core import mail
from django.core.exceptions import PermissionDenied, ValidationError
from django.urls import reverse

from clusters.access import get_sheet
from clusters.enums import PositionState
from clusters.matrix.actions.cells import Answer, save_position
from clusters.matrix.queries.matrix import read_matrix
from clusters.models import Effort, Position, Proposal, ProposalGroup, SourceDocument
from clusters.setup.actions.clusters import save_cluster
from clusters.setup.actions.people import end_role
from clusters.setup.actions.proposals import save_proposal
from krams.enums import AuthorityKind, ClusterKind, Role
from krams.models import Authority, Cluster, ClusterMembership, Membership, RegionMembership, User

from ..conftest import cell_data

TODAY = dt.date(2026, 11, 21)


@pytest.fixture(autouse=True)
def _today(time_machine):
    time_machine.move_to(dt.datetime(2026, 11, 21, 9, tzinfo=dt.UTC), tick=False)


@pytest.fixture(autouse=True)
def _in_the_region(region, municipality, other_municipality):
    for one in (municipality, other_municipality):
        RegionMembership.objects.create(municipality=one, region=region)


@pytest.fixture
def superuser(db):
    return User.objects.create_superuser("super@proeve.example", "x", name="Administrator")


def at(name: str, cluster, *more) -> str:
    return reverse(f"clusters:{name}", args=[cluster.slug, *more])


def new_form(its_region, *members, **fields) -> dict:
    return {
        "name": "Klynge Østerå",
        "slug": "",
        "kind": "health_cluster",
        "region": its_region.pk,
        "valid_from": "01.12.2026",
        "valid_until": "",
        "confirmation_interval_months": "6",
        "authorities": [one.pk for one in members],
        "submission_id": str(uuid.uuid4()),
    } | fields


def facts(cluster, **fields) -> dict:
    return {
        "name": cluster.name,
        "slug": cluster.slug,
        "kind": cluster.kind,
        "region": cluster.region_id,
        "valid_from": "",
        "valid_until": "",
        "confirmation_interval_months": "6",
        "version": cluster.version,
    } | fields


def proposal_form(own_group, **fields) -> dict:
    return {
        "number": "7",
        "title": "Et nyt forslag",
        "group": own_group.pk,
        "source": "",
        "submission_id": str(uuid.uuid4()),
    } | fields


# --- Who may ------------------------------------------------------------------------------------


def test_only_coordinators_of_the_cluster_come_in(
    cluster, other_cluster, rows, region, make_user, facility, municipality, login, coordinator
):
    source = SourceDocument.objects.create(cluster=cluster, title="Notat")
    column = cluster.memberships.first()
    pages = [
        at("setup", cluster),
        at("member", cluster, column.pk),
        at("setup-proposals", cluster),
        at("proposal", cluster, rows[0].pk),
        at("group", cluster, rows[0].group_id),
        at("source-new", cluster),
        at("source", cluster, source.pk),
        at("setup-people", cluster),
        at("setup-successors", cluster),
    ]
    posts = [
        at("member-add", cluster),
        at("member-move", cluster),
        at("proposal-move", cluster),
        at("group-move", cluster),
        at("group-add", cluster),
        at("proposals-copy", cluster),
        at("retire", cluster, rows[0].pk),
        at("role-end", cluster, coordinator.memberships.get().pk),
    ]
    people = [
        (make_user(Role.EDITOR, authority=municipality), 403),
        (make_user(Role.VIEWER, cluster=cluster), 403),
        (make_user(Role.STAFF, facility=facility), 404),
        (make_user(Role.COORDINATOR, cluster=other_cluster), 404),
    ]
    for user, status in people:
        client = login(user)
        for url in pages:
            assert client.get(url).status_code == status
        for url in pages + posts:
            assert client.post(url, {}).status_code == status
        assert client.get(reverse("clusters:new")).status_code == 403
    client = login(coordinator)
    for url in pages:
        assert client.get(url).status_code == 200
    for url in posts:
        assert client.get(url).status_code == 405


def test_only_who_may_is_offered_the_set_up(cluster, coordinator, editor, superuser, login):
    link = at("setup", cluster)
    for user, offered in [(coordinator, True), (superuser, True), (editor, False)]:
        page = login(user).get(cluster.get_absolute_url()).content.decode()
        assert (f'href="{link}"' in page) is offered


def test_ids_of_another_cluster_are_not_found(
    cluster, other_cluster, rows, coordinator, login, make_user
):
    group = ProposalGroup.objects.create(cluster=other_cluster, name="Deres")
    proposal = Proposal.objects.create(
        cluster=other_cluster, group=group, number=1, title="Deres forslag"
    )
    source = SourceDocument.objects.create(cluster=other_cluster, title="Deres notat")
    column = other_cluster.memberships.get()
    role = make_user(Role.COORDINATOR, cluster=other_cluster).memberships.get()
    viewer = make_user(Role.VIEWER, cluster=cluster).memberships.get()
    client = login(coordinator)
    for url in [
        at("member", cluster, column.pk),
        at("proposal", cluster, proposal.pk),
        at("group", cluster, group.pk),
        at("source", cluster, source.pk),
    ]:
        assert client.get(url).status_code == 404
        assert client.post(url, {"version": 1}).status_code == 404
    moves = [("member-move", column), ("proposal-move", proposal), ("group-move", group)]
    for name, thing in moves:
        data = {"op": thing.pk, "version": cluster.version}
        assert client.post(at(name, cluster), data).status_code == 404
    for raw in ("", "abc", "-1", "9" * 30, "²"):
        data = {"ned": raw, "version": cluster.version}
        assert client.post(at("proposal-move", cluster), data).status_code == 404
    for one in (role, viewer):
        assert client.post(at("role-end", cluster, one.pk)).status_code == 404
    for field, value in [("group", group.pk), ("source", source.pk)]:
        data = proposal_form(rows[0].group, **{field: value})
        assert client.post(at("setup-proposals", cluster), data).status_code == 422
    with pytest.raises(PermissionDenied):
        save_proposal(proposal=rows[0], version=1, by=coordinator, group=group)
    data = {"kopi-origin": other_cluster.pk}
    assert client.post(at("proposals-copy", cluster), data).status_code == 422
    assert cluster.proposals.count() == len(rows)


def test_the_list_of_proposals_is_in_their_order(login, coordinator, rows, cluster):
    client = login(coordinator)
    client.post(at("proposal-move", cluster), {"op": rows[2].pk, "version": cluster.version})
    html = client.get(at("setup-proposals", cluster)).content.decode()
    shown = [int(key) for key in re.findall(r'<li id="p-(\d+)"', html)]
    assert shown == [rows[number].pk for number in (0, 2, 1, 3, 4, 5)]


# --- The cluster --------------------------------------------------------------------------------


def test_an_administrator_creates_a_cluster_and_coordinates_it(
    region, municipality, make_user, login
):
    user = make_user(Role.ADMINISTRATOR, authority=municipality)
    client = login(user)
    data = new_form(region, municipality, region)
    for _time in range(2):
        response = client.post(reverse("clusters:new"), data)
        assert response["Location"] == "/klynger/klynge-oesteraa/opsaetning/"
    made = Cluster.objects.get()
    assert made.valid_from == dt.date(2026, 12, 1)
    assert {one.authority for one in made.memberships.all()} == {municipality, region}
    assert made.history.get().history_user == user
    assert client.get(response["Location"]).status_code == 200


def test_the_municipalities_of_a_region_are_shown_before_anything_is_saved(
    region, municipality, superuser, login
):
    client = login(superuser)
    page = client.get(reverse("clusters:new"))
    assert not page.context["form"].has_candidates
    data = new_form(region, name="Halvt skrevet", vis="1", valid_from="01.12.2026")
    page = client.post(reverse("clusters:new"), data)
    assert page.status_code == 200
    assert str(municipality.pk) in page.context["form"].fields["authorities"].known
    assert "Halvt skrevet" in page.content.decode()
    assert not Cluster.objects.exists()


@pytest.mark.parametrize(
    "fields",
    [
        {"name": ""},
        {"name": "  "},
        {"name": "x" * 81},
        {"name": "et\x00nul"},
        {"slug": "ny"},
        {"slug": "to ord"},
        {"slug": "x" * 51},
        {"slug": "\x00"},
        {"kind": "x"},
        {"region": ""},
        {"region": "0"},
        {"valid_from": "31.02.2027"},
        {"valid_from": "01.01.0001"},
        {"valid_until": "30.11.2026"},
        {"confirmation_interval_months": "61"},
        {"confirmation_interval_months": "1.5"},
        {"authorities": []},
        {"authorities": ["1", "abc"]},
        {"authorities": ["9" * 30]},
        {"submission_id": ""},
    ],
)
def test_bad_input_creates_nothing(region, municipality, superuser, login, fields):
    data = new_form(region, municipality, **fields)
    response = login(superuser).post(reverse("clusters:new"), data)
    assert response.status_code == 422
    assert 'role="alert"' in response.content.decode()
    assert not Cluster.objects.exists()


def test_an_authority_that_does_not_exist_then_is_no_member(
    region, municipality, other_municipality, superuser, login
):
    RegionMembership.objects.filter(municipality=other_municipality).update(
        valid_until=dt.date(2026, 11, 30)
    )
    data = new_form(region, municipality, other_municipality)
    response = login(superuser).post(reverse("clusters:new"), data)
    assert "authorities" in response.context["form"].errors
    region.valid_until = dt.date(2026, 11, 30)
    region.save()
    data = new_form(region, municipality)
    response = login(superuser).post(reverse("clusters:new"), data)
    assert "region" in response.context["form"].errors


def test_the_end_moves_the_members_that_end_with_the_cluster(
    cluster, municipality, coordinator, login
):
    column = cluster.memberships.get(authority=municipality)
    column.valid_until = dt.date(2026, 6, 30)
    column.save()
    client = login(coordinator)
    data = facts(cluster, name="Klynge Ny", valid_until="31.12.2026")
    assert client.post(at("setup", cluster), data).status_code == 302
    cluster.refresh_from_db()
    assert (cluster.name, cluster.version) == ("Klynge Ny", 2)
    ends = {one.authority.name: one.valid_until for one in cluster.memberships.all()}
    assert ends.pop("Nordby") == dt.date(2026, 6, 30)
    assert set(ends.values()) == {dt.date(2026, 12, 31)}


def test_a_stale_save_keeps_both_texts(cluster, coordinator, login):
    client = login(coordinator)
    old = facts(cluster, name="Min klynge")
    assert client.post(at("setup", cluster), facts(cluster, name="Deres")).status_code == 302
    response = client.post(at("setup", cluster), old)
    assert response.status_code == 409
    page = response.content.decode()
    assert "Deres" in page
    assert "Min klynge" in page
    again = old | {"version": response.context["form"]["version"].value()}
    assert client.post(at("setup", cluster), again).status_code == 302
    cluster.refresh_from_db()
    assert cluster.name == "Min klynge"


@pytest.mark.parametrize(
    "fields",
    [
        {"name": ""},
        {"name": "\x00"},
        {"valid_from": "01.01.2027", "valid_until": "31.12.2026"},
        {"confirmation_interval_months": "0"},
        {"version": "abc"},
        {"version": "9" * 30},
        {"version": ""},
    ],
)
def test_bad_facts_change_nothing(cluster, coordinator, login, fields):
    response = login(coordinator).post(at("setup", cluster), facts(cluster, **fields))
    assert response.status_code == 422
    cluster.refresh_from_db()
    assert cluster.version == 1


# --- Members ------------------------------------------------------------------------------------


def test_a_member_that_leaves_in_the_middle_of_a_year_keeps_its_answers(
    cluster, rows, answer, municipality, coordinator, login
):
    answer(rows[0], "Café")
    column = cluster.memberships.get(authority=municipality)
    client = login(coordinator)
    data = {"valid_from": "", "valid_until": "30.06.2026", "version": cluster.version}
    assert client.post(at("member", cluster, column.pk), data).status_code == 302
    shown = read_matrix(get_sheet(coordinator, cluster.slug))
    assert municipality not in [one.authority for one in shown.columns]
    assert Position.objects.filter(authority=municipality).count() == 1
    assert "30.06.2026" in client.get(at("setup", cluster)).content.decode()
    cluster.refresh_from_db()
    again = {"authority": municipality.pk, "valid_from": "21.11.2026", "version": cluster.version}
    assert client.post(at("member-add", cluster), again).status_code == 302
    assert client.post(at("member-add", cluster), again).status_code == 302
    assert cluster.memberships.filter(authority=municipality).count() == 2
    shown = read_matrix(get_sheet(coordinator, cluster.slug))
    assert "Café" in [line.effort.text for cell in shown.cells.values() for line in cell.lines]


def test_an_authority_is_no_member_twice(cluster, municipality, coordinator, login):
    data = {
        "authority": municipality.pk,
        "valid_from": "01.01.2027",
        "version": cluster.version,
    }
    response = login(coordinator).post(at("member-add", cluster), data)
    assert response.status_code == 422
    assert cluster.memberships.count() == 3


@pytest.mark.parametrize(
    "fields",
    [
        {"authority": "0"},
        {"authority": ""},
        {"valid_from": ""},
        {"valid_from": "32.01.2027"},
        {"version": "x"},
    ],
)
def test_bad_members_do_not_join(cluster, municipality, coordinator, login, fields):
    cluster.memberships.filter(authority=municipality).delete()
    data = {"authority": municipality.pk, "valid_from": "01.01.2027", "version": cluster.version}
    client = login(coordinator)
    assert client.post(at("member-add", cluster), data | fields).status_code == 422
    assert cluster.memberships.count() == 2
    stale = data | {"version": cluster.version + 1}
    assert client.post(at("member-add", cluster), stale).status_code == 409
    assert client.post(at("member-add", cluster), data).status_code == 302


def test_dates_of_a_member_are_in_order_and_within_the_cluster(cluster, coordinator, login):
    cluster.valid_until = dt.date(2026, 12, 31)
    cluster.save()
    column = cluster.memberships.first()
    client = login(coordinator)
    for first, last in [("02.01.2026", "01.01.2026"), ("", "01.01.2027"), ("x", "")]:
        data = {"valid_from": first, "valid_until": last, "version": cluster.version}
        assert client.post(at("member", cluster, column.pk), data).status_code == 422
    data = {"valid_from": "", "valid_until": "01.05.2026", "version": cluster.version + 1}
    assert client.post(at("member", cluster, column.pk), data).status_code == 409


def test_columns_move_once_however_often_it_is_sent(cluster, coordinator, login):
    first, second, third = cluster.memberships.all()
    client = login(coordinator)
    data = {"ned": first.pk, "version": cluster.version}
    for _time in range(2):
        assert client.post(at("member-move", cluster), data).status_code == 302
    assert list(cluster.memberships.all()) == [second, first, third]
    cluster.refresh_from_db()
    client.post(at("member-move", cluster), {"op": second.pk, "version": cluster.version})
    assert list(cluster.memberships.all()) == [second, first, third]


# --- Proposals ----------------------------------------------------------------------------------


def test_groups_and_proposals_are_added_once_changed_and_moved(cluster, rows, coordinator, login):
    client = login(coordinator)
    url = at("setup-proposals", cluster)
    data = proposal_form(rows[0].group)
    for _time in range(2):
        assert client.post(url, data).status_code == 302
    added = cluster.proposals.get(number=7)
    assert added.history.get().history_user == coordinator
    client.post(at("proposal-move", cluster), {"op": added.pk, "version": cluster.version})
    added.refresh_from_db()
    rows[2].refresh_from_db()
    assert (added.number, rows[2].number) == (3, 7)
    assert client.post(at("group-add", cluster), {"gruppe-name": "Øvrigt"}).status_code == 302
    assert client.post(at("group-add", cluster), {"gruppe-name": "Øvrigt"}).status_code == 422
    group = cluster.proposal_groups.get(name="Øvrigt")
    cluster.refresh_from_db()
    client.post(at("group-move", cluster), {"op": group.pk, "version": cluster.version})
    assert [one.name for one in cluster.proposal_groups.all()][1] == "Øvrigt"
    cluster.refresh_from_db()
    data = {"name": "I øvrigt", "version": cluster.version}
    assert client.post(at("group", cluster, group.pk), data).status_code == 302
    response = client.post(at("group", cluster, group.pk), data | {"name": "Andet"})
    assert response.status_code == 409
    assert "I øvrigt" in response.content.decode()
    data = {"name": "I kommunerne", "version": response.context["form"]["version"].value()}
    assert client.post(at("group", cluster, group.pk), data).status_code == 422


@pytest.mark.parametrize(
    "fields",
    [
        {"number": "1"},
        {"number": "0"},
        {"number": "-1"},
        {"number": "1.5"},
        {"number": "1000000000000"},
        {"number": ""},
        {"title": ""},
        {"title": "   "},
        {"title": "x" * 301},
        {"title": "et\x00nul"},
        {"group": ""},
        {"group": "999999"},
        {"source": "999999"},
        {"submission_id": "abc"},
    ],
)
def test_bad_proposals_are_not_added(cluster, rows, coordinator, login, fields):
    data = proposal_form(rows[0].group, **fields)
    response = login(coordinator).post(at("setup-proposals", cluster), data)
    assert response.status_code == 422
    assert cluster.proposals.count() == len(rows)


def test_a_stale_proposal_shows_both_texts(cluster, rows, coordinator, login):
    client = login(coordinator)
    url = at("proposal", cluster, rows[0].pk)
    data = proposal_form(rows[0].group, number="1", version=1)
    assert client.post(url, data | {"title": "Deres"}).status_code == 302
    response = client.post(url, data | {"title": "Mit <b>"})
    assert response.status_code == 409
    page = response.content.decode()
    assert "Deres" in page
    assert "Mit &lt;b&gt;" in page


def test_a_retired_proposal_keeps_its_answers_and_takes_none(
    cluster, rows, answer, municipality, coordinator, login
):
    answer(rows[0], "Café")
    client = login(coordinator)
    url = at("retire", cluster, rows[0].pk)
    for version in ({"version": "x"}, {}):
        assert client.post(url, version).status_code == 422
    for _time in range(2):
        assert client.post(url, {"version": 1}).status_code == 302
    rows[0].refresh_from_db()
    assert rows[0].retired_on == TODAY
    assert "Forslag nr. 1" not in client.get(cluster.get_absolute_url()).content.decode()
    column = ClusterMembership.objects.get(cluster=cluster, authority=municipality)
    with pytest.raises(PermissionDenied):
        save_position(
            column=column,
            proposal=rows[0],
            version=1,
            answer=Answer(state=PositionState.NONE),
            by=coordinator,
        )
    rows[1].number = 1
    rows[1].save()
    back = {"version": rows[0].version, "tilbage": "1"}
    assert client.post(url, back).status_code == 422
    rows[1].number = 2
    rows[1].save()
    assert client.post(url, {"version": 1, "tilbage": "1"}).status_code == 409
    assert client.post(url, back).status_code == 302
    assert "Café" in client.get(cluster.get_absolute_url()).content.decode()


def test_a_source_is_added_once_and_changed(cluster, coordinator, login):
    client = login(coordinator)
    data = {
        "title": "Notat",
        "dated_on": "01.10.2026",
        "remark": "Tabellen siger 9",
        "is_exhaustive": "on",
        "submission_id": str(uuid.uuid4()),
    }
    for _time in range(2):
        assert client.post(at("source-new", cluster), data).status_code == 302
    source = cluster.source_documents.get()
    assert (source.is_exhaustive, source.remark) == (True, "Tabellen siger 9")
    url = at("source", cluster, source.pk)
    for fields in (
        {"title": ""},
        {"title": "x" * 301},
        {"dated_on": "31.02.2026"},
        {"remark": "\x00"},
    ):
        assert client.post(url, data | {"version": 1} | fields).status_code == 422
    assert client.post(url, data | {"version": 1, "title": "Nyt"}).status_code == 302
    assert client.post(url, data | {"version": 1}).status_code == 409


def test_proposals_are_copied_from_a_cluster_that_one_may_see(
    cluster, other_cluster, rows, coordinator, login
):
    source = SourceDocument.objects.create(cluster=cluster, title="Notat", remark="Bemærkning")
    rows[0].source = source
    rows[0].save()
    Membership.objects.create(user=coordinator, role=Role.COORDINATOR, cluster=other_cluster)
    group = ProposalGroup.objects.create(cluster=other_cluster, name="I kommunerne")
    Proposal.objects.create(cluster=other_cluster, group=group, number=2, title="Vores eget")
    client = login(coordinator)
    for _time in range(2):
        data = {"kopi-origin": cluster.pk}
        assert client.post(at("proposals-copy", other_cluster), data).status_code == 302
    found = other_cluster.proposals.order_by("number").values_list("number", "title")
    assert len(found) == 7
    assert found[1] == (2, "Vores eget")
    assert (7, "Forslag nr. 2") in found
    copy = other_cluster.proposals.get(number=1)
    assert copy.copied_from == rows[0]
    assert copy.group == group
    assert copy.source.remark == ""
    assert copy.source != source


# --- People -------------------------------------------------------------------------------------


def test_a_new_editor_gets_one_account_and_one_invitation(
    cluster, municipality, coordinator, login
):
    client = login(coordinator)
    url = at("setup-people", cluster)
    data = {"email": "Ny@Proeve.example", "name": "Redaktør, Nordby", "authority": municipality.pk}
    for _time in range(2):
        assert client.post(url, data).status_code == 302
    user = User.objects.get(email="ny@proeve.example")
    role = user.memberships.get()
    assert (role.role, role.authority) == (Role.EDITOR, municipality)
    assert role.history.get().history_user == coordinator
    assert not user.has_usable_password()
    assert [one.to for one in mail.outbox] == [["ny@proeve.example"]]


def test_an_account_that_exists_gets_the_role_and_no_mail(
    cluster, coordinator, make_user, login, superuser
):
    user = make_user()
    client = login(coordinator)
    url = at("setup-people", cluster)
    data = {"email": user.email, "name": "Omdøbt", "authority": "klynge"}
    assert client.post(url, data).status_code == 302
    assert user.memberships.get().role == Role.COORDINATOR
    user.refresh_from_db()
    assert user.name != "Omdøbt"
    assert mail.outbox == []
    end = at("role-end", cluster, user.memberships.get().pk)
    assert client.post(end).status_code == 302
    assert not Membership.objects.valid_on().filter(user=user).exists()
    own = at("role-end", cluster, coordinator.memberships.get().pk)
    assert client.post(own).status_code == 403
    with pytest.raises(Membership.DoesNotExist):
        end_role(cluster=cluster, membership_id=10**6, by=superuser)


def test_an_ended_role_is_given_again(cluster, editor, municipality, coordinator, login):
    role = editor.memberships.get()
    Membership.objects.filter(pk=role.pk).update(within=cluster)
    client = login(coordinator)
    for _time in range(2):
        assert client.post(at("role-end", cluster, role.pk)).status_code == 302
    role.refresh_from_db()
    assert role.valid_until == dt.date(2026, 11, 20)
    data = {"email": editor.email, "authority": municipality.pk}
    assert client.post(at("setup-people", cluster), data).status_code == 302
    assert Membership.objects.valid_on().get(user=editor).authority == municipality


def test_roles_are_refused_with_a_reason(
    cluster, other_cluster, municipality, facility, make_user, coordinator, login
):
    closed = make_user()
    closed.is_active = False
    closed.save()
    outside = ClusterMembership.objects.get(cluster=cluster, authority=municipality)
    outside.valid_until = dt.date(2026, 1, 1)
    outside.save()
    client = login(coordinator)
    url = at("setup-people", cluster)
    good = {"email": "ny@proeve.example", "name": "Redaktør", "authority": "klynge"}
    for fields in [
        {"email": ""},
        {"email": "ikke en adresse"},
        {"email": "x" * 250 + "@proeve.example"},
        {"email": "ny\x00@proeve.example"},
        {"name": ""},
        {"name": "   "},
        {"name": "x" * 121},
        {"authority": ""},
        {"authority": "999999"},
        {"authority": municipality.pk},
        {"email": closed.email},
    ]:
        assert client.post(url, good | fields).status_code == 422
    assert not User.objects.filter(email="ny@proeve.example").exists()
    assert mail.outbox == []
    # Neither an administrator nor a role at a facility can be given or ended here.
    assert client.post(url, good | {"role": "administrator", "facility": facility.pk}).status_code
    assert User.objects.get(email="ny@proeve.example").memberships.get().role == Role.COORDINATOR
    staff = make_user(Role.STAFF, facility=facility).memberships.get()
    assert client.post(at("role-end", cluster, staff.pk)).status_code == 404


# --- Figures ------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["setup", "setup-proposals", "setup-people", "setup-successors"])
def test_queries_do_not_grow(
    cluster, coordinator, municipality, make_user, login, name, django_assert_max_num_queries
):
    cluster.valid_until = dt.date(2026, 12, 31)
    cluster.save()
    group = ProposalGroup.objects.create(cluster=cluster, name="Første")
    client = login(coordinator)

    def fill(numbers):
        for number in numbers:
            source = SourceDocument.objects.create(cluster=cluster, title=f"Notat {number}")
            retired = TODAY if number % 3 == 0 else None
            Proposal.objects.create(
                cluster=cluster,
                group=group,
                number=number,
                title="Forslag",
                source=source,
                retired_on=retired,
            )
            make_user(Role.EDITOR, authority=municipality)

    for numbers in (range(1, 2), range(2, 31)):
        fill(numbers)
        with django_assert_max_num_queries(8) as found:
            assert client.get(at(name, cluster)).status_code == 200
        counts = fill.__dict__.setdefault("counts", [])
        counts.append(len(found))
    assert counts[0] == counts[1]


# --- Address, kind and region -------------------------------------------------------------------


@pytest.fixture
def other_region(db):
    return Authority.objects.create(
        kind=AuthorityKind.REGION, name="Øst", official_name="Region Øst", slug="region-oest"
    )


def test_name_address_kind_and_region_change_and_old_links_lead_on(
    cluster, coordinator, other_region, login, rows, municipality, make_user, facility
):
    RegionMembership.objects.filter(municipality=municipality).update(region=other_region)
    client = login(coordinator)
    old = {name: at(name, cluster) for name in ("matrix", "setup", "editions")}
    cell = at("cell-edit", cluster, rows[0].pk, municipality.slug)
    changed = facts(
        cluster, name="Råd Ærø", slug="", kind=ClusterKind.HEALTH_COUNCIL, region=other_region.pk
    )
    response = client.post(old["setup"], changed)
    assert (response.status_code, response.url) == (302, "/klynger/raad-aeroe/opsaetning/")
    cluster.refresh_from_db()
    assert (cluster.name, cluster.slug) == ("Råd Ærø", "raad-aeroe")
    assert (cluster.kind, cluster.region) == (ClusterKind.HEALTH_COUNCIL, other_region)
    for name, path in old.items():
        answer = client.get(path + "?vis=nordby")
        assert (answer.status_code, answer.url) == (307, at(name, cluster) + "?vis=nordby")
    # A form that was open meanwhile is saved all the same.
    saved = client.post(cell, cell_data(rows[0], "Kursus"), follow=True)
    assert saved.status_code == 200
    assert Effort.objects.get().text == "Kursus"
    history = client.get(reverse("history", args=["klynge", cluster.pk])).content.decode()
    assert "raad-aeroe" in history
    assert "Region Øst" in history
    # Who may not see the cluster does not learn where it went; nor is there more than one way.
    assert login(make_user(Role.STAFF, facility=facility)).get(old["matrix"]).status_code == 404
    assert login(coordinator).get("/klynger/har-aldrig-vaeret/").status_code == 404


def test_an_address_is_never_given_to_another_cluster(
    cluster, other_cluster, coordinator, superuser, region, municipality, login
):
    client = login(coordinator)
    moved = facts(cluster, slug="flyttet")
    assert client.post(at("setup", cluster), moved).status_code == 302
    client = login(superuser)
    for slug in ("flyttet", "proeve", "ny"):
        response = client.post(at("setup", other_cluster), facts(other_cluster, slug=slug))
        assert response.status_code == 422
        assert "Adressen er optaget" in response.content.decode()
        made = client.post(reverse("clusters:new"), new_form(region, municipality, slug=slug))
        assert made.status_code == 422
    assert Cluster.objects.count() == 2
    # Its own earlier address it may have back, and then nothing leads away from there.
    cluster.refresh_from_db()
    back = facts(cluster, slug="proeve")
    assert client.post(at("setup", cluster), back).status_code == 302
    assert client.get("/klynger/proeve/").status_code == 200
    assert client.get("/klynger/flyttet/").url == "/klynger/proeve/"
    with pytest.raises(ValidationError):
        save_cluster(
            cluster=other_cluster, version=other_cluster.version, by=superuser, slug="flyttet"
        )


@pytest.mark.parametrize(
    "wrong", [{"slug": "to ord"}, {"slug": "x" * 51}, {"kind": "x"}, {"kind": ""},
              {"region": ""}, {"region": "0"}, {"region": "x"}],
)  # fmt: skip
def test_what_no_address_kind_or_region_can_be(cluster, coordinator, login, wrong):
    response = login(coordinator).post(
        at("setup", cluster), facts(cluster, name="Beholdes", **wrong)
    )
    assert response.status_code == 422
    assert 'value="Beholdes"' in response.content.decode()
    cluster.refresh_from_db()
    assert (cluster.name, cluster.slug) == ("Klynge Prøve", "proeve")
