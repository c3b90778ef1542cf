"""What the pages of the cluster half cost: queries and bytes, with all that a matrix can hold."""

import datetime as dt

import pytest
from django.urls import reverse
from django.utils import timezone

from clusters.enums import PositionState
from clusters.models import AuthorityNote, Effort, EffortProposal, Position, Proposal, Theme
from initiatives.enums import InitiativeStatus, Outcome
from initiatives.models import Activity, ActivityType, Initiative, PlannedActivity
from krams.enums import AuthorityKind, Role
from krams.models import Authority, ClusterMembership
from krams.web.compression import brotli_of

from ..conftest import cell_data, cell_path, freeze_now, matrix_path, partial

pytestmark = pytest.mark.django_db
MOST_QUERIES = 8
MOST_BYTES, MOST_CELL_BYTES = 30_000, 3_000
WORDS = (
    "Sundhedscafe",
    "rygestop",
    "opsøgende",
    "besøg",
    "værested",
    "bostøtte",
    "misbrugscenter",
    "socialsygeplejerske",
    "kursus",
    "borgere",
    "støtte",
    "ambulant",
    "samarbejde",
    "tandpleje",
)


@pytest.fixture
def themes(db):
    return [
        Theme.objects.create(name=f"Tema {number}", slug=f"tema-{number}") for number in range(12)
    ]


@pytest.fixture
def initiatives(department, facility):
    """Three, each with a plan that is held week after week."""
    kind = ActivityType.objects.create(
        municipality=department.municipality, name="Gåtur", factors="M"
    )
    today = timezone.localdate()
    found = []
    for number in range(3):
        found.append(
            Initiative.objects.create(
                department=department, title=f"Indsats {number}", status=InitiativeStatus.ACTIVE
            )
        )
        plan = PlannedActivity.objects.create(
            facility=facility,
            activity_type=kind,
            factors="M",
            initiative=found[-1],
            weekdays="1",
            starts_on=today - dt.timedelta(weeks=20),
        )
        for weeks in range(1, 10):
            Activity.objects.create(
                facility=facility,
                activity_type=kind,
                planned_activity=plan,
                factors="M",
                held_on=today - dt.timedelta(weeks=weeks),
                outcome=Outcome.HELD,
            )
    return found


def text(number: int) -> str:
    """Words in a new order each time: repetition would flatter the compression."""
    words = [WORDS[(number * step + step) % len(WORDS)] for step in (1, 5, 7, 11, 13)]
    return f"{' '.join(words)} {number}"


