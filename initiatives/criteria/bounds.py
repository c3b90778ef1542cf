"""What an indicator's figures are: averages or not, between which values, which way they are to go.

Pure; both ends are included. A share is a percentage, and a count from the activity log cannot be
negative; a figure that somebody enters has the range that its indicator gives it, which may be open
at either end.
"""

from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext as _

from krams.danish.numbers import format_decimal

from ..enums import Direction, FigureAbout, IndicatorKind

NONE_NEGATIVE, A_WHOLE = Decimal(0), Decimal(100)


@dataclass(frozen=True, slots=True)
class Bounds:
    """The smallest and the largest possible value; None where there is no end."""

    least: Decimal | None = None
    most: Decimal | None = None

    def hold(self, value: Decimal) -> bool:
        above = self.least is None or value >= self.least
        return above and (self.most is None or value <= self.most)

    def text(self, unit: str = "") -> str:
        """The range for people, such as "a number from 0 to 100 point"; empty if it has no end."""
        if self.least is None and self.most is None:
            return ""
        if self.most is None:
            words = _("a number of at least %(least)s")
        elif self.least is None:
            words = _("a number of at most %(most)s")
        else:
            words = _("a number from %(least)s to %(most)s")
        return f"{words % self._ends()} {unit}".rstrip()

    def _ends(self) -> dict[str, str]:
        ends = {"least": self.least, "most": self.most}
        return {name: format_decimal(end) for name, end in ends.items() if end is not None}


UNBOUNDED = Bounds()


def bounds_of(kind: str, least: Decimal | None, most: Decimal | None) -> Bounds:
    """The range of an indicator of ``kind``; ``least`` and ``most`` are its own."""
    if kind == IndicatorKind.SHARE:
        return Bounds(NONE_NEGATIVE, A_WHOLE)
    if kind == IndicatorKind.LOG:
        return Bounds(NONE_NEGATIVE)
    return Bounds(least, most)


def is_average(kind: str, about: str) -> bool:
    """Whether its figures are averages of people, and each should say of how many."""
    return kind == IndicatorKind.VALUE and about == FigureAbout.PEOPLE


def is_wrong_way(direction: str, baseline: Decimal | None, target: Decimal | None) -> bool:
    """Whether the target lies on the wrong side of the baseline; standing still is no wrong way."""
    if baseline is None or target is None:
        return False
    match direction:
        case Direction.MORE:
            return target < baseline
        case Direction.LESS:
            return target > baseline
    return False
