"""How documents break on paper, in PDF and in what LibreOffice makes of Word's."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from krams.documents import pdf, word
from krams.documents.content import Cell, Heading, Paragraph, Run, Table, item, paragraph

from .made_up import EVERYTHING, OWNER, document, matrix
from .reading import pages_of, squeezed

HEAD = "ForslagKommune1Kommune2"
GROUP = re.compile(r"Gruppe \d+")
ROOT = Path(__file__).parents[2]
# Of a document with headings and texts of many lengths.
PARTS = 60


@pytest.fixture(scope="module", params=["pdf", "docx"])
def on_paper(request, convert, tmp_path_factory):
    """``on_paper(document)``: the lines of each page, as the portal or as Word would print it."""
    folder = tmp_path_factory.mktemp("paper")

    def write(made) -> list[list[str]]:
        found = folder / "paper.pdf"
        if request.param == "pdf":
            found.write_bytes(pdf.as_pdf(made))
        else:
            (folder / "paper.docx").write_bytes(word.as_docx(made))
            convert(folder, "pdf", folder / "paper.docx")
        return pages_of(found, OWNER)

    return write


@pytest.fixture(scope="module")
def printed_matrix(on_paper):
    return on_paper(matrix(40, 12, 700))


def test_no_heading_stands_alone_at_the_foot_of_a_page(on_paper):
    blocks = []
    for number in range(PARTS):
        blocks.append(Heading(1 + number % 3, f"Del {number}"))
        blocks += [paragraph("Ord " * (20 + 37 * number % 190))] * (1 + number % 2)
    pages = on_paper(document(*blocks))
    assert len(pages) > 5
    assert [page[-1] for page in pages if page[-1].startswith("Del ")] == []


def test_no_name_of_a_note_stands_alone_at_the_foot_of_a_page(on_paper):
    blocks = []
    for number in range(PARTS):
        blocks.append(Paragraph((Run(f"N{number} Uddybning", bold=True),), leads=True))
        blocks.append(paragraph("Ord " * (20 + 37 * number % 190)))
    pages = on_paper(document(*blocks))
    assert len(pages) > 3
    assert [page[-1] for page in pages if page[-1].endswith("Uddybning")] == []


def test_a_short_row_of_a_table_that_flows_is_not_cut(on_paper):
    rows = tuple(
        (
            Cell((paragraph(f"rk{number}."),), is_head=True),
            Cell((paragraph("ord " * (30 + 61 * number % 150)), paragraph(f"sl{number};"))),
        )
        for number in range(30)
    )
    pages = ["".join(page) for page in on_paper(document(Table((3, 7), rows, flows=True)))]
    assert len(pages) > 3
    assert [n for n in range(30) if not any(f"rk{n}." in p and f"sl{n};" in p for p in pages)] == []


def test_a_line_is_filled_before_what_stands_behind_it_goes_to_the_next(on_paper):
    said = "Delvist opfyldt – Lidt færre med svær overvægt; diabetes er uændret. "
    runs = Run("Overvægt og type 2-diabetes (KM): ", bold=True), said, Run("17.10.2026", small=True)
    [page] = on_paper(document(item(*runs)))
    [line] = [line for line in page if "Overvægt" in line]
    assert "Lidt færre" in line


def test_no_group_stands_alone_at_the_foot_of_a_page(printed_matrix):
    assert len(printed_matrix) > 5
    assert [page[-1] for page in printed_matrix if GROUP.fullmatch(page[-1])] == []


def test_the_head_is_repeated_on_each_page(printed_matrix):
    assert [page for page in printed_matrix if HEAD not in squeezed("".join(page[:4]))] == []


def test_no_row_is_cut_that_fits_on_a_page(printed_matrix):
    pages = [squeezed("".join(page)) for page in printed_matrix]

    def page_of(mark: str) -> int:
        [found] = [number for number, text in enumerate(pages) if mark in text]
        return found

    cut = [number for number in range(40) if page_of(f"rk{number}.") != page_of(f"sl{number};")]
    assert cut == []


TEXTS = [f"beg{number}. {'ord ' * 60} end{number};" for number in range(40)]


def flowing():
    said = Cell(tuple(map(paragraph, TEXTS)))
    rows = ((Cell((paragraph("Afsnit"),), is_head=True), said),) * 2
    return document(Table((3, 7), rows, flows=True))


def test_a_table_that_flows_leaves_no_page_half_empty(on_paper):
    lengths = [len(squeezed("".join(page))) for page in on_paper(flowing())]
    assert len(lengths) > 3
    assert [length for length in lengths[:-1] if length < max(lengths) * 0.7] == []


def test_a_table_that_flows_cuts_no_paragraph(tmp_path):
    """Of ours: LibreOffice knows of no paragraph in a table that stays whole, as Word does."""
    (tmp_path / "flowing.pdf").write_bytes(pdf.as_pdf(flowing()))
    pages = [squeezed("".join(page)) for page in pages_of(tmp_path / "flowing.pdf", OWNER)]
    counts = {text: sum(page.count(squeezed(text)) for page in pages) for text in TEXTS}
    assert set(counts.values()) == {2}


def test_links_are_printed_with_their_address(on_paper):
    text = squeezed("".join(line for page in on_paper(document(*EVERYTHING)) for line in page))
    assert "aftalen(https://eksempel.dk/aftale?a=1&b=2)" in text


LARGE = """
from pathlib import Path
import django
django.setup()
from krams.documents import pdf, word
from tests.office.made_up import matrix
made = matrix(40, 12, 1500)
word.as_docx(made)
pdf.as_pdf(made)
[most] = [line for line in Path("/proc/self/status").open() if line.startswith("VmHWM:")]
print(int(most.split()[1]) // 1024)
"""


def test_the_largest_matrix_is_written_in_300_megabytes():
    environment = os.environ | {"DJANGO_SETTINGS_MODULE": "krams.settings", "DEBUG": "1"}
    done = subprocess.run(
        [sys.executable, "-c", LARGE],
        check=True,
        capture_output=True,
        text=True,
        env=environment,
        cwd=ROOT,
    )
    assert int(done.stdout) < 300
