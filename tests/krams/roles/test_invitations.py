"""The link of an invitation: who gets in by it, once, and what it leaves behind."""

import datetime as dt
import json
import logging
import re

import pytest
import time_machine
from allauth.mfa.models import Authenticator
from django.core.exceptions import PermissionDenied, ValidationError
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from krams.enums import Role
from krams.log_in.idle import SHARED_COMPUTER
from krams.models import Invitation, Membership, User
from krams.roles.actions.grants import end_role, give_role
from krams.roles.actions.invitations import invite as make_invitation
from krams.roles.actions.invitations import link_to_hand_over, send_again, withdraw
from krams.roles.models import LASTS
from krams.roles.places import Place
from krams.roles.rules import Kind
from krams.web.logs import JsonFormatter
from tests.inbox import post_letters
from tests.roles import say_yes, secret_of

pytestmark = pytest.mark.django_db
CHOSEN = "en-helt-ny-adgangskode-2026"
WORDS = {"password1": CHOSEN, "password2": CHOSEN}


@pytest.fixture
def manager(make_user, department):
    return make_user(Role.MANAGER, department=department)


@pytest.fixture
def invited(manager, facility) -> Invitation:
    return invite(manager, facility).invitation


def invite(by, facility, role=Role.STAFF, email="ny@proeve.example", name="Nattevagt", **told):
    place = Place(Kind.FACILITY, facility.pk)
    return give_role(place=place, role=role, email=email, name=name, by=by, **told)


def link_in(letter) -> str:
    return re.search(r"/invitation/[\w-]+/", letter.body)[0]


def opened(link: str, client: Client | None = None):
    client = client or Client()
    answer = client.get(link)
    if answer.status_code == 302:
        assert answer.headers["Location"] == reverse("invitation")
        answer = client.get(reverse("invitation"))
    return client, answer


def test_the_link_says_who_invites_to_what_and_lets_in_once(invited, manager, facility):
    [letter] = post_letters()
    assert letter.to == ["ny@proeve.example"]
    assert manager.name in letter.body
    assert facility.name in letter.body
    link = link_in(letter)
    client, page = opened(link)
    text = page.content.decode()
    assert page.status_code == 200
    for said in (manager.name, facility.name, "Medarbejder", "ny@proeve.example"):
        assert said in text
    assert page.headers["Referrer-Policy"] == "strict-origin"
    assert "no-store" in page.headers["Cache-Control"]
    assert secret_of(link) not in text
    assert not Membership.objects.filter(user=invited.user).exists()
    answer = client.post(reverse("invitation"), WORDS | {SHARED_COMPUTER: "on"}, follow=True)
    assert answer.status_code == 200
    assert client.session[SHARED_COMPUTER]
    role = invited.user.memberships.get()
    assert (role.role, role.facility) == (Role.STAFF, facility)
    assert client.get(facility.get_absolute_url()).status_code == 200
    assert Client().login(email="ny@proeve.example", password=CHOSEN)
    _client, used = opened(link)
    assert used.status_code == 410


def test_a_mail_scanner_that_opens_it_accepts_nothing(invited):
    link = link_in(post_letters()[0])
    for _time in range(3):
        opened(link)
        assert Client().head(link).status_code == 302
    assert opened(link)[1].status_code == 200


def test_the_secret_stands_in_no_log_and_in_no_row(invited, caplog):
    link = link_in(post_letters()[0])
    with caplog.at_level(logging.INFO):
        opened(link)
        opened(link[:-3] + "/")
        Client().get(link + "mere/")
    lines = [JsonFormatter().format(record) for record in caplog.records]
    assert [line for line in lines if secret_of(link)[:20] in line] == []
    assert any(json.loads(line).get("path") == "/invitation/…/" for line in lines)
    invited.refresh_from_db()
    assert secret_of(link) not in str(vars(invited))


@pytest.mark.parametrize("words", [{}, {"password1": CHOSEN}, {"password1": "1", "password2": "1"}])
def test_a_password_that_will_not_do_is_told(invited, words):
    client, _page = opened(link_in(post_letters()[0]))
    assert client.post(reverse("invitation"), words).status_code == 422
    invited.user.refresh_from_db()
    assert not invited.user.has_usable_password()


