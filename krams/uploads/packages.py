"""Opens the package of an Office file (ECMA-376 part 2) and trusts nothing in it.

Sizes are known before anything is unpacked, no part is larger in memory than it said, XML with a
document type is refused, no relationship is followed out of the file, and no macro is read.
"""

import codecs
import copy
import io
import posixpath
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _
from lxml import etree

from .limits import (
    MEGABYTE,
    MOST_MEMBERS,
    MOST_PART,
    MOST_TAGS,
    MOST_TIMES_PACKED,
    MOST_UNPACKED,
    PACKED_FROM,
)
from .recognition import Kind, kind_of

if TYPE_CHECKING:
    from lxml.etree import _Element

OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/"
# Of a file that was saved as "Strict Open XML".
STRICT = "http://purl.oclc.org/ooxml/officeDocument/relationships/"
# All that a package may use (ECMA-376 part 2, C.2). Others unpack without a limit.
PACKINGS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
_UTF_16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
# What torn data is told by: zlib, the check sum of the zip, or its directory.
_TORN = (zlib.error, zipfile.BadZipFile, NotImplementedError, EOFError, ValueError, OSError)


class Refused(Exception):
    """A file that is not read; the text says why, and what to do, in the reader's language."""


@dataclass(frozen=True, slots=True)
class Relationship:
    """``kind`` is the last word of its type; ``target`` an address, or a part of the package."""

    kind: str
    target: str
    is_external: bool


def refuse_other(data: bytes, wanted: Kind) -> None:
    """Raises :class:`Refused` for a file that is not of the ``wanted`` kind."""
    found = kind_of(data)
    if found is wanted:
        return
    as_what = _("a Word document (.docx)") if wanted is Kind.WORD else _("a workbook (.xlsx)")
    said = {
        Kind.EMPTY: _("The file is empty."),
        Kind.PDF: _("This is a PDF, whatever its name says. Use the file that it was made from."),
        Kind.OLD_OFFICE: _("This is a file of an old Office (.doc or .xls)."),
        Kind.ENCRYPTED: _("The file has a password. Take it off and choose the file again."),
        Kind.HTML: _("This is a web page, whatever its name says."),
        Kind.OPEN_DOCUMENT: _("This is a file of LibreOffice (.odt or .ods)."),
        Kind.RICH_TEXT: _("This is an RTF file, whatever its name says."),
        Kind.WORD: _("This is a Word document."),
        Kind.WORKBOOK: _("This is a workbook."),
        Kind.PACKAGE: _("The file is damaged, or no Office file."),
        Kind.OTHER: _("This is no Office file, whatever its name says."),
    }[found]
    if found in (Kind.EMPTY, Kind.PDF, Kind.ENCRYPTED):
        raise Refused(said)
    text = _("%(said)s Save it as %(kind)s.")
    if found in (Kind.WORD, Kind.WORKBOOK, Kind.PACKAGE, Kind.OTHER):
        # No program saves it as what is wanted.
        text = _("%(said)s Choose %(kind)s.")
    raise Refused(text % {"said": said, "kind": as_what})


