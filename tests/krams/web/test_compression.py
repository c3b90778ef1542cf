"""Pages go out compressed, without telling by their length what stands in them."""

import gzip
from unittest.mock import patch

import brotli
import pytest
from django.http import HttpResponse, StreamingHttpResponse
from django.test import RequestFactory

from krams.web.compression import LONG, CompressionMiddleware, brotli_of, takes_brotli

TEXT = ("Gåtur i stedet for aftenrygning. " * 40).encode()
WORKBOOK = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
BROWSER = "gzip, deflate, br, zstd"


def answer(response: HttpResponse, accepted: str = BROWSER) -> HttpResponse:
    request = RequestFactory().get("/", headers={"Accept-Encoding": accepted})
    return CompressionMiddleware(lambda request: response)(request)


@pytest.mark.parametrize(
    ("accepted", "takes"),
    [
        ("gzip, deflate, br, zstd", True),
        ("BR", True),
        ("gzip;q=1.0,br;q=0.5", True),
        ("br ; q=1", True),
        ("br;q=0", False),
        ("gzip, br; q=0.000", False),
        ("gzip, deflate", False),
        ("brotli", False),
        ("", False),
    ],
)
def test_who_takes_brotli(accepted, takes):
    assert takes_brotli(accepted) is takes


def test_a_browser_gets_brotli():
    response = answer(HttpResponse(TEXT, headers={"ETag": '"a"'}))
    assert brotli.decompress(response.content) == TEXT
    assert response.headers["Content-Encoding"] == "br"
    assert response.headers["Content-Length"] == str(len(response.content))
    assert response.headers["Vary"] == "Accept-Encoding"
    assert response.headers["ETag"] == 'W/"a"'


def test_others_get_gzip_or_plain_text():
    response = answer(HttpResponse(TEXT), "gzip")
    assert gzip.decompress(response.content) == TEXT
    assert response.headers["Content-Encoding"] == "gzip"
    response = answer(HttpResponse(TEXT), "")
    assert response.content == TEXT
    # A cache must not give it to one who asks for something else.
    assert response.headers["Vary"] == "Accept-Encoding"


@pytest.mark.parametrize("accepted", ["br", "gzip"])
def test_the_length_tells_nothing_of_what_was_guessed(accepted):
    lengths = {len(answer(HttpResponse(TEXT), accepted).content) for _ in range(200)}
    assert len(lengths) > 50


@pytest.mark.parametrize("content", [TEXT, TEXT * (LONG // len(TEXT) + 1)], ids=["short", "long"])
def test_padding_of_every_length_is_skipped(content):
    plain = len(brotli_of(content))
    for padding in range(1, 257):
        compressed = brotli_of(content, padding)
        assert brotli.decompress(compressed) == content
        assert plain < len(compressed) <= plain + padding + 2


@pytest.mark.parametrize("accepted", [BROWSER, "gzip"])
def test_what_is_compressed_itself_goes_out_as_it_is(accepted):
    response = answer(HttpResponse(b"PK" * 400, content_type=WORKBOOK), accepted)
    assert response.content == b"PK" * 400
    assert "Content-Encoding" not in response.headers
    encoded = HttpResponse(TEXT, headers={"Content-Encoding": "zstd"})
    assert answer(encoded, accepted).content == TEXT


def test_what_would_not_be_shorter_goes_out_as_it_is():
    assert answer(HttpResponse(b"ok")).content == b"ok"
    every_letter = bytes(range(32, 127)) + bytes(reversed(range(32, 127))) + b"and so on"
    with patch("krams.web.compression.secrets.randbelow", return_value=99):
        response = answer(HttpResponse(every_letter + b"!" * 20))
    assert response.content == every_letter + b"!" * 20
    assert "Content-Encoding" not in response.headers


def test_a_stream_is_compressed_as_it_comes():
    response = answer(StreamingHttpResponse([TEXT, TEXT], content_type="text/csv"))
    assert gzip.decompress(b"".join(response.streaming_content)) == TEXT * 2
    books = StreamingHttpResponse([b"PK", b"PK"], content_type=WORKBOOK)
    assert b"".join(answer(books).streaming_content) == b"PKPK"


def test_a_page_of_the_portal(client, db):
    response = client.get("/hjaelp/", headers={"Accept-Encoding": BROWSER})
    assert response.headers["Content-Encoding"] == "br"
    assert brotli.decompress(response.content).startswith(b"<!DOCTYPE html>")
    assert {"Accept-Encoding", "Cookie"} <= set(response.headers["Vary"].split(", "))
