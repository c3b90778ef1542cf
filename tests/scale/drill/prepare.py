"""Runs beside the drill: the database of ``tests.scale.prepare``, and who writes in the drill.

Four facilities with a plan that may be registered as often as somebody taps, a row of the matrix
for each person, and people who may register at one facility and answer in the matrix.
"""

import datetime as dt
import sys

import django

django.setup()

from django.contrib.auth.hashers import make_password  # noqa: E402
from django.db import transaction  # noqa: E402
from django.utils import timezone  # noqa: E402

from clusters.models import Proposal, ProposalGroup  # noqa: E402
from initiatives.models import ActivityType, PlannedActivity  # noqa: E402
from krams.enums import Role  # noqa: E402
from krams.models import Authority, Cluster, Department, Facility, Membership, User  # noqa: E402
from tests.scale import prepare  # noqa: E402, F401
from tests.scale.drill.prepared import FACILITIES, PEOPLE  # noqa: E402


@transaction.atomic
def fill(password: str) -> None:
    department = Department.objects.get(slug="social")
    nordby = Authority.objects.get(slug="nordby")
    cluster = Cluster.objects.get(slug="proeve")
    walk = ActivityType.objects.get(name="Gåtur", municipality=None)
    facilities = [
        Facility.objects.create(department=department, name=f"Hus {number}", slug=f"hus-{number}")
        for number in range(FACILITIES)
    ]
    for facility in facilities:
        PlannedActivity.objects.create(
            facility=facility,
            activity_type=walk,
            title="Tur ud ad døren",
            factors="M",
            times_per_week=7,
            starts_on=timezone.localdate() - dt.timedelta(days=7),
        )
    group = ProposalGroup.objects.create(cluster=cluster, name="I kommunerne")
    hashed = make_password(password)
    for number in range(PEOPLE):
        Proposal.objects.create(
            cluster=cluster, group=group, number=number + 1, title=f"Forslag nr. {number + 1}"
        )
        user = User.objects.create(
            email=f"skriver{number}@proeve.example", name=f"Skriver {number}", password=hashed
        )
        where = facilities[number % FACILITIES]
        Membership.objects.create(user=user, role=Role.STAFF, facility=where)
        Membership.objects.create(user=user, role=Role.EDITOR, authority=nordby)


fill(sys.argv[1])
