"""What a file is, told by its content: its name says what somebody believes. Pure."""

import enum
import io
import zipfile

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
# Where Office puts a package that has a password (MS-OFFCRYPTO 2.3.1), in the names of OLE.
ENCRYPTED_STREAM = "EncryptedPackage".encode("utf-16-le")
CONTENT_TYPES = "[Content_Types].xml"
_LOOKED_AT = 1024


class Kind(enum.Enum):
    EMPTY = enum.auto()
    WORD = enum.auto()
    WORKBOOK = enum.auto()
    OLD_OFFICE = enum.auto()
    ENCRYPTED = enum.auto()
    PDF = enum.auto()
    HTML = enum.auto()
    OPEN_DOCUMENT = enum.auto()
    RICH_TEXT = enum.auto()
    PACKAGE = enum.auto()
    OTHER = enum.auto()


def kind_of(data: bytes) -> Kind:
    head = data[:_LOOKED_AT]
    start = head.removeprefix(b"\xef\xbb\xbf").lstrip().lower()
    if not data.strip(b"\x00 \r\n\t"):
        return Kind.EMPTY
    if head.startswith(OLE):
        return Kind.ENCRYPTED if ENCRYPTED_STREAM in data else Kind.OLD_OFFICE
    if head.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return _kind_of_package(data)
    if b"%PDF-" in head:
        return Kind.PDF
    if start.startswith(b"{\\rtf"):
        return Kind.RICH_TEXT
    if start.startswith((b"<!doctype html", b"<html", b"<table", b"mime-version:")):
        return Kind.HTML
    return Kind.OTHER


def _kind_of_package(data: bytes) -> Kind:
    """By the names of its parts alone; nothing is unpacked."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as package:
            members = package.infolist()
    # A zip whose directory is torn; zipfile says so in several ways.
    except (zipfile.BadZipFile, NotImplementedError, ValueError, OSError):
        return Kind.PACKAGE
    names = {member.filename for member in members}
    if any(member.flag_bits & 1 for member in members):
        return Kind.ENCRYPTED
    if CONTENT_TYPES in names and any(name.startswith("word/") for name in names):
        return Kind.WORD
    if CONTENT_TYPES in names and any(name.startswith("xl/") for name in names):
        return Kind.WORKBOOK
    if "mimetype" in names and "content.xml" in names:
        return Kind.OPEN_DOCUMENT
    return Kind.PACKAGE
