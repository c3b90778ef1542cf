"""The tour of Today: offered to who is new, closed for good, and never instead of the page."""

import datetime as dt
from html import unescape

import pytest
from django.urls import reverse
from django.utils import timezone

from initiatives.log.tour import STEPS, step_of
from krams.enums import Role


def text(response) -> str:
    return unescape(response.content.decode())


@pytest.fixture
def today(facility):
    return reverse("initiatives:today", args=[facility.slug])


OFFER, START, CLOSE = "Ny her?", "/rundtur/", "/rundtur/luk/"


def test_it_has_five_steps_that_lead_to_each_other():
    assert [step.number for step in STEPS] == [1, 2, 3, 4, 5]
    assert [step.before for step in STEPS] == [0, 1, 2, 3, 4]
    assert [step.after for step in STEPS] == [2, 3, 4, 5, 0]
    assert [step_of(number) for number in (None, 0, 6, 10**18)] == [None] * 4


def test_who_is_new_is_offered_it_until_it_is_closed(login, make_user, facility, today):
    new = make_user(Role.STAFF, facility=facility)
    client = login(new)
    page = text(client.get(today))
    assert OFFER in page
    assert 'id="h-ny"' in page, "the page itself is there"
    for step in STEPS:
        shown = text(client.get(today, {"rundtur": step.number}))
        assert f"Trin {step.number} af 5" in shown
        assert OFFER not in shown
        assert f'id="{step.anchor}"' in shown, "what it shows is on the page"
    assert OFFER in text(client.get(today, {"rundtur": "9"}))
    for _twice in range(2):
        assert client.post(CLOSE).url == today
    first = type(new).objects.get(pk=new.pk).tour_closed_at
    client.post(CLOSE)
    assert type(new).objects.get(pk=new.pk).tour_closed_at == first
    assert OFFER not in text(client.get(today))
    assert client.get(START).url == f"{today}?rundtur=1"
    assert "Trin 1 af 5" in text(client.get(today, {"rundtur": "1"})), "from the help, once more"


def test_readers_and_other_days_have_no_offer(login, make_user, facility, today):
    assert OFFER not in text(login(make_user(Role.VIEWER, facility=facility)).get(today))
    client = login(make_user(Role.STAFF, facility=facility))
    yesterday = timezone.localdate() - dt.timedelta(days=1)
    assert OFFER not in text(client.get(today, {"dag": yesterday.isoformat()}))


def test_whoever_has_no_facility_has_no_tour(login, make_user):
    client = login(make_user())
    assert client.get(START).status_code == 404
    assert client.post(CLOSE).status_code == 404
    assert client.get(CLOSE).status_code == 405
