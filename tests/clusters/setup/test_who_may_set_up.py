"""Who comes into the set-up of a cluster, what it offers, and what its pages cost."""

import datetime as dt
import re

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse

from clusters.models import Proposal, ProposalGroup, SourceDocument
from clusters.setup.actions.proposals import save_proposal
from krams.enums import Role

from .conftest import TODAY, at, proposal_form

pytestmark = pytest.mark.usefixtures("in_the_region")


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
