"""Makes departments, facilities and people in the country's real municipalities and clusters."""

import datetime as dt

from django.contrib.auth.hashers import make_password

from initiatives.models import ActivityType
from krams.enums import AuthorityKind, Role
from krams.models import (
    Authority,
    Cluster,
    Department,
    Facility,
    Membership,
    User,
)

from ..draws import in_proportion, stream
from ..people import SUPERUSER, address, shown_as
from ..places import INHABITANTS, MadeDepartment, MadeFacility, Map
from .country import REASON, Branch, Country, Site

PASSWORD = "hele-landet-2026"


class People:
    """Accounts with one role each. They share a password, so it is hashed once."""

    def __init__(self, country: Country) -> None:
        self.country, self.store = country, country.store
        # The salt follows from the seed, so that the same country has the same rows.
        salt = f"{stream(country.order.seed, 'salt').getrandbits(128):032x}"
        self.password = make_password(PASSWORD, salt)

    def add(self, called: str, role: Role, word: str, place: str | int, **scope: int) -> User:
        user = self.account(address(word, place), called)
        membership = Membership(user=user, role=role, **scope)
        self.store.keep(membership, at=self.country.founded, by=None, reason=REASON)
        return user

    def account(self, email: str, name: str, *, is_superuser: bool = False) -> User:
        return self.store.put(
            User(
                email=email,
                name=name,
                password=self.password,
                is_staff=is_superuser,
                is_superuser=is_superuser,
                date_joined=self.country.founded,
            )
        )


def make_places(country: Country) -> list[User]:
    """Departments and facilities, in proportion to the municipalities; and all people.

    Returns one person a role: of the first facility, what it belongs to, and its cluster.
    """
    people = People(country)
    superuser = people.account(SUPERUSER, "Portalens administrator", is_superuser=True)
    municipalities = list(
        Authority.objects.filter(kind=AuthorityKind.MUNICIPALITY).order_by("code")
    )
    weights = [INHABITANTS[municipality.code] for municipality in municipalities]
    parts = in_proportion(country.order.facilities, weights)
    on_the_map = Map(country.order.seed)
    for municipality, facilities in zip(municipalities, parts, strict=True):
        for made in on_the_map.departments_of(municipality.slug, facilities):
            country.branches.append(_branch(country, people, municipality, made))
    of_authorities = {
        authority.pk: _people_of_authority(country, people, authority)
        for authority in Authority.objects.order_by("kind", "code", "pk")
    }
    of_clusters = [_people_of_cluster(country, people, one) for one in country.clusters]
    first = country.branches[0]
    return [
        *(first.sites[0].staff[0], first.sites[0].manager, first.manager),
        *of_authorities[first.department.municipality_id],
        *(of_clusters[0] if of_clusters else ()),
        superuser,
    ]


def _branch(
    country: Country, people: People, municipality: Authority, made: MadeDepartment
) -> Branch:
    department = country.store.keep(
        Department(municipality=municipality, name=made.name, slug=made.slug),
        at=country.founded,
        by=None,
        reason=REASON,
    )
    called = shown_as("Afdelingsleder", f"{made.name}, {municipality.name}")
    manager = people.add(
        called, Role.MANAGER, "afdelingsleder", made.number, department_id=department.pk
    )
    sites = [_site(country, people, department, one) for one in made.facilities]
    return Branch(made, department, manager, sites)


def _site(country: Country, people: People, department: Department, made: MadeFacility) -> Site:
    facility = country.store.keep(
        Facility(
            department=department,
            kind=made.kind,
            name=made.name,
            slug=made.slug,
            place_count=made.place_count,
        ),
        at=country.founded,
        by=None,
        reason=REASON,
    )
    scope, number = {"facility_id": facility.pk}, made.number
    staff = tuple(
        people.add(shown_as(word, made.name), Role.STAFF, word.lower(), number, **scope)
        for word in ("Medarbejder", "Vikar")
    )
    manager = people.add(shown_as("Leder", made.name), Role.MANAGER, "leder", number, **scope)
    return Site(number, facility, (staff[0], staff[1]), manager)


def _people_of_authority(country: Country, people: People, authority: Authority) -> list[User]:
    scope = {"authority_id": authority.pk}
    made = [
        people.add(shown_as(word, authority.official_name), role, latin, authority.slug, **scope)
        for word, role, latin in (
            ("Redaktør", Role.EDITOR, "redaktoer"),
            ("Læser", Role.VIEWER, "laeser"),
            ("Administrator", Role.ADMINISTRATOR, "administrator"),
        )
    ]
    country.editors[authority.pk] = made[0]
    return made


def _people_of_cluster(country: Country, people: People, cluster: Cluster) -> list[User]:
    scope = {"cluster_id": cluster.pk}
    made = [
        people.add(shown_as(word, cluster.name), role, latin, cluster.slug, **scope)
        for word, role, latin in (
            ("Klyngetovholder", Role.COORDINATOR, "tovholder"),
            ("Læser", Role.VIEWER, "laeser"),
        )
    ]
    country.coordinators[cluster.pk] = made[0]
    return made


# --- Activity types ------------------------------------------------------------------------------


def make_types(country: Country) -> None:
    """Every third municipality keeps a list of its own: the common one, and a little more."""
    common = list(ActivityType.objects.filter(municipality=None))
    country.types[0] = {one.name: one for one in common}
    municipalities = dict.fromkeys(one.department.municipality for one in country.branches)
    at = country.founded + dt.timedelta(days=1)
    for municipality in municipalities:
        chance = stream(country.order.seed, "types", municipality.code)
        if chance.random() > 1 / 3:
            continue
        own: dict[str, ActivityType] = {}
        for one in common:
            own[one.name] = country.store.keep(
                ActivityType(
                    municipality=municipality,
                    name=one.name,
                    factors=one.factors,
                    position=one.position,
                    copied_from=one,
                ),
                at=at,
                by=None,
                reason=REASON,
            )
        for place, (name, factors) in enumerate(chance.sample(OWN_TYPES, 4), start=1):
            own[name] = country.store.keep(
                ActivityType(
                    municipality=municipality,
                    name=name,
                    factors=factors,
                    position=len(common) + place,
                ),
                at=at,
                by=None,
                reason=REASON,
            )
        country.types[municipality.pk] = own


OWN_TYPES = (
    ("Cykelhold", "M"),
    ("Vinterbadning", "M"),
    ("Yoga", "MS"),
    ("Madskole", "K"),
    ("Rygestophold", "R"),
    ("Misbrugsgruppe", "A"),
    ("Søvncafe", "S"),
    ("Havefællesskab", "KM"),
)
