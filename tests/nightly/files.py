"""Files that are not what they say, that are torn, or that unpack to far more than they weigh."""

import io
import zipfile
from functools import cache

import docx

from tests.spreadsheets import xlsx

MEGABYTE = 1024 * 1024
# A tenth of a megabyte that unpacks to this.
BOMB_BYTES = 100 * MEGABYTE
MANY_PARTS = 3000
BOOK_BODY, WORD_BODY = "xl/worksheets/sheet1.xml", "word/document.xml"
LAUGHS = "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 9))
ENTITIES = f'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY a0 "ha">{LAUGHS}]><a>&a8;</a>'.encode()
PLAIN = [
    *(b"", b"\x00" * 50, b"PK\x03\x04" + b"\x00" * 60, b"PK\x05\x06" + b"\x00" * 18, b"%PDF-1.7\n"),
    *(b"\xff\xfea\x00", b"a;b\n1;2\n", b"\xef\xbb\xbfa,b\n" * 2000, b'"' * 999),
    *(
        b"\xd0\xcf\x11\xe0" * 9,
        b"\x89PNG\r\n\x1a\n" + b"\xff" * 99,
        b"\xff\xd8\xff\xe0" + b"\x00" * 99,
    ),
]


@cache
def files() -> list[bytes]:
    """Each once: some take a second to make."""
    found = [*PLAIN]
    book = xlsx(["Dato", "Antal", "Navn"], ["31.02.2026", 10.0**300, "=1+1"], [None, "٣", "\u202e"])
    for whole, inner in ((book, BOOK_BODY), (_document(), WORD_BODY)):
        found += [
            whole,
            whole[: len(whole) // 2],
            whole[:-30],
            whole[200:],
            _with_wrong_bits(whole),
        ]
        found += [
            _changed(whole, inner, b""),
            _changed(whole, inner, b"<"),
            _changed(whole, inner, b"<a/>"),
            _changed(whole, inner, ENTITIES),
            _changed(whole, inner, b"<a>" * 20_000),
            _changed(whole, inner, b" " * BOMB_BYTES),
            _changed(whole, "[Content_Types].xml", b"<Types/>"),
            _changed(whole, "../../outside.xml", b"<a/>"),
        ]
    found.append(_archive({f"word/{number}.xml": b"" for number in range(MANY_PARTS)}))
    # One that holds another, which holds another.
    nested = book
    for _layer in range(5):
        nested = _archive({"xl/workbook.xml": nested})
    return [*found, nested]


def _document() -> bytes:
    file, output = docx.Document(), io.BytesIO()
    table = file.add_table(2, 3)
    for number, text in enumerate(("Forslag", "Rebild", "\u202eStatus", "1. Støtte", "Ja", "٣")):
        table.cell(number // 3, number % 3).text = text
    file.save(output)
    return output.getvalue()


def _archive(parts: dict[str, bytes]) -> bytes:
    output = io.BytesIO()
    with zipfile.ZipFile(output, "w", zipfile.ZIP_DEFLATED) as file:
        for name, data in parts.items():
            file.writestr(name, data)
    return output.getvalue()


def _changed(whole: bytes, name: str, data: bytes) -> bytes:
    """The same package with one part of other content, or with one part more."""
    with zipfile.ZipFile(io.BytesIO(whole)) as old:
        return _archive({one: old.read(one) for one in old.namelist()} | {name: data})


def _with_wrong_bits(whole: bytes) -> bytes:
    """The list of what is in it is right, and what is in it is not."""
    middle = len(whole) // 3
    return (
        whole[:middle]
        + bytes(byte ^ 0x55 for byte in whole[middle : middle + 40])
        + whole[middle + 40 :]
    )
