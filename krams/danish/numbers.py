"""Numbers as Danes write them: decimal comma, and points between thousands."""

import re
from decimal import ROUND_HALF_UP, Context, Decimal

from .normal_form import tidy

# Digits alone, or in groups of three with a point or a space between; a group never begins a number
# with 0. No exponent and nothing else, so NaN, Infinity and 1e400 are refused by their form.
_GROUPED = r"[1-9]\d{0,2}(?:\.\d{3})+|[1-9]\d{0,2}(?: \d{3})+"
_DECIMAL = re.compile(rf"([+-]?)({_GROUPED}|\d+)(?:,(\d+))?", re.ASCII)
# A point that cannot part thousands can only be what other languages write for a comma.
_WITH_POINT = re.compile(r"([+-]?)(\d+)\.(\d+)", re.ASCII)
_LONGEST_DECIMAL = 40


def parse_decimal(text: str) -> Decimal:
    """Read a number written the Danish way: ``47,5``, ``1.234,5``, ``-3``.

    A point parts thousands where it can: ``12.000`` is twelve thousand. Where it cannot, there is
    one reading left: ``52.5`` is 52,5 and ``0.125`` is 0,125. Invisible marks of a paste fall
    away. Raises ValueError for anything else.
    """
    stripped = tidy(text).replace("\N{MINUS SIGN}", "-")
    match = _DECIMAL.fullmatch(stripped) or _WITH_POINT.fullmatch(stripped)
    if not match or len(stripped) > _LONGEST_DECIMAL:
        raise ValueError(f"not a Danish decimal number: {text[:20]!r}")
    sign, whole, fraction = match.groups(default="")
    return Decimal(f"{sign}{re.sub('[. ]', '', whole)}.{fraction or 0}")


def format_decimal(value: Decimal | int, places: int | None = None) -> str:
    """Write a number the Danish way: ``1.234,5``.

    ``places`` fixes the decimals, halves rounded away from zero; without it the number has those
    that it needs. Raises ValueError for NaN and infinity.
    """
    number = Decimal(value)
    if not number.is_finite():
        raise ValueError(f"not a finite number: {number}")
    if places is not None:
        enough = Context(prec=max(1, number.adjusted() + places + 2), rounding=ROUND_HALF_UP)
        number = number.quantize(Decimal(1).scaleb(-places), context=enough)
    written = f"{number:,f}" if number else f"{abs(number):,f}"
    if places is None and "." in written:
        written = written.rstrip("0").rstrip(".")
    return written.translate(str.maketrans(",.", ".,"))
