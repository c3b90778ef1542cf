"""With which neighbour something changes places when it is moved. Pure."""

from typing import TypeVar

T = TypeVar("T")


def swap(items: list[T], moved: T, step: int) -> bool:
    """Let ``moved`` change places with its neighbour; False where there is none."""
    place = items.index(moved)
    other = place + step
    if not 0 <= other < len(items):
        return False
    items[place], items[other] = items[other], items[place]
    return True
