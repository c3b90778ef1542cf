"""Files that people hand in: what they are by content, and what is never unpacked or followed."""

import io
import re
import secrets
import tracemalloc
import zipfile

import docx
import openpyxl
import pytest
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import translation

from krams.documents.csv_reading import Unreadable
from krams.documents.reading import text_of
from krams.documents.spreadsheet_reading import read_table
from krams.documents.word_reading import read_docx
from krams.uploads.limits import MOST_BYTES, StopAtLimit
from krams.uploads.packages import Package, Refused
from krams.uploads.recognition import OLE, Kind, kind_of
from krams.web.forms.uploads import UploadField, shown_name


def word(text="Hej") -> bytes:
    file, output = docx.Document(), io.BytesIO()
    file.add_paragraph(text)
    file.save(output)
    return output.getvalue()


def workbook() -> bytes:
    output = io.BytesIO()
    openpyxl.Workbook().save(output)
    return output.getvalue()


def with_parts(**parts: bytes) -> bytes:
    """A Word document with other or further parts; "__" is a slash, "_" a point."""
    output = io.BytesIO()
    named = {name.replace("__", "/").replace("_", "."): data for name, data in parts.items()}
    with (
        zipfile.ZipFile(io.BytesIO(word())) as old,
        zipfile.ZipFile(output, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for name in old.namelist():
            new.writestr(name, named.pop(name, None) or old.read(name))
        for name, data in named.items():
            new.writestr(name, data)
    return output.getvalue()


def archive(name: str, data: bytes = b"x") -> bytes:
    output = io.BytesIO()
    with zipfile.ZipFile(output, "w") as file:
        file.writestr(name, data)
    return output.getvalue()


def body(inner: str) -> bytes:
    w = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
    return f'<w:document xmlns:w="{w}"><w:body>{inner}</w:body></w:document>'.encode()


ENTITY = b'<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">]>'
WRONG = {
    "empty": b"",
    "blank": b" \n\x00",
    "pdf": b"%PDF-1.7\n...",
    "old doc": OLE + b"WordDocument",
    "encrypted": OLE + "EncryptedPackage".encode("utf-16-le"),
    "html": b"<!DOCTYPE html><p>Hej",
    "rtf": rb"{\rtf1 Hej}",
    "odt": archive("mimetype") + b"",
    "zip": archive("billede.png"),
    "torn": word()[:300],
    "workbook": workbook(),
    "text": "Støtte".encode(),
}


@pytest.mark.parametrize("name", WRONG)
def test_a_wrong_file_is_told_by_its_content_in_one_sentence_or_two(name):
    with translation.override("da"), pytest.raises(Refused) as refused:
        read_docx(WRONG[name])
    said = str(refused.value)
    assert said
    assert len(said) < 160
    can_be_saved_as_word = name in ("old doc", "html", "rtf")
    assert ("Gem den som" in said) == can_be_saved_as_word
    field = UploadField(kind=Kind.WORD)
    if WRONG[name]:
        file = SimpleUploadedFile("matrix.docx", WRONG[name])
        with pytest.raises(ValidationError) as error:
            field.clean(file)
        assert error.value.code == "kind"


BAD = {
    "bomb": with_parts(word__media__image_png=b"\x00" * 30_000_000),
    "many parts": with_parts(**{f"word__x{number}_xml": b"x" for number in range(2100)}),
    "entities": with_parts(
        word__document_xml=ENTITY + body("<w:p><w:r><w:t>&b;</w:t></w:r></w:p>")
    ),
    "external entity": with_parts(
        word__document_xml=b'<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]>'
        + body("<w:p><w:r><w:t>&a;</w:t></w:r></w:p>")
    ),
    "no xml": with_parts(word__document_xml=b"<w:document"),
    "no document": with_parts(word__document_xml=b"<x/>"),
    "a million rows": with_parts(
        word__document_xml=body("<w:tbl>" + "<w:tr/>" * 1_000_000 + "</w:tbl>")
    ),
    "a million paragraphs": with_parts(
        word__document_xml=body("<w:p/>" * 1_000_000 + f"<!--{secrets.token_hex(40_000)}-->")
    ),
    "too much in EBCDIC": with_parts(
        word__document_xml=(
            '<?xml version="1.0" encoding="cp037"?>'
            + body("<w:p/>" * 320_000 + f"<!--{secrets.token_hex(40_000)}-->").decode()
        ).encode("cp037")
    ),
    "too much in UTF-7": with_parts(
        word__document_xml=b'<?xml version="1.0" encoding="utf-7"?>'
        + body("<w:p/>" * 320_000 + f"<!--{secrets.token_hex(40_000)}-->").replace(b"<", b"+ADw-")
    ),
    "four thousand rows": with_parts(
        word__document_xml=body("<w:tbl>" + "<w:tr><w:tc><w:p/></w:tc></w:tr>" * 4000 + "</w:tbl>")
    ),
    "deep tables": with_parts(
        word__document_xml=body(
            "<w:tbl><w:tr><w:tc>" * 60 + "<w:p/>" + "</w:tc></w:tr></w:tbl>" * 60
        )
    ),
}


@pytest.mark.parametrize("name", BAD)
def test_what_is_made_to_harm_is_refused(name):
    with pytest.raises(Refused):
        read_docx(BAD[name])


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_both_encodings_of_office_are_read(encoding):
    text = (
        f'<?xml version="1.0" encoding="{encoding.removesuffix("-sig")}"?>'
        + body("<w:p><w:r><w:t>Støtte</w:t></w:r></w:p>").decode()
    )
    [found] = read_docx(with_parts(word__document_xml=text.encode(encoding))).blocks
    assert text_of(found) == "Støtte"


def test_nothing_is_fetched_and_macros_are_told():
    rels = (
        b'<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
        b'<Relationship Id="rId1" TargetMode="External" Target="http://127.0.0.1:9/x.dotm" '
        b'Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/attachedTemplate"/>'
        b"</Relationships>"
    )
    data = with_parts(word___rels__document_xml_rels=rels, word__vbaProject_bin=b"\x00")
    read = read_docx(data)
    assert [remark.value for remark in read.remarks] == ["macros"]


def test_a_part_cannot_be_larger_than_it_says():
    """The size in the directory is what is looked at, and what is unpacked at most."""
    data = bytearray(with_parts(word__document_xml=body("<w:p/>" * 400_000)))
    with zipfile.ZipFile(io.BytesIO(bytes(data))) as file:
        size = file.getinfo("word/document.xml").file_size
    start = data.rindex(b"PK\x01\x02", 0, data.rindex(b"word/document.xml"))
    assert int.from_bytes(data[start + 24 : start + 28], "little") == size
    data[start + 24 : start + 28] = (1000).to_bytes(4, "little")
    with pytest.raises(Refused):
        Package(bytes(data), Kind.WORD).xml("word/document.xml")


def saying(data: bytes, name: str, size: int) -> bytes:
    """The same file, whose directory gives a part another size."""
    changed = bytearray(data)
    start = changed.rindex(b"PK\x01\x02", 0, changed.rindex(name.encode()))
    changed[start + 24 : start + 28] = size.to_bytes(4, "little")
    return bytes(changed)


@pytest.mark.parametrize("kind", [Kind.WORD, Kind.WORKBOOK])
def test_a_part_that_is_larger_than_it_says_is_not_unpacked(kind):
    """Its size is looked at before; so it must hold while it is unpacked, too."""
    blank = b" " * 60_000_000
    if kind is Kind.WORD:
        name = "word/document.xml"
        data = with_parts(word__document_xml=body("") + blank)
    else:
        name, output = "xl/workbook.xml", io.BytesIO()
        with (
            zipfile.ZipFile(io.BytesIO(workbook())) as old,
            zipfile.ZipFile(output, "w", zipfile.ZIP_DEFLATED) as new,
        ):
            for part in old.namelist():
                new.writestr(part, old.read(part) + blank * (part == name))
        data = output.getvalue()
    data = saying(data, name, 900)
    tracemalloc.start()
    try:
        if kind is Kind.WORD:
            with pytest.raises(Refused):
                read_docx(data)
        else:
            with pytest.raises(Unreadable):
                read_table(data, {"navn"})
        assert tracemalloc.get_traced_memory()[1] < 10_000_000
    finally:
        tracemalloc.stop()


def repacked(data: bytes, method: int) -> bytes:
    output = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(output, "w", method) as new:
        for name in old.namelist():
            new.writestr(name, old.read(name))
    return output.getvalue()


@pytest.mark.parametrize("method", [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_what_no_office_packs_with_is_not_unpacked(method):
    with pytest.raises(Refused):
        read_docx(repacked(word(), method))
    with pytest.raises(Unreadable):
        read_table(repacked(workbook(), method), {"navn"})


@pytest.mark.parametrize("name", ["word/document.xml", "_rels/.rels"])
def test_a_part_that_cannot_be_unpacked_is_told(name):
    data = bytearray(word())
    with zipfile.ZipFile(io.BytesIO(data)) as file:
        start = file.getinfo(name).header_offset + 30 + len(name)
    data[start : start + 20] = b"\xff" * 20
    with pytest.raises(Refused):
        read_docx(bytes(data))


def test_kinds_are_told():
    assert kind_of(word()) is Kind.WORD
    assert kind_of(workbook()) is Kind.WORKBOOK
    assert kind_of(WRONG["pdf"]) is Kind.PDF


def test_too_much_reaches_neither_memory_nor_disk():
    """The handler gives nothing on beyond the limit, and the field says that the file is large."""
    handler = StopAtLimit()
    chunk = b"x" * 65536
    kept = sum(
        handler.receive_data_chunk(chunk, start) is not None
        for start in range(0, 200 * 1024 * 1024, len(chunk))
    )
    assert MOST_BYTES < kept * len(chunk) <= MOST_BYTES + len(chunk)
    file = SimpleUploadedFile("stor.docx", b"x" * (MOST_BYTES + 1))
    with pytest.raises(ValidationError) as error:
        UploadField(kind=Kind.WORD).clean(file)
    assert error.value.code == "large"


def test_the_proxy_lets_through_what_the_portal_takes():
    """Twice as much, so that it is the portal that says by the field what is too large."""
    told = (settings.BASE_DIR / "deploy" / "Caddyfile").read_text()
    [megabytes] = re.findall(r"max_size (\d+)MB", told)
    assert int(megabytes) * 1_000_000 > 2 * MOST_BYTES


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("../../etc/matrix.docx", "matrix.docx"),
        (r"C:\Users\mette\matrix.docx", "matrix.docx"),
        ("010190-1234.docx", "…"),
        ("a" * 300 + ".docx", "a" * 120),
    ],
)
def test_of_a_name_its_last_part_is_shown(name, shown):
    assert shown_name(name) == shown
