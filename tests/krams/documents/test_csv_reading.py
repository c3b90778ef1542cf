"""Files as spreadsheets write them: read for certain, or refused with nothing kept."""

import codecs

import pytest
from hypothesis import given
from hypothesis import strategies as st

from krams.documents.csv_reading import Unreadable, read_cells
from krams.models import Department, Facility
from krams.organisations.actions.csv_import import COLUMNS, ImportRefused, import_organisation

HEADER = "art;kommune;afdeling;sted;stedtype;bemærkning"
ROWS = [
    "afdeling;Nordby;Støtte i Ålbæk;;;",
    'sted;Nordby;Støtte i Ålbæk;Æblehuset;botilbud;"Café; é, ü – ½ §"',
]
TEXT = "\r\n".join([HEADER, *ROWS, ""])


def tabs(text):
    return text.replace(";", "\t").replace("Café\t", "Café;")


GOOD = {
    "utf-8": TEXT.encode(),
    "utf-8 with a mark": TEXT.encode("utf-8-sig"),
    "Windows": TEXT.encode("cp1252"),
    "Unicode text of Excel": codecs.BOM_UTF16_LE + tabs(TEXT).encode("utf-16-le"),
    "the other byte order": codecs.BOM_UTF16_BE + TEXT.encode("utf-16-be"),
    "line ends of Unix": TEXT.replace("\r\n", "\n").encode(),
    "line ends of old Macs": TEXT.replace("\r\n", "\r").encode(),
    "without an end": TEXT.rstrip().encode(),
    "tabs": tabs(TEXT).encode(),
    "commas": TEXT.replace('"Café; é, ü', '"Café# é# ü')
    .replace(";", ",")
    .replace("#", ";", 1)
    .replace("#", ",")
    .encode(),
    "empty cells at the end": TEXT.replace("\r\n", ";;;\r\n").encode(),
    "sep": f"sep=;\r\n{TEXT}".encode(),
    "sep as a cell": f'"sep=;";;;\r\n{TEXT}'.encode(),
    "sep and tabs": f"SEP=\t\r\n{tabs(TEXT)}".encode(),
    "blank lines first": f"\r\n ;;;\r\n\r\n{TEXT}".encode(),
    "blank lines between": TEXT.replace("\r\n", "\r\n\r\n;;;;;\r\n").encode(),
    "quoted names": TEXT.replace("art;kommune", '"Art";" KOMMUNE "', 1).encode(),
    "decomposed letters": TEXT.replace("å", "a\u030a").replace("Å", "A\u030a").encode(),
    "unseen signs": TEXT.replace("Støtte", "Stø\u00adtte\u200b").encode(),
}


@pytest.mark.parametrize("kind", GOOD)
def test_kinds_of_files_that_say_the_same(kind, tmp_path, municipality):
    path = tmp_path / "egen.csv"
    path.write_bytes(GOOD[kind])
    import_organisation(path)
    assert Department.objects.get().name == "Støtte i Ålbæk"
    facility = Facility.objects.get()
    assert (facility.name, facility.remark) == ("Æblehuset", "Café; é, ü – ½ §")


