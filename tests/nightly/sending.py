"""What is sent to a form by somebody who means it no good, or whose browser is broken."""

import os
import random
import re
import string
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import product
from urllib.parse import urlencode

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test.client import BOUNDARY, MULTIPART_CONTENT, encode_multipart
from hypothesis import strategies as st

from tests.forms_on_pages import PageForm

from .files import files

# Another one each night; the summary says which.
SEED = int(os.environ.get("NIGHTLY_SEED") or random.SystemRandom().randrange(10**9))
EXAMPLES = int(os.environ.get("NIGHTLY_EXAMPLES") or 40)
TOLD: list[str] = []

FORM = "application/x-www-form-urlencoded"
# Written into a page as it is, it would be an element.
MARK = "<i id=fuzz>"
HARD = [
    *(
        "",
        " ",
        "\t",
        "\r\n",
        "\x00",
        "a\x00b",
        "\x1b[31m",
        "\x7f\x85",
        "\ufeff",
        "\ufffd",
        "\uffff",
    ),
    # Half a character, right to left, none to see, many marks on one letter, Turkish, digits.
    *("\ud800", "a\udfffb", "\u202eabc\u202c", "\u200b", "e" + "\u0301" * 300, "İı", "٣", "²", "Ⅷ"),
    *("0", "-0", "-1", "1", "+1", "1.5", "1,5", "1e9", "1e309", "nan", "inf", "-inf", "0x10", "１"),
    *(
        str(2**31),
        str(-(2**31) - 1),
        str(2**63),
        str(2**63 - 1),
        "9" * 30,
        "9" * 5000,
        str(10**400),
        "1e999",
        "-" + "9" * 40,
    ),
    *("0000-00-00", "0000-01-01", "10000-01-01", "9999-12-31", "0001-01-01", "2026-02-30"),
    *("31.02.2026", "01.01.0000", "01.01.10000", "1.1.1", "29.02.1900", "31.12.9999", "1/1/26"),
    *("2026-W00", "2026-W54", "0000-W01", "9999-W53", "10000-W01", "24:00", "99:99", "-1:00", "8"),
    *("x" * 300, "x" * 12_000, "æ" * 70_000, "a " * 30_000, "\n" * 9000, "(" * 3000, "\\" * 3000),
    *(
        "'",
        '"',
        "';--",
        "' OR '1'='1",
        "%",
        "%s",
        "%(a)s",
        "{0}",
        "{{7*7}}",
        "${7*7}",
        "_",
        "*",
        "\\",
    ),
    *(MARK, f'">{MARK}', f"'>{MARK}", f"</textarea>{MARK}", f"</title>{MARK}", "<!--", "]]>"),
    *(
        "//evil.example",
        "/\\evil.example",
        "https://evil.example/",
        "javascript:alert(1)",
        "/\t/evil",
    ),
    *(
        "../../../../etc/passwd",
        "file:///etc/passwd",
        "a\r\nSet-Cookie: a=b",
        "a\nBcc: b@evil.example",
    ),
    *("[]", "{}", "null", "true", "[" * 5000, '{"a":' * 500, "on", "off", "None", "undefined"),
    *(
        "010190-1234",
        "0101901234",
        "a@b",
        "a@" + "b" * 300 + ".dk",
        "http://[::1",
        "tel:1",
        "mailto:a",
    ),
    *(
        "00000000-0000-0000-0000-000000000000",
        "0" * 36,
        "1:2:3",
        "1,2,3",
        "-1:-1",
        ":",
        "=",
        "=1+1",
    ),
]
HEADERS = [
    {},
    {},
    {"HX-Request": "true"},
    {
        "HX-Request": "true",
        "HX-Boosted": "true",
        "HX-Target": "messages",
        "HX-Current-URL": "https://evil.example/",
    },
    {
        "HX-Request": "true",
        "HX-Target": f"a' onclick=x {MARK}",
        "HX-Trigger": "x" * 300,
        "HX-Trigger-Name": "\u00e5",
        "HX-Current-URL": "http://[::1",
        "HX-History-Restore-Request": "maybe",
        "HX-Prompt": "\u00ff",
    },
    {"Referer": "https://evil.example/", "X-Forwarded-For": "a, b", "X-Forwarded-Host": "evil"},
    {"Accept": "application/json", "Accept-Language": "x" * 500, "X-HTTP-Method-Override": "PUT"},
]
TYPES = [
    *("application/json", "text/plain", "multipart/form-data", "multipart/form-data; boundary=x"),
    *(
        "multipart/form-data; boundary=" + "x" * 500,
        f"{FORM}; charset=utf-16",
        f"{FORM}; charset=no",
    ),
    *("", "application/xml", "multipart/mixed; boundary=x", "text/html; charset=utf-7"),
]
BODIES = [
    *(
        b"",
        b"{",
        b"[]",
        b"null",
        b"\xff\xfe=\xff",
        b"%",
        b"%00=%00",
        b"a=%ff%fe",
        b"&&&===",
        b"a" * 9000,
    ),
    *(
        b"--x\r\nfoo",
        b"--x--",
        b'--x\r\nContent-Disposition: form-data; name="a"\r\n\r\n\xff\r\n--x--',
    ),
    b'--x\r\nContent-Disposition: form-data; name="a"; filename="../\x00a"\r\n\r\nb\r\n--x--\r\n',
    b"<?xml version='1.0'?><!DOCTYPE a [<!ENTITY b SYSTEM 'file:///etc/passwd'>]><a>&b;</a>",
]
# How many lines a form says that it has.
COUNTS = ["", "-1", "0", "1", "1000", "1001", "9" * 10, "9" * 400, "1e3", "tre", "٣"]
VERSIONS = ["", "-1", "9" * 12, "9" * 400, "1.0", "٣", "a\x00"]
COUNTED = re.compile(r"(TOTAL|INITIAL|MIN_NUM|MAX_NUM)_FORMS$")
ASCII = st.text(string.ascii_letters + string.digits + "_-", min_size=1, max_size=12)
TEXTS = st.one_of(
    st.sampled_from(HARD),
    st.sampled_from(HARD),
    st.text(max_size=60),
    st.text(st.characters(categories=("Cc", "Cs", "Cf", "Co", "Zs", "Mn")), max_size=12),
    st.integers(-(10**12), 10**12).map(str),
    st.dates().map(str),
    st.floats().map(str),
)


