"""How the styles of a Word document make its text look, as far as a reader wants to know. Pure."""

import re
from dataclasses import asdict, dataclass, replace
from typing import TYPE_CHECKING

from docx.oxml.ns import qn

if TYPE_CHECKING:
    from lxml.etree import _Element

# The size in half points up to which a text is small print.
SMALL = 17
_HEADING = re.compile(r"(?:heading|overskrift) ?([1-9])")
_TITLE = {"title", "titel"}
_OFF = {"0", "false", "off"}


@dataclass(frozen=True, slots=True)
class Look:
    """What a style or a run says; None where it says nothing."""

    bold: bool | None = None
    small: bool | None = None
    raised: bool | None = None
    hidden: bool | None = None
    is_item: bool | None = None
    level: int | None = None
    is_title: bool | None = None

    def over(self, other: "Look") -> "Look":
        """This look, and where it says nothing the other."""
        said = {name: value for name, value in asdict(self).items() if value is not None}
        return replace(other, **said)


PLAIN = Look()


def value_of(element: "_Element", name: str) -> str | None:
    """The ``w:val`` of a child; an empty text where it has none, None where there is no child."""
    child = element.find(qn(name))
    return None if child is None else child.get(qn("w:val"), "")


def is_on(element: "_Element", name: str) -> bool | None:
    value = value_of(element, name)
    return None if value is None else value not in _OFF


def look_of_run(properties: "_Element | None") -> Look:
    """Of ``w:rPr``."""
    if properties is None:
        return PLAIN
    size = value_of(properties, "w:sz") or ""
    raised = value_of(properties, "w:vertAlign")
    return Look(
        bold=is_on(properties, "w:b"),
        small=int(size) <= SMALL if size.isascii() and size.isdigit() else None,
        raised=None if raised is None else raised == "superscript",
        hidden=is_on(properties, "w:vanish"),
    )


def look_of_paragraph(properties: "_Element | None") -> Look:
    """Of ``w:pPr``; the number of a list that is none (0) takes the paragraph out of its list."""
    if properties is None:
        return PLAIN
    numbered = properties.find(qn("w:numPr"))
    is_item = None if numbered is None else value_of(numbered, "w:numId") != "0"
    outline = value_of(properties, "w:outlineLvl") or ""
    level = int(outline) + 1 if outline in {"0", "1", "2", "3", "4", "5"} else None
    return Look(is_item=is_item, level=level)


class Styles:
    """The styles of a document by their keys, each with what it is based on."""

    def __init__(self, root: "_Element | None"):
        self._own: dict[str, Look] = {}
        self._based_on: dict[str, str] = {}
        for style in [] if root is None else root.iterfind(qn("w:style")):
            key = style.get(qn("w:styleId"), "")
            name = (value_of(style, "w:name") or "").lower()
            heading = _HEADING.fullmatch(name)
            named = Look(
                level=int(heading[1]) if heading else None,
                is_title=True if name in _TITLE else None,
                is_item=True if name.startswith(("list bullet", "list number")) else None,
            )
            run = look_of_run(style.find(qn("w:rPr")))
            self._own[key] = named.over(run).over(look_of_paragraph(style.find(qn("w:pPr"))))
            self._based_on[key] = value_of(style, "w:basedOn") or ""

    def look(self, key: str | None) -> Look:
        found, seen = PLAIN, set[str]()
        while key and key in self._own and key not in seen:
            seen.add(key)
            found = found.over(self._own[key])
            key = self._based_on[key]
        return found