BAD = {
    "Mac": (TEXT.encode("mac_roman", "replace"), "linje 1, kolonne 6", "»¾«"),
    "DOS": (TEXT.encode("cp850", "replace"), "linje 1, kolonne 6", "»‘«"),
    "Windows in UTF-8": (
        TEXT.encode().replace("Æblehuset".encode(), "Æblehuset".encode("cp1252")),
        "linje 3, kolonne sted",
        "»Æ«",
    ),
    "UTF-8 in Windows": (
        TEXT.encode("cp1252").replace("Æblehuset".encode("cp1252"), "Æblehuset".encode()),
        "linje 2, kolonne afdeling",
        "»ø«",
    ),
    "read wrongly before": (
        TEXT.replace("Æblehuset", "Æblehuset".encode().decode("cp1252")).encode(),
        "linje 3, kolonne sted",
        "»Ã†«",
    ),
    "read wrongly, saved by Windows": (
        TEXT.replace("Æblehuset", "MÃ¸de").encode("cp1252"),
        "linje 2, kolonne afdeling",
        "»ø«",
    ),
    "lost before": (
        TEXT.replace("Æblehuset", "\ufffdblehuset").encode(),
        "linje 3, kolonne sted",
        "»\ufffd«",
    ),
    "signs that Macs have for letters": (
        TEXT.replace("Æblehuset", "Hus ’7’").encode("cp1252"),
        "linje 3, kolonne sted",
        "»’«",
    ),
    "a dash of a Mac": (
        "art;kommune;sted\nsted;Nordby;Hus –ældre".encode("mac_roman"),
        "linje 2, kolonne sted",
        "»\ufffd«",
    ),
    "two readings": (
        "art;kommune;sted\nsted;Nordby;Å–huset".encode("cp1252"),
        "linje 2, kolonne sted",
        "»Å«",
    ),
    "half a letter": (
        codecs.BOM_UTF16_LE + TEXT.partition(";botilbud")[0].encode("utf-16-le")[:-1],
        "linje 3, kolonne sted",
        "»\ufffd«",
    ),
}


@pytest.mark.parametrize("kind", BAD)
def test_what_cannot_be_read_for_certain_is_named_and_nothing_kept(kind, tmp_path, municipality):
    raw, place, character = BAD[kind]
    path = tmp_path / "egen.csv"
    path.write_bytes(raw)
    with pytest.raises(ImportRefused) as refused:
        import_organisation(path)
    assert any(
        problem.startswith(place) and character in problem for problem in refused.value.problems
    ), refused.value.problems
    assert not Department.objects.exists()
    assert not Department.history.exists()


@pytest.mark.parametrize(
    ("raw", "reason"),
    [
        (b"PK\x03\x04rest", "projektmappe"),
        (b"\xd0\xcf\x11\xe0rest", "projektmappe"),
        (f'{HEADER}\n{ROWS[0]}\nsted;"Nordby'.encode(), "linje 3: et anførselstegn"),
        (b"kommune;afdeling\nNordby;x", "kolonnen »art« mangler"),
        (b"art;kommune;hus\nafdeling;Nordby;x", "kolonnen »hus« er ukendt"),
        (b"art;art;kommune\nafdeling;afdeling;Nordby", "kolonnen »art« står der to gange"),
        (b"Nordby;Hus\n", "den første linje skal indeholde kolonnenavne"),
        (b"", "den første linje skal indeholde kolonnenavne"),
        (HEADER.encode("utf-16-le"), "den første linje skal indeholde kolonnenavne"),
        (HEADER.encode(), "ingen rækker"),
    ],
)
def test_each_cause_has_its_own_sentence(tmp_path, municipality, raw, reason):
    path = tmp_path / "egen.csv"
    path.write_bytes(raw)
    with pytest.raises(ImportRefused) as refused:
        import_organisation(path)
    assert reason in str(refused.value)


words = st.text(alphabet="abcæøåÆØÅéüö §½–", min_size=1, max_size=20)


@given(words, st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "cp1252", "mac_roman", "cp850"]))
def test_a_word_is_read_as_it_was_written_or_not_at_all(word, encoding):
    raw = f"art;sted\nsted;{word}x\n".encode(encoding, "replace")
    written = " ".join(f"{word}x".encode(encoding, "replace").decode(encoding).split())
    try:
        _header, [(_number, [_kind, read])] = read_cells(raw, COLUMNS)
    except Unreadable:
        assert encoding in {"cp1252", "mac_roman", "cp850"}
    else:
        assert read == written


@given(st.binary(max_size=200))
def test_any_bytes_are_read_or_refused(raw):
    try:
        _header, rows = read_cells(raw, COLUMNS)
    except Unreadable:
        return
    for _number, cells in rows:
        "".join(cells).encode()
