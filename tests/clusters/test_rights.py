"""Nobody gives what they do not have: what each role reaches after all that it may do."""

import datetime as dt
import itertools
import uuid
from unittest.mock import patch

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.urls import reverse

from clusters.access import editable_columns
from clusters.models import Proposal, ProposalGroup
from clusters.setup.actions import members
from clusters.setup.queries import appointed
from initiatives.models import Initiative
from krams.enums import AuthorityKind, Role
from krams.models import (
    Authority,
    Cluster,
    ClusterMembership,
    Department,
    Facility,
    Membership,
    RegionMembership,
    User,
)
from krams.web.templating import Page
from tests.roles import say_yes

pytestmark = pytest.mark.django_db
STEPS = 5
AFTER = dt.date(2040, 1, 1)


@pytest.fixture(autouse=True)
def november():
    with time_machine.travel(dt.datetime(2026, 11, 21, 11), tick=False):
        yield


@pytest.fixture
def country(region, municipality, other_municipality, facility, other_facility, make_user):
    """Two regions; a cluster of each, one that follows, and an initiative in each municipality."""
    far_region = Authority.objects.create(
        kind=AuthorityKind.REGION, code="9082", name="Fjern", official_name="Region Fjern", slug="f"
    )
    far = Authority.objects.create(
        kind=AuthorityKind.MUNICIPALITY,
        code="9009",
        name="Fjernby",
        official_name="Fjernby Kommune",
        slug="fjernby",
    )
    for one, its_region in [
        (municipality, region),
        (other_municipality, region),
        (far, far_region),
    ]:
        RegionMembership.objects.create(municipality=one, region=its_region)
        department = Department.objects.create(
            municipality=one, name=f"Afdeling {one}", slug=f"a-{one.slug}"
        )
        Initiative.objects.create(department=department, title=f"Indsats i {one}")
    members = {
        "min": [municipality, region],
        "naboens": [other_municipality, region],
        "fjern": [far, far_region],
        "senere": [municipality, other_municipality, far, region],
    }
    for slug, authorities in members.items():
        cluster = Cluster.objects.create(
            name=f"Klynge {slug}",
            slug=slug,
            region=far_region if slug == "fjern" else region,
            valid_from=AFTER if slug == "senere" else None,
            valid_until=None if slug == "senere" else AFTER - dt.timedelta(days=1),
        )
        group = ProposalGroup.objects.create(cluster=cluster, name="Gruppe")
        Proposal.objects.create(cluster=cluster, group=group, number=1, title=f"Forslag {slug}")
        for position, authority in enumerate(authorities):
            ClusterMembership.objects.create(
                cluster=cluster,
                authority=authority,
                position=position,
                valid_from=cluster.valid_from,
                valid_until=cluster.valid_until,
            )
    for authority in (municipality, other_municipality, far, region, far_region):
        make_user(Role.EDITOR, authority=authority)
    for slug in ("naboens", "fjern"):
        make_user(Role.COORDINATOR, cluster=Cluster.objects.get(slug=slug))
    return members


def person(role: Role, make_user) -> User:
    """One of "my" municipality or cluster."""
    mine = {
        Role.STAFF: {"facility": "bakkehuset"},
        Role.MANAGER: {"authority": "nordby"},
        Role.EDITOR: {"authority": "nordby"},
        Role.VIEWER: {"authority": "nordby"},
        Role.ADMINISTRATOR: {"authority": "nordby"},
        Role.COORDINATOR: {"cluster": "min"},
    }
    models = {"facility": Facility, "authority": Authority, "cluster": Cluster}
    [(scope, slug)] = mine[role].items()
    return make_user(role, **{scope: models[scope].objects.get(slug=slug)})


def reach(user: User) -> dict[str, set]:
    """What the person can read and write that stood before; what they made themselves is theirs."""
    old = Cluster.objects.filter(slug__in=["min", "naboens", "fjern", "senere"])
    return {
        "initiatives": set(Initiative.objects.visible_to(user).values_list("title", flat=True)),
        "facilities": set(Facility.objects.visible_to(user).values_list("slug", flat=True)),
        "clusters": set(old.visible_to(user).values_list("slug", flat=True)),
        "coordinated": set(old.coordinated_by(user).values_list("slug", flat=True)),
        "columns": set(
            editable_columns(user)
            .filter(cluster__in=old)
            .values_list("cluster__slug", "authority__slug")
        ),
    }


def foreign_columns(user: User, own: set[str]) -> set[str]:
    """Whose columns the person writes in clusters of their own making, without a yes."""
    made = editable_columns(user).exclude(cluster__slug__in=["min", "naboens", "fjern", "senere"])
    return set(made.values_list("authority__slug", flat=True)) - own


