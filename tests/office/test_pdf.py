"""What PDF/UA-1 (ISO 14289-1) asks of a file, as far as a program can tell.

veraPDF, which would say so itself, is in no registry that CI installs from.
"""

import io
from functools import cache

import pypdf
import pytest
from pypdf.generic import ContentStream, IndirectObject

from krams.documents import pdf

from .made_up import EVERYTHING, OWNER, document, matrix

# ISO 32000-1, 14.8.4: those of its types that our documents are made of.
STANDARD = {
    *("Document", "H1", "H2", "H3", "H4", "P", "L", "LI", "Lbl", "LBody", "Table", "THead"),
    *("TBody", "TR", "TH", "TD", "Link", "Figure", "Span", "NonStruct", "Div"),
}
PARENTS = {
    "LI": {"L"},
    "LBody": {"LI"},
    "TR": {"Table", "THead", "TBody"},
    "TH": {"TR"},
    "TD": {"TR"},
    "THead": {"Table"},
    "TBody": {"Table"},
}
SHOWS = {b"Tj", b"TJ", b"'", b'"', b"S", b"f", b"f*", b"B", b"Do", b"sh"}


@cache
def reader(name: str) -> pypdf.PdfReader:
    made = {"everything": lambda: document(*EVERYTHING), "matrix": lambda: matrix(12, 4, 100)}
    return pypdf.PdfReader(io.BytesIO(pdf.as_pdf(made[name]())))


both = pytest.mark.parametrize("name", ["everything", "matrix"])


def resolved(value):
    return value.get_object() if isinstance(value, IndirectObject) else value


def elements(reader):
    """Each element of the structure with its kind and that of its parent, in order."""

    def walk(element, parent):
        kind = str(element["/S"]).removeprefix("/")
        yield element, kind, parent
        children = resolved(element.get("/K", []))
        for child in children if isinstance(children, list) else [children]:
            child = resolved(child)
            if isinstance(child, dict) and "/S" in child:
                yield from walk(child, kind)

    root = reader.trailer["/Root"]["/StructTreeRoot"]
    children = resolved(root["/K"])
    for child in children if isinstance(children, list) else [children]:
        yield from walk(resolved(child), "")


@both
def test_it_says_what_it_is(name):
    found = reader(name)
    root = found.trailer["/Root"]
    assert root["/Lang"] == "da-DK"
    assert root["/MarkInfo"]["/Marked"].value is True
    assert root["/ViewerPreferences"]["/DisplayDocTitle"].value is True
    assert (found.metadata.title, found.metadata.author) == ("Skema for Æøå", OWNER)
    assert b"<pdfuaid:part>1</pdfuaid:part>" in root["/Metadata"].get_data().replace(
        b'pdfuaid:part="1"', b"<pdfuaid:part>1</pdfuaid:part>"
    )
    assert not found.is_encrypted
    assert all(page["/Tabs"] == "/S" for page in found.pages if "/Annots" in page)


@both
def test_every_element_is_of_a_standard_kind_and_stands_where_it_may(name):
    found = list(elements(reader(name)))
    assert {kind for _element, kind, _parent in found} - STANDARD == set()
    misplaced = [
        (kind, parent)
        for _element, kind, parent in found
        if kind in PARENTS and parent not in PARENTS[kind]
    ]
    assert misplaced == []
    assert len(found) > 20


def test_headings_do_not_skip_a_level_and_are_bookmarks():
    found = [kind for _element, kind, _parent in elements(reader("everything")) if kind[0] == "H"]
    assert found == ["H1", "H2", "H3", "H4"]

    def titles(outline):
        return [
            text
            for one in outline
            for text in (titles(one) if isinstance(one, list) else [one.title])
        ]

    assert titles(reader("everything").outline) == [
        *("Skema for Æøå", "Første del", "Underdel", "Kurven")
    ]


def test_pictures_have_words_and_links_tell_where_they_lead():
    found = list(elements(reader("everything")))
    [figure] = [element for element, kind, _parent in found if kind == "Figure"]
    assert figure["/Alt"] == "Andel"
    links = [kind for _element, kind, _parent in found if kind == "Link"]
    assert links == ["Link"]
    pages = reader("everything").pages
    [annotation] = [one.get_object() for page in pages for one in page.get("/Annots", [])]
    assert annotation["/A"]["/URI"] == "https://eksempel.dk/aftale?a=1&b=2"
    assert annotation["/Contents"]
    assert "/StructParent" in annotation


@both
def test_cells_know_their_heads(name):
    found = list(elements(reader(name)))
    heads = [element for element, kind, _parent in found if kind == "TH"]
    cells = [element for element, kind, _parent in found if kind == "TD"]
    assert heads
    assert cells
    # Either a head says for what it is one, or a cell names its heads.
    scoped = all("/Scope" in resolved(one["/A"]) for one in heads)
    assert scoped or all(resolved(one["/A"]).get("/Headers") for one in cells)


@both
def test_nothing_is_drawn_that_is_neither_tagged_nor_an_artifact(name):
    found = reader(name)
    outside = []
    for number, page in enumerate(found.pages, start=1):
        depth = 0
        for operands, operator in ContentStream(page.get_contents(), found).operations:
            if operator in (b"BDC", b"BMC"):
                depth += 1
            elif operator == b"EMC":
                depth -= 1
            elif operator in SHOWS and not depth:
                outside.append((number, operator, operands))
        assert depth == 0
    assert outside == []


@both
def test_all_fonts_are_in_the_file_and_their_text_can_be_copied(name):
    fonts = {}
    for page in reader(name).pages:
        for key, font in page["/Resources"]["/Font"].items():
            fonts[key] = font.get_object()
    assert fonts
    for font in fonts.values():
        assert "/ToUnicode" in font
        [below] = [one.get_object() for one in font["/DescendantFonts"]]
        descriptor = below["/FontDescriptor"]
        assert {"/FontFile", "/FontFile2", "/FontFile3"} & descriptor.keys()
