"""A document from the upload to the matrix and back: preview, decisions, taking in, undoing."""

import pytest

from clusters.intake.models import DraftState
from clusters.models import AuthorityNote, Effort, EffortProposal, ImportDraft, Position

from ..conftest import cell_data, cell_path, disagreeing, partial
from .conftest import HEAD, address, upload, word_file

pytestmark = pytest.mark.django_db


def stored(proposal, authority) -> list[str]:
    places = EffortProposal.objects.standing().filter(
        proposal=proposal, effort__authority=authority
    )
    return [place.effort.text for place in places.order_by("position")]


def units(client, draft, query="") -> dict:
    preview = client.get(address(draft) + query).context["preview"]
    return {
        (unit.title, unit.column.authority.slug): unit for unit in preview.units if not unit.note
    }


def decide(client, draft, unit, choice="accept", **more):
    data = {"choice": choice, "seen": unit.seen}
    return client.post(address(draft, "decide", unit.key), data, **more)


def accept_all(client, draft):
    for unit in client.get(address(draft)).context["preview"].units:
        if unit.may_accept:
            assert decide(client, draft, unit).status_code == 302


def test_a_document_becomes_answers_and_can_be_undone_as_one(
    client_in, taken_in, rows, municipality, region, coordinator
):
    draft = taken_in(
        ["1. Forslag nr. 1", "- Støttebesøg\n- Café", "Ingen", ""],
        ["2. Forslag nr. 2", "Planlagt fra 01.02.2027\n- Kursus", "", "Ingen pladser endnu"],
        title="Klynge Midt",
    )
    assert not Position.objects.exists()
    page = client_in.get(address(draft)).content.decode()
    assert "Klynge Midt" in page
    assert client_in.post(address(draft, "accept-new")).status_code == 302
    # What was guessed is nobody's but the person's to accept.
    assert units(client_in, draft)["2 Forslag nr. 2", "region-proeve"].choice == ""
    assert client_in.post(address(draft, "apply")).status_code == 302
    draft.refresh_from_db()
    assert (draft.state, draft.applied_by) == (DraftState.APPLIED, coordinator)
    assert stored(rows[0], municipality) == ["Støttebesøg", "Café"]
    planned = Position.objects.get(proposal=rows[1], authority=municipality)
    assert (planned.state, str(planned.state_from)) == ("planned", "2027-02-01")
    assert not Position.objects.filter(proposal=rows[1], authority=region).exists()
    reason = planned.history.first().history_change_reason
    assert "matrix.docx" in reason
    assert disagreeing() == []
    assert client_in.post(address(draft, "undo")).status_code == 302
    assert stored(rows[0], municipality) == []
    assert set(Position.objects.values_list("state", flat=True)) == {"not_filled"}
    assert disagreeing() == []
    draft.refresh_from_db()
    assert (draft.state, draft.kept_cells) == (DraftState.UNDONE, [])
