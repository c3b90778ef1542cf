"""What was sent after the session had ended comes back to the same person, and to nobody else."""

import datetime as dt
import re
import uuid

import pytest
import time_machine
from django.conf import settings
from django.contrib.sessions.models import Session
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from initiatives.models import Activity
from krams.changes.actions.redacting import redact
from krams.enums import Role
from krams.history.actions.locking import save_version
from krams.history.registry import REGISTRY
from krams.web.unsent_forms import KEPT, MOST_CHARACTERS
from krams.web.unsent_forms import typed as typed_of

from ...conftest import PASSWORD
from ...initiatives.planning import NOON, make_type

pytestmark = pytest.mark.django_db
TEXT = "Husk <b>vand</b> & solcreme"


@pytest.fixture(autouse=True)
def saturday_noon():
    with time_machine.travel(NOON, tick=False) as clock:
        yield clock


@pytest.fixture
def staff(make_user, facility):
    return make_user(Role.STAFF, facility=facility)


@pytest.fixture
def url(facility):
    return reverse("initiatives:register", args=[facility.slug])


def typed(**more) -> dict:
    return {
        "activity_type": make_type().pk,
        "held_on": "21.11.2026",
        "participant_count": "7",
        "note": TEXT,
        "submission_id": str(uuid.uuid4()),
        "csrfmiddlewaretoken": "secret-of-the-page",
        **more,
    }


def used_by(user, client=None) -> Client:
    """A browser in which this person has used the portal until the session ended."""
    client = client or Client()
    log_in(client, user)
    client.get(reverse("settings"))
    let_run_out(client)
    return client


def let_run_out(client) -> None:
    """The browser still has the cookie; the portal no longer takes it for a log-in."""
    ended = timezone.now() - dt.timedelta(minutes=1)
    key = client.cookies[settings.SESSION_COOKIE_NAME].value
    assert Session.objects.filter(pk=key).update(expire_date=ended) == 1


def log_in(client, user, **more):
    sent = {"login": user.email, "password": PASSWORD, **more}
    return client.post(reverse("account_login"), sent)


def page_of(client) -> str:
    return client.get(reverse("kept"), follow=True).content.decode()


def test_what_a_form_carries_for_itself_nobody_has_typed():
    fields = [["f12-state", "none"], ["f12-version", "1"], ["f12-was", "0a1b2c"], ["seen", "7"]]
    assert typed_of(fields) == ["none"]


def test_the_same_person_gets_it_back_and_sends_it(staff, url):
    client = used_by(staff)
    response = client.post(url, typed(), follow=True)
    assert "her stadig" in response.content.decode()
    assert response.redirect_chain[0][0].endswith("?next=" + reverse("kept"))
    assert log_in(client, staff, next=reverse("kept")).url == reverse("kept")
    page = client.get(reverse("kept"))
    html = page.content.decode()
    assert f'action="{url}"' in html
    assert "Husk &lt;b&gt;vand&lt;/b&gt; &amp; solcreme" in html
    assert "secret-of-the-page" not in html
    assert Activity.objects.count() == 0  # nothing is sent by itself
    sent = {name: value for name, value in page.context["fields"]}
    assert client.post(url, sent).status_code == 302
    assert Activity.objects.get().note == TEXT
    assert TEXT not in page_of(client)
    assert KEPT not in client.session


def test_another_person_on_the_same_computer_gets_nothing(staff, make_user, facility, url):
    other = make_user(Role.STAFF, facility=facility)
    client = used_by(staff)
    client.post(url, typed())
    assert log_in(client, other, next=reverse("kept")).status_code == 302
    assert "vand" not in page_of(client)
    assert KEPT not in client.session
    # Nor does it come back when the first one logs in again.
    client.post(reverse("account_logout"))
    log_in(client, staff)
    assert "vand" not in page_of(client)


def test_whoever_logged_out_left_nothing_and_a_stranger_keeps_nothing(staff, url):
    client = used_by(staff)
    log_in(client, staff)
    client.post(reverse("account_logout"))
    forged = Client()
    forged.cookies[settings.SESSION_COOKIE_NAME] = "x" * 32
    for browser in (client, Client(), forged):
        response = browser.post(url, typed(), follow=True)
        assert "Gå tilbage" in response.content.decode()
        log_in(browser, staff)
        assert "vand" not in page_of(browser)


def test_it_is_kept_for_half_an_hour(staff, url, saturday_noon):
    client = used_by(staff)
    client.post(url, typed())
    saturday_noon.shift(31 * 60)
    log_in(client, staff)
    assert "vand" not in page_of(client)
    assert KEPT not in client.session


def test_what_is_thrown_away_is_gone(staff, url):
    client = used_by(staff)
    client.post(url, typed())
    log_in(client, staff)
    assert client.post(reverse("kept")).status_code == 302
    assert "vand" not in page_of(client)


@pytest.mark.parametrize("note", ["x" * MOST_CHARACTERS, "beboer 010190-1234"])
def test_what_is_too_much_or_may_not_be_stored_is_said_not_to_be_kept(staff, url, note):
    client = used_by(staff)
    response = client.post(url, typed(note=note), follow=True)
    assert "Gå tilbage" in response.content.decode()
    assert KEPT not in client.session


def test_no_password_no_token_and_nothing_of_another_room_is_kept(staff, url):
    client = used_by(staff)
    client.post(url, typed(password="hemmelig-1", login_token="hemmelig-2"))
    assert "hemmelig" not in str(client.session[KEPT])
    assert "secret-of-the-page" not in str(client.session[KEPT])
    for name in ("account_change_password", "account_reauthenticate", "mfa_activate_totp"):
        client = used_by(staff)
        client.post(reverse(name), {"oldpassword": "hemmelig-3", "code": "hemmelig-4"})
        assert KEPT not in client.session


