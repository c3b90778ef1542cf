"""Filters are folded away: how many are chosen is said, and what must be corrected is seen."""

import re

from django.urls import reverse

from krams.web.forms import FilterForm
from tests.demo import DemoTestCase

HTMX = {"HX-Request": "true", "HX-Trigger": "mx-filter"}
# Address, two choices, and one that cannot be.
PAGES = {
    "LogFilter": (
        reverse("initiatives:log", args=["mosbjerghus"]),
        {"faktor": "m", "fra": "01.01.2026"},
        {"fra": "31.02.2026"},
    ),
    "MatrixFilter": (
        reverse("clusters:matrix", args=["syd"]),
        {"q": "sundhed", "tilstand": "none", "vis": "rebild"},
        {"tilstand": "findes-ikke"},
    ),
}


# Few fields, which are the page: they are not folded away.
OPEN = {"AuditFilter", "PeriodForm", "PlaceSearchForm", "SearchForm"}


class Filters(DemoTestCase):
    def fold(self, address, query, status=200):
        answer = self.client_of("laeser").get(address, query)
        assert answer.status_code == status
        return re.search(
            r'<details class="filters no-print"( open)? ?>\s*<summary>.*?>([^<]*)</span>',
            answer.content.decode(),
        ).groups()

    def test_every_filter_is_tried(self):
        filters = {one.__name__ for one in FilterForm.__subclasses__()}
        # The example is of the page of components.
        assert filters - {"ExampleFilter"} == set(PAGES) | OPEN

    def test_the_summary_says_how_many_are_chosen_and_errors_are_seen(self):
        for name, (address, chosen, wrong) in PAGES.items():
            with self.subTest(name):
                assert self.fold(address, {}) == (None, "Filtre")
                assert self.fold(address, chosen) == (None, "Filtre · 2 valgt")
                assert self.fold(address, wrong, 422) == (" open", "Filtre · 1 valgt")

    def test_a_swap_says_it_too_and_leaves_the_fields_open(self):
        for name, (address, chosen, _wrong) in PAGES.items():
            with self.subTest(name):
                answer = self.client_of("laeser").get(address, chosen, headers=HTMX)
                html = answer.content.decode()
                assert html.count('id="filter-count"') == 1
                assert "Filtre · 2 valgt" in html
                assert '<details class="filters no-print">' not in html
