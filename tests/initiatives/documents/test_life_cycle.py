"""An initiative's life: begun, copied, paused, ended, its facilities and their own texts."""

import datetime as dt
import re
import uuid

import pytest
from django.urls import reverse

from initiatives.documents.actions import life_cycle as actions
from initiatives.enums import FigureAbout
from initiatives.models import (
    EconomyLine,
    FacilityIndicator,
    FactorText,
    Initiative,
    Policy,
    PolicyGoal,
)
from krams.enums import Role
from krams.models import Department, Membership, User

from ..making_criteria import make_criterion, make_initiative, measure

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true"}
CPR = "010203-1234"
TOMORROW = (dt.date.today() + dt.timedelta(days=2)).strftime("%d.%m.%Y")


@pytest.fixture
def initiative(department, facility):
    return make_initiative(department, facility, title="KRAMS for alle")


@pytest.fixture
def manager(make_user, department):
    return make_user(Role.MANAGER, department=department)


@pytest.fixture
def desk(login, manager):
    return login(manager)


@pytest.fixture
def local_manager(make_user, facility):
    return make_user(Role.MANAGER, facility=facility)


def url(name, *args):
    return reverse(f"initiatives:{name}", args=args)


def begun(department, **values) -> dict:
    return {
        "title": "Mere bevægelse",
        "owner": f"d{department.pk}",
        "submission_id": str(uuid.uuid4()),
        **values,
    }


def decide(initiative, decision="pause", version=None, **values):
    data = {"status-version": version or initiative.version, "status-reason": "For få hænder"}
    data |= {f"status-{name}": value for name, value in values.items()}
    return url("initiative-status", initiative.pk, decision), data


# --- Beginning ------------------------------------------------------------------------------------


def test_a_draft_is_begun_once(desk, department):
    sent = begun(department)
    for _time in range(2):
        response = desk.post(url("initiative-new"), sent)
        made = Initiative.objects.get()
        assert response.status_code == 302
        assert response.url == made.get_absolute_url()
    assert (made.status, made.title, made.department) == ("draft", "Mere bevægelse", department)
    assert made.history.get().history_user is not None
    assert desk.get(made.get_absolute_url()).status_code == 200


def test_a_facilitys_manager_begins_one_of_its_own(login, local_manager, facility, department):
    desk = login(local_manager)
    form = desk.get(url("initiative-new")).context["form"]
    assert list(form.owners) == [f"f{facility.pk}"]
    assert desk.post(url("initiative-new"), begun(department)).status_code == 422
    sent = begun(department, owner=f"f{facility.pk}")
    assert desk.post(url("initiative-new"), sent).status_code == 302
    made = Initiative.objects.get()
    assert made.facility == facility
    assert list(made.facilities.all()) == [facility]


@pytest.mark.parametrize("role", [Role.STAFF, Role.VIEWER])
def test_others_begin_nothing(login, make_user, facility, department, role):
    desk = login(make_user(role, facility=facility))
    assert desk.get(url("initiative-new")).status_code == 403
    assert desk.post(url("initiative-new"), begun(department)).status_code == 403
    assert b"ny/" not in desk.get(url("initiatives")).content


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"title": ""}, "title"),
        ({"title": "   "}, "title"),
        ({"title": "x" * 300}, "title"),
        ({"title": "a\x00b"}, "title"),
        ({"title": f"Om {CPR}"}, "title"),
        ({"owner": "d999999"}, "owner"),
        ({"owner": ""}, "owner"),
        ({"submission_id": "1"}, "submission_id"),
    ],
)
def test_bad_beginnings_are_refused_at_the_field(desk, department, values, field):
    response = desk.post(url("initiative-new"), begun(department, **values))
    assert response.status_code == 422
    assert list(response.context["form"].errors) == [field]
    assert not Initiative.objects.exists()


@pytest.mark.parametrize("title", ["🚶 Gåtur", "‏פעילות‏", "Å" * 200])
def test_titles_in_any_script(desk, department, title):
    assert desk.post(url("initiative-new"), begun(department, title=title)).status_code == 302
    assert Initiative.objects.get().title == title


def test_an_id_that_made_something_elsewhere_makes_nothing_here(manager, department, facility):
    mine = {"department": department, "title": "Mere bevægelse", "by": manager}
    sent = uuid.uuid4()
    actions.create_initiative(facility=None, submission_id=sent, **mine)
    with pytest.raises(actions.SentElsewhere):
        actions.create_initiative(facility=facility, submission_id=sent, **mine)
    assert Initiative.objects.count() == 1


# --- Copying --------------------------------------------------------------------------------------


