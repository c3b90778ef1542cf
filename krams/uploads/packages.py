"""Opens the package of an Office file (ECMA-376 part 2) and trusts nothing in it.

Sizes are known before anything is unpacked, no part is larger in memory than it said, XML with a
document type is refused, no relationship is followed out of the file, and no macro is read.
"""

import io
import lzma
import posixpath
import zipfile
import zlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _
from lxml import etree

from .limits import (
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

# What torn data is told by: what unpacks it, the zip's check sum, or the length that it says.
TORN = (
    *(zipfile.BadZipFile, zlib.error, lzma.LZMAError),
    *(NotImplementedError, RuntimeError, EOFError, ValueError, OSError),
)
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/"
# Of a file that was saved as "Strict Open XML".
STRICT = "http://purl.oclc.org/ooxml/officeDocument/relationships/"


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
    raise Refused(_("%(said)s Save it as %(kind)s.") % {"said": said, "kind": as_what})


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
            or sum(member.file_size for member in members) > MOST_UNPACKED
            or any(
                member.file_size > PACKED_FROM
                and member.file_size > MOST_TIMES_PACKED * member.compress_size
                for member in members
            )
        )
        if bomb:
            raise Refused(_("The file unpacks to more than a document of this kind can hold."))

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
        parser = etree.XMLParser(
            resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False
        )
        try:
            data = self._zip.read(member)
            if data.count(b"<") > MOST_TAGS:
                raise Refused(too_large)
            tree = etree.fromstring(data, parser)
        except TORN as error:
            raise Refused(_("The file is damaged: a part of it cannot be unpacked.")) from error
        except etree.XMLSyntaxError as error:
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
