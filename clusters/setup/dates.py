"""Whether the dates of clusters and memberships fit together. Pure."""

import datetime as dt

Dates = tuple[dt.date | None, dt.date | None]


def in_order_after(first: dt.date | None, last: dt.date | None) -> bool:
    """Whether the first day is not after the last; an open end fits everything."""
    return first is None or last is None or first <= last


def overlap(one: Dates, other: Dates) -> bool:
    """Whether two periods, both ends included, have a day in common."""
    return in_order_after(one[0], other[1]) and in_order_after(other[0], one[1])
