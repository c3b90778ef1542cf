"""Chance that comes out the same every time: from a seed and what is drawn for.

Each thing has a stream of its own, so that a place and a week have the same rows in a small
country and in a large one.
"""

import datetime as dt
import uuid
from collections.abc import Sequence
from random import Random
from typing import TypeVar

T = TypeVar("T")


def stream(seed: int, *what: object) -> Random:
    """The numbers of one thing; the same for the same ``what``, on every machine."""
    return Random("/".join(map(str, (seed, *what))))


def id_from(chance: Random) -> uuid.UUID:
    return uuid.UUID(int=chance.getrandbits(128), version=4)


def moment_on(chance: Random, day: dt.date) -> dt.datetime:
    """A moment of the working hours of ``day``."""
    seconds = chance.randrange(7 * 3600, 15 * 3600)
    return dt.datetime.combine(day, dt.time(), dt.UTC) + dt.timedelta(seconds=seconds)


def some(chance: Random, found: Sequence[T], least: int, most: int) -> list[T]:
    """From ``least`` to ``most`` of them, in their order."""
    wanted = min(chance.randint(least, most), len(found))
    return [found[index] for index in sorted(chance.sample(range(len(found)), wanted))]


def in_proportion(total: int, weights: Sequence[int]) -> list[int]:
    """``total`` divided by ``weights``; what is left over goes to the largest remainders."""
    whole = sum(weights)
    parts = [total * weight // whole for weight in weights]
    by_remainder = sorted(
        range(len(weights)), key=lambda index: (-(total * weights[index] % whole), index)
    )
    for index in by_remainder[: total - sum(parts)]:
        parts[index] += 1
    return parts