def test_a_new_link_makes_the_old_one_dead(invited, manager):
    first = link_in(post_letters()[0])
    client, _page = opened(first)
    send_again(invitation_id=invited.pk, by=manager)
    assert client.post(reverse("invitation"), WORDS).status_code == 404
    second = link_in(post_letters()[0])
    assert opened(first)[1].status_code == 404
    _invitation, third = link_to_hand_over(invitation_id=invited.pk, by=manager)
    assert opened(second)[1].status_code == 404
    assert opened(third)[1].status_code == 200


def test_a_letter_that_waits_does_not_kill_the_link_that_was_handed_over(invited, manager):
    _invitation, link = link_to_hand_over(invitation_id=invited.pk, by=manager)
    assert post_letters() == []
    assert opened(link)[1].status_code == 200


def test_links_that_are_no_more_say_why(invited, manager, facility):
    link = link_in(post_letters()[0])
    assert Client().get("/invitation/noget-andet/").status_code == 404
    assert Client().get(reverse("invitation")).status_code == 404
    with time_machine.travel(timezone.now() + LASTS):
        assert opened(link)[1].status_code == 410
    facility.closed_on = timezone.localdate()
    facility.save()
    assert opened(link)[1].status_code == 410
    facility.closed_on = None
    facility.save()
    client, _page = opened(link)
    withdraw(invitation_id=invited.pk, by=manager)
    assert client.post(reverse("invitation"), WORDS).status_code == 410
    assert opened(link)[1].status_code == 410
    assert not Membership.objects.filter(user=invited.user).exists()


def test_who_may_invite_no_more_lets_nobody_in_by_what_they_sent(
    invited, manager, make_user, municipality
):
    link = link_in(post_letters()[0])
    boss = make_user(Role.ADMINISTRATOR, authority=municipality)
    end_role(role_id=manager.memberships.get().pk, by=boss)
    assert opened(link)[1].status_code == 410
    with pytest.raises(PermissionDenied):
        send_again(invitation_id=invited.pk, by=manager)
    send_again(invitation_id=invited.pk, by=boss)
    fresh = next(one for one in post_letters() if one.to == ["ny@proeve.example"])
    assert opened(link_in(fresh))[1].status_code == 200


def test_two_invitations_to_one_place_are_one(manager, facility, department):
    first = invite(manager, facility)
    again = invite(manager, facility, email="NY@proeve.example")
    assert again.invitation == first.invitation
    assert (first.is_new, again.is_new) == (True, False)
    with pytest.raises(ValidationError, match="allerede inviteret"):
        invite(manager, facility, role=Role.VIEWER)
    assert len(post_letters()) == 1
    with time_machine.travel(timezone.now() + LASTS):
        renewed = invite(manager, facility, role=Role.VIEWER)
    assert (renewed.invitation.pk, renewed.is_new) == (first.invitation.pk, True)
    assert Invitation.objects.count() == 1


def test_somebody_with_an_account_logs_in_and_says_yes(invited, manager, other_facility, make_user):
    link = link_in(post_letters()[0])
    invited.user.set_password(CHOSEN)
    invited.user.save()
    client, page = opened(link)
    assert "password1" not in page.content.decode()
    assert client.post(reverse("invitation"), WORDS).status_code == 403
    other = Client()
    other.force_login(make_user())
    _client, page = opened(link, other)
    assert "password1" not in page.content.decode()
    assert other.post(reverse("invitation"), WORDS).status_code == 403
    mine = Client()
    mine.force_login(invited.user)
    opened(link, mine)
    assert mine.post(reverse("invitation")).status_code == 302
    assert invited.user.memberships.get().role == Role.STAFF


def handed_over(by, invitation) -> str:
    return link_to_hand_over(invitation_id=invitation.pk, by=by)[1]


