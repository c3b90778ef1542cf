"""A database that cannot be reached is told from a statement that is wrong."""

import pytest
from django.db import IntegrityError, InterfaceError, OperationalError, connection
from django.test import Client
from django.urls import reverse

from krams.database.away import is_away
from krams.enums import Role


@pytest.mark.parametrize(
    ("error", "expected"),
    [
        (OperationalError("connection failed"), True),
        (OperationalError("database is locked"), True),
        (OperationalError("database or disk is full"), True),
        (InterfaceError("the connection is closed"), True),
        (OperationalError("no such table: krams_user"), False),
        (OperationalError("no such column: x"), False),
        (IntegrityError("UNIQUE constraint failed"), False),
        (ValueError("x"), False),
        (None, False),
    ],
)
def test_what_counts_as_away(error, expected):
    assert is_away(error) is expected


def test_also_behind_another_error():
    error = ValueError("while drawing the page")
    error.__context__ = OperationalError("gone")
    assert is_away(error)


class Gone:
    """Every statement from now on finds nobody."""

    def __call__(self, *_arguments):
        raise OperationalError("server closed the connection unexpectedly")


@pytest.fixture
def person(login, make_user, facility):
    client = login(make_user(Role.STAFF, facility=facility))
    client.raise_request_exception = False
    return client


def test_a_page_is_503_and_not_500(person, facility):
    with connection.execute_wrapper(Gone()):
        answer = person.get(facility.get_absolute_url())
    assert answer.status_code == 503
    assert answer.headers["Retry-After"] == "5"
    assert "ikke forbindelse til sin database" in answer.content.decode()


def test_what_was_sent_comes_back_escaped(person):
    sent = {"text": "<script>1</script>", "submission_id": "7"}
    with connection.execute_wrapper(Gone()):
        answer = person.post(reverse("settings"), sent)
    page = answer.content.decode()
    assert answer.status_code == 503
    assert "&lt;script&gt;1&lt;/script&gt;" in page
    assert "<script>1" not in page
    assert '<form method="post" action="/konto/indstillinger/"' in page


def test_a_form_with_a_password_is_not_sent_again_without_it(person):
    """It would count as a log-in that failed, or be refused. The browser has it one step back."""
    sent = {"login": "a@proeve.example", "password": "hemmelig-adgangskode"}
    for client, path in ((person, reverse("settings")), (Client(), "/konto/login/")):
        client.raise_request_exception = False
        with connection.execute_wrapper(Gone()):
            answer = client.post(path, sent)
        page = answer.content.decode()
        assert answer.status_code == 503
        assert "hemmelig" not in page
        assert "Send det igen" not in page
        assert "Gå tilbage i browseren" in page


def test_a_form_from_elsewhere_is_not_given_back(make_user, facility):
    client = Client(enforce_csrf_checks=True, raise_request_exception=False)
    client.force_login(make_user(Role.STAFF, facility=facility))
    with connection.execute_wrapper(Gone()):
        answer = client.post(reverse("settings"), {"text": "Fremmed tekst"})
    assert "Fremmed tekst" not in answer.content.decode()
    assert "Send det igen" not in answer.content.decode()


def test_an_error_of_ours_stays_one(person, facility, monkeypatch):
    def wrong(*_arguments):
        raise OperationalError("no such column: x")

    with connection.execute_wrapper(wrong):
        assert person.get(facility.get_absolute_url()).status_code == 500
