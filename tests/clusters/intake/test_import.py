"""A document from the upload to the matrix and back: preview, decisions, taking in, undoing."""

import pytest

from clusters.intake.models import DraftState
from clusters.models import AuthorityNote, Effort, EffortProposal, ImportDraft, Position
from krams.enums import Role

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
    data = {"choice": choice, "seen": unit.shown}
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


def test_what_stands_is_kept_changed_or_named(
    client_in, taken_in, rows, municipality, other_municipality, answer
):
    """New, changed, the same, and missing: an empty cell takes nothing away."""
    answer(rows[0], "Værested", "Støttebesøg")
    answer(rows[1], "Kursus")
    answer(rows[2], "Gåtur")
    draft = taken_in(
        ["1. Forslag nr. 1", "- Værested\n- Støttebesøg hver uge", ""],
        ["2. Forslag nr. 2", "Etableret\n- Kursus", "- Ny indsats"],
        ["3. Forslag nr. 3", "", ""],
    )
    found = units(client_in, draft)
    kinds = {title: str(unit.kind) for (title, slug), unit in found.items() if slug == "nordby"}
    assert kinds == {
        "1 Forslag nr. 1": "changed",
        "2 Forslag nr. 2": "same",
        "3 Forslag nr. 3": "missing",
    }
    assert found["2 Forslag nr. 2", "soenderby"].kind == "new"
    accept_all(client_in, draft)
    assert client_in.post(address(draft, "apply")).status_code == 302
    assert stored(rows[0], municipality) == ["Værested", "Støttebesøg hver uge"]
    assert stored(rows[2], municipality) == ["Gåtur"]
    # An effort in other words is the same effort, with what the document says nothing about.
    assert Effort.objects.filter(authority=municipality).count() == 4
    assert Position.objects.get(proposal=rows[0], authority=municipality).state == "established"
    client_in.post(address(draft, "undo"))
    assert stored(rows[0], municipality) == ["Værested", "Støttebesøg"]
    assert stored(rows[1], other_municipality) == []
    assert disagreeing() == []


def test_an_effort_of_several_proposals_changes_only_where_the_document_says_so(
    client_in, taken_in, rows, municipality, answer
):
    answer([rows[0], rows[4]], "Sundhedscafe i byen")
    draft = taken_in(["1. Forslag nr. 1", "- Sundhedscafe i hele byen", ""])
    accept_all(client_in, draft)
    client_in.post(address(draft, "apply"))
    assert stored(rows[0], municipality) == ["Sundhedscafe i hele byen"]
    assert stored(rows[4], municipality) == ["Sundhedscafe i byen"]
    client_in.post(address(draft, "undo"))
    assert stored(rows[0], municipality) == stored(rows[4], municipality) == ["Sundhedscafe i byen"]
    assert disagreeing() == []


def test_a_cell_is_skipped_edited_and_decided_again(client_in, taken_in, rows, municipality):
    draft = taken_in(["1", "Ingen pladser til det", ""], ["2", "- Kursus\n- Café", ""])
    found = units(client_in, draft)
    guessed, listed = found["1 Forslag nr. 1", "nordby"], found["2 Forslag nr. 2", "nordby"]
    assert "guess" in [str(doubt) for doubt in guessed.doubts]
    assert decide(client_in, draft, guessed, "skip").status_code == 302
    path = address(draft, "edit", listed.key)
    assert "Kursus\nCafé" in client_in.get(path).content.decode()
    data = {
        "seen": listed.shown,
        "state": "established",
        "lines": "Kursus\n\nSvømning  om onsdagen",
    }
    for wrong in ({"state": "planned", "lines": "x"}, {"state": "none", "state_from": "1.1.2027"}):
        answer = client_in.post(path, data | wrong)
        assert answer.status_code == 422
        assert wrong.get("lines", "Svømning") in answer.content.decode()
    assert client_in.post(path, data).status_code == 302
    skipped = units(client_in, draft)["1 Forslag nr. 1", "nordby"]
    assert decide(client_in, draft, skipped, "").status_code == 302
    assert units(client_in, draft)["1 Forslag nr. 1", "nordby"].choice == ""
    client_in.post(address(draft, "apply"))
    assert stored(rows[1], municipality) == ["Kursus", "Svømning om onsdagen"]
    assert not Position.objects.filter(proposal=rows[0]).exists()


