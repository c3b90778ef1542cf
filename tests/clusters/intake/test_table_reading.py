"""Matrices as municipalities write them: what is found in their tables, and what is listed."""

import pytest
from django.utils import translation

from clusters.intake.comparison import preview_of
from clusters.intake.names import authority_called, proposal_called
from clusters.intake.table_reading import Sought, read_matrix_of
from clusters.intake.units import Kind
from clusters.matrix.layout import build
from clusters.matrix.rows import AuthorityRow, GroupRow, MemberRow, ProposalRow
from krams.documents.content import Heading, Paragraph, Run
from krams.documents.reading import ReadCell, ReadDocument, ReadTable

from .making_matrices import TODAY

NAMES = ["Hjørring", "Aalborg", "Mariagerfjord", "Rebild"]
AUTHORITIES = [
    AuthorityRow(10 + number, "municipality", str(number), name, f"{name} Kommune", name.lower())
    for number, name in enumerate(NAMES)
]
GROUPS = [GroupRow(1, "I kommunerne"), GroupRow(2, "På hospitalet")]
TITLES = ["Sundhedscafeer", "Gadesygeplejersker", "Tandpleje for alle", "Hjælp til udskrivning"]
PROPOSALS = [
    ProposalRow(100 + number, number, title, GROUPS[number > 2], None)
    for number, title in enumerate(TITLES, start=1)
]
HEAD = ["Forslag", "Hjørring", "Aalborg"]


@pytest.fixture(autouse=True)
def _in_danish():
    with translation.override("da"):
        yield


def paragraphs(text: str) -> tuple[Paragraph, ...]:
    """ "*x" is bold, "- x" a bullet."""
    return tuple(
        Paragraph((Run(line.lstrip("*").removeprefix("- "), bold=line.startswith("*")),),
                  line.startswith("- "))
        for line in text.split("\n")
    )  # fmt: skip


def table(*rows) -> ReadTable:
    """A cell is a text, or one with how far it reaches down and to the right; None is covered."""
    cells = []
    for number, row in enumerate(rows):
        for place, one in enumerate(row):
            if one is not None:
                text, down, right = (one, 1, 1) if isinstance(one, str) else one
                cells.append(ReadCell(number, place, down, right, paragraphs(text)))
    return ReadTable(tuple(cells), len(rows), max(map(len, rows)))


def read(*blocks, only=None):
    return read_matrix_of(ReadDocument("", blocks), Sought(AUTHORITIES, PROPOSALS, only))


def answers(reading) -> dict:
    """The lines of each answer by authority and the numbers of its proposals."""
    names = {one.pk: one.name for one in AUTHORITIES}
    return {
        (
            names.get(reading.columns[one.column].authority),
            *(key - 100 for key in reading.rows[one.row].proposals),
        ): [line.text for line in one.lines] or one.state
        for one in reading.answers
    }


@pytest.mark.parametrize(
    ("heading", "key"),
    [
        ("Hjørring", 10),
        ("HJØRRING KOMMUNE", 10),
        ("Hjørring Kommunes indsatser", 10),
        ("Hjorring", 10),
        ("Hjo\u0308rring\u00a0Kom\u00admune", 10),
        ("Ålborg", 11),
        ("Mariager\u00adfjord", 12),
        ("Mariagerfjrd kommune", 12),
        ("Rebld", 13),
        ("Randers", None),
        ("Bemærkninger", None),
        ("", None),
    ],
)
def test_an_authority_is_known_by_its_name(heading, key):
    assert authority_called(heading, AUTHORITIES).key == key


def test_a_name_that_may_be_two_is_asked_about():
    two = [AUTHORITIES[0]._replace(pk=1, name="Norby", official_name="Norby Kommune"),
           AUTHORITIES[0]._replace(pk=2, name="Nørby", official_name="Nørby Kommune")]  # fmt: skip
    assert authority_called("Narby", two).maybe == (1, 2)


@pytest.mark.parametrize(
    ("line", "number"),
    [
        ("Sundhedscafeer", 1),
        ("1. Sundhedscafeer", 1),
        ("Forslag 1: Sundhedscafeer", 1),
        ("Forslag nr. 2", 2),
        ("2", 2),
        ("2.Gadesygeplejersker", 2),
        ("Gadesygeplejerske", 2),
        ("9. Sundhedscafeer", 1),
        ("1. Hjælp til udskrivning", 4),
        ("1. Noget ganske andet", None),
        ("Boliger", None),
    ],
)
def test_a_proposal_is_known_by_number_and_title(line, number):
    key = proposal_called(line, PROPOSALS).key
    assert (key and key - 100) == number


