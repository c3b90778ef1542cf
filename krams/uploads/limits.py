"""How large what people hand in may be, and the handler that keeps no more of it than that."""

from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.core.files.uploadhandler import FileUploadHandler

MEGABYTE = 1024 * 1024
MOST_BYTES = 20 * MEGABYTE
# Of a package, unpacked: all of it, and one part, of which a tree is made in memory.
MOST_UNPACKED = 200 * MEGABYTE
MOST_PART = 8 * MEGABYTE
# Beginnings and ends of elements: a tree of them is twenty times as large as its text.
MOST_TAGS = 300_000
MOST_MEMBERS = 2000
# Text packs thirty to one; nothing that people write packs like this.
MOST_TIMES_PACKED, PACKED_FROM = 200, MEGABYTE


class StopAtLimit(FileUploadHandler):
    """Stands before Django's handlers: what comes after the limit reaches neither memory nor disk.

    The file is then a little too large, which its field says.
    """

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes | None:
        return raw_data if start <= MOST_BYTES else None

    def file_complete(self, file_size: int) -> "UploadedFile[Any] | None":
        return None