def test_somebody_else_saved_the_cell_before_it_was_accepted(
    client_in, taken_in, rows, municipality
):
    draft = taken_in(["1", "- Støttebesøg", ""])
    unit = units(client_in, draft)["1 Forslag nr. 1", "nordby"]
    client_in.post(cell_path(rows[0], municipality), cell_data(rows[0], "Værested"))
    answer = decide(client_in, draft, unit)
    assert answer.status_code == 409
    assert "Værested" in answer.content.decode()
    assert "Støttebesøg" in answer.content.decode()
    part = decide(client_in, draft, unit, **partial())
    assert part.status_code == 409
    assert part.content.decode().lstrip().startswith("<article")


def test_somebody_else_saved_the_cell_before_all_was_taken_in(
    client_in, taken_in, rows, municipality
):
    draft = taken_in(["1", "- Støttebesøg", "- Café"], ["2", "- Gåtur", ""])
    client_in.post(address(draft, "accept-new"))
    client_in.post(cell_path(rows[0], municipality), cell_data(rows[0], "Værested"))
    answer = client_in.post(address(draft, "apply"))
    assert answer.status_code == 409
    assert [entry["unit"].title for entry in answer.context["entries"]] == ["1 Forslag nr. 1"]
    # As one: nothing of the rest either.
    assert stored(rows[1], municipality) == []
    unit = units(client_in, draft)["1 Forslag nr. 1", "nordby"]
    assert decide(client_in, draft, unit).status_code == 302
    assert client_in.post(address(draft, "apply")).status_code == 302
    assert stored(rows[0], municipality) == ["Støttebesøg"]


def test_an_undo_leaves_what_was_changed_since_and_names_it(
    client_in, taken_in, rows, municipality
):
    draft = taken_in(["1", "- Støttebesøg", ""], ["2", "- Gåtur", ""])
    client_in.post(address(draft, "accept-new"))
    client_in.post(address(draft, "apply"))
    line = {"effort": Effort.objects.get(text="Støttebesøg").pk, "text": "Støttebesøg dagligt"}
    client_in.post(cell_path(rows[0], municipality), cell_data(rows[0], line, version=1))
    answer = client_in.post(address(draft, "undo"), follow=True)
    assert "1 Forslag nr. 1, Nordby Kommune" in answer.content.decode()
    assert stored(rows[0], municipality) == ["Støttebesøg dagligt"]
    assert stored(rows[1], municipality) == []


def test_twice_is_once(client_in, cluster, taken_in, rows, municipality):
    data = word_file(HEAD, ["1", "- Støttebesøg", "", ""])
    form = client_in.get(f"/klynger/{cluster.slug}/indlaesning/").context["form"]
    same = {"submission_id": str(form["submission_id"].value())}
    first = upload(client_in, cluster, data, **same)
    again = upload(client_in, cluster, data, **same)
    other = upload(client_in, cluster, word_file(HEAD, ["1", "- Andet", "", ""]), **same)
    assert first["Location"] == again["Location"] != other["Location"]
    draft = ImportDraft.objects.earliest("pk")
    client_in.post(address(draft, "accept-new"))
    for _time in range(2):
        assert client_in.post(address(draft, "apply")).status_code == 302
    assert Effort.objects.count() == 1
    for _time in range(2):
        assert client_in.post(address(draft, "undo")).status_code == 302
    assert Position.objects.get().version == 2
    # What is closed is decided no more.
    assert client_in.post(address(draft, "accept-new")).status_code == 409
    assert client_in.post(address(draft, "drop")).status_code == 409
    assert client_in.post(address(draft, "edit", "c0-0"), {"lines": "Bus"}).status_code == 409


