"""Succession: on 1 January 2027 Klynge Syd gives way to Sundhedsråd Limfjorden."""

import datetime as dt
import uuid
from dataclasses import dataclass

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.urls import reverse

from clusters.access import get_sheet
from clusters.editions.content import freeze
from clusters.enums import PositionState
from clusters.matrix.queries.read_matrix import read_matrix
from clusters.models import (
    AuthorityNote,
    Effort,
    EffortProposal,
    Position,
    Proposal,
    ProposalGroup,
    SourceDocument,
    Succession,
    Theme,
)
from clusters.setup.actions.consent import agree
from clusters.setup.actions.members import add_member
from clusters.setup.actions.proposals import retire_proposal
from clusters.setup.actions.succession import join_successor, open_successor
from clusters.setup.dates import overlap
from clusters.setup.queries import has_content, possible_successors
from clusters.setup.same_proposals import free_numbers, match
from krams.enums import ClusterKind, Role
from krams.models import Authority, Cluster, Membership
from krams.organisations.actions.structure import load_structure
from tests.roles import appoint

from ...browser.words import da

BEGINS = dt.date(2027, 1, 1)
TODAY = dt.date(2026, 11, 21)


@dataclass
class Row:
    pk: int
    title: str
    copied_from_id: int | None = None


def test_a_proposal_is_known_by_its_origin_and_then_by_its_title():
    old = [Row(1, "Brobygning"), Row(2, "Café"), Row(3, "Kun her"), Row(4, "Fælles", 9)]
    new = [Row(11, "Noget andet", 1), Row(12, "  CAFE "), Row(13, "Omskrevet", 9)]
    found = match(old, new)
    assert {key: row.pk for key, row in found.items()} == {1: 11, 2: 12, 4: 13}


def test_no_proposal_stands_for_two():
    assert list(match([Row(1, "Ens"), Row(2, "Ens")], [Row(3, "Ens")])) == [1]


def test_a_number_that_is_taken_becomes_the_next_free_one():
    assert free_numbers([1, 2], [2, 3, 1]) == [4, 3, 5]
    assert free_numbers([], [7, 1]) == [7, 1]


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        ((None, None), (None, None), True),
        ((None, TODAY), (TODAY, None), True),
        ((None, TODAY), (BEGINS, None), False),
        ((BEGINS, None), (None, TODAY), False),
    ],
)
def test_periods_that_share_a_day_overlap(one, other, expected):
    assert overlap(one, other) is expected


@pytest.fixture
def nordjylland(db):
    load_structure()
    return {cluster.slug: cluster for cluster in Cluster.objects.all()}


def authorities(*slugs: str) -> list[Authority]:
    return [Authority.objects.get(slug=slug) for slug in slugs]


def coordinator_of(make_user, cluster):
    """Of the cluster and of those that are planned to follow it."""
    user = make_user(Role.COORDINATOR, cluster=cluster)
    for other in possible_successors(cluster):
        Membership.objects.create(user=user, role=Role.COORDINATOR, cluster=other)
    return user


def fill_in(cluster, *slugs: str, titles=("Brobygning", "Café")):
    """Proposals, and for each authority an answer, an effort that serves both, and a note."""
    group = ProposalGroup.objects.create(cluster=cluster, name="På hospitalet")
    source = SourceDocument.objects.create(cluster=cluster, title="Notat", remark="Uens tal")
    rows = [
        Proposal.objects.create(
            cluster=cluster, group=group, number=number, title=title, source=source
        )
        for number, title in enumerate(titles, start=1)
    ]
    theme, _made = Theme.objects.get_or_create(name="Rygning", slug="rygning")
    for authority in authorities(*slugs):
        note = AuthorityNote.objects.create(
            cluster=cluster, authority=authority, heading="Mere", text="Om indsatsen"
        )
        effort = Effort.objects.create(
            cluster=cluster, authority=authority, text=f"I {authority.slug}", explained_by=note
        )
        effort.themes.add(theme)
        for row in rows:
            Position.objects.create(
                proposal=row,
                authority=authority,
                state=PositionState.ESTABLISHED,
                confirmed_on=TODAY,
            )
            EffortProposal.objects.create(effort=effort, proposal=row, position=1)
    return rows