@dataclass
class Sent:
    body: bytes
    content_type: str = FORM
    headers: dict[str, str] = field(default_factory=dict)
    pairs: list[tuple[str, str]] = field(default_factory=list)

    def __repr__(self) -> str:
        return f"{self.content_type} {self.headers} {self.body[:600]!r} ({len(self.body)} bytes)"


def certain_for(form: PageForm) -> Iterator[Sent]:
    """What a form is sent whatever chance does: as from a browser, and one thing wrong."""
    if form.method != "post":
        return
    whole = {name: values or form.offers.get(name, []) for name, values in form.data.items()}
    # Of the same field in many lines, the first.
    hidden = {re.sub(r"\d+", "0", name): name for name in form.data if form.kinds[name] == "hidden"}
    for name in hidden.values():
        pairs = [(one, v) for one, values in whole.items() for v in values if one != name]
        yield Sent(urlencode(pairs).encode(), FORM, {}, pairs)
    for name, kind in form.kinds.items():
        if kind == "file":
            for content, ending in product(files(), ("xlsx", "docx")):
                data = whole | {name: [SimpleUploadedFile(f"a.{ending}", content)]}
                yield Sent(encode_multipart(BOUNDARY, data), MULTIPART_CONTENT)
        for text in COUNTS if COUNTED.search(name) else VERSIONS if "version" in name else []:
            pairs = [(one, v) for one, values in (whole | {name: [text]}).items() for v in values]
            yield Sent(urlencode(pairs).encode(), FORM, {}, pairs)


