"""Reminders: every kind is asked, and one that fails stops neither the others nor goes unseen."""

from datetime import date
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from krams.mail import reminders


@pytest.fixture
def providers(monkeypatch):
    found = []
    monkeypatch.setattr(reminders, "_PROVIDERS", found)
    return found


def two_letters(today: date) -> int:
    return 2


def broken(today: date) -> int:
    raise ZeroDivisionError


def test_a_provider_is_asked_once_however_often_it_registers(providers):
    reminders.register(two_letters)
    reminders.register(two_letters)
    assert reminders.post_due(date(2026, 3, 2)).posted == 2


def test_one_that_fails_is_named_and_the_others_are_asked(providers):
    reminders.register(broken)
    reminders.register(two_letters)
    out = StringIO()
    with pytest.raises(CommandError, match=r"test_reminders\.broken"):
        call_command("send_reminders", stdout=out)
    assert out.getvalue() == "2 posted.\n"
