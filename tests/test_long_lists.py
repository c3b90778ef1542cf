"""No page counts a list that grows, or skips what stands on the pages before."""

import re

from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.demo import DemoTestCase
from tests.pages import PAGES

COUNTS = re.compile(r"\bCOUNT\(|\bOFFSET\b", re.IGNORECASE)
SKIPS = re.compile(r"\bOFFSET\b", re.IGNORECASE)
# What may be counted, because it does not grow with the years or is what the page is about.
LISTS_AGENDA = "what became of each plan between two meetings, for the agenda"
REASONS = {
    "initiatives:facilities": "the registrations of one day at each facility",
    "initiatives:today": "how often each type was registered in twelve weeks, for their order",
    "initiatives:period": "what became of each plan on each day, of three years at most",
    "initiatives:types": "the plans that use a type; there are tens at a facility",
    "initiatives:criteria": "the figures of an indicator, a few a year, before it is changed",
    "initiatives:policies": "the initiatives of each policy of a municipality",
    "initiatives:meeting": LISTS_AGENDA,
    "initiatives:wishes": LISTS_AGENDA,
    "initiatives:minutes": LISTS_AGENDA,
    "initiatives:decision-edit": LISTS_AGENDA,
    "initiatives:decision-follow-up": LISTS_AGENDA,
    "home": "numbers for a superuser, one query",
    "initiatives:getting-started": "what a municipality has, a handful of each",
    "initiatives:starter-plan": "what a municipality has, a handful of each",
    "initiatives:starter-initiative": "what a municipality has, a handful of each",
    "clusters:clusters": "the answered cells of a matrix",
    "clusters:confirmations": "the people who are asked",
    "clusters:setup-proposals": "the answers to each proposal",
}
# Pages of lists that only get longer; with one row more than a page they have a way on.
LONG = {
    "initiatives:log",
    "initiatives:initiative-changes",
    "initiatives:meetings",
    "initiatives:department-meetings",
    "initiatives:rhythm",
    "history",
    "facility-changes",
    "authority-changes",
    "cluster-changes",
    "own-changes",
    "audit-log",
    "clusters:editions",
}


class EveryPage(DemoTestCase):
    @classmethod
    def setUpTestData(cls):
        cls.sent = {}
        for page in PAGES:
            with CaptureQueriesContext(connection) as queries:
                cls.client_of(page.who).get(page.path())
            cls.sent.setdefault(page.name, []).extend(one["sql"] for one in queries)

    def pages_that(self, pattern) -> set[str]:
        return {
            name for name, texts in self.sent.items() if any(pattern.search(sql) for sql in texts)
        }

    def test_nothing_is_counted_without_a_reason(self):
        assert self.pages_that(COUNTS) == REASONS.keys()

    def test_nothing_is_skipped_at_all(self):
        assert self.pages_that(SKIPS) == set()

    def test_long_lists_are_among_the_pages_and_have_no_reason(self):
        assert self.sent.keys() >= LONG
        assert not REASONS.keys() & LONG
        assert all(any("LIMIT" in sql for sql in self.sent[name]) for name in LONG)
