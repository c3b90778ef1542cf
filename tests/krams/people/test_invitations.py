"""The link that opens an account, and accounts that are closed, renamed or downgraded."""

import datetime as dt
import re

import pytest
import time_machine
from allauth.core.context import request_context
from django.conf import settings
from django.core import mail
from django.test import Client, RequestFactory
from django.utils import timezone

from krams.enums import Role
from krams.models import Facility, Invitation, Membership, User
from krams.people.invitations import invite
from tests.inbox import post_letters
from tests.roles import appoint, say_yes

from ...conftest import seen_state

pytestmark = pytest.mark.django_db
CHOSEN = "en-helt-ny-adgangskode-2026"


@pytest.fixture
def invited(make_user, facility):
    user = make_user(Role.STAFF, facility=facility)
    user.set_unusable_password()
    user.save()
    send_link(user)
    return user


def send_link(user) -> None:
    """As the administration pages and clusters do."""
    request = RequestFactory().get("/")
    with request_context(request):
        assert invite(request, user)
    post_letters()


def link_of(letter) -> str:
    return re.search(r"https?://[^/\s]+(/\S+)", letter.body)[1]


def choose(path: str) -> bool:
    """Follow the link in a browser of one's own and choose a password: whether it let one."""
    browser = Client()
    page = browser.get(path, follow=True)
    here = page.request["PATH_INFO"]
    browser.post(here, {"password1": CHOSEN, "password2": CHOSEN})
    email = User.objects.values_list("email", flat=True)
    return any(Client().login(email=one, password=CHOSEN) for one in email)


def test_a_link_opens_the_account_once(invited):
    path = link_of(mail.outbox[0])
    assert choose(path)
    invited.refresh_from_db()
    invited.set_unusable_password()
    invited.save()
    assert not choose(path)


def test_a_link_runs_out(invited):
    # Two hours more: Django counts in local time without a zone.
    later = timezone.now() + dt.timedelta(seconds=settings.PASSWORD_RESET_TIMEOUT, hours=2)
    with time_machine.travel(later):
        assert not choose(link_of(mail.outbox[0]))


def test_after_one_of_two_letters_was_used_neither_opens_anything(invited):
    send_link(invited)
    first, second = (link_of(letter) for letter in mail.outbox)
    assert choose(second)
    invited.refresh_from_db()
    invited.set_unusable_password()
    invited.save()
    assert not choose(first)
    assert not choose(second)


def test_a_link_sent_to_an_address_that_was_changed_is_dead(invited):
    invited.email = "rigtig@proeve.example"
    invited.save()
    assert not choose(link_of(mail.outbox[0]))


def test_a_link_of_a_closed_account_is_dead(invited):
    User.objects.filter(pk=invited.pk).update(is_active=False)
    choose(link_of(mail.outbox[0]))
    assert Client().login(email=invited.email, password=CHOSEN) is False


def test_an_account_that_is_closed_is_out_at_its_next_click(make_user, login, facility):
    user = make_user(Role.STAFF, facility=facility)
    client = login(user)
    assert client.get(facility.get_absolute_url()).status_code == 200
    User.objects.filter(pk=user.pk).update(is_active=False)
    answer = client.get(facility.get_absolute_url())
    assert answer.status_code == 302
    assert answer.headers["Location"].startswith("/konto/login/")
    assert client.post(facility.get_absolute_url(), {}).status_code in (302, 405)


def test_a_role_that_ended_yesterday_is_out_at_the_next_click(make_user, login, facility):
    user = make_user(Role.MANAGER, facility=facility)
    client = login(user)
    assert client.get(facility.get_absolute_url()).status_code == 200
    yesterday = timezone.localdate() - dt.timedelta(days=1)
    Membership.objects.filter(user=user).update(valid_until=yesterday)
    assert client.get(facility.get_absolute_url()).status_code == 404
    assert not Facility.objects.managed_by(user).exists()


def test_who_gives_up_the_administration_is_out_of_it(client):
    User.objects.create_superuser("anden@proeve.example", name="Administrator")
    admin = User.objects.create_superuser("admin@proeve.example", name="Administrator")
    client.force_login(admin)
    data = {"email": admin.email, "name": admin.name, "is_active": "on"}
    data |= {"memberships-TOTAL_FORMS": "0", "memberships-INITIAL_FORMS": "0"}
    path = f"/admin/krams/user/{admin.pk}/change/"
    assert client.post(path, data | seen_state(client, path)).status_code == 302
    assert client.get("/admin/krams/user/", follow=True).status_code == 403
    admin.refresh_from_db()
    assert (admin.is_superuser, admin.is_staff) == (False, False)


@pytest.mark.parametrize("kept", ["is_active", "is_superuser"])
def test_the_last_administrator_of_the_portal_stays_one(client, kept):
    admin = User.objects.create_superuser("admin@proeve.example", name="Administrator")
    closed = User.objects.create_superuser("anden@proeve.example", name="Administrator")
    User.objects.filter(pk=closed.pk).update(is_active=False)
    client.force_login(admin)
    data = {"email": admin.email, "name": admin.name, kept: "on"}
    data |= {"memberships-TOTAL_FORMS": "0", "memberships-INITIAL_FORMS": "0"}
    path = f"/admin/krams/user/{admin.pk}/change/"
    answer = client.post(path, data | seen_state(client, path))
    assert answer.status_code == 200
    assert "den sidste konto" in answer.content.decode()
    admin.refresh_from_db()
    assert (admin.is_superuser, admin.is_active) == (True, True)


def test_a_cluster_gives_no_role_to_a_closed_account_and_opens_none(
    make_user, login, cluster, municipality
):
    closed = make_user()
    User.objects.filter(pk=closed.pk).update(is_active=False)
    client = login(make_user(Role.COORDINATOR, cluster=cluster))
    path = f"/klynger/{cluster.slug}/opsaetning/personer/"
    data = {"email": closed.email, "name": "", "authority": municipality.pk}
    assert client.post(path, data).status_code == 422
    assert not closed.memberships.exists()
    assert post_letters() == []


def test_a_second_appointment_of_the_same_address_makes_no_second_account(
    make_user, cluster, municipality
):
    by = make_user(Role.COORDINATOR, cluster=cluster)
    for email in ("ny@proeve.example", " NY@Proeve.Example "):
        appoint(cluster=cluster, email=email, name="Ny", authority=municipality, by=by)
    assert User.objects.filter(email__iexact="ny@proeve.example").count() == 1
    assert Invitation.objects.filter(within=cluster).count() == 1
    assert not Membership.objects.filter(within=cluster).exists()
    say_yes("ny@proeve.example")
    assert Membership.objects.filter(within=cluster).count() == 1