def everything(client, user: User, step: int = 0) -> None:
    """Each way to give or to take something, with each place and person there is."""
    authorities = list(Authority.objects.all())
    # First all that there is; then what was made here, from where the next step may lead further.
    newest = Cluster.objects.order_by("-pk")[: 2 if step else 0]
    clusters = [*Cluster.objects.order_by("pk")[: 1 if step else 4], *newest]
    for region in [one for one in authorities if one.kind == AuthorityKind.REGION]:
        for some in groups(region, authorities):
            name = f"Ny {region.slug} {Cluster.objects.count()}"
            client.post(reverse("clusters:new"), cluster_form(region, some, name))
    for cluster in clusters:
        column = cluster.memberships.first()
        for authority in authorities:
            client.post(
                reverse("clusters:member-add", args=[cluster.slug]),
                {
                    "authority": authority.pk,
                    "valid_from": "21.11.2026",
                    "version": Cluster.objects.get(pk=cluster.pk).version,
                },
            )
            for email in (user.email, f"ny-{authority.slug}@proeve.example"):
                appoint(client, cluster, email, authority.pk)
        appoint(client, cluster, user.email, "klynge")
        for one in cluster.memberships.all():
            client.post(reverse("clusters:member-agree", args=[cluster.slug, one.pk]))
        for role in Membership.objects.exclude(user=user):
            client.post(reverse("clusters:role-end", args=[cluster.slug, role.pk]))
        for region in [one for one in authorities if one.kind == AuthorityKind.REGION]:
            members = [one.authority for one in cluster.memberships.all()]
            for some in [*groups(region, authorities), members]:
                name = f"Efter {cluster.slug} {Cluster.objects.count()}"
                data = cluster_form(region, some, name)
                data |= {"valid_from": "01.01.2040", "columns": [one.pk for one in some]}
                client.post(reverse("clusters:setup-successors", args=[cluster.slug]), data)
        for other in clusters:
            path = reverse("clusters:setup-successor", args=[cluster.slug, other.slug])
            data = {"columns": [column.authority_id], "submission_id": uuid.uuid4()}
            client.post(path, data)


def groups(region: Authority, authorities: list) -> list[list]:
    """Members to ask for: everybody, those of the region, and each alone."""
    inside = RegionMembership.objects.filter(region=region).values_list("municipality", flat=True)
    local = [one for one in authorities if one.pk == region.pk or one.pk in inside]
    return [authorities, local, [region]]


def appoint(client, cluster, email, authority):
    path = reverse("clusters:setup-people", args=[cluster.slug])
    return client.post(path, {"email": email, "name": "Redaktør", "authority": authority})


def cluster_form(region, authorities, name) -> dict:
    return {
        "name": name,
        "kind": "health_cluster",
        "region": region.pk,
        "valid_from": "21.11.2026",
        "valid_until": "",
        "confirmation_interval_months": "6",
        "authorities": [one.pk for one in authorities],
        "submission_id": str(uuid.uuid4()),
    }


@pytest.mark.usefixtures("country")
@pytest.mark.parametrize("role", list(Role))
def test_no_role_reaches_further_by_whatever_it_may_do(role, make_user, login):
    user = person(role, make_user)
    others = set(Membership.objects.exclude(user=user).values_list("pk", "valid_until"))
    before, client = reach(user), login(user)
    client.raise_request_exception = False
    appoints = role in (Role.COORDINATOR, Role.ADMINISTRATOR)
    for step in range(STEPS if appoints else 1):
        # What counts is what stands in the database: the refusals need not be drawn.
        with patch.object(Page, "render", lambda *_given, **_named: ""):
            everything(client, user, step)
        if step == 1:
            whom_they_appoint_reaches_no_further()
    made = Cluster.objects.exclude(slug__in=["min", "naboens", "fjern", "senere"])
    assert made.exists() == appoints
    assert reach(user) == before
    own = {"nordby"} if role in (Role.EDITOR, Role.ADMINISTRATOR) else set()
    agreed = {"nordby", "region-proeve"} if role == Role.COORDINATOR else own
    assert foreign_columns(user, agreed) == set()
    assert others <= set(Membership.objects.exclude(user=user).values_list("pk", "valid_until"))


def whom_they_appoint_reaches_no_further() -> None:
    helpers = User.objects.filter(email__startswith="ny-")
    assert helpers.exists()
    for helper in helpers:
        say_yes(helper.email)
    for helper in helpers:
        assert reach(helper)["initiatives"] == set()
        assert reach(helper)["facilities"] == set()
        assert reach(helper)["clusters"] <= {"min"}
        assert reach(helper)["columns"] <= {("min", "nordby"), ("min", "region-proeve")}


