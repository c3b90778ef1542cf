"""What a municipality that begins has, and what is left: from facts alone. Pure.

Nothing is stored of how far somebody has come, but which steps they chose to leave out.
"""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from enum import Enum

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext


class Step(Enum):
    """In the order in which they are best done; the value is stored with what is left out."""

    DEPARTMENT = "afdeling"
    FACILITIES = "botilbud"
    PEOPLE = "personer"
    POLICY = "politik"
    TYPES = "aktivitetstyper"
    PLAN = "ugeplan"
    INITIATIVE = "indsats"

    @property
    def title(self) -> str | Promise:
        return TITLES[self]

    @property
    def what(self) -> str | Promise:
        return WHAT[self]

    @property
    def may_be_skipped(self) -> bool:
        """Without a department and a facility there is nothing to begin with."""
        return self not in (Step.DEPARTMENT, Step.FACILITIES)


TITLES = {
    Step.DEPARTMENT: _("Department"),
    Step.FACILITIES: _("Facilities with places and kind"),
    Step.PEOPLE: _("People and their roles"),
    Step.POLICY: _("Health policy"),
    Step.TYPES: _("Activity types"),
    Step.PLAN: _("First weekly plan"),
    Step.INITIATIVE: _("First initiative"),
}
WHAT = {
    Step.DEPARTMENT: _("The part of the municipality that owns the initiatives."),
    Step.FACILITIES: _("Where the activities are held. Paste them from a spreadsheet, or write."),
    Step.PEOPLE: _("Each gets an e-mail with a link to choose a password."),
    Step.POLICY: _("What the initiatives build on. It can also be added later."),
    Step.TYPES: _("A common Danish list is there already. Change it only if you miss something."),
    Step.PLAN: _("Choose from a template. What is chosen can be changed afterwards."),
    Step.INITIATIVE: _("A draft from a template, with all ten sections to make your own."),
}


@dataclass(frozen=True, slots=True)
class DepartmentFacts:
    """How much of it there is; ``facilities`` are those that are open."""

    slug: str
    name: str
    facilities: int = 0
    with_plan: int = 0
    people: int = 0
    initiatives: int = 0


@dataclass(frozen=True, slots=True)
class Facts:
    departments: Sequence[DepartmentFacts] = ()
    policies: int = 0
    own_types: int = 0


@dataclass(frozen=True, slots=True)
class Standing:
    """How a step stands. ``there`` says what is there, or what is missing of it."""

    step: Step
    is_done: bool
    is_skipped: bool
    there: str

    @property
    def is_left(self) -> bool:
        return not (self.is_done or self.is_skipped)


def standings(facts: Facts, skipped: Collection[str]) -> list[Standing]:
    """How each step stands; what is done is not skipped, whatever somebody chose before."""
    found = []
    for step in Step:
        is_done, there = _CHECKS[step](facts)
        is_skipped = not is_done and step.may_be_skipped and step.value in skipped
        found.append(Standing(step, is_done, is_skipped, there))
    return found


def next_step(found: Sequence[Standing]) -> Standing | None:
    return next((one for one in found if one.is_left), None)


def _department(facts: Facts) -> tuple[bool, str]:
    return bool(facts.departments), ", ".join(one.name for one in facts.departments)


def _facilities(facts: Facts) -> tuple[bool, str]:
    number = sum(one.facilities for one in facts.departments)
    text = ngettext("%(number)s facility", "%(number)s facilities", number) % {"number": number}
    return _all(facts, lambda one: one.facilities > 0), text if number else ""


def _people(facts: Facts) -> tuple[bool, str]:
    number = sum(one.people for one in facts.departments)
    text = ngettext(
        "%(number)s person has a role or is invited",
        "%(number)s people have a role or are invited",
        number,
    )
    return _all(facts, lambda one: one.people > 0), text % {"number": number} if number else ""


def _policy(facts: Facts) -> tuple[bool, str]:
    number = facts.policies
    text = ngettext("%(number)s policy", "%(number)s policies", number) % {"number": number}
    return number > 0, text if number else ""


def _types(facts: Facts) -> tuple[bool, str]:
    number = facts.own_types
    text = ngettext("%(number)s type of your own", "%(number)s types of your own", number)
    return number > 0, text % {"number": number} if number else ""


def _plan(facts: Facts) -> tuple[bool, str]:
    number = sum(one.facilities for one in facts.departments)
    planned = sum(one.with_plan for one in facts.departments)
    text = ngettext(
        "%(planned)s of %(number)s facility has a weekly plan",
        "%(planned)s of %(number)s facilities have a weekly plan",
        number,
    ) % {"planned": planned, "number": number}
    return 0 < number == planned, text if planned else ""


def _initiative(facts: Facts) -> tuple[bool, str]:
    number = sum(one.initiatives for one in facts.departments)
    text = ngettext("%(number)s initiative", "%(number)s initiatives", number)
    done = _all(facts, lambda one: one.initiatives > 0)
    return done, text % {"number": number} if number else ""


def _all(facts: Facts, has: Callable[[DepartmentFacts], bool]) -> bool:
    return bool(facts.departments) and all(has(one) for one in facts.departments)


_CHECKS = {
    Step.DEPARTMENT: _department,
    Step.FACILITIES: _facilities,
    Step.PEOPLE: _people,
    Step.POLICY: _policy,
    Step.TYPES: _types,
    Step.PLAN: _plan,
    Step.INITIATIVE: _initiative,
}
