"""Runs beside the tests: a migrated database with a facility, its people and what they did."""

import datetime as dt
import sys

import django

django.setup()

from django.contrib.auth.hashers import make_password  # noqa: E402
from django.core.management import call_command  # noqa: E402
from django.utils import timezone  # noqa: E402

from initiatives.enums import Outcome  # noqa: E402
from initiatives.models import Activity, ActivityType  # noqa: E402
from krams.enums import AuthorityKind, Role  # noqa: E402
from krams.models import (  # noqa: E402
    Authority,
    Cluster,
    ClusterMembership,
    Department,
    Facility,
    Membership,
    User,
)
from tests.scale.prepared import ROWS  # noqa: E402


def fill(password: str) -> None:
    nordby = Authority.objects.create(
        kind=AuthorityKind.MUNICIPALITY,
        code="9001",
        name="Nordby",
        official_name="Nordby Kommune",
        slug="nordby",
    )
    region = Authority.objects.create(
        kind=AuthorityKind.REGION,
        code="9081",
        name="Prøveregionen",
        official_name="Region Prøve",
        slug="region-proeve",
    )
    cluster = Cluster.objects.create(name="Klynge Prøve", slug="proeve", region=region)
    for position, authority in enumerate([nordby, region]):
        ClusterMembership.objects.create(cluster=cluster, authority=authority, position=position)
    department = Department.objects.create(municipality=nordby, name="Social", slug="social")
    facility = Facility.objects.create(department=department, name="Bakkehuset", slug="bakkehuset")
    hashed = make_password(password)
    for name, role, scope in (
        ("medarbejder", Role.STAFF, {"facility": facility}),
        ("kollega", Role.STAFF, {"facility": facility}),
        ("leder", Role.MANAGER, {"department": department}),
        ("koordinator", Role.COORDINATOR, {"cluster": cluster}),
    ):
        user = User.objects.create(email=f"{name}@proeve.example", name=name, password=hashed)
        Membership.objects.create(user=user, role=role, **scope)
    walk = ActivityType.objects.create(name="Gåtur", factors="M")
    today = timezone.localdate()
    Activity.objects.bulk_create(
        Activity(
            facility=facility,
            activity_type=walk,
            title="Gåtur",
            factors="M",
            held_on=today - dt.timedelta(days=number % 700),
            outcome=Outcome.HELD,
            participant_count=number % 20,
            note="Husk parasol i varmen" if number == 1 else "",
        )
        for number in range(ROWS)
    )


call_command("migrate", verbosity=0)
fill(sys.argv[1])