@pytest.fixture
def fill(cluster, themes, initiatives, coordinator):
    """``fill(proposals, authorities, 200)``: every cell confirmed, efforts one after the other.

    Every second has a theme, the own municipality's cite an initiative, each authority has a note.
    """

    def make(proposals, authorities, count):
        Position.objects.bulk_create(
            Position(
                proposal=proposal,
                authority=authority,
                state=PositionState.ESTABLISHED,
                confirmed_on=timezone.localdate(),
                confirmed_by=coordinator,
            )
            for proposal in proposals
            for authority in authorities
        )
        notes = {
            authority: AuthorityNote.objects.create(
                cluster=cluster, authority=authority, heading="Uddybning", text=text(number)
            )
            for number, authority in enumerate(authorities)
        }
        efforts = []
        for number in range(count):
            authority = authorities[number % len(authorities)]
            is_own = authority == initiatives[0].department.municipality
            effort = Effort(cluster=cluster, authority=authority, text=text(number))
            effort.explained_by = notes[authority] if number % 3 == 0 else None
            effort.initiative = initiatives[number % 3] if is_own else None
            efforts.append(effort)
        Effort.objects.bulk_create(efforts)
        EffortProposal.objects.bulk_create(
            EffortProposal(
                effort=effort, proposal=proposals[(number // len(authorities)) % len(proposals)]
            )
            for number, effort in enumerate(efforts)
        )
        carried = Effort.themes.through
        carried.objects.bulk_create(
            carried(effort=effort, theme=themes[number % len(themes)])
            for number, effort in enumerate(efforts)
            if number % 2
        )

    return make


def more_proposals(rows, until: int) -> list[Proposal]:
    return Proposal.objects.bulk_create(
        Proposal(
            cluster=rows[5].cluster, group=rows[5].group, number=number, title=f"Forslag {number}"
        )
        for number in range(7, until + 1)
    )


PAGES = [
    ("matrix", ""),
    ("matrix", "?tema=tema-1&gammel=0&q=kursus"),
    ("confirmations", ""),
    ("compare", ""),
    ("gaps", ""),
    ("coverage", ""),
    ("themes", ""),
    ("editions", ""),
    ("freeze", ""),
    ("changes", ""),
    ("changes", "?fra=1&til=2"),
    ("changes", "?fra=1&til=kladde"),
    ("setup", ""),
    ("setup-proposals", ""),
]


@pytest.mark.parametrize("who", ["coordinator", "editor", "superuser"])
def test_queries_are_eight_at_most_and_do_not_grow(
    client, cluster, rows, municipality, other_municipality, region, coordinator, editor,
    fill, make_user, who, django_assert_max_num_queries,
):  # fmt: skip
    people = {"coordinator": coordinator, "editor": editor, "superuser": make_user()}
    people["superuser"].is_superuser = True
    people["superuser"].save()
    client.force_login(people[who])
    paths = [reverse(f"clusters:{name}", args=[cluster.slug]) + query for name, query in PAGES]
    cell = cell_path(rows[0], municipality)
    paths += [cell, f"{cell}luk/", reverse("clusters:clusters")]
    authorities = [municipality, other_municipality, region]
    fill(rows, authorities, 18)
    freeze_now(cluster, coordinator)
    freeze_now(cluster, coordinator)

    def costs(headers) -> dict[str, int]:
        found = {}
        for path in paths:
            with django_assert_max_num_queries(MOST_QUERIES) as queries:
                response = client.get(path, **headers)
            may_not = who == "editor" and ("opsaetning" in path or "bekraef" in path)
            may_not |= who == "editor" and "frys" in path
            assert response.status_code == 403 if may_not else response.status_code in (200, 302)
            found[path] = len(queries)
        return found

    few = costs({}), costs(partial())
    fill(more_proposals(rows, 36), authorities, 300)
    for _number in range(10):
        freeze_now(cluster, coordinator)
    assert (costs({}), costs(partial())) == few


def test_forty_proposals_times_twelve_authorities(
    login, cluster, rows, fill, make_user, municipality, django_assert_max_num_queries
):
    """The largest matrix that the house promises: 1,500 efforts, every third explained."""
    authorities = [column.authority for column in cluster.memberships.all()]
    for number in range(9):
        authority = Authority.objects.create(
            kind=AuthorityKind.MUNICIPALITY,
            code=f"80{number}",
            name=f"Kommune {number}",
            official_name=f"Kommune {number}",
            slug=f"kommune-{number}",
        )
        ClusterMembership.objects.create(cluster=cluster, authority=authority, position=9)
        authorities.append(authority)
    proposals = [*rows, *more_proposals(rows, 40)]
    fill(proposals, authorities, 1500)
    person = make_user(Role.COORDINATOR, cluster=cluster)
    client = login(person)
    with django_assert_max_num_queries(MOST_QUERIES):
        response = client.get(matrix_path(cluster))
    page = response.content.decode()
    assert page.count('class="eff"') == 480
    assert page.count('class="cited"') == 125
    assert page.count("<sup>") == 500
    assert len(brotli_of(response.content)) <= MOST_BYTES
    data = cell_data(proposals[0], {"text": text(2000)}, version=1)
    saved = client.post(cell_path(proposals[0], municipality), data, **partial())
    assert saved.status_code == 200
    assert text(2000) in saved.content.decode()
    assert len(brotli_of(saved.content)) <= MOST_CELL_BYTES
