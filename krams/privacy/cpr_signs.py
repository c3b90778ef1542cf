"""Text as a reader of numbers sees it: plain digits, plain signs, nothing invisible. Pure."""

import unicodedata
from functools import lru_cache

# Blank, though letters or signs by category.
_BLANK = "\u115f\u1160\u2800\u3164\uffa0"
# Drawn as dashes, though not called so (category Pd).
_DASHES = "\u02d7\u2043\u2212\u2796\u30fc"


def plain(text: str, *, raised: bool = True) -> tuple[str, list[int] | None]:
    """Return the text with digits of every script as 0 to 9, dashes as "-" and blanks as " ".

    What cannot be seen (zero-width signs, soft hyphens, marks on a digit) is left out. The second
    is where each sign stood, None where all stand where they stood. Without ``raised`` digits
    like ² and ① are no digits: a note's number behind a number does not make it longer.
    """
    if text.isascii():
        return text, None
    signs, places = [], []
    for place, character in enumerate(text):
        if seen := character if character.isascii() else _seen(character, raised):
            signs.append(seen)
            places.append(place)
    return "".join(signs), places


def has_raised_digits(text: str) -> bool:
    """Tell whether a digit is in the text that is none of a script: ², ₂, ①."""
    return not text.isascii() and any(one.isdigit() and not one.isdecimal() for one in text)


@lru_cache(4096)
def _seen(character: str, raised: bool) -> str:
    if character.isdigit() and (raised or character.isdecimal()):
        return str(unicodedata.digit(character))
    match unicodedata.category(character):
        case "Cf" | "Mn" | "Me" | "Cc":
            return ""
        case "Zs":
            return " "
        case "Zl" | "Zp":
            return "\n"
        case "Pd":
            return "-"
    if character in _BLANK:
        return " "
    if character in _DASHES:
        return "-"
    same = unicodedata.normalize("NFKC", character)
    return same if len(same) == 1 and same.isascii() and not same.isalnum() else character