def test_the_page_says_what_was_taken_in_and_what_was_undone(client_in, taken_in, rows):
    draft = taken_in(["1", "- Støttebesøg", "Ingen"], ["2", "- Kursus", ""])
    client_in.post(address(draft, "accept-new"))
    skipped = units(client_in, draft)["2 Forslag nr. 2", "nordby"]
    assert decide(client_in, draft, skipped, "skip").status_code == 302
    page = client_in.post(address(draft, "apply"), follow=True).content.decode()
    assert "Det godkendte er indlæst." in page
    assert "der blev indlæst (2)" in page
    assert "Nordby Kommune: 1 Forslag nr. 1" in page
    assert "2 Forslag nr. 2" not in page
    page = client_in.post(address(draft, "undo"), follow=True).content.decode()
    assert "Indlæsningen er fortrudt." in page


def test_words_that_would_go_are_marked_as_removed(client_in, taken_in, rows):
    first = taken_in(["1", "- Støttebesøg hver uge", ""])
    accept_all(client_in, first)
    client_in.post(address(first, "apply"))
    path = address(taken_in(["1", "- Støttebesøg hver måned", ""]))
    page = client_in.get(path).content.decode()
    assert "Støttebesøg hver <del>uge</del>" in page
    assert "Støttebesøg hver <ins>måned</ins>" in page


def test_a_document_that_says_nothing_new_offers_nothing_to_take_in(client_in, taken_in, rows):
    first = taken_in(["1", "- Støttebesøg", "Ingen"])
    assert "står allerede i skemaet" not in client_in.get(address(first)).content.decode()
    accept_all(client_in, first)
    client_in.post(address(first, "apply"))
    page = client_in.get(address(taken_in(["1", "- Støttebesøg", "Ingen"]))).content.decode()
    assert "Alt, der er læst, står allerede i skemaet." in page
    assert "Indlæs det godkendte" not in page
    assert "Nye og ændrede (0)" in page
    page = client_in.get(address(taken_in(["1", "", ""]))).content.decode()
    assert "Der er ikke læst noget, som hører til i skemaet." in page
    assert "står allerede i skemaet" not in page


def test_a_draft_thrown_away_is_not_taken_in(client_in, taken_in, rows):
    draft = taken_in(["1", "- Støttebesøg", ""])
    client_in.post(address(draft, "accept-new"))
    assert client_in.post(address(draft, "drop")).status_code == 302
    assert client_in.post(address(draft, "apply")).status_code == 409
    assert not Position.objects.exists()


def test_notes_go_below_their_authority_and_back(client_in, taken_in, municipality, cluster):
    kept = AuthorityNote.objects.create(
        cluster=cluster, authority=municipality, heading="Sundhedscafe", text="Hver uge."
    )
    draft = taken_in(
        ["1", "- Støttebesøg", ""],
        after=["# Nordby Kommune", "# Sundhedscafe", "Hver onsdag.", "# Nyt hus", "Åbner i maj."],
    )
    found = {
        unit.note.heading: unit
        for unit in client_in.get(address(draft)).context["preview"].units
        if unit.note
    }
    assert {name: str(unit.kind) for name, unit in found.items()} == {
        "Sundhedscafe": "changed",
        "Nyt hus": "new",
    }
    accept_all(client_in, draft)
    client_in.post(address(draft, "apply"))
    kept.refresh_from_db()
    assert kept.text == "Hver onsdag."
    assert AuthorityNote.objects.get(heading="Nyt hus").text == "Åbner i maj."
    client_in.post(address(draft, "undo"))
    kept.refresh_from_db()
    assert kept.text == "Hver uge."
    assert not AuthorityNote.objects.filter(heading="Nyt hus").exists()