def full(initiative, facility, municipality):
    policy = Policy.objects.create(municipality=municipality, title="Sundhed")
    goal = PolicyGoal.objects.create(policy=policy, text="Sunde valg")
    initiative.policy, initiative.purpose = policy, "Flere gode år."
    initiative.save()
    initiative.goals.add(goal)
    FactorText.objects.create(initiative=initiative, factor="M", text="Vi går.")
    FactorText.objects.create(initiative=initiative, factor="M", text="Her!", facility=facility)
    EconomyLine.objects.create(
        initiative=initiative, what="Hal", facility=facility, amount_dkk=12_000
    )
    criterion = make_criterion(initiative)
    criterion.indicators.update(about=FigureAbout.OTHER)
    measure(facility, criterion.indicators.get(), (3, 10))
    make_criterion(initiative, 2)
    initiative.criteria.filter(number=2).update(retired=True)
    return goal


def test_a_copy_takes_the_texts_and_no_figures(desk, initiative, facility, municipality):
    department = Department.objects.create(municipality=municipality, name="Ny", slug="ny")
    goal = full(initiative, facility, municipality)
    desk.logout()
    assert Initiative.objects.count() == 1
    admin = _administrator(desk, municipality)
    sent = begun(department)
    assert desk.get(url("initiative-copy", initiative.pk)).status_code == 200
    for _time in range(2):
        response = desk.post(url("initiative-copy", initiative.pk), sent)
        assert response.status_code == 302
    copy = initiative.copies.get()
    assert (copy.department, copy.status, copy.purpose) == (department, "draft", "Flere gode år.")
    assert (copy.policy.title, list(copy.goals.all())) == ("Sundhed", [goal])
    assert [(text.factor, text.text) for text in copy.factor_texts.all()] == [("M", "Vi går.")]
    line = copy.economy_lines.get()
    assert (line.what, line.facility, line.amount_dkk) == ("Hal", None, None)
    indicator = copy.criteria.get().indicators.get()
    assert (indicator.name, indicator.about) == ("Måltal 1.1", "other")
    assert not FacilityIndicator.objects.filter(indicator__criterion__initiative=copy).exists()
    assert not copy.facilities.exists()
    assert copy.history.latest().history_user == admin


def _administrator(client, municipality):
    user = User.objects.create_user("admin@proeve.example", name="Administrator")
    Membership.objects.create(user=user, role=Role.ADMINISTRATOR, authority=municipality)
    client.force_login(user)
    return user


def test_to_another_municipality_policy_and_goals_stay_behind(
    login, make_user, initiative, facility, municipality, other_facility
):
    full(initiative, facility, municipality)
    user = make_user(Role.VIEWER, facility=facility)
    other = other_facility.department
    user.memberships.create(role=Role.MANAGER, department=other)
    desk = login(user)
    response = desk.post(url("initiative-copy", initiative.pk), begun(other))
    copy = Initiative.objects.get(copied_from=initiative)
    assert response.url == copy.get_absolute_url()
    assert (copy.department, copy.policy, copy.goals.count()) == (other, None, 0)
    assert "Nordby Kommune" in desk.get(copy.get_absolute_url()).content.decode()
    assert (
        desk.post(url("initiative-copy", initiative.pk), begun(initiative.department)).status_code
        == 422
    )


def test_what_one_may_not_see_one_may_not_copy(login, make_user, initiative, other_facility):
    desk = login(make_user(Role.MANAGER, department=other_facility.department))
    assert desk.get(url("initiative-copy", initiative.pk)).status_code == 404
    sent = begun(other_facility.department)
    assert desk.post(url("initiative-copy", initiative.pk), sent).status_code == 404


# --- Status ---------------------------------------------------------------------------------------


def assert_last_saved_is_told(response):
    """The panel beside the document, which stands elsewhere on the page."""
    [last] = re.findall(r'<span id="last-saved" hx-swap-oob="true">([^<]*)</span>', response.text)
    assert str(response.wsgi_request.user) in last


def test_the_status_goes_through_its_life(desk, initiative):
    where, data = decide(initiative, until=TOMORROW)
    response = desk.post(where, data)
    assert response.url == f"{initiative.get_absolute_url()}#livsforloeb"
    initiative.refresh_from_db()
    assert (initiative.status, initiative.status_reason) == ("paused", "For få hænder")
    assert initiative.paused_until is not None
    where, data = decide(initiative, "aktiver")
    desk.post(where, data)
    initiative.refresh_from_db()
    assert (initiative.status, initiative.status_reason) == ("active", "")
    assert initiative.paused_until is None
    where, data = decide(initiative, "afslut", reason="Målet er nået")
    response = desk.post(where, data, headers=HTMX)
    assert response.status_code == 200
    assert b'id="livsforloeb"' in response.content
    assert_last_saved_is_told(response)
    initiative.refresh_from_db()
    assert (initiative.status, initiative.version) == ("ended", 4)
    slugs = list(initiative.changes.values_list("section", flat=True))
    assert slugs == ["status", "status", "status"]
    assert "Målet er nået" in desk.get(url("initiative-changes", initiative.pk)).content.decode()


