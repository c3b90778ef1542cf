"""The same form twice on its way at the same moment."""

import uuid
from functools import partial

import pytest

from clusters.setup.actions.clusters import create_cluster
from krams.enums import ClusterKind, Role
from krams.models import Cluster, RegionMembership
from tests.krams.roles.test_at_once import at_once

pytestmark = pytest.mark.django_db(transaction=True)


def test_one_cluster_is_created(make_user, municipality, region):
    RegionMembership.objects.create(municipality=municipality, region=region)
    create = partial(
        create_cluster,
        authorities=[municipality],
        submission_id=uuid.uuid4(),
        by=make_user(Role.ADMINISTRATOR, authority=municipality),
        name="Klynge Nord",
        slug="nord",
        kind=ClusterKind.HEALTH_CLUSTER,
        region=region,
        confirmation_interval_months=6,
    )
    made = at_once(*[create] * 4)
    assert {getattr(one, "pk", one) for one in made} == {Cluster.objects.get().pk}