def picture(cluster, user) -> dict:
    """All that the matrix of the cluster says."""
    return freeze(cluster, read_matrix(get_sheet(user, cluster.slug)), TODAY)


SYD = ("rebild", "mariagerfjord", "vesthimmerland", "region-nordjylland")


def test_syd_goes_along_into_limfjorden_as_planned(nordjylland, make_user):
    syd, limfjorden = nordjylland["syd"], nordjylland["limfjorden"]
    user = coordinator_of(make_user, syd)
    rows = fill_in(syd, *SYD)
    before = picture(syd, user)
    join_successor(
        predecessor=syd,
        successor=limfjorden,
        columns=authorities(*SYD),
        submission_id=uuid.uuid4(),
        by=user,
    )
    syd.refresh_from_db()
    assert picture(syd, user) == before
    assert (syd.name, syd.valid_until) == ("Klynge Syd", dt.date(2026, 12, 31))
    new = read_matrix(get_sheet(user, "limfjorden"))
    assert [cell.state for cell in new.cells.values()].count(PositionState.ESTABLISHED) == 8
    taken = {column.authority.slug for column in new.columns if column.filled}
    assert taken == set(SYD)
    assert len(new.columns) > len(SYD)
    for cell in new.cells.values():
        assert cell.confirmed_on is None
        if cell.is_filled:
            assert cell.is_unconfirmed
    copies = limfjorden.proposals.order_by("number")
    assert [copy.copied_from for copy in copies] == rows
    assert {copy.source.remark for copy in copies} == {""}
    effort = limfjorden.efforts.get(authority__slug="rebild")
    assert effort.text == "I rebild"
    assert [theme.slug for theme in effort.themes.all()] == ["rygning"]
    assert effort.explained_by.cluster == limfjorden
    assert effort.places.count() == 2
    assert effort.history.get().history_user == user
    # Nobody coordinated it yet.
    assert Cluster.objects.coordinated_by(user).filter(pk=limfjorden.pk).exists()


def test_the_region_goes_into_both_and_vendsyssel_gets_its_own(nordjylland, make_user):
    syd, nord = nordjylland["syd"], nordjylland["nord"]
    fill_in(syd, *SYD)
    fill_in(nord, "hjoerring", "region-nordjylland", titles=("CAFÉ", "Kun i nord"))
    first, second = coordinator_of(make_user, syd), coordinator_of(make_user, nord)
    vendsyssel, limfjorden = nordjylland["vendsyssel"], nordjylland["limfjorden"]
    for old, new, slugs, user in [
        (syd, limfjorden, SYD, first),
        (nord, vendsyssel, ("hjoerring", "region-nordjylland"), second),
    ]:
        join_successor(
            predecessor=old,
            successor=new,
            columns=authorities(*slugs),
            submission_id=uuid.uuid4(),
            by=user,
        )
    region = Authority.objects.get(slug="region-nordjylland")
    for cluster in (syd, nord, limfjorden, vendsyssel):
        assert has_content(cluster, [region.pk]) == {region.pk}
    with pytest.raises(ValidationError, match="begge klynger"):
        join_successor(
            predecessor=syd,
            successor=vendsyssel,
            columns=authorities("rebild"),
            submission_id=uuid.uuid4(),
            by=first,
        )


