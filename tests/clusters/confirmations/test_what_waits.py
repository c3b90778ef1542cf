"""What waits to be confirmed, per authority: on the coordinator's page and in the digest."""

import datetime as dt

import pytest
from django.urls import reverse
from django.utils import timezone

from clusters.models import ConfirmationRequest, Position
from krams.enums import Role
from krams.models import ClusterMembership

from ..conftest import matrix_path

pytestmark = pytest.mark.django_db
LONG_AGO = dt.date(2025, 1, 31)


def text_of(response) -> str:
    return response.content.decode()


@pytest.fixture
def path(cluster) -> str:
    return reverse("clusters:confirmations", args=[cluster.slug])


@pytest.fixture
def old(rows, answer):
    answer(rows[0], "Støttebesøg")
    answer(rows[1], "Madklub")
    Position.objects.update(confirmed_on=LONG_AGO)
    return rows


def test_only_a_coordinator_of_the_cluster_sees_the_page(
    login, old, path, make_user, cluster, municipality, facility, other_cluster, coordinator
):
    table = [
        (make_user(Role.EDITOR, authority=municipality), 403),
        (make_user(Role.VIEWER, cluster=cluster), 403),
        (make_user(Role.STAFF, facility=facility), 404),
        (make_user(Role.COORDINATOR, cluster=other_cluster), 404),
    ]
    for person, status in table:
        client = login(person)
        assert client.get(path).status_code == status
        assert path not in text_of(client.get(matrix_path(cluster)))
    client = login(coordinator)
    assert path in text_of(client.get(matrix_path(cluster)))
    assert client.post(path).status_code == 405


def test_it_leads_to_the_form_that_asks_who_can_be_asked(
    login, coordinator, old, path, editor, cluster, municipality
):
    client = login(coordinator)
    way = "anmodninger/ny/?hvad=bekraeft&amp;myndighed=nordby"
    assert way in text_of(client.get(path))
    yesterday = timezone.localdate() - dt.timedelta(days=1)
    ClusterMembership.objects.update(valid_until=yesterday)
    cluster.valid_until = yesterday
    cluster.save()
    page = text_of(client.get(path))
    assert way not in page
    assert "Kan ikke udfyldes i dag" in page


def test_who_was_asked_before_asks_had_a_deadline_is_still_told(
    login, coordinator, old, path, editor, cluster, municipality
):
    ConfirmationRequest.objects.create(
        cluster=cluster, authority=municipality, asked_by_name="En anden", recipient_count=2
    )
    page = text_of(login(coordinator).get(path))
    assert "2 redaktører, af En anden" in page


def test_the_page_counts_per_authority(
    login, coordinator, old, answer, path, municipality, django_assert_max_num_queries
):
    yesterday = timezone.localdate() - dt.timedelta(days=1)
    late = {"next_step": "Find lokaler", "next_step_on": yesterday}
    answer(old[2], "Kursus", valid_until=yesterday, **late)
    Position.objects.filter(proposal=old[2]).update(confirmed_on=timezone.localdate())
    client = login(coordinator)
    with django_assert_max_num_queries(8):
        html = text_of(client.get(path))
    row = html.split("<tbody>")[1].split("</tr>")[0]
    cells = [cell.split("</td>")[0] for cell in row.split("<td")[1:]]
    assert "3 " in cells[0]
    assert "</svg>2</span>" in cells[1]
    assert "</svg>1</span>" in cells[2]
    assert "/klynger/proeve/naeste-skridt/#nordby" in cells[3]
    assert "</svg>1</span>" in cells[3]
