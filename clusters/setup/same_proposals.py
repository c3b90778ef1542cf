"""Which proposal of one cluster is which of another, and which number a copy gets. Pure."""

from collections.abc import Iterable
from typing import TYPE_CHECKING

from krams.danish.collation import fold

if TYPE_CHECKING:
    from ..models import Proposal


def match(old: "Iterable[Proposal]", new: "Iterable[Proposal]") -> "dict[int, Proposal]":
    """The proposal of ``new`` that each of ``old`` became, by the key of the old one.

    It is the copy of it, or a copy of what it was itself copied from, or has the same title
    whatever its case and accents. None is taken twice; what has no counterpart is left out.
    """
    old, free = list(old), list(new)
    found: dict[int, Proposal] = {}
    for same in (_is_copy, _has_one_origin, _has_one_title):
        for proposal in old:
            if proposal.pk in found:
                continue
            other = next((one for one in free if same(proposal, one)), None)
            if other is not None:
                found[proposal.pk] = other
                free.remove(other)
    return found


def _is_copy(old: "Proposal", new: "Proposal") -> bool:
    return new.copied_from_id == old.pk or old.copied_from_id == new.pk


def _has_one_origin(old: "Proposal", new: "Proposal") -> bool:
    return old.copied_from_id is not None and old.copied_from_id == new.copied_from_id


def _has_one_title(old: "Proposal", new: "Proposal") -> bool:
    return " ".join(fold(old.title).split()) == " ".join(fold(new.title).split())


def free_numbers(taken: Iterable[int], wanted: Iterable[int]) -> list[int]:
    """A number for each: the wanted one, or the next after all others where it is taken."""
    taken, found = set(taken), []
    wanted = list(wanted)
    following = max([*taken, *wanted, 0]) + 1
    for number in wanted:
        if number in taken:
            number, following = following, following + 1
        taken.add(number)
        found.append(number)
    return found
