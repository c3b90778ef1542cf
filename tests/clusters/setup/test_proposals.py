"""Proposals, groups and sources: added once, changed, moved, retired, copied."""

import uuid

import pytest
from django.core.exceptions import PermissionDenied

from clusters.enums import PositionState
from clusters.matrix.actions.save_cell import save_cell
from clusters.matrix.answer import Answer
from clusters.models import Proposal, ProposalGroup, SourceDocument
from krams.enums import Role
from krams.models import ClusterMembership, Membership

from .conftest import TODAY, at, proposal_form

pytestmark = pytest.mark.usefixtures("in_the_region")


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
        save_cell(
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