def test_a_link_that_was_handed_over_opens_no_account_that_has_roles_of_others(
    invited, manager, other_facility
):
    """Whoever invites holds the link as well."""
    client, page = opened(handed_over(manager, invited))
    assert page.status_code == 200
    theirs = Membership.objects.create(
        user=invited.user, role=Role.MANAGER, department=other_facility.department
    )
    refused = client.post(reverse("invitation"), WORDS)
    assert refused.status_code == 410
    assert "e-mail" in refused.content.decode()
    assert opened(handed_over(manager, invited))[1].status_code == 410
    account = User.objects.get(pk=invited.user_id)
    assert not account.has_usable_password()
    assert [*account.memberships.all()] == [theirs]
    send_again(invitation_id=invited.pk, by=manager)
    client, page = opened(link_in(post_letters()[-1]))
    assert client.post(reverse("invitation"), WORDS).status_code == 302
    assert account.memberships.count() == 2


def test_who_got_in_by_a_link_that_was_handed_over_is_invited_anew_by_others(
    invited, manager, make_user, other_facility
):
    """The account may be used by whoever handed the link over."""
    client, _page = opened(handed_over(manager, invited))
    assert client.post(reverse("invitation"), WORDS).status_code == 302
    post_letters()
    other = make_user(Role.MANAGER, department=other_facility.department)
    given = invite(other, other_facility)
    assert given.role is None
    assert client.get(other_facility.get_absolute_url()).status_code == 404
    assert client.get(link_in(post_letters()[-1])).status_code == 302
    assert client.post(reverse("invitation")).status_code == 302
    assert client.get(other_facility.get_absolute_url()).status_code == 200
    # The address was read by who uses the account: nothing more is to be shown.
    manager_there = invite(other, other_facility, role=Role.VIEWER)
    assert manager_there.role.user == invited.user


def test_a_passkey_of_who_handed_the_link_over_does_not_open_what_others_give(
    invited, manager, make_user, other_facility
):
    client, _page = opened(handed_over(manager, invited))
    client.post(reverse("invitation"), WORDS)
    Authenticator.objects.create(user=invited.user, type=Authenticator.Type.WEBAUTHN, data={})
    other = make_user(Role.MANAGER, department=other_facility.department)
    post_letters()
    invite(other, other_facility)
    client.get(link_in(post_letters()[-1]))
    client.post(reverse("invitation"))
    assert not Authenticator.objects.exists()
    [notice] = post_letters()
    assert notice.to == [invited.user.email]
    assert "Adgangsnøgler" in notice.subject
    # One's own stay, whoever invites to more.
    Authenticator.objects.create(user=invited.user, type=Authenticator.Type.WEBAUTHN, data={})
    place = Place(Kind.DEPARTMENT, other_facility.department_id)
    locked = (place, Role.VIEWER, invited.user, other, None)
    more, _is_new = make_invitation(*locked)
    client.get(link_in(post_letters()[-1]))
    assert client.post(reverse("invitation")).status_code == 302
    more.refresh_from_db()
    assert more.accepted_at
    assert Authenticator.objects.count() == 1


def test_the_last_day_of_the_role_comes_with_it(manager, facility):
    last = timezone.localdate() + dt.timedelta(days=20)
    invite(manager, facility, valid_until=last)
    assert say_yes("ny@proeve.example").memberships.get().valid_until == last


def test_only_who_could_invite_may_send_or_withdraw(invited, login, make_user, other_facility):
    stranger = login(make_user(Role.MANAGER, department=other_facility.department))
    for name in ("invitation-again", "invitation-show", "invitation-withdraw"):
        assert stranger.post(reverse(name, args=[invited.pk])).status_code == 404
    assert stranger.get(reverse("person", args=[invited.user_id])).status_code == 404
    assert User.objects.get(pk=invited.user_id).invitations.waiting().exists()


def test_the_link_is_shown_to_the_inviter_once(invited, login, manager):
    client = login(manager)
    page = client.post(reverse("invitation-show", args=[invited.pk]))
    link = re.search(r"/invitation/[\w-]+/", page.content.decode())[0]
    assert "no-store" in page.headers["Cache-Control"]
    person = client.get(reverse("person", args=[invited.user_id])).content.decode()
    assert secret_of(link) not in person
    assert opened(link)[1].status_code == 200