class Package:
    """The parts of a file of the ``wanted`` kind. Raises :class:`Refused`, also in its methods."""

    def __init__(self, data: bytes, wanted: Kind):
        refuse_other(data, wanted)
        self._zip = zipfile.ZipFile(io.BytesIO(data))
        self._members = {member.filename: member for member in self._zip.infolist()}
        self._refuse_bombs(self._zip.infolist())
        starts = self.relationships("").values()
        mains = [one.target for one in starts if one.kind == "officeDocument"]
        if len(mains) != 1 or mains[0] not in self._members:
            raise Refused(_("The file is damaged: it does not say which part is the document."))
        self.main = mains[0]

    def _refuse_bombs(self, members: list[zipfile.ZipInfo]) -> None:
        bomb = (
            len(members) > MOST_MEMBERS
            or len(members) != len(self._members)
            or self.size > MOST_UNPACKED
            or any(
                member.file_size > PACKED_FROM
                and member.file_size > MOST_TIMES_PACKED * member.compress_size
                for member in members
            )
        )
        if bomb:
            raise Refused(_("The file unpacks to more than a document of this kind can hold."))

    def refuse_false_sizes(self) -> None:
        """For who reads the parts by other means. Raises :class:`Refused` where one of them is
        torn, or larger than it says."""
        for member in self._members.values():
            for _portion in self._unpacked(member):
                pass

    def _unpacked(self, member: zipfile.ZipInfo) -> Iterator[bytes]:
        """The part bit by bit, never more of it than it said. Raises :class:`Refused`."""
        torn = _("The file is damaged: a part of it cannot be unpacked.")
        if member.compress_type not in PACKINGS:
            raise Refused(torn)
        # ``zipfile`` unpacks all that is packed before it looks at the size, unless it is asked for
        # a number of bytes. One more than there should be tells that there are more.
        asked = copy.copy(member)
        asked.file_size += 1
        left = member.file_size
        try:
            with self._zip.open(asked) as part:
                while portion := part.read(MEGABYTE):
                    left -= len(portion)
                    if left < 0:
                        raise Refused(torn)
                    yield portion
        except _TORN as error:
            raise Refused(torn) from error

    @property
    def size(self) -> int:
        """In bytes, of all parts when unpacked, as they say."""
        return sum(member.file_size for member in self._members.values())

    @property
    def has_macros(self) -> bool:
        return any(name.lower().endswith("vbaproject.bin") for name in self._members)

    def __contains__(self, name: str) -> bool:
        return name in self._members

    def xml(self, name: str) -> "_Element":
        """The tree of a part. Raises :class:`Refused` where it is missing, too large or no XML."""
        member = self._members.get(name)
        too_large = _("The document is too large. Divide it, and take in one part at a time.")
        if member is None:
            raise Refused(_("The file is damaged: a part of it is missing."))
        if member.file_size > MOST_PART:
            raise Refused(too_large)
        data = b"".join(self._unpacked(member))
        if data.count(b"<") > MOST_TAGS:
            raise Refused(too_large)
        parser = etree.XMLParser(
            resolve_entities=False,
            no_network=True,
            load_dtd=False,
            huge_tree=False,
            # A part is UTF-8 or UTF-16 (ECMA-376 part 2, 6.2.5). In UTF-7 no "<" would be counted.
            encoding=None if data.startswith(_UTF_16) else "utf-8",
        )
        try:
            tree = etree.fromstring(data, parser)
        except (etree.XMLSyntaxError, ValueError) as error:
            raise Refused(_("The file is damaged: a part of it is no XML.")) from error
        if tree.getroottree().docinfo.doctype:
            raise Refused(_("The file holds a document type, which no Office file has."))
        return tree

    def relationships(self, part: str) -> dict[str, Relationship]:
        """What a part refers to, by key; the package itself is the part "". Nothing is fetched."""
        folder, name = posixpath.split(part)
        rels = posixpath.join(folder, "_rels", f"{name}.rels")
        if rels not in self._members:
            return {}
        found = {}
        for one in self.xml(rels):
            if not isinstance(one.tag, str):
                continue
            kind = one.get("Type", "").removeprefix(OFFICE).removeprefix(STRICT)
            target = one.get("Target", "")
            is_external = one.get("TargetMode") == "External"
            if not is_external:
                target = posixpath.normpath(posixpath.join("/", folder, target)).lstrip("/")
            found[one.get("Id", "")] = Relationship(kind, target, is_external)
        return found

    def related(self, kind: str) -> str | None:
        """The part that the main part refers to as ``kind``, such as ``styles``."""
        for one in self.relationships(self.main).values():
            if one.kind == kind and not one.is_external and one.target in self._members:
                return one.target
        return None