def test_two_clusters_merge_into_one_successor(nordjylland, make_user):
    syd, midt = nordjylland["syd"], nordjylland["midt"]
    fill_in(syd, *SYD)
    fill_in(midt, "aalborg", "region-nordjylland", titles=("café ", "Kun i Midt"))
    first, second = coordinator_of(make_user, syd), coordinator_of(make_user, midt)
    opened = open_successor(
        predecessor=syd,
        authorities=authorities(*SYD),
        columns=authorities(*SYD),
        submission_id=uuid.uuid4(),
        by=first,
        name="Sundhedsråd Prøve",
        slug="proeve",
        kind=ClusterKind.HEALTH_COUNCIL,
        region=syd.region,
        valid_from=BEGINS,
    ).successor
    [aalborg] = authorities("aalborg")
    column = add_member(
        cluster=opened, authority=aalborg, valid_from=BEGINS, version=opened.version, by=first
    )
    appoint(cluster=opened, email=second.email, name="", authority=None, by=first)
    join = {"predecessor": midt, "successor": opened, "by": second}
    with pytest.raises(ValidationError, match="ikke sagt ja"):
        join_successor(**join, columns=[aalborg], submission_id=uuid.uuid4())
    agree(column=column, by=make_user(Role.EDITOR, authority=aalborg))
    with pytest.raises(ValidationError, match="allerede"):
        join_successor(
            **join,
            columns=authorities("aalborg", "region-nordjylland"),
            submission_id=uuid.uuid4(),
        )
    join_successor(**join, columns=authorities("aalborg"), submission_id=uuid.uuid4())
    titles = opened.proposals.order_by("number").values_list("number", "title")
    assert list(titles) == [(1, "Brobygning"), (2, "Café"), (3, "Kun i Midt")]
    assert opened.proposals.get(number=2).positions.filter(authority__slug="aalborg").exists()
    assert {one.predecessor for one in opened.inheritances.all()} == {syd, midt}


def test_only_chosen_columns_and_standing_proposals_come_along(nordjylland, make_user):
    syd, limfjorden = nordjylland["syd"], nordjylland["limfjorden"]
    user = coordinator_of(make_user, syd)
    rows = fill_in(syd, *SYD)
    retire_proposal(proposal=rows[0], version=rows[0].version, by=user)
    join_successor(
        predecessor=syd,
        successor=limfjorden,
        columns=authorities("rebild"),
        submission_id=uuid.uuid4(),
        by=user,
    )
    assert [row.title for row in limfjorden.proposals.all()] == ["Café"]
    assert {one.authority.slug for one in limfjorden.efforts.all()} == {"rebild"}
    assert {one.authority.slug for one in limfjorden.notes.all()} == {"rebild"}
    assert limfjorden.efforts.get().places.count() == 1


def test_the_same_submission_takes_along_once(nordjylland, make_user):
    syd, limfjorden = nordjylland["syd"], nordjylland["limfjorden"]
    user = coordinator_of(make_user, syd)
    fill_in(syd, *SYD)
    key = {"predecessor": syd, "submission_id": uuid.uuid4(), "by": user}
    columns = authorities("rebild")
    first = join_successor(**key, successor=limfjorden, columns=columns)
    assert join_successor(**key, successor=limfjorden, columns=columns) == first
    assert limfjorden.efforts.count() == 1
    other = coordinator_of(make_user, nordjylland["midt"])
    with pytest.raises(PermissionDenied):
        join_successor(
            **key | {"predecessor": nordjylland["midt"], "by": other},
            successor=limfjorden,
            columns=[],
        )


