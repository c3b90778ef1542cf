"""The municipality's thresholds: who may set them, versions, history, and that they count."""

import datetime as dt
from collections import Counter

import pytest
from django.urls import reverse

from initiatives.enums import Verdict
from initiatives.models import FollowUpSettings
from initiatives.sustain.expected import Plan
from initiatives.sustain.thresholds import STRIP_WEEKS, Thresholds
from initiatives.sustain.weeks import Log
from krams.danish.weeks import Week
from krams.enums import Role

from ..one_plan import verdict

VALUES = {
    "holding_percent": "80",
    "recent_weeks": "2",
    "drop_points": "20",
    "earlier_weeks": "16",
    "stalled_weeks": "5",
    "new_weeks": "1",
    "unknown_percent": "40",
    "least_people": "3",
    "least_points": "15",
    "smallest_shown_count": "8",
}


@pytest.fixture
def path(municipality):
    return reverse("initiatives:thresholds", args=[municipality.slug])


@pytest.fixture
def manager(make_user, department):
    return make_user(Role.MANAGER, department=department)


@pytest.fixture
def client_of_manager(login, manager):
    return login(manager)


def test_the_first_save_makes_the_row_and_counts_everywhere(
    client_of_manager, path, municipality, manager
):
    assert 'value="75"' in client_of_manager.get(path).content.decode()
    assert not FollowUpSettings.objects.exists()
    answer = client_of_manager.post(path, VALUES | {"version": "0"})
    assert (answer.status_code, answer["Location"]) == (302, path)
    saved = municipality.follow_up_settings
    assert (saved.holding_percent, saved.drop_points, saved.smallest_shown_count) == (80, 20, 8)
    assert saved.thresholds() == Thresholds(80, 20, 2, 16, 5, 1, 40)
    assert saved.history.get().history_user == manager


def test_a_change_is_a_version_with_a_history(client_of_manager, path, municipality):
    client_of_manager.post(path, VALUES | {"version": "0"})
    client_of_manager.post(path, VALUES | {"version": "1", "drop_points": "30"})
    saved = FollowUpSettings.objects.get()
    assert (saved.version, saved.drop_points) == (2, 30)
    page = reverse("history", args=["opfoelgning", saved.pk])
    assert f'href="{page}"' in client_of_manager.get(path).content.decode()
    assert client_of_manager.get(page).status_code == 200
    client_of_manager.post(path, VALUES | {"version": "2", "drop_points": "30"})
    saved.refresh_from_db()
    assert saved.version == 2


@pytest.mark.parametrize("version", ["0", "1"])
def test_two_at_once_lose_nothing(client_of_manager, path, version):
    client_of_manager.post(path, VALUES | {"version": "0"})
    client_of_manager.post(path, VALUES | {"version": "1", "drop_points": "30"})
    answer = client_of_manager.post(path, VALUES | {"version": version, "drop_points": "44"})
    html = answer.content.decode()
    assert answer.status_code == 409
    assert "<td>30</td><td>44</td>" in html
    assert 'value="44"' in html
    assert FollowUpSettings.objects.get().drop_points == 30
    again = VALUES | {"version": "2", "drop_points": "44"}
    assert client_of_manager.post(path, again).status_code == 302
    assert FollowUpSettings.objects.get().drop_points == 44


@pytest.mark.parametrize("name", VALUES)
@pytest.mark.parametrize("bad", ["", "0", "-1", "101", "1,5", "abc", "1\0", "9" * 40, " "])
def test_bad_values_are_pointed_at_and_kept(client_of_manager, path, name, bad):
    answer = client_of_manager.post(path, VALUES | {"version": "0", name: bad})
    html = answer.content.decode()
    assert answer.status_code == 422
    assert f'id="id_{name}_error"' in html
    assert {form_name for form_name in VALUES if f'id="id_{form_name}_error"' in html} == {name}
    assert not FollowUpSettings.objects.exists()


@pytest.mark.parametrize("version", ["", "abc", "-1", "1" + "0" * 30])
def test_a_version_that_is_none_is_refused(client_of_manager, path, version):
    assert client_of_manager.post(path, VALUES | {"version": version}).status_code == 422
    assert not FollowUpSettings.objects.exists()


def test_who_may(login, make_user, path, municipality, department, facility, other_facility):
    data = VALUES | {"version": "0"}
    for user, status in [
        (make_user(), 404),
        (make_user(Role.EDITOR, authority=municipality), 404),
        (make_user(Role.MANAGER, department=other_facility.department), 404),
        (make_user(Role.STAFF, department=department), 403),
        (make_user(Role.VIEWER, authority=municipality), 403),
        (make_user(Role.MANAGER, facility=facility), 403),
        (make_user(Role.ADMINISTRATOR, authority=municipality), 200),
        (make_user(Role.MANAGER, authority=municipality), 200),
    ]:
        client = login(user)
        assert client.get(path).status_code == status
        if status != 200:
            assert client.post(path, data).status_code == status
    assert not FollowUpSettings.objects.exists()


def test_the_history_is_for_who_may_change(login, make_user, municipality, department, manager):
    saved = FollowUpSettings.objects.create(municipality=municipality)
    page = reverse("history", args=["opfoelgning", saved.pk])
    assert login(manager).get(page).status_code == 200
    assert login(make_user(Role.STAFF, department=department)).get(page).status_code == 404


def test_only_who_may_change_is_led_there(login, make_user, department, facility, manager, path):
    overview = reverse("initiatives:overview", args=[department.slug])
    assert f'href="{path}"' in login(manager).get(overview).content.decode()
    staff = make_user(Role.STAFF, department=department)
    assert path not in login(staff).get(overview).content.decode()


def test_other_weeks_count_on_the_pages_and_the_strip_stays_as_long(
    client_of_manager, path, municipality, facility
):
    few = VALUES | {"recent_weeks": "2", "earlier_weeks": "2", "version": "0"}
    assert client_of_manager.post(path, few).status_code == 302
    today = reverse("initiatives:today", args=[facility.slug])
    html = client_of_manager.get(today).content.decode()
    assert "mindst 80 % gennemført i de seneste 2 uger" in html
    thresholds = municipality.follow_up_settings.thresholds()
    assert thresholds.window == STRIP_WEEKS
    plan = Plan(dt.date(2026, 1, 5), ends_on=None, weekdays=(1,), times_per_week=None)
    running = Week.of(dt.date(2026, 11, 21))
    held = {running - back: 1 for back in range(1, 13)} | {running - 1: 0, running - 6: 0}
    missed = {week: Counter(weather=1) for week, times in held.items() if not times}
    held = Log(Counter(held), missed)
    assert verdict(plan, held, dt.date(2026, 11, 21), thresholds).verdict == Verdict.FADING
    assert verdict(plan, held, dt.date(2026, 11, 21)).verdict == Verdict.HOLDING


@pytest.mark.parametrize("number", ["1", "4"])
def test_no_manager_shows_fewer_people_than_the_floor(
    client_of_manager, path, municipality, number
):
    answer = client_of_manager.post(path, VALUES | {"version": "0", "smallest_shown_count": number})
    assert answer.status_code == 422
    assert list(answer.context["form"].errors) == ["smallest_shown_count"]
    assert not FollowUpSettings.objects.exists()
    FollowUpSettings.objects.create(municipality=municipality, smallest_shown_count=1)
    assert FollowUpSettings.objects.get().smallest_shown == 5
    assert client_of_manager.get(path).context["form"]["smallest_shown_count"].value() == 5
