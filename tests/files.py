"""What stands in files that the portal gave out."""

import io

import docx
import openpyxl
from docx.oxml.ns import qn


def docx_of(response) -> docx.document.Document:
    """Raises where the answer is no document of Word."""
    assert response.status_code == 200, response.status_code
    return docx.Document(io.BytesIO(response.getvalue()))


def paragraphs_of(response, *, with_joined: bool = True) -> list[str]:
    """The texts of a document of Word in the order of reading, also those in tables.

    Rows of a table that share a cell can be left out: on paper they have no one order.
    """
    body = docx_of(response).element.body
    joined = set() if with_joined else set(body.xpath(".//w:tr[.//w:vMerge]//w:p"))
    return [text for one in body.iter(qn("w:p")) if one not in joined and (text := _text(one))]


def _text(paragraph) -> str:
    names = {qn("w:t"): None, qn("w:br"): "\n", qn("w:tab"): "\t"}
    parts = (one for one in paragraph.iter() if one.tag in names)
    return "".join((one.text or "") if names[one.tag] is None else names[one.tag] for one in parts)


def text_of_file(response) -> str:
    return "\n".join(paragraphs_of(response))


def sheets_of(response) -> dict[str, list[list]]:
    """The rows of a workbook by the name of their sheet, the head first."""
    assert response.status_code == 200, response.status_code
    book = openpyxl.load_workbook(io.BytesIO(response.getvalue()))
    return {sheet.title: [list(row) for row in sheet.iter_rows(values_only=True)] for sheet in book}


def out_of_order(texts, within: list[str]) -> list[str]:
    """Which of the texts do not stand in that order, each in a paragraph of its own."""
    rest, missing = list(within), []
    for text in texts:
        places = [number for number, one in enumerate(rest) if text in one]
        if places:
            rest = rest[places[0] + 1 :]
        else:
            missing.append(text)
    return missing
