"""What is read of a Word document: tracked changes, fields, boxes, and what stands beside it."""

import io
import zipfile

import docx
import pytest
from django.utils import translation

from krams.documents.reading import ReadTable, Remark, text_of
from krams.documents.table_pasting import read_pasted
from krams.documents.word_reading import read_docx
from krams.uploads.packages import Refused

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
MORE = (
    'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006" '
    'xmlns:wps="http://schemas.microsoft.com/office/word/2010/wordprocessingShape"'
)


def document(inner: str, **parts: str) -> bytes:
    """A document whose body is ``inner``; ``parts`` are further ones that it refers to."""
    output, plain = io.BytesIO(), io.BytesIO()
    docx.Document().save(plain)
    rels = "".join(
        f'<Relationship Id="x{name}" Target="{name}.xml" Type="http://schemas.openxmlformats.org/'
        f'officeDocument/2006/relationships/{name}"/>'
        for name in parts
    )
    with zipfile.ZipFile(plain) as old, zipfile.ZipFile(output, "w") as new:
        for name in old.namelist():
            data = old.read(name)
            if name == "word/document.xml":
                data = f'<w:document xmlns:w="{W}" {MORE}><w:body>{inner}</w:body></w:document>'
            elif name == "word/_rels/document.xml.rels":
                data = data.decode().replace("</Relationships>", rels + "</Relationships>")
            new.writestr(name, data)
        for name, text in parts.items():
            new.writestr(f"word/{name}.xml", f'<w:{name} xmlns:w="{W}">{text}</w:{name}>')
    return output.getvalue()


def p(text: str, about: str = "") -> str:
    return f"<w:p>{about}{r(text)}</w:p>"


def r(text: str, about: str = "") -> str:
    return f'<w:r>{about}<w:t xml:space="preserve">{text}</w:t></w:r>'


FIELD = (
    '<w:p><w:r><w:fldChar w:fldCharType="begin"/></w:r>'
    "<w:r><w:instrText>PAGE</w:instrText></w:r>"
    '<w:r><w:fldChar w:fldCharType="separate"/></w:r><w:r><w:t>7</w:t></w:r>'
    '<w:r><w:fldChar w:fldCharType="end"/></w:r></w:p>'
)


@pytest.mark.parametrize(
    ("inner", "read", "remarks"),
    [
        (f"<w:p>{r('A')}<w:ins>{r('B')}</w:ins><w:del>{r('C')}</w:del></w:p>",
         ["AB"], [Remark.TRACKED]),
        (f"<w:p><w:pPr><w:rPr><w:del/></w:rPr></w:pPr>{r('A ')}</w:p>{p('B')}", ["A B"],
         [Remark.TRACKED]),
        (f"<w:p><w:moveFrom>{r('A')}</w:moveFrom><w:moveTo>{r('B')}</w:moveTo></w:p>", ["B"],
         [Remark.TRACKED]),
        (FIELD, ["7"], []),
        (f'<w:p><w:fldSimple w:instr="DATE">{r("1. maj")}</w:fldSimple></w:p>', ["1. maj"], []),
        (f"<w:sdt><w:sdtContent>{p('A')}</w:sdtContent></w:sdt>", ["A"], []),
        (f"<w:p><w:sdt><w:sdtContent>{r('A')}</w:sdtContent></w:sdt></w:p>", ["A"], []),
        (f"<w:p>{r('synlig')}{r('skjult', '<w:rPr><w:vanish/></w:rPr>')}</w:p>", ["synlig"],
         [Remark.HIDDEN]),
        (p("Botil\u00adbud\u00a0og \u201cha\u030ab\u201d"), ["Botilbud og \u201chåb\u201d"], []),
        ("<w:p><w:r><w:t>a</w:t><w:br/><w:t>b</w:t><w:tab/><w:noBreakHyphen/></w:r></w:p>",
         ["a\nb -"], []),
    ],
)  # fmt: skip
def test_what_a_paragraph_shows_is_read(inner, read, remarks):
    found = read_docx(document(inner))
    assert [text_of(block) for block in found.blocks] == read
    assert list(found.remarks) == remarks


def test_what_stands_beside_the_text_is_kept_apart():
    box = (
        "<w:r><mc:AlternateContent><mc:Choice Requires='wps'><w:drawing><wps:txbx><w:txbxContent>"
        f"{p('I en boks')}</w:txbxContent></wps:txbx></w:drawing></mc:Choice><mc:Fallback><w:pict>"
        f"<w:txbxContent>{p('I en boks')}</w:txbxContent></w:pict></mc:Fallback>"
        "</mc:AlternateContent></w:r>"
    )
    found = read_docx(
        document(
            f"<w:p>{r('Tekst')}{box}</w:p>",
            comments=f"<w:comment>{p('Passer det?')}</w:comment>",
            footnotes=f'<w:footnote w:type="separator">{p("-")}</w:footnote>'
            f"<w:footnote>{p('Se bilag')}</w:footnote>",
        )
    )
    assert found.apart == ("I en boks", "Passer det?", "Se bilag")
    assert set(found.remarks) == {Remark.TEXT_BOXES, Remark.COMMENTS, Remark.FOOTNOTES}
    assert all(remark.label for remark in Remark)


