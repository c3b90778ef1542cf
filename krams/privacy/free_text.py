"""What free text may hold: no CPR number, nothing that cannot be stored and exported."""

import re
import unicodedata
from urllib.parse import urlsplit

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from .cpr import refuse_cpr

# The host of a link: names with or without a dot, æøå too, or an address in figures.
_HOST = re.compile(r"\w(?:[\w-]*\w)?(?:\.\w(?:[\w-]*\w)?)*\.?|[0-9a-f:]*:[0-9a-f:.]+")


def validate_free_text(text: str) -> None:
    """Refuse text that names a person by number or that cannot be stored and exported.

    Line breaks, tabs, emoji with joiners and right-to-left marks are welcome. Raises
    ValidationError with code ``control`` (a character that PostgreSQL or an XML document cannot
    hold, or that has no place in text) or ``cpr``. The message never repeats the number.
    """
    if any(_is_forbidden(character) for character in text):
        raise ValidationError(
            _("The text holds a hidden control character. Delete it, or type the text again."),
            code="control",
        )
    refuse_cpr(text)


def validate_line(text: str) -> None:
    """Refuse what :func:`validate_free_text` refuses, and line breaks.

    Raises ValidationError with code ``control``, ``cpr`` or ``newline``.
    """
    validate_free_text(text)
    if any(character in "\n\r\u2028\u2029" for character in text):
        raise ValidationError(_("Write this on one line."), code="newline")


def validate_link(link: str) -> None:
    """Refuse what is no address of a page: http or https, with a host, which may have no dot.

    Raises ValidationError with code ``link``, or those of :func:`validate_line`.
    """
    validate_line(link)
    try:
        parts = urlsplit(link)
        is_good = (
            parts.scheme in {"http", "https"}
            and bool(_HOST.fullmatch(parts.hostname or ""))
            and parts.username is None
            and parts.port != 0
            and not re.search(r"[\s<>\"\\\\]", link)
        )
    except ValueError:  # a bracket that is not closed, a port that is no number
        is_good = False
    if not is_good:
        raise ValidationError(
            _("Write the address of a page, such as https://www.sst.dk."), code="link"
        )


def _is_forbidden(character: str) -> bool:
    match unicodedata.category(character):
        case "Cc":
            return character not in "\n\r\t"
        case "Cs":  # half of a surrogate pair: not encodable as UTF-8
            return True
        case _:
            return (
                character in "\ufffe\uffff"
            )  # not allowed in XML, so no docx or xlsx could hold it
