"""Groups of digits, as people part a CPR number, and which of them are none. Pure.

A candidate is some groups in a row, such as ("01", "01", "90", "1234") with the signs between
them. Dates with a time, ranges of dates, lists and numbers of other kinds look alike, and are told
apart by their signs and by the words around them.
"""

from dataclasses import dataclass
from enum import Enum
from functools import cached_property, lru_cache

from .cpr_words import Around

_DAYS_IN_MONTH = (31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
_REPLACEMENT_DAY_OFFSET = 60
# Of whoever lives now and of the register's own numbers (cpr.dk).
_CENTURIES = range(1858, 2060)
# A date of these years with a time of day is a day of the portal, "28.11.26 1430": nobody who
# lives at a botilbud was born then, or is a hundred years old. By two digits and by four.
_YEARS_AT_WORK = range(20, 36)
_FULL_YEARS_AT_WORK = range(2019, 2050)
_FULL_YEARS_OF_CASES = range(2000, 2050)
_ENDS = ((4,), (2, 2))
_ALL_ENDS = {
    *((4,), (2, 2), (1, 3), (3, 1), (1, 1, 2), (1, 2, 1), (2, 1, 1), (1, 1, 1, 1)),
}
_DATE_SIGNS = {".", "/", "-"}


Shape = tuple[int, ...]


class Kind(Enum):
    """How the digits are parted, told by the lengths of the groups."""

    WHOLE = "0101901234"
    SOLID = "010190-1234"
    PARTED = "01.01.90-1234"
    SPELLED = "0 1 0 1 9 0 - 1 2 3 4"
    ODD = "0101 90 1234"


@lru_cache(4096)
def kind_of(shape: Shape) -> Kind | None:
    """The way of writing a CPR number that has groups of these lengths; None where none has."""
    if shape in {(10,), (12,)}:
        return Kind.WHOLE
    if shape[0] in (6, 8) and shape[1:] in _ALL_ENDS:
        return Kind.SOLID
    if len(shape) > 3 and max(shape[:2]) <= 2 and shape[2] in (2, 4) and shape[3:] in _ENDS:
        return Kind.PARTED
    if shape[:6] == (1,) * 6 and shape[6:] in _ALL_ENDS:
        return Kind.SPELLED
    parted_elsewhere = shape[:2] in {(4, 2), (4, 4), (2, 4)} and shape[2:] in _ENDS
    if parted_elsewhere or shape in {(4, 6), (2, 2, 6), (2, 8)}:
        return Kind.ODD
    return None


@dataclass(frozen=True)
class Candidate:
    """``gaps`` are the signs between the groups; ``before`` and ``behind`` those to the next ones.

    They are None where no digits follow closely. ``behind`` the date is the rest, four digits.
    """

    groups: tuple[str, ...]
    gaps: tuple[str, ...]
    before: str | None
    behind: str | None
    around: Around

    def is_cpr(self) -> bool:
        """Tell whether these groups are a CPR number, as far as signs and words can say."""
        shape = tuple(map(len, self.groups))
        match kind_of(shape):
            case Kind.WHOLE:
                return self._is_dated(self._digits) and not self._is_another_number
            case Kind.SOLID:
                return self._is_solid()
            case Kind.PARTED:
                return self._is_parted()
            case Kind.SPELLED:
                return self._is_spelled()
            case Kind.ODD:
                return self._is_odd(shape) or self._is_named()
            case None:
                return self._is_named()

    def _is_named(self) -> bool:
        """CPR 010 190 1234: ten digits that are called so, however they are parted."""
        return self._is_strict and self._is_dated(self._digits)

    @cached_property
    def _digits(self) -> str:
        return "".join(self.groups)

    @cached_property
    def _signs(self) -> tuple[str, ...]:
        """The gaps without their blanks; " " where there is nothing else."""
        return tuple(gap.strip() or " " for gap in self.gaps)

    @cached_property
    def _is_strict(self) -> bool:
        """Nothing excuses a number that is called a CPR number."""
        return self.around.says_cpr

    @property
    def _is_another_number(self) -> bool:
        around = self.around
        return not self._is_strict and (
            around.says_numbered
            or around.says_kle
            or (around.says_dialled and self._digits[0] != "0")
        )

    def _is_alone(self) -> bool:
        """No digits before or behind it but in another part of a list, or on another line."""
        return _is_apart(self.before) and _is_apart(self.behind)

    def _is_solid(self) -> bool:
        """010190-1234, 01011990-1234: the date in one."""
        if not self._is_dated(self._digits) or _is_list(self.gaps[1:]):
            return False
        if len(self.groups) > 2 and not _is_apart(self.behind):
            return self._is_strict
        at_work = len(self.groups[0]) == 8 and int(self.groups[0][4:]) in _FULL_YEARS_AT_WORK
        return self._is_strict or not (
            at_work and "-" not in self.gaps[0] and _is_time(self._digits[-4:])
        )

    def _is_parted(self) -> bool:
        """01.01.90-1234, 1/1 1990-1234: day, month and year by themselves."""
        day, month, year = self.groups[:3]
        if not self._is_dated(f"{day:0>2}{month:0>2}{year}{self._rest}"):
            return False
        if self._is_strict:
            return True
        return not (
            self._has_loose_date()
            or self._is_moment()
            or self._is_end_of_a_range()
            or self._has_reason()
        )

    @property
    def _rest(self) -> str:
        return self._digits[-4:]

    def _has_loose_date(self) -> bool:
        """What stands where a date should is none: a list, a row of numbers, a range."""
        first, second, *others = self._signs
        if _is_list((*self.gaps[:2], *self.gaps[3:])) or (
            _breaks(self.gaps[:2]) and not self._is_whole()
        ):
            return True
        if (first, second) == (" ", " ") and self._is_in_telephone_numbers():
            return True
        if len(self.groups) == 5 and (first != second or not self._is_alone()):
            return True
        if min(map(len, self.groups[:2])) == 1:
            is_longer = (self.before or "").strip() == first
            if first not in _DATE_SIGNS or is_longer:
                return True
        if first == second:
            return False
        return not (first == "/" or (first == "." and second == " " and "-" in others[0]))

    def _is_in_telephone_numbers(self) -> bool:
        """20 11 10 50 / 0045 22 33 44 55: the end of one and the start of the next."""
        goes_on = not _is_apart(self.behind) or self._rest == "0045"
        return self.before is not None and self.before.isspace() and goes_on

    def _is_whole(self) -> bool:
        return self.before is None and self.behind is None

    def _is_moment(self) -> bool:
        """28.11.26 1430, 28.11.2026 kl. 14.30, 21.11.26-25.11: a day and when, or until when."""
        first, second, third, *others = self._signs
        year, between = int(self.groups[2]), others[0] if others else ""
        at_work = year in (_YEARS_AT_WORK if year < 100 else _FULL_YEARS_AT_WORK)
        if first != second or first not in _DATE_SIGNS or self.around.says_born:
            return False
        if between == first != "-" and third == "-" and at_work:
            return _is_date(int(self._rest[:2]), int(self._rest[2:]), year) or _is_time(self._rest)
        is_blank = any(one.isspace() for one in self.gaps[2])
        if not is_blank or not _is_time(self._rest):
            return False
        if between:
            return at_work or between == ":"
        return at_work and third in (" ", ",", ";", ".", "(", "@", ":")

    def _is_end_of_a_range(self) -> bool:
        """10-12.12.2026 and "stue 4 12.12.2026": what follows the first sign is the date."""
        if len(self.groups) != 4:
            return False
        first, second, third = self._signs
        _day, month, year, rest = map(int, self.groups)
        is_date = rest in _CENTURIES and year <= 12 and _is_date(month, year, rest)
        return is_date and second == third and second in _DATE_SIGNS and first != second

    def _has_reason(self) -> bool:
        """The words around it say what it is, and it is not written as a CPR number is."""
        around, signs = self.around, set(self._signs)
        if around.says_amount and any(one.isspace() for one in self.gaps[2]):
            return self._signs[0] in _DATE_SIGNS
        if self._signs[:2] == (".", "."):
            goes_on = self.behind in ("/", "-") and int(self._rest) in _FULL_YEARS_OF_CASES
            return around.says_kle or (around.says_filed and goes_on)
        if len(self.groups) == 5 and around.says_phone:
            return signs == {" "}
        return around.says_numbered and "-" not in signs

    def _is_spelled(self) -> bool:
        """0 1 0 1 9 0 - 1 2 3 4. A row of counts has no dash in the middle."""
        if not self._is_dated(self._digits):
            return False
        return self._is_strict or (self._signs[5] != " " and set(self._signs[:5]) == {" "})

    def _is_odd(self, shape: Shape) -> bool:
        """0101 90 1234, 01 0190 1234, 0101 901234: parted elsewhere than most people do."""
        if not self._is_dated(self._digits) or not self._is_alone():
            return False
        if _is_list(self.gaps) or _breaks(self.gaps[:-1]):
            return False
        begins_with_a_year = shape[0] == 4 and int(self.groups[0]) in _CENTURIES
        if begins_with_a_year and (shape == (4, 6) or shape[1] == 4):
            return False
        if shape == (2, 8) and self._signs != (" ",):
            return False
        return not (self._is_another_number or self.around.says_phone)

    @staticmethod
    def _is_dated(digits: str) -> bool:
        """Whether ten digits, or twelve, begin with a possible date."""
        if len(digits) not in (10, 12):
            return False
        day, month, year = int(digits[:2]), int(digits[2:4]), int(digits[4:-4])
        return _is_date(day, month, year)


def _is_date(day: int, month: int, year: int) -> bool:
    """The day plus 60 counts too: erstatningspersonnumre, the stand-in numbers."""
    if day > _REPLACEMENT_DAY_OFFSET:
        day -= _REPLACEMENT_DAY_OFFSET
    if year > 99 and year not in _CENTURIES:
        return False
    if not 1 <= month <= 12 or not 1 <= day <= _DAYS_IN_MONTH[month - 1]:
        return False
    # Of two digits the century is unknown; 1900 had no leap day but 2000 did.
    return (day, month) != (29, 2) or (year % 4 == 0 and year != 1900)


def _is_time(digits: str) -> bool:
    return int(digits[:2]) < 25 and int(digits[2:]) < 60


def _is_list(gaps: tuple[str, ...]) -> bool:
    return any(("," in gap or ";" in gap) and gap[-1].isspace() for gap in gaps)


def _breaks(gaps: tuple[str, ...]) -> bool:
    return any("\n" in gap or "\r" in gap for gap in gaps)


def _is_apart(gap: str | None) -> bool:
    """Not in a row with the next digits: ", ", ": " or a line end stands between."""
    return gap is None or _breaks((gap,)) or (bool(gap.strip()) and gap[-1].isspace())