@pytest.mark.parametrize(
    ("link", "is_kept"),
    [
        ("https://nordby.example/pjece", True),
        ("javascript:alert(1)", False),
        (" JaVaScRiPt:alert(1)", False),
        ("java\tscript:alert(1)", False),
        ("data:text/html,<script>alert(1)</script>", False),
        ("vbscript:x", False),
        ("file:///etc/passwd", False),
    ],
)
def test_a_link_of_a_document_that_is_no_web_address_is_not_taken_over(link, is_kept):
    cells = (
        *(ReadCell(0, place, 1, 1, paragraphs(text)) for place, text in enumerate(HEAD)),
        ReadCell(1, 0, 1, 1, paragraphs("1. Sundhedscafeer")),
        ReadCell(1, 1, 1, 1, (Paragraph((Run("Pjece", link=link),), True),)),
        ReadCell(1, 2, 1, 1, paragraphs("Café")),
    )
    found = read(ReadTable(cells, 2, 3))
    assert answers(found)["Hjørring", 1] == ["Pjece"]
    assert (repr(link) in repr(found)) is is_kept


def test_bullets_paragraphs_and_groups():
    found = read(
        table(
            ["Status i klyngen", "", ""],
            HEAD,
            [("I kommunerne", 1, 3), None, None],
            ["1. Sundhedscafeer", "- Café\n- Gåtur", "Vi har en café.\n• Kursus"],
            ["*På hospitalet", "", ""],
            ["3", "Ingen", ""],
        )
    )
    assert answers(found) == {
        ("Hjørring", 1): ["Café", "Gåtur"],
        ("Aalborg", 1): ["Vi har en café.", "Kursus"],
        ("Hjørring", 3): "none",
    }
    assert found.unplaced == ["Status i klyngen"]
    assert found.problems == []


def test_cells_that_reach_over_rows_and_columns_answer_all_of_them():
    found = read(
        table(
            HEAD,
            ["1", ("- Fælles café", 2, 1), "- Op"],
            ["2", None, "- Ned"],
            ["3", ("- Begge to", 1, 2), None],
        )
    )
    assert answers(found) == {
        ("Hjørring", 1, 2): ["Fælles café"],
        ("Aalborg", 1): ["Op"],
        ("Aalborg", 2): ["Ned"],
        ("Hjørring", 3): ["Begge to"],
        ("Aalborg", 3): ["Begge to"],
    }
    wide = [one.row for one in found.answers if "wide" in map(str, one.doubts)]
    assert len(wide) == 2


def test_rows_go_on_over_pages_and_heads_are_repeated():
    found = read(
        table(
            HEAD,
            ["1. Sundhedscafeer", "- Café", "- Kursus"],
            ["Forslag", "Hjørring", "Aalborg"],
            ["", "- Gåtur", ""],
            ["1. Sundhedscafeer", "- Svømning", ""],
            [("2. Gadesygeplejersker", 2, 1), "- Bus", ""],
            [None, "- Bil", ""],
        ),
        table(HEAD, ["2. Gadesygeplejersker", "- Cykel", ""]),
    )
    assert answers(found) == {
        ("Hjørring", 1): ["Café", "Gåtur", "Svømning"],
        ("Aalborg", 1): ["Kursus"],
        ("Hjørring", 2): ["Bus", "Bil", "Cykel"],
    }


def test_several_proposals_in_one_cell():
    found = read(table(HEAD, ["1. Sundhedscafeer\n2. Gadesygeplejersker\nBoliger", "- Bus", ""]))
    assert answers(found) == {("Hjørring", 1, 2): ["Bus"]}
    assert found.unplaced == ["Boliger"]


def test_a_number_and_its_title_may_have_columns_of_their_own():
    found = read(table(["Nr.", "Forslag", "Rebild"], ["1", "Sundhedscafeer", "- Bus"]))
    assert answers(found) == {("Rebild", 1): ["Bus"]}


def test_what_cannot_be_told_is_listed_and_can_be_placed():
    found = read(
        table(
            ["Forslag", "Randers Kommune", "Rebild"],
            ["1", "- Bus", "- Bil"],
            ["Boliger", "x y", "- Hus"],
        )
    )
    assert [column.authority for column in found.columns] == [None, 13]
    assert [row.proposals for row in found.rows] == [[101], []]
    matrix = build(
        columns=[MemberRow(one, True) for one in AUTHORITIES], proposals=PROPOSALS, positions=[],
        places=[], notes=[], today=TODAY, interval_months=12,
    )  # fmt: skip
    before = preview_of(found, matrix, {}, placed_columns={}, placed_rows={})
    assert [unit.column.authority.name for unit in before.units] == ["Rebild"]
    after = preview_of(found, matrix, {}, placed_columns={0: 10}, placed_rows={1: 104})
    assert [(one.column.authority.name, one.cells[0].proposal.number) for one in after.units] == [
        ("Hjørring", 1), ("Rebild", 1), ("Hjørring", 4), ("Rebild", 4),
    ]  # fmt: skip
    assert all(unit.kind is Kind.NEW for unit in after.units)


def test_two_columns_of_one_authority_are_a_problem_and_nobodys():
    found = read(table(["Forslag", "Rebild", "Rebild Kommune"], ["1", "- Bus", "- Bil"]))
    assert [(column.authority, column.maybe) for column in found.columns] == [(None, [13])] * 2
    assert len(found.problems) == 1
    assert "Rebild Kommune" in found.problems[0]