def test_an_effort_that_has_ended_is_told(client_in, taken_in, rows, answer, municipality):
    answer(rows[0], "Værested", valid_until="2020-01-01")
    draft = taken_in(["1", "- Værested\n- Gåtur", ""])
    accept_all(client_in, draft)
    refused = client_in.post(address(draft, "apply"))
    assert refused.status_code == 422
    assert "Værested" in refused.context["refusal"]
    assert stored(rows[0], municipality) == ["Værested"]


def test_an_effort_that_goes_from_all_its_cells_is_removed(
    client_in, taken_in, rows, municipality, answer
):
    answer([rows[0], rows[4]], "Sundhedscafe", "Gåtur")
    draft = taken_in(["1", "- Gåtur", ""], ["5", "- Gåtur", ""])
    accept_all(client_in, draft)
    client_in.post(address(draft, "apply"))
    assert stored(rows[0], municipality) == stored(rows[4], municipality) == ["Gåtur"]
    assert Effort.objects.get(text="Sundhedscafe").removed_at
    client_in.post(address(draft, "undo"))
    for row in (rows[0], rows[4]):
        assert stored(row, municipality) == ["Sundhedscafe", "Gåtur"]
    assert disagreeing() == []


def test_the_same_new_words_in_several_cells_are_one_effort(
    client_in, taken_in, rows, municipality, answer
):
    answer([rows[0], rows[4]], "Sundhedscafe i byen")
    draft = taken_in(
        ["1", "- Sundhedscafe i hele byen\n- Bus", ""],
        ["5", "- Sundhedscafe i hele byen", ""],
        ["6", "- Bus", ""],
    )
    accept_all(client_in, draft)
    client_in.post(address(draft, "apply"))
    assert stored(rows[0], municipality) == ["Sundhedscafe i hele byen", "Bus"]
    assert stored(rows[4], municipality) == ["Sundhedscafe i hele byen"]
    standing = Effort.objects.standing().values_list("text", flat=True)
    assert sorted(standing) == ["Bus", "Sundhedscafe i hele byen"]
    client_in.post(address(draft, "undo"))
    for row in (rows[0], rows[4]):
        assert stored(row, municipality) == ["Sundhedscafe i byen"]
    assert stored(rows[5], municipality) == []
    assert disagreeing() == []


def test_two_who_decide_about_one_cell_see_what_the_other_has_written(
    client_in, login, make_user, cluster, taken_in, rows, municipality
):
    """A page that was open does not overwrite, accept or take back what a colleague has edited."""
    colleague = login(make_user(Role.COORDINATOR, cluster=cluster))
    draft = taken_in(["1", "- Støttebesøg", ""])
    old = units(client_in, draft)["1 Forslag nr. 1", "nordby"]
    path = address(draft, "edit", old.key)
    mine = {"seen": old.shown, "state": "established", "lines": "Støttebesøg dagligt"}
    assert colleague.post(path, mine).status_code == 302
    # Sent twice it is once.
    assert colleague.post(path, mine).status_code == 302
    answer = client_in.post(path, mine | {"lines": "Støttebesøg ugentligt"})
    assert answer.status_code == 409
    assert "Støttebesøg dagligt" in answer.content.decode()
    assert "Støttebesøg ugentligt" in answer.content.decode()
    assert decide(client_in, draft, old, "skip").status_code == 409
    assert decide(client_in, draft, old, "").status_code == 409
    kept = units(client_in, draft)["1 Forslag nr. 1", "nordby"]
    assert (kept.choice, kept.decision.edited["lines"]) == ("accept", ["Støttebesøg dagligt"])
    # Whoever has seen it may.
    again = mine | {"seen": kept.shown, "lines": "Støttebesøg ugentligt"}
    assert client_in.post(path, again).status_code == 302
    client_in.post(address(draft, "apply"))
    assert stored(rows[0], municipality) == ["Støttebesøg ugentligt"]
