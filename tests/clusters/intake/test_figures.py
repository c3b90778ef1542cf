"""What an import costs: queries that do not grow with the rows, and memory that is bounded."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from clusters.models import ImportDraft, Position, Proposal
from krams.enums import AuthorityKind
from krams.models import Authority, ClusterMembership

from .conftest import address, upload, word_file

pytestmark = pytest.mark.django_db
MOST_QUERIES = 8


def queries(client, path) -> int:
    client.get(path)
    with CaptureQueriesContext(
        connection,
    ) as asked:
        assert client.get(path).status_code == 200
    return len([one for one in asked if "session" not in one["sql"]])


def large_cluster(cluster, group, proposals, authorities):
    Proposal.objects.bulk_create(
        Proposal(
            cluster=cluster, group=group, number=100 + number, title=f"Tiltag {number} for alle"
        )
        for number in range(proposals)
    )
    for number in range(authorities):
        one = Authority.objects.create(
            kind=AuthorityKind.MUNICIPALITY, code=f"8{number:03}", name=f"{chr(65 + number) * 5}by",
            official_name=f"{chr(65 + number) * 5}by Kommune", slug=f"by-{number}",
        )  # fmt: skip
        ClusterMembership.objects.create(cluster=cluster, authority=one, position=10 + number)


def large_file(proposals, authorities, efforts=3) -> bytes:
    head = ["Forslag", *(f"{chr(65 + number) * 5}by" for number in range(authorities))]
    cell = "\n".join(
        f"- Indsats nummer {number} med en hel del ord om hvad den er" for number in range(efforts)
    )
    rows = [
        [f"{100 + number}. Tiltag {number} for alle", *[cell] * authorities]
        for number in range(proposals)
    ]
    return word_file(head, *rows)


def test_a_preview_of_many_rows_asks_no_more_than_one_of_one(client_in, cluster, rows):
    large_cluster(cluster, rows[0].group, 30, 3)
    found = []
    for proposals in (1, 30):
        assert upload(client_in, cluster, large_file(proposals, 3, 1)).status_code == 302
        draft = ImportDraft.objects.latest("pk")
        client_in.post(address(draft, "accept-new"))
        found.append(queries(client_in, address(draft)))
    assert found[0] == found[1] <= MOST_QUERIES
    assert queries(client_in, f"/klynger/{cluster.slug}/indlaesning/") <= MOST_QUERIES
    client_in.post(address(draft, "apply"))
    assert Position.objects.count() == 90