def test_sending_it_asks_for_a_token_and_for_the_right_to_it(staff, url, make_user, facility):
    """The button is a form like any other: who has lost the role meanwhile is refused."""
    client = used_by(staff, Client(enforce_csrf_checks=False))
    client.post(url, typed())
    staff.memberships.all().delete()
    log_in(client, staff)
    sent = dict(client.get(reverse("kept")).context["fields"])
    assert client.post(url, sent).status_code in (403, 404)
    assert Activity.objects.count() == 0
    strict = Client(enforce_csrf_checks=True)
    strict.cookies = client.cookies
    assert strict.post(url, sent).status_code == 403
    assert strict.post(reverse("kept")).status_code == 403


def test_a_request_of_a_page_is_told_and_nothing_is_stored(staff, url):
    client = used_by(staff)
    assert client.post(url, typed(), headers={"HX-Request": "true"}).status_code == 401
    assert KEPT not in client.session


def take_away(words, facility, by):
    facility.remark = f"Med {words}"
    save_version(facility, by=by)
    redact(registration=REGISTRY["botilbud"], pk=facility.pk, words=words, reason="Et navn", by=by)


def test_a_text_that_is_taken_away_goes_from_the_forms_that_wait(
    staff, url, make_user, facility, other_facility
):
    """Before the log-in, after it, and where nobody came back; what was typed elsewhere stays."""
    manager = make_user(Role.MANAGER, department=facility.department)
    stranger = make_user(Role.STAFF, facility=other_facility)
    waits, came, left, elsewhere = (used_by(user) for user in (staff, staff, staff, stranger))
    for client in (waits, came, left, elsewhere):
        client.post(url, typed(note=f"{TEXT} til Jens  Prøvemand"))
    log_in(came, staff)
    let_run_out(left)

    take_away("Jens Prøvemand", facility, manager)

    assert "Prøvemand" in str(elsewhere.session[KEPT])
    for client in (waits, came):
        assert "Prøvemand" not in str(client.session[KEPT])
        log_in(client, staff)
        assert "solcreme til […]" in page_of(client)
    ended = Session.objects.get(pk=left.cookies[settings.SESSION_COOKIE_NAME].value)
    assert ["note", f"{TEXT} til […]"] in ended.get_decoded()[KEPT]["fields"]


def test_what_a_field_is_called_is_not_taken_away(staff, url, make_user, facility):
    client = used_by(staff)
    client.post(url, typed(dag="Dag kommer med"))
    take_away("Dag", facility, make_user(Role.MANAGER, facility=facility))
    assert ["dag", "[…] kommer med"] in client.session[KEPT]["fields"]


def test_a_session_without_such_a_form_is_left_alone(staff, facility, make_user):
    client = Client()
    log_in(client, staff)
    before = list(Session.objects.values_list("pk", "session_data"))
    take_away("Jens Prøvemand", facility, make_user(Role.MANAGER, facility=facility))
    assert list(Session.objects.values_list("pk", "session_data")) == before
    assert client.get(reverse("settings")).status_code == 200


def whose(client) -> str:
    """As any page of the person says it."""
    page = client.get(reverse("settings"))
    return re.search(r'name="whose" value="(\d+)"', page.text)[1]


@pytest.fixture
def next_person(make_user, facility):
    return make_user(Role.STAFF, facility=facility)


def test_a_form_of_the_person_before_is_sent_in_nobodys_name(login, staff, next_person, url):
    """It waits in a tab, and its token follows the log-in of the next person."""
    sent = typed(whose=whose(login(staff)))
    client = login(next_person)
    assert client.post(url, sent, headers={"HX-Request": "true"}).status_code == 401
    refused = client.post(url, sent)
    assert refused.status_code == 403
    assert "så ingen andre kan gemme i dit navn" in refused.text
    assert TEXT not in refused.text
    assert not Activity.objects.exists()
    # Who has logged in again sends it; so does a page that says nothing, as Django's own do.
    assert login(staff).post(url, sent).status_code == 302
    del sent["whose"]
    sent |= {"submission_id": str(uuid.uuid4()), "note": "Af en anden"}
    assert login(next_person).post(url, sent).status_code == 302
    assert Activity.objects.count() == 2


def test_what_asks_before_a_form_is_sent_is_told(login, staff, next_person, url):
    asks = {"HX-Request": "true", "X-Whose": whose(login(staff))}
    assert login(next_person).options(url, headers=asks).status_code == 401
    assert login(staff).options(url, headers=asks).status_code != 401
    asks["X-Whose"] = ""
    assert login(next_person).options(url, headers=asks).status_code != 401


def test_a_form_of_another_takes_nothing_from_what_waits(staff, next_person, url):
    client = used_by(staff)
    client.post(url, typed())
    log_in(client, staff)
    client.post(url, typed(whose=str(next_person.pk)))
    assert "vand" in page_of(client)


def test_what_the_person_before_wrote_is_not_kept_for_the_next(staff, next_person, url):
    """The session of the next one has run out as well: it says who used the browser last."""
    client = Client()
    log_in(client, staff)
    sent = typed(whose=whose(client))
    client.cookies.clear()
    used_by(next_person, client)
    assert client.post(url, sent).status_code == 302
    assert KEPT not in client.session
    log_in(client, next_person)
    assert TEXT not in page_of(client)
