"""Tests of the whole portal as the demo fills it: the two seed documents, people, activities."""

from io import StringIO

from django.core.management import call_command
from django.test import Client, TestCase, override_settings

from krams.models import User


class DemoTestCase(TestCase):
    """Loads the demo once for all tests of a class."""

    @classmethod
    def setUpTestData(cls):
        with override_settings(DEBUG=True):
            call_command("demo", no_serve=True, stdout=StringIO())

    @staticmethod
    def client_of(who: str, **options) -> Client:
        """A client logged in as the demo person ("leder"); "" is nobody.

        A page that breaks answers 500, so that a test can tell of all pages that do.
        """
        client = Client(raise_request_exception=False, **options)
        if who:
            client.force_login(User.objects.get(email=f"{who}@demo.example"))
        return client