@pytest.mark.usefixtures("country")
def test_an_authority_says_yes_before_its_column_is_given_away(
    make_user, login, other_municipality
):
    coordinator = person(Role.COORDINATOR, make_user)
    mine, client = Cluster.objects.get(slug="min"), login(coordinator)
    members.add_member(
        cluster=mine,
        authority=other_municipality,
        valid_from=None,
        version=mine.version,
        by=coordinator,
    )
    column = mine.memberships.get(authority=other_municipality)
    assert column.awaits_consent
    assert appoint(client, mine, "x@proeve.example", other_municipality.pk).status_code == 422
    page = client.get(reverse("clusters:setup-people", args=["min"])).content.decode()
    assert "Sønderby Kommune" in page
    agree = reverse("clusters:member-agree", args=["min", column.pk])
    assert client.post(agree).status_code == 403
    theirs = User.objects.get(memberships__authority=other_municipality)
    client = login(theirs)
    assert agree in client.get(mine.get_absolute_url()).content.decode()
    assert client.get(agree).status_code == 405
    for _time in range(2):
        assert client.post(agree).status_code == 302
    assert agree not in client.get(mine.get_absolute_url()).content.decode()
    column.refresh_from_db()
    assert not column.awaits_consent
    assert appoint(
        login(coordinator), mine, "x@proeve.example", other_municipality.pk
    ).status_code == (302)
    assert editable_columns(User.objects.get(email="x@proeve.example")).count() == 0
    named = say_yes("x@proeve.example")
    assert set(Cluster.objects.visible_to(named)) == {mine}
    assert list(editable_columns(named)) == [column]
    assert not Initiative.objects.visible_to(named).exists()


@pytest.mark.usefixtures("country")
def test_nobody_ends_a_role_that_others_gave(make_user, login):
    client = login(person(Role.COORDINATOR, make_user))
    for role in Membership.objects.filter(role=Role.EDITOR):
        assert client.post(reverse("clusters:role-end", args=["min", role.pk])).status_code == 404


@pytest.mark.usefixtures("country")
def test_the_page_of_people_names_only_what_it_gives(make_user):
    mine = Cluster.objects.get(slug="min")
    shown = {str(role) for role in appointed(mine, make_user())}
    assert "Redaktør, Sønderby Kommune" not in shown
    assert any("Nordby" in role for role in shown)


def test_a_role_within_a_cluster_is_an_editors_alone(municipality, cluster, make_user):
    user = make_user()
    for role in Role:
        member = Membership(user=user, role=role, authority=municipality, within=cluster)
        problems = list(itertools.chain(*_problems(member).values()))
        assert (problems == []) == (role == Role.EDITOR), role


def _problems(member: Membership) -> dict:
    try:
        member.full_clean()
    except ValidationError as error:
        return error.message_dict
    return {}


def comes_back(client, way: str, column: ClusterMembership) -> None:
    """An authority that has left is made a member again, in each way that a coordinator has."""

    def post(page, *arguments, **data):
        data["version"] = Cluster.objects.get(slug="min").version
        path = reverse(f"clusters:{page}", args=["min", *arguments])
        assert client.post(path, data).status_code == 302

    if way == "added":
        post("member-add", authority=column.authority_id, valid_from="21.11.2026")
    elif way == "dates":
        post("member", column.pk, valid_from="01.01.2015", valid_until="")
    else:
        # Its last day becomes the cluster's, and the cluster then goes on.
        facts = cluster_form(column.cluster.region, [], "Klynge min") | {"slug": "min"}
        for last in ("01.01.2020", "31.12.2039"):
            post("setup", **facts | {"valid_from": "", "valid_until": last})


@pytest.mark.usefixtures("country")
@pytest.mark.parametrize("way", ["added", "dates", "cluster"])
def test_who_left_and_comes_back_says_yes_anew(way, make_user, login, other_municipality):
    coordinator = person(Role.COORDINATOR, make_user)
    column = ClusterMembership.objects.create(
        cluster=Cluster.objects.get(slug="min"),
        authority=other_municipality,
        valid_from=dt.date(2015, 1, 1),
        valid_until=dt.date(2020, 1, 1),
    )
    comes_back(login(coordinator), way, column)
    theirs = ClusterMembership.objects.valid_on().filter(authority=other_municipality)
    assert theirs.get(cluster__slug="min").awaits_consent
    assert not editable_columns(coordinator).filter(authority=other_municipality).exists()


@pytest.mark.usefixtures("country")
def test_nobody_ends_what_they_could_not_have_given(make_user, login, other_municipality):
    mine = Cluster.objects.get(slug="min")
    ClusterMembership.objects.create(
        cluster=mine, authority=other_municipality, awaits_consent=True
    )
    editor = make_user(Role.EDITOR, authority=other_municipality, within=mine)
    end = reverse("clusters:role-end", args=["min", editor.memberships.get().pk])
    client = login(person(Role.COORDINATOR, make_user))
    page = client.get(reverse("clusters:setup-people", args=["min"])).content.decode()
    assert editor.name in page
    assert end not in page
    assert client.post(end).status_code == 404