@st.composite
def sent_to(draw, form: PageForm, names: tuple[str, ...]) -> Sent:
    """A request to the form: mostly its own fields, of which some are wrong.

    ``names`` are those of all forms: what another one takes, this one may take by mistake.
    """
    headers = draw(st.sampled_from(HEADERS))
    how = draw(st.sampled_from(["fields"] * 9 + ["many", "body", "type"]))
    if how == "body":
        kind = draw(st.sampled_from([FORM, *TYPES]))
        body = draw(st.one_of(st.sampled_from(BODIES), st.binary(max_size=200)))
        return Sent(body, kind, headers)
    pairs = draw(_pairs(form, names))
    if how == "many":
        more = draw(st.sampled_from([2000, 5001]))
        name = draw(st.sampled_from([*form.data, "a"]))
        pairs += [(name, str(number)) for number in range(more)]
    body = urlencode(pairs, errors="surrogatepass").encode()
    if how == "type":
        return Sent(body, draw(st.sampled_from(TYPES)), headers, pairs)
    takes_files = "file" in form.kinds.values()
    if how == "fields" and form.method == "post" and draw(st.integers(0, 9)) < 1 + 6 * takes_files:
        return draw(_with_files(form, pairs, headers))
    return Sent(body, FORM, headers, pairs)


@st.composite
def _pairs(draw, form: PageForm, names: tuple[str, ...]) -> list[tuple[str, str]]:
    """As a browser sends them, and then some of it spoilt: one field, or each by a chance."""
    pairs, fields = [], [*form.data]
    wrong = draw(st.sets(st.sampled_from(fields), max_size=3)) if fields else set()
    all_wrong = draw(st.integers(0, 5)) == 0
    for name in fields:
        values = form.data[name] or form.offers.get(name, [])
        if not (all_wrong or name in wrong):
            pairs += [(name, value) for value in values]
            continue
        texts = st.sampled_from(COUNTS) if COUNTED.search(name) else TEXTS
        # As others write lists.
        called = name + draw(st.sampled_from(["", "", "", "[]", "[0]"]))
        # None: not sent at all. Several: one field as often.
        pairs += [(called, value) for value in draw(st.lists(texts, max_size=3))]
    if form.buttons and draw(st.booleans()):
        name, value, _path = draw(st.sampled_from(form.buttons))
        pairs += [(name, value if draw(st.booleans()) else draw(TEXTS))] if name else []
    for _one in range(draw(st.integers(0, 2))):
        name = draw(st.one_of(st.sampled_from(names), ASCII, TEXTS))
        pairs.append((name, draw(TEXTS)))
    return pairs


@st.composite
def _with_files(draw, form: PageForm, pairs: list[tuple[str, str]], headers: dict) -> Sent:
    """With files where they belong; where none does, one in the place of a text or beside it."""
    data: dict[str, list] = {}
    for name, value in pairs:
        # Half a character cannot be written into a part; the other way has it.
        data.setdefault(_whole(name), []).append(_whole(value))
    places = [name for name, kind in form.kinds.items() if kind == "file"]
    for name in places or [draw(st.sampled_from([*form.data, "file"]))]:
        content = draw(st.one_of(st.sampled_from(files()), st.binary(max_size=300)))
        ending = draw(st.sampled_from(["csv", "xlsx", "docx", "pdf", "exe", ""]))
        called = draw(st.sampled_from(["a", "../a", "x" * 300, "æ\u202e", MARK])) + f".{ending}"
        texts = data.get(name, []) if draw(st.integers(0, 5)) == 0 else []
        data[name] = [*texts, SimpleUploadedFile(called, content)]
    sent = [(name, one) for name, many in data.items() for one in many if isinstance(one, str)]
    return Sent(encode_multipart(BOUNDARY, data), MULTIPART_CONTENT, headers, sent)


def _whole(text: str) -> str:
    return text.encode("utf-8", "replace").decode()
