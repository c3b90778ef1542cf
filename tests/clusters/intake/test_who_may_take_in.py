"""Who may hand documents in, and see what was read: coordinators, and editors their own column."""

import pytest
from django.urls import reverse

from clusters.models import ImportDraft, Position
from krams.enums import Role
from krams.models import ClusterMembership

from .conftest import address, paste

pytestmark = pytest.mark.django_db
ACTS = ("accept-new", "apply", "undo", "drop", "place")


def statuses(client, draft, key) -> set[int]:
    found = {client.get(address(draft)).status_code}
    found |= {client.post(address(draft, act)).status_code for act in ACTS}
    found.add(client.post(address(draft, "decide", key), {"choice": "accept"}).status_code)
    found.add(client.get(address(draft, "edit", key)).status_code)
    return found


def test_only_coordinators_of_the_cluster_hand_in_and_see(
    login, cluster, other_cluster, make_user, municipality, facility, taken_in
):
    draft = taken_in(["1", "- Støttebesøg", ""])
    path = reverse("clusters:imports", args=[cluster.slug])
    colleague = login(make_user(Role.COORDINATOR, cluster=cluster))
    assert colleague.get(address(draft)).status_code == 200
    assert colleague.get(path).status_code == 200
    for person, form in (
        (make_user(Role.EDITOR, authority=municipality), 403),
        (make_user(Role.VIEWER, cluster=cluster), 403),
        (make_user(Role.COORDINATOR, cluster=other_cluster), 404),
        (make_user(Role.STAFF, facility=facility), 404),
    ):
        client = login(person)
        assert client.get(path).status_code == form
        assert client.post(path, {"table": "a\tb"}).status_code == form
        assert statuses(client, draft, "c0-0") == {404}
    assert not Position.objects.exists()


def test_an_editor_pastes_into_the_own_column_alone(
    login, editor, cluster, rows, municipality, other_municipality, make_user
):
    client = login(editor)
    other = reverse("clusters:import-paste", args=[cluster.slug, other_municipality.slug])
    assert client.get(other).status_code == 403
    table = "Forslag\tNordby\tSønderby\n1. Forslag nr. 1\tGåtur\tCafé\n"
    assert paste(client, cluster, table, municipality).status_code == 302
    draft = ImportDraft.objects.get()
    preview = client.get(address(draft)).context["preview"]
    assert [unit.column.authority.slug for unit in preview.units] == ["nordby"]
    client.post(address(draft, "accept-new"))
    assert client.post(address(draft, "apply")).status_code == 302
    assert Position.objects.get().authority == municipality
    assert Position.objects.get().confirmed_by == editor
    stranger = login(make_user(Role.EDITOR, authority=other_municipality))
    assert statuses(stranger, draft, "c0-0") == {404}


def test_a_column_whose_authority_has_not_agreed_is_shown_and_not_taken_in(
    client_in, taken_in, rows, other_municipality
):
    ClusterMembership.objects.filter(authority=other_municipality).update(awaits_consent=True)
    draft = taken_in(["1", "- Støttebesøg", "- Café"])
    [mine, theirs] = client_in.get(address(draft)).context["preview"].units
    assert (mine.may_accept, theirs.may_accept) == (True, False)
    assert "Café" in client_in.get(address(draft)).content.decode()
    data = {"choice": "accept", "seen": theirs.shown}
    assert client_in.post(address(draft, "decide", theirs.key), data).status_code == 403
    client_in.post(address(draft, "accept-new"))
    client_in.post(address(draft, "apply"))
    assert [one.authority.slug for one in Position.objects.all()] == ["nordby"]


def test_a_draft_counts_in_its_own_cluster(client_in, taken_in, login, make_user, other_cluster):
    draft = taken_in(["1", "- Støttebesøg", ""])
    person = make_user(Role.COORDINATOR, cluster=other_cluster)
    path = reverse("clusters:import", args=[other_cluster.slug, draft.pk])
    assert login(person).get(path).status_code == 404
