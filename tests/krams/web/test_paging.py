"""A long list, page by page, read without counting it."""

import pytest
from django.http import Http404

from krams.web.paging import page_of


def page(number: str, rows: int):
    everything = list(range(rows))
    return page_of(number, 3, lambda: everything[:4], lambda: everything)


@pytest.mark.parametrize(
    ("number", "rows", "shown", "previous", "following"),
    [
        ("1", 0, [], None, None),
        ("1", 3, [0, 1, 2], None, None),
        ("1", 4, [0, 1, 2], None, 2),
        ("2", 4, [3], 1, None),
        ("2", 9, [3, 4, 5], 1, 3),
        ("3", 9, [6, 7, 8], 2, None),
    ],
)
def test_each_page_knows_its_neighbours(number, rows, shown, previous, following):
    found = page(number, rows)
    assert (list(found), found.previous, found.next) == (shown, previous, following)
    assert len(found) == len(shown)


@pytest.mark.parametrize("number", ["", "0", "-1", "x", "1.5", "3", "9" * 30, "9" * 5000])
def test_a_page_that_is_not_there_is_not_found(number):
    with pytest.raises(Http404):
        page(number, 6)
