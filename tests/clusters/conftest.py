"""A small matrix: two groups of three proposals; helpers fill it in, post a cell and freeze it."""

import uuid

import pytest
from django.urls import reverse
from django.utils import timezone

from clusters.editions.actions import freeze_edition
from clusters.enums import PositionState
from clusters.matrix.cell_status import agreeing
from clusters.models import Effort, EffortProposal, Position, Proposal, ProposalGroup
from clusters.worklist.queries.sections import sections
from krams.enums import Role
from krams.models import Cluster, ClusterMembership, User
from krams.worklist.sections import Line


@pytest.fixture
def rows(cluster):
    """Six proposals, numbered 1 to 6, in two groups."""
    groups = [
        ProposalGroup.objects.create(cluster=cluster, name=name, position=position)
        for position, name in enumerate(("I kommunerne", "På hospitalet"))
    ]
    return [
        Proposal.objects.create(
            cluster=cluster, group=groups[number > 3], number=number, title=f"Forslag nr. {number}"
        )
        for number in range(1, 7)
    ]


@pytest.fixture
def coordinator(make_user, cluster):
    return make_user(Role.COORDINATOR, cluster=cluster)


@pytest.fixture
def editor(make_user, municipality):
    return make_user(Role.EDITOR, authority=municipality)


@pytest.fixture
def answer(municipality):
    """``answer(proposals, "Effort", state=...)``: one answer with efforts that serve them all."""

    def make(proposals, *texts, state=PositionState.ESTABLISHED, authority=None, **effort):
        proposals = proposals if isinstance(proposals, list) else [proposals]
        authority = authority or municipality
        for proposal in proposals:
            Position.objects.create(proposal=proposal, authority=authority, state=state)
        efforts = []
        for order, text in enumerate(texts, start=1):
            made = Effort.objects.create(
                cluster=proposals[0].cluster, authority=authority, text=text, **effort
            )
            for proposal in proposals:
                EffortProposal.objects.create(effort=made, proposal=proposal, position=order)
            efforts.append(made)
        return efforts

    return make


@pytest.fixture
def other_cluster(region, other_municipality):
    """A cluster in which nobody of the first one but ``other_municipality`` takes part."""
    cluster = Cluster.objects.create(name="Klynge Anden", slug="anden", region=region)
    ClusterMembership.objects.create(cluster=cluster, authority=other_municipality)
    return cluster


def told(user, title) -> list[Line]:
    """What the first page says to the person below a title."""
    person = User.objects.get_with_scopes(user.pk)
    found = sections(person, timezone.localdate())
    return [line for one in found if one.title == title for line in one.lines]


def matrix_path(cluster) -> str:
    return reverse("clusters:matrix", args=[cluster.slug])


def cell_path(proposal, authority, what: str = "edit") -> str:
    """The address of a cell's form, or of one of its buttons: add-line, choose, merge, close."""
    args = [proposal.cluster.slug, proposal.pk, authority.slug]
    return reverse(f"clusters:cell-{what}", args=args)


def cell_data(proposal, *lines, version=0, state="established", **head) -> dict:
    """The body of a cell's form. A line is a text, or a dict of its fields."""
    data = {"version": version, "state": state, **head}
    for number, line in enumerate(lines):
        fields = {"text": line} if isinstance(line, str) else line
        fields = {"state": "running", "proposals": [proposal.pk], **fields}
        data |= {f"l{number}-{name}": value for name, value in fields.items()}
    return data


def partial(**headers) -> dict:
    """The headers that htmx sends."""
    return {"headers": {"HX-Request": "true", **headers}}


def disagreeing() -> list[tuple[int, int]]:
    """Cells (proposal, authority) whose answer does not go with what stands in them."""
    places = EffortProposal.objects.filter(effort__removed_at=None, proposal__retired_on=None)
    holding = set(places.values_list("proposal", "effort__authority"))
    standing = Position.objects.filter(proposal__retired_on=None)
    answers = {(one.proposal_id, one.authority_id): one.state for one in standing}
    states = {key: answers.get(key, "not_filled") for key in holding | answers.keys()}
    return [
        key
        for key, state in states.items()
        if agreeing(state, holds_efforts=key in holding) != state
    ]


def freeze_now(cluster, user, **fields):
    """An edition of the matrix as it stands."""
    options = {
        "title": "Status",
        "meeting": "Politisk klyngemøde",
        "meeting_on": timezone.localdate(),
        "submission_id": uuid.uuid4(),
    }
    return freeze_edition(cluster=cluster, by=user, **options | fields)
