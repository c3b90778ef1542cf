"""The one normal form of what people type and paste, and which names look alike."""

import re
import unicodedata

# A joiner holds the parts of an emoji together; everywhere else it is as invisible as the others.
_JOINER = "\u200d"
_DIRECTION_MARKS = "\u200e\u200f\u2066\u2067\u2068\u2069"
# They choose between a plain and a coloured sign (☎, ☎️), and are nothing by themselves.
_STYLES_OF_SIGNS = "\ufe0e\ufe0f"
# Invisible (Default_Ignorable_Code_Point) or blank, though letters, marks or signs by category.
_BLANK = {
    *"\u034f\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0",
    *map(chr, (*range(0x180B, 0x1810), *range(0xFE00, 0xFE10), *range(0xE0100, 0xE01F0))),
}


# Below the combining marks every letter is composed, and only the soft hyphen is invisible.
_OTHER_THAN_LATIN = re.compile("[\u00ad\u0300-\U0010ffff]")


def visible(text: str) -> str:
    """The text in composed form (NFC) without soft hyphens, zero-width and direction marks.

    Direction marks stay where there are letters, such as Hebrew ones, that they steer.
    """
    if not _OTHER_THAN_LATIN.search(text):
        return text
    steers = any(
        character.isalpha() and unicodedata.bidirectional(character) in {"R", "AL"}
        for character in text
    )
    shown = _shown(text, steers)
    # Leaving a mark out may bring two halves of a letter together, which is no sign any more.
    while (once_more := _shown(shown, steers)) != shown:
        shown = once_more
    return shown


def _shown(text: str, steers: bool) -> str:
    kept: list[str] = []
    for character in unicodedata.normalize("NFC", text):
        of_sign = kept and unicodedata.category(kept[-1]) in {"So", "Sk", "Mn"}
        belongs_to_sign = of_sign and character in {_JOINER, *_STYLES_OF_SIGNS}
        is_mark = steers and character in _DIRECTION_MARKS
        if belongs_to_sign or is_mark or not _is_invisible(character):
            kept.append(character)
    return unicodedata.normalize("NFC", "".join(kept))


def _is_invisible(character: str) -> bool:
    return character in _BLANK or unicodedata.category(character) == "Cf"


def tidy(text: str) -> str:
    """The normal form of a name: :func:`visible`, trimmed, and one plain space between words.

    Line breaks inside stay: :mod:`krams.privacy.free_text` says whether a name may hold one.
    """
    return re.sub(r"[^\S\n\r\u2028\u2029]+", " ", visible(text)).strip()


def look_alike_key(name: str) -> str:
    """What names have in common that nobody can tell apart, whatever their case (NFKC_Casefold)."""
    folded = unicodedata.normalize("NFKC", tidy(name)).casefold()
    shown = "".join(character for character in folded if not _is_invisible(character))
    return " ".join(unicodedata.normalize("NFKC", shown).split())
