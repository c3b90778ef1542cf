"""LibreOffice opens what the portal gives out, and reads the same words in the same order."""

import csv
import datetime as dt
import io
from decimal import Decimal
from itertools import zip_longest

import openpyxl
import pytest
from django.urls import reverse

from initiatives.models import Initiative, Meeting, SuccessCriterion
from tests.demo import DemoTestCase
from tests.files import docx_of, paragraphs_of

from .reading import first_out_of_order, pages_of, squeezed

DEPARTMENT = "socialpsykiatrien-omraadet-for-udsatte-grupper"
# All sheets, as they are shown to nobody in particular: ";" between cells, UTF-8.
CSV = "csv:Text - txt - csv (StarCalc):59,34,76,1,,0,false,true,true,false,false,-1"


def addresses(kind: str) -> dict[str, str]:
    """Of the files of the demo that there are in that format, by what they are about."""
    syd = {
        name: reverse(f"clusters:{name}-file", args=["syd", kind])
        for name in ("matrix", "compare", "gaps", "coverage", "themes")
    }
    edition = reverse("clusters:edition-file", args=["syd", 1, kind])
    criterion = SuccessCriterion.objects.filter(indicators__kind="share").first()
    place = [DEPARTMENT, criterion.pk, "mosbjerghus", kind]
    figures = reverse("initiatives:criterion-file", args=place)
    overview = reverse("initiatives:overview-export", args=[DEPARTMENT, kind])
    found = syd | {"edition": edition, "criterion": figures, "overview": overview}
    if kind == "xlsx":
        log = reverse("initiatives:log-export", args=["mosbjerghus", kind])
        return found | {"log": f"{log}?fra=01.11.2026"}
    past, coming = Meeting.objects.exclude(minutes="").get(), Meeting.objects.get(minutes="")
    return found | {
        "changes": reverse("clusters:changes-file", args=["syd", kind]) + "?fra=1&til=kladde",
        "initiative": reverse(
            "initiatives:initiative-file", args=[Initiative.objects.get().pk, kind]
        ),
        "agenda": reverse("initiatives:agenda-file", args=[coming.pk, kind]),
        "minutes": reverse("initiatives:minutes-file", args=[past.pk, kind]),
    }


class FilesOfTheDemo(DemoTestCase):
    @pytest.fixture(autouse=True)
    def _office(self, convert, tmp_path):
        self.convert, self.folder = convert, tmp_path

    def answers(self, kind: str) -> dict:
        client = self.client_of("admin")
        found = {name: client.get(address) for name, address in addresses(kind).items()}
        assert {name for name, answer in found.items() if answer.status_code != 200} == set()
        for name, answer in found.items():
            (self.folder / f"{name}.{kind}").write_bytes(answer.getvalue())
        return found

    def out_of_order(self, answers) -> dict[str, object]:
        """By the file, the first text that stands in the wrong place, or words that are missing."""
        wrong = {}
        for name, answer in answers.items():
            pdf = self.folder / f"{name}.pdf"
            head = docx_of(answer).sections[0].header.paragraphs[0].text
            text = squeezed("".join(line for page in pages_of(pdf, head) for line in page))
            words = " ".join(paragraphs_of(answer)).split()
            missing = [word for word in words if squeezed(word) not in text]
            texts = paragraphs_of(answer, with_joined=False)
            if found := first_out_of_order(texts, pdf, head) or missing:
                wrong[name] = found
        return wrong

    def test_documents_have_the_same_words_in_the_same_order(self):
        answers = self.answers("docx")
        self.convert(self.folder, "pdf", *(self.folder / f"{name}.docx" for name in answers))
        assert self.out_of_order(answers) == {}

    def test_pdf_is_written_in_the_order_of_reading(self):
        self.answers("pdf")
        assert self.out_of_order(self.answers("docx")) == {}

    def test_an_ordinary_agenda_and_its_minutes_are_one_page_each(self):
        self.answers("pdf")
        for name in ("agenda", "minutes"):
            assert len(pages_of(self.folder / f"{name}.pdf")) == 1, name

    def test_workbooks_have_the_same_cells(self):
        answers = self.answers("xlsx")
        self.convert(self.folder, CSV, *(self.folder / f"{name}.xlsx" for name in answers))
        wrong = {}
        for name in answers:
            book = openpyxl.load_workbook(self.folder / f"{name}.xlsx")
            for sheet in book:
                path = self.folder / f"{name}-{sheet.title}.csv"
                read = list(csv.reader(io.StringIO(path.read_text(), newline=""), delimiter=";"))
                given = [list(map(_plain, row)) for row in sheet.iter_rows(values_only=True)]
                rows = [list(map(_plain, row)) for row in read]
                differing = [pair for pair in zip_longest(rows, given) if pair[0] != pair[1]]
                if differing:
                    wrong[name, sheet.title] = differing[0]
        assert wrong == {}


def _plain(value) -> str:
    """A cell as both write it: numbers without needless zeros, days as they are counted."""
    match value:
        case None:
            return ""
        case dt.datetime():
            return f"{value:%d.%m.%Y}"
        case dt.time():
            return f"{value:%H:%M}"
        case int() | float():
            return format(Decimal(str(value)).normalize(), "f")
    return str(value)