def test_the_same_decision_twice_is_one(desk, initiative):
    where, data = decide(initiative)
    for _time in range(2):
        assert desk.post(where, data).status_code == 302
    initiative.refresh_from_db()
    assert initiative.version == 2


@pytest.mark.parametrize(
    ("decision", "values", "field"),
    [
        ("pause", {"reason": ""}, "reason"),
        ("pause", {"reason": "   "}, "reason"),
        ("pause", {"reason": "x" * 301}, "reason"),
        ("pause", {"reason": CPR}, "reason"),
        ("afslut", {"reason": ""}, "reason"),
        ("pause", {"until": "01.01.2020"}, "until"),
        ("pause", {"until": "31-02-2026"}, "until"),
        ("pause", {"until": "01.01.0001"}, "until"),
        ("pause", {"version": "abc"}, "version"),
        ("pause", {"version": "1" + "0" * 30}, "version"),
    ],
)
def test_bad_decisions_are_refused_at_the_field(desk, initiative, decision, values, field):
    where, data = decide(initiative, decision, **values)
    for headers in ({}, HTMX):
        response = desk.post(where, data, headers=headers)
        assert response.status_code == 422
        assert list(response.context["form"].errors) == [field]
    initiative.refresh_from_db()
    assert initiative.status == "active"


def test_a_stale_decision_shows_both(desk, initiative):
    where, data = decide(initiative, reason="Min grund")
    desk.post(*decide(initiative, reason="Deres grund"))
    for headers in ({}, HTMX):
        response = desk.post(where, data, headers=headers)
        html = response.content.decode()
        assert response.status_code == 409
        assert "Min grund" in html
        assert "Deres grund" in html
        assert '<h2 id="h-clash">' in html
    data["status-version"] = response.context["form"]["version"].value()
    assert desk.post(where, data).status_code == 302
    initiative.refresh_from_db()
    assert initiative.status_reason == "Min grund"


def test_another_section_saved_meanwhile_does_no_harm(desk, initiative):
    where, data = decide(initiative)
    section = reverse("initiatives:section-edit", args=[initiative.pk, "formaal"])
    desk.post(section, {"formaal-version": 1, "formaal-purpose": "Længere liv."})
    assert desk.post(where, data).status_code == 302


def test_an_unknown_or_impossible_decision(desk, initiative):
    assert desk.get(url("initiative-status", initiative.pk, "slet")).status_code == 404
    Initiative.objects.update(status="draft")
    where, data = decide(initiative)
    assert desk.post(where, data).status_code == 422


@pytest.mark.parametrize(
    ("fields", "text"),
    [
        ({"status": "paused", "status_reason": "Sygdom", "paused_until": dt.date(2026, 1, 5)}, 1),
        ({"status": "active", "ends_on": dt.date(2026, 1, 5)}, 1),
        ({"status": "ended", "ends_on": dt.date(2026, 1, 5)}, 0),
        ({"status": "active", "ends_on": None}, 0),
    ],
)
def test_a_passed_date_is_pointed_out_and_decides_nothing(desk, initiative, fields, text):
    Initiative.objects.update(**fields)
    html = desk.get(url("initiatives")).content.decode()
    assert html.count("tag is-warn") == text
    panel = desk.get(url("initiative-status-panel", initiative.pk), headers=HTMX).content.decode()
    assert panel.count("note is-warn") == text
    assert Initiative.objects.get().status == fields["status"]


@pytest.mark.parametrize(
    "name", ["initiative-facilities", "criterion-new", "initiative-status", "local-text"]
)
def test_who_may_decide(login, make_user, initiative, facility, other_facility, name):
    extra = {"initiative-status": ["pause"], "local-text": [facility.slug, "m"]}.get(name, [])
    where = url(name, initiative.pk, *extra)
    for role, scope, status in [
        (Role.MANAGER, {"facility": other_facility}, 404),
        (Role.ADMINISTRATOR, {"authority": other_facility.department.municipality}, 404),
        (Role.STAFF, {"facility": facility}, 403),
        (Role.VIEWER, {"department": facility.department}, 403),
    ]:
        desk = login(make_user(role, **scope))
        assert desk.get(where).status_code == status
        assert desk.post(where, {}).status_code == status
    assert Initiative.objects.get().version == 1