def test_nothing_is_copied_where_the_last_step_fails(nordjylland, make_user, monkeypatch):
    syd, limfjorden = nordjylland["syd"], nordjylland["limfjorden"]
    user = coordinator_of(make_user, syd)
    fill_in(syd, *SYD)
    monkeypatch.setattr(Succession, "save", lambda *_args, **_options: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        join_successor(
            predecessor=syd,
            successor=limfjorden,
            columns=authorities("rebild"),
            submission_id=uuid.uuid4(),
            by=user,
        )
    assert not limfjorden.proposals.exists()
    assert not limfjorden.efforts.exists()


# --- Pages --------------------------------------------------------------------------------------


def open_form(**fields) -> dict:
    region = Authority.objects.get(slug="region-nordjylland")
    members = [one.pk for one in authorities("rebild", "mariagerfjord")] + [region.pk]
    return {
        "name": "Sundhedsråd Prøve",
        "slug": "",
        "kind": "health_council",
        "region": region.pk,
        "valid_from": "01.01.2027",
        "valid_until": "",
        "confirmation_interval_months": "6",
        "authorities": members,
        "columns": members[:1],
        "submission_id": str(uuid.uuid4()),
    } | fields


def test_a_coordinator_opens_a_successor_on_the_page(nordjylland, make_user, login):
    syd = nordjylland["syd"]
    fill_in(syd, *SYD)
    client = login(coordinator_of(make_user, syd))
    url = reverse("clusters:setup-successors", args=["syd"])
    assert "01.01.2027" in client.get(url).content.decode()
    data = open_form()
    for _time in range(2):
        response = client.post(url, data)
        assert response.status_code == 302
        assert response["Location"] == "/klynger/sundhedsraad-proeve/"
    new = Cluster.objects.get(slug="sundhedsraad-proeve")
    assert new.efforts.get().authority.slug == "rebild"
    assert new.memberships.count() == 3
    assert client.get(response["Location"]).status_code == 200
    assert "Sundhedsråd Prøve" in client.get(url).content.decode()


@pytest.mark.parametrize(
    "fields",
    [
        {"name": ""},
        {"name": "   "},
        {"name": "x" * 81},
        {"name": "et\x00nul"},
        {"slug": "syd"},
        {"slug": "ny"},
        {"slug": "Ikke en adresse!"},
        {"kind": "andet"},
        {"region": "10000000000000000000000"},
        {"valid_from": "31-12-2026"},
        {"valid_from": "01.01.0001"},
        {"valid_from": ""},
        {"valid_until": "31.12.2026"},
        {"confirmation_interval_months": "0"},
        {"authorities": []},
        {"authorities": ["abc"]},
        {"columns": ["999999999"]},
        {"submission_id": "abc"},
    ],
)
def test_bad_input_opens_nothing(nordjylland, make_user, login, fields):
    client = login(coordinator_of(make_user, nordjylland["syd"]))
    before = Cluster.objects.count()
    url = reverse("clusters:setup-successors", args=["syd"])
    response = client.post(url, open_form(**fields))
    assert response.status_code == 422
    assert Cluster.objects.count() == before


def test_the_columns_page_takes_along_and_then_offers_what_is_left(nordjylland, make_user, login):
    syd = nordjylland["syd"]
    fill_in(syd, *SYD)
    client = login(coordinator_of(make_user, syd))
    url = reverse("clusters:setup-successor", args=["syd", "limfjorden"])
    rebild, elsewhere = authorities("rebild", "hjoerring")
    data = {"columns": [elsewhere.pk], "submission_id": str(uuid.uuid4())}
    assert client.post(url, data).status_code == 422
    assert client.post(url, data | {"columns": [rebild.pk]}).status_code == 302
    page = client.get(url)
    assert str(rebild.pk) not in page.context["form"].fields["columns"].known
    assert page.context["taken"] == [rebild]
    other = reverse("clusters:setup-successor", args=["syd", "midt"])
    assert client.get(other).status_code == 404


def test_where_nothing_is_left_to_take_along_nothing_is_reported(nordjylland, make_user, login):
    syd = nordjylland["syd"]
    fill_in(syd, *SYD)
    client = login(coordinator_of(make_user, syd))
    url = reverse("clusters:setup-successor", args=["syd", "limfjorden"])
    free = [one.pk for one in client.get(url).context["free"]]

    def take(*columns):
        return client.post(url, {"columns": columns, "submission_id": str(uuid.uuid4())})

    assert take(*free).status_code == 302
    page = client.get(url)
    assert da("Everything has been taken along.") in page.content.decode()
    again = take()
    assert again.status_code == 422
    assert da("There is nothing left to take along.") in again.content.decode()
    assert Succession.objects.count() == 1


def test_without_a_last_day_there_is_no_successor(cluster, make_user, login):
    client = login(coordinator_of(make_user, cluster))
    url = reverse("clusters:setup-successors", args=[cluster.slug])
    assert client.get(url).status_code == 200
    assert client.post(url, {}).status_code == 422
    assert client.get(url + "syd/").status_code == 404
    assert not Succession.objects.exists()
