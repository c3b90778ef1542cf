"""Answers are compressed on their way out."""

import re
import secrets
from functools import lru_cache

import brotli
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.middleware.gzip import GZipMiddleware
from django.utils.cache import patch_vary_headers

# As measured over all pages of the demo (docs/frontend.md): of an ordinary page, quality 3 makes
# what gzip makes at its level 6, in half the time, and a browser gets it in the first round trip
# anyway. A long one is worth the time that gzip took, for a tenth to a quarter fewer bytes.
QUALITY, QUALITY_OF_LONG, LONG = 3, 5, 40_000
# 64 kB: Brotli is quicker at quality 5, and finds what repeats in a table as well.
WINDOW_BITS = 16
# What is shorter is hardly smaller compressed.
LEAST_BYTES = 200
NEVER = re.compile(r"q=0(\.0*)?")
TEXTS = ("text/", "application/json", "image/svg+xml")


class CompressionMiddleware(GZipMiddleware):
    """Brotli for a browser that takes it, for others gzip as Django does it.

    As Django's, it adds a random number of bytes that mean nothing: who lets a browser ask for
    pages with guesses in them must not learn from their length what else stands there (BREACH).
    Files that are compressed themselves, such as workbooks, go out as they are.
    """

    def process_response(
        self, request: HttpRequest, response: HttpResponseBase
    ) -> HttpResponseBase:
        if not response.headers.get("Content-Type", "").startswith(TEXTS):
            return response
        if (
            not isinstance(response, HttpResponse)
            or response.has_header("Content-Encoding")
            or len(response.content) < LEAST_BYTES
            or not takes_brotli(request.headers.get("Accept-Encoding", ""))
        ):
            return super().process_response(request, response)
        patch_vary_headers(response, ("Accept-Encoding",))
        compressed = brotli_of(response.content, secrets.randbelow(self.max_random_bytes))
        if len(compressed) < len(response.content):
            response.content = compressed
            response.headers["Content-Length"] = str(len(compressed))
            response.headers["Content-Encoding"] = "br"
            if response.headers.get("ETag", "").startswith('"'):
                response.headers["ETag"] = f"W/{response.headers['ETag']}"
        return response


@lru_cache(maxsize=64)
def takes_brotli(accepted: str) -> bool:
    """Whether an Accept-Encoding names Brotli, and not with the weight 0."""
    for one in accepted.lower().split(","):
        name, _, weight = one.partition(";")
        if name.strip() == "br":
            return not NEVER.fullmatch(weight.strip())
    return False


def brotli_of(content: bytes, padding: int = 0) -> bytes:
    """Compressed, with so many bytes (at most 256) added that a reader skips."""
    quality = QUALITY_OF_LONG if len(content) >= LONG else QUALITY
    compressor = brotli.Compressor(mode=brotli.MODE_TEXT, quality=quality, lgwin=WINDOW_BITS)
    # Flushed, the stream is at a whole byte, where the next block may begin.
    body = compressor.process(content) + compressor.flush()
    finished: bytes = body + skipped(padding) + compressor.finish()
    return finished


def skipped(length: int) -> bytes:
    """A block of metadata (RFC 7932, 9.2): from the lowest bit, not the last block (0), without
    data (11), reserved (0), its length in one byte (01), that length less one, zeros."""
    if not length:
        return b""
    return ((0b01_0_11_0) | (length - 1) << 6).to_bytes(2, "little") + bytes(length)
