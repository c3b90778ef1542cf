"""Tests of the whole portal as the demo fills it: the two seed documents, people, activities."""

from functools import cached_property
from io import StringIO

import html5lib
from django.core.management import call_command
from django.test import Client, TestCase, override_settings
from django.utils import timezone

from krams.models import User
from tests.databases import filled_once


class Answer:
    """What was answered, without what the test client keeps beside it."""

    def __init__(self, response):
        self.status_code, self.headers = response.status_code, response.headers
        self.content = response.getvalue()
        self.cookies = frozenset(response.cookies)

    def getvalue(self) -> bytes:
        return self.content

    @cached_property
    def _parsed(self) -> tuple:
        parser = html5lib.HTMLParser()
        return parser.parse(self.content.decode()), parser.errors

    @property
    def tree(self):
        """Only to be read: the next test gets the same."""
        return self._parsed[0]

    @property
    def errors(self) -> list[str]:
        """Where the HTML is not valid."""
        return [
            f"{place}: {html5lib.constants.E[code] % values}"
            for place, code, values in self._parsed[1]
        ]


def run_demo() -> str:
    """What the command prints."""
    output = StringIO()
    with override_settings(DEBUG=True):
        call_command("demo", no_serve=True, stdout=output)
    return output.getvalue()


class DemoTestCase(TestCase):
    """On a database that holds the demo up to today; it is loaded once for all such classes."""

    @classmethod
    def setUpClass(cls):
        cls.output = cls.enterClassContext(filled_once(run_demo, f"demo of {timezone.localdate()}"))
        super().setUpClass()

    @staticmethod
    def client_of(who: str, **options) -> Client:
        """A client logged in as the demo person ("leder"); "" is nobody.

        A page that breaks answers 500, so that a test can tell of all pages that do.
        """
        client = Client(raise_request_exception=False, **options)
        if who:
            client.force_login(User.objects.get(email=f"{who}@demo.example"))
        return client

    @classmethod
    def answer_of(cls, page) -> Answer:
        """What a page of ``tests/pages.py`` answers on the demo as it was loaded.

        It is asked once for all tests. Not for a test that has written something before.
        """
        key = timezone.localdate(), page.who, page.path()
        if key not in _answers:
            _answers[key] = Answer(cls.client_of(page.who).get(key[-1]))
        return _answers[key]


_answers: dict[tuple, Answer] = {}