def test_a_table_turned_round_is_told():
    found = read(table(["", "1. Sundhedscafeer"], ["Rebild", "- Bus"], ["Aalborg", "- Bil"]))
    assert found.answers == []
    assert len(found.problems) == 1
    assert set(found.unplaced) == {"1. Sundhedscafeer", "Rebild", "Bus", "Aalborg", "Bil"}


def test_a_column_alone_needs_no_head():
    found = read(table(["1", "- Bus"], ["2", "Ingen"]), only=13)
    assert answers(found) == {("Rebild", 1): ["Bus"], ("Rebild", 2): "none"}


def test_a_proposal_that_stands_twice_is_told():
    found = read(
        table(HEAD, ["1", ("- Bus", 2, 1), ""], ["2", None, ""], ["3", "", ""], ["2", "- Bil", ""])
    )
    matrix = build(
        columns=[MemberRow(one, True) for one in AUTHORITIES], proposals=PROPOSALS, positions=[],
        places=[], notes=[], today=TODAY, interval_months=12,
    )  # fmt: skip
    units = preview_of(found, matrix, {}, placed_columns={}, placed_rows={}).units
    assert [unit.may_accept for unit in units] == [True, False]


@pytest.mark.parametrize(
    ("text", "state", "lines", "doubts"),
    [
        ("Etableret", "established", [], []),
        ("ETABLERET.\nBus", "established", ["Bus"], []),
        ("Ingen - behov opleves ikke", "not_needed", [], []),
        ("Ingen – behov opleves ikke", "not_needed", [], []),
        ("Planlagt fra 01.02.2027", "planned", [], []),
        ("Ikke udfyldt", "not_filled", [], []),
        ("Ingen pladser nu", "none", ["Ingen pladser nu"], ["guess"]),
        ("Der opleves ikke behov", "", ["Der opleves ikke behov"], []),
        ("Ikke oplevet behov", "not_needed", ["Ikke oplevet behov"], ["guess"]),
        ("Ja", "established", [], ["guess"]),
        ("Nej", "none", [], ["guess"]),
        ("Støttebesøg", "", ["Støttebesøg"], []),
        ("–", "", [], ["short"]),
        ("Ring 010190-1234\nBus", "", ["Bus"], ["cpr"]),
        ("Tlf. 010190\n1234 Bus", "", ["Tlf. 010190", "1234 Bus"], []),
    ],
)  # fmt: skip
def test_what_a_cell_says(text, state, lines, doubts):
    [answer] = read(table(HEAD, ["1", text, ""])).answers
    assert (answer.state, [line.text for line in answer.lines]) == (state, lines)
    assert [str(doubt) for doubt in answer.doubts] == doubts
    assert "1234" not in " ".join(answer.raw) or "010190-1234" not in text


def test_a_number_of_a_person_is_kept_nowhere():
    found = read(
        table(["Forslag", "Rebild", "Borger 010190-1234"], ["1", "Ring 010190-1234", "x"]),
        Heading(2, "Rebild"),
        Paragraph((Run("Kontakt", bold=True),)),
        Paragraph((Run("Borger 010190 1234"),)),
        Paragraph((Run("010190-1234"),)),
        # As the export writes a label and the heading of its note.
        Paragraph((Run("010190-1234", small=True), Run("Bus", bold=True))),
        Paragraph((Run("Kører hver dag."),)),
    )
    assert "1234" not in repr(found)
    assert found.problems


def test_an_effort_that_is_too_long_keeps_its_whole_text_as_a_note():
    text = "Støtte til det. " + "Vi hjælper alle, der har brug for det, " * 12
    [answer] = read(table(HEAD, ["1", text, ""])).answers
    [line] = answer.lines
    assert line.text == "Støtte til det." or len(line.text) <= 300
    assert line.note == text.strip()
    assert [str(doubt) for doubt in answer.doubts] == ["shortened"]


def test_notes_stand_below_their_authority():
    found = read(
        Paragraph((Run("Indledning om Rebild"),)),
        table(HEAD, ["1", "- Bus", ""]),
        Paragraph((Run("Uden sted"),)),
        Paragraph((Run("Rebild Kommune:"),)),
        Paragraph((Run("Sundhedscafe", bold=True),)),
        Paragraph((Run("Åben onsdag."),)),
        Paragraph((Run("Og lørdag."),)),
        Heading(2, "Aalborg"),
        Paragraph((Run("Aalborg har ikke svaret endnu."),)),
    )
    assert [(note.authority, note.heading, note.text) for note in found.notes] == [
        (13, "Sundhedscafe", "Åben onsdag.\n\nOg lørdag."),
        (11, "Aalborg har ikke svaret endnu.", "Aalborg har ikke svaret endnu."),
    ]  # fmt: skip
    assert found.unplaced == ["Indledning om Rebild", "Uden sted"]