def tc(text: str, about: str = "") -> str:
    return f"<w:tc><w:tcPr>{about}</w:tcPr>{p(text)}</w:tc>"


WIDE = '<w:gridSpan w:val="2"/>'
LATER = '<w:trPr><w:gridBefore w:val="1"/></w:trPr>'
DOWN, MORE_DOWN = '<w:vMerge w:val="restart"/>', "<w:vMerge/>"


def grid(table: ReadTable) -> list[tuple]:
    return [(one.row, one.column, one.rows, one.columns, one.text) for one in table.cells]


def test_cells_reach_over_rows_and_columns():
    inner = (
        f"<w:tbl><w:tr>{tc('A', DOWN)}{tc('B')}{tc('C')}</w:tr>"
        f"<w:tr>{tc('', MORE_DOWN)}{tc('D', WIDE)}</w:tr>"
        f"<w:tr><w:trPr><w:del/></w:trPr>{tc('væk')}</w:tr>"
        f"<w:tr>{LATER}{tc('E')}</w:tr></w:tbl>"
    )
    [table] = read_docx(document(inner)).tables
    assert grid(table) == [
        (0, 0, 2, 1, "A"),
        (0, 1, 1, 1, "B"),
        (0, 2, 1, 1, "C"),
        (1, 1, 1, 2, "D"),
        (2, 1, 1, 1, "E"),
    ]


def test_a_table_in_a_cell_is_its_text():
    table = f"<w:tbl><w:tr>{tc('B')}{tc('C')}</w:tr></w:tbl>"
    inner = f"<w:tbl><w:tr><w:tc>{p('A')}{table}{p('')}</w:tc></w:tr></w:tbl>"
    found = read_docx(document(inner))
    assert grid(found.tables[0]) == [(0, 0, 1, 1, "A\nB\nC")]
    assert found.remarks == (Remark.NESTED,)


def test_what_word_and_excel_put_on_the_clipboard_is_a_table():
    html = """<html><body><table><tr><td rowspan=2><p>A<o:p></o:p></p></td><td>B</td></tr>
      <tr><td><p class=MsoListParagraph><![if !supportLists]><span style='mso-list:Ignore'>·<span>
      &nbsp;</span></span><![endif]>Støtte<b>besøg</b></p><ul><li>Café<br>om onsdagen</ul></td></tr>
      </table></body></html>"""
    [table] = read_pasted(html).tables
    assert grid(table) == [
        (0, 0, 2, 1, "A"),
        (0, 1, 1, 1, "B"),
        (1, 1, 1, 1, "Støttebesøg\nCafé\nom onsdagen"),
    ]
    assert [part.is_item for part in table.cells[2].content] == [True, True]
    [plain] = read_pasted('Forslag\tNordby\n1\t"Café\nGåtur"\n').tables
    assert [one.text for one in plain.cells] == ["Forslag", "Nordby", "1", "Café\nGåtur"]


@pytest.mark.parametrize(
    "before", ['<?xml version="1.0" encoding="utf-8"?>', '<meta charset="windows-1252">']
)
def test_what_a_pasted_table_says_of_its_encoding_does_not_count(before):
    [table] = read_pasted(f"{before}<table><tr><td>Støtte</td></tr></table>").tables
    assert [one.text for one in table.cells] == ["Støtte"]


@pytest.mark.parametrize(
    "text",
    ["bare tekst", "", "\t".join("a" * 300), "a\tb\n" * 4000, "<!--<table>-->"],
)
def test_what_is_no_table_is_refused(text):
    with pytest.raises(Refused):
        read_pasted(text)


@pytest.mark.parametrize(
    "before", ['<?xml version="1.0" encoding="windows-1252"?>', "\ufeff<!-- StartFragment -->"]
)
def test_what_stands_before_a_pasted_table_is_passed_over(before):
    [table] = read_pasted(f"{before}<table><tr><td>Støtte</td></tr></table>").tables
    assert [cell.text for cell in table.cells] == ["Støtte"]


@pytest.mark.parametrize("text", ["<!-- <table> -->", f"Forslag\t{'x' * 200_000}"])
def test_what_is_no_table_is_refused_in_danish(text):
    with translation.override("da"), pytest.raises(Refused) as refused:
        read_pasted(text)
    assert str(refused.value).split()[0] in ("Det", "En")
