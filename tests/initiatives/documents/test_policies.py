"""A municipality's policies: period, goals in order, who keeps them."""

import datetime as dt
import uuid

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from initiatives.models import Initiative, Policy, PolicyGoal
from krams.enums import Role

pytestmark = pytest.mark.django_db


@pytest.fixture
def policy(municipality):
    policy = Policy.objects.create(
        municipality=municipality,
        title="Sundhedspolitik",
        valid_from=dt.date(2019, 1, 1),
        valid_until=dt.date(2022, 12, 31),
    )
    for position, text in enumerate(["Viden", "Lighed", "Fællesskab"], start=1):
        PolicyGoal.objects.create(policy=policy, position=position, text=text)
    return policy


@pytest.fixture
def desk(login, make_user, department):
    return login(make_user(Role.MANAGER, department=department))


def url(name, municipality, *args):
    return reverse(f"initiatives:{name}", args=[municipality.slug, *args])


def data(*goals, version=1, initial=0, **values) -> dict:
    """``goals`` are (id, text, place)."""
    sent = {
        "title": "Ny sundhedspolitik",
        "valid_from": "01.01.2026",
        "valid_until": "31.12.2029",
        "version": version,
        "submission_id": str(uuid.uuid4()),
        "maal-TOTAL_FORMS": len(goals),
        "maal-INITIAL_FORMS": initial,
    }
    for number, (pk, text, place) in enumerate(goals):
        row = {"id": pk, "text": text, "place": place}
        sent |= {f"maal-{number}-{name}": value for name, value in row.items()}
    return sent | values


def standing(policy, *places) -> list[tuple]:
    goals = policy.goals.all()
    return [(goal.pk, goal.text, place) for goal, place in zip(goals, places, strict=True)]


def test_a_policy_is_added_once_with_its_goals(desk, municipality):
    sent = data(("", "Sunde valg", ""), ("", "Bevægelse", ""), ("", "", ""))
    for _time in range(2):
        assert desk.post(url("policy-new", municipality), sent).status_code == 302
    made = Policy.objects.get()
    assert (made.title, made.valid_until) == ("Ny sundhedspolitik", dt.date(2029, 12, 31))
    assert [goal.text for goal in made.goals.all()] == ["Sunde valg", "Bevægelse"]
    assert "Bevægelse" in desk.get(url("policies", municipality)).content.decode()


def test_an_expired_policy_is_pointed_out_and_stays(desk, municipality, policy, department):
    Initiative.objects.create(department=department, title="KRAMS", policy=policy)
    html = desk.get(url("policies", municipality)).content.decode()
    assert "Sundhedspolitik" in html
    assert html.count("is-warn") == 2
    Policy.objects.update(valid_until=None)
    assert "is-warn" not in desk.get(url("policies", municipality)).content.decode()


def test_goals_are_ordered_edited_and_removed(desk, municipality, policy):
    where = url("policy-edit", municipality, policy.pk)
    kept = list(policy.goals.values_list("pk", flat=True))
    sent = data(*standing(policy, 3, 2, 3), ("", "Ny", ""), initial=3)
    assert desk.post(where, sent).status_code == 302
    texts = [goal.text for goal in policy.goals.all()]
    assert texts == ["Lighed", "Fællesskab", "Viden", "Ny"]
    assert list(policy.goals.values_list("pk", flat=True))[:3] == [kept[1], kept[2], kept[0]]
    sent = data(*standing(policy, 1, 2, 1, 4), version=2, initial=4) | {"maal-3-DELETE": "on"}
    assert desk.post(where, sent).status_code == 302
    assert [goal.text for goal in policy.goals.all()] == ["Viden", "Lighed", "Fællesskab"]


def test_a_goal_that_an_initiative_serves_stays(desk, municipality, policy, department):
    initiative = Initiative.objects.create(department=department, title="KRAMS", policy=policy)
    initiative.goals.add(policy.goals.first())
    sent = data(*standing(policy, 1, 2, 3), initial=3) | {"maal-0-DELETE": "on"}
    response = desk.post(url("policy-edit", municipality, policy.pk), sent)
    assert response.status_code == 422
    assert "Viden" in str(response.context["form"].non_field_errors())
    policy.refresh_from_db()
    assert (policy.goals.count(), policy.title) == (3, "Sundhedspolitik")


def test_a_stale_policy_shows_both(desk, municipality, policy):
    where = url("policy-edit", municipality, policy.pk)
    desk.post(where, data(*standing(policy, 1, 2, 3), initial=3, title="Deres titel"))
    mine = data(*standing(policy, 1, 2, 3), initial=3, title="Min titel")
    response = desk.post(where, mine)
    html = response.content.decode()
    assert response.status_code == 409
    assert "Deres titel" in html
    assert "Min titel" in html
    again = mine | {"version": response.context["form"]["version"].value()}
    assert desk.post(where, again).status_code == 302
    policy.refresh_from_db()
    assert (policy.title, policy.version) == ("Min titel", 3)


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"title": ""}, "title"),
        ({"title": "x" * 201}, "title"),
        ({"title": "010203-1234"}, "title"),
        ({"title": "sundhedsPOLITIK"}, "title"),
        ({"valid_from": "31-02-2026"}, "valid_from"),
        ({"valid_from": "01.01.0001"}, "valid_from"),
        ({"valid_until": "01.01.2020"}, "valid_until"),
        ({"submission_id": "1"}, "submission_id"),
        ({"maal-0-text": "x" * 501}, "__all__"),
        ({"maal-0-place": "0"}, "__all__"),
        ({"maal-TOTAL_FORMS": "x"}, "__all__"),
    ],
)
def test_bad_policies_are_refused_at_the_field(desk, municipality, policy, values, field):
    sent = data(("", "Mål", ""), **values)
    response = desk.post(url("policy-new", municipality), sent)
    assert response.status_code == 422
    assert list(response.context["form"].errors) == [field]
    assert Policy.objects.count() == 1


@pytest.mark.parametrize("version", ["", "abc", "1" + "0" * 30])
def test_a_version_is_needed(desk, municipality, policy, version):
    sent = data(*standing(policy, 1, 2, 3), initial=3, version=version)
    assert desk.post(url("policy-edit", municipality, policy.pk), sent).status_code == 422


def test_another_line_keeps_what_was_typed(desk, municipality):
    sent = data(("", "Et mål", ""), more="1", title="Endnu ikke gemt")
    response = desk.post(url("policy-new", municipality), sent)
    assert response.status_code == 200
    html = response.content.decode()
    assert "Et mål" in html
    assert "Endnu ikke gemt" in html
    assert 'name="maal-2-text"' in html
    assert not Policy.objects.exists()


def test_who_may(login, make_user, municipality, policy, facility, other_facility):
    for role, scope, reads, changes in [
        (Role.ADMINISTRATOR, {"authority": municipality}, 200, 200),
        (Role.MANAGER, {"facility": facility}, 200, 403),
        (Role.STAFF, {"facility": facility}, 200, 403),
        (Role.VIEWER, {"department": facility.department}, 200, 403),
        (Role.MANAGER, {"facility": other_facility}, 404, 404),
    ]:
        desk = login(make_user(role, **scope))
        assert desk.get(url("policies", municipality)).status_code == reads
        for where in (url("policy-new", municipality), url("policy-edit", municipality, policy.pk)):
            assert desk.get(where).status_code == changes
            if changes != 200:
                assert desk.post(where, data()).status_code == changes


def test_its_history_tells_of_period_and_goals(desk, municipality, policy):
    first, second = policy.goals.all()[:2]
    sent = data(
        (first.pk, "Viden om sundhed", 2),
        (second.pk, "Lighed", 1),
        ("", "Natur", ""),
        initial=2,
        title=policy.title,
        valid_from="01.01.2019",
        valid_until="31.12.2023",
    )
    assert desk.post(url("policy-edit", municipality, policy.pk), sent).status_code == 302
    page = desk.get(reverse("history", args=["politik", policy.pk]))
    newest, oldest = page.context["events"]
    assert [(change.label, change.old, change.new) for change in newest.changes] == [
        ("Til og med", "31.12.2022", "31.12.2023"),
        (
            "Mål i politikken",
            "1. Viden\n2. Lighed\n3. Fællesskab",
            "1. Lighed\n2. Viden om sundhed\n3. Natur",
        ),
    ]
    assert oldest.kind == "+"
    assert oldest.changes[-1].new == "1. Viden\n2. Lighed\n3. Fællesskab"
    back = page.context["back"]
    assert f'href="{back}"' in page.content.decode()
    assert f'id="politik-{policy.pk}"' in desk.get(back).content.decode()
    link = reverse("history", args=["politik", policy.pk])
    assert link in desk.get(url("policies", municipality)).content.decode()


def test_goals_stand_at_their_save_on_later_pages_of_the_history_too(desk, policy, monkeypatch):
    monkeypatch.setattr("krams.history.queries.PER_PAGE", 1)
    goal = policy.goals.first()
    policy.title = "Ny titel"
    policy.save()
    goal.text = "Handling"
    goal.save()
    page = reverse("history", args=["politik", policy.pk])
    answer = desk.get(page)
    (newest,) = answer.context["events"]
    answer = desk.get(page + answer.context["pages"].older)
    (oldest,) = answer.context["events"]
    assert newest.changes[-1].new == "1. Handling\n2. Lighed\n3. Fællesskab"
    assert oldest.changes[-1].new == "1. Viden\n2. Lighed\n3. Fællesskab"
    assert answer.context["pages"].older == ""


def test_its_history_is_for_who_sees_the_policy(login, make_user, policy, other_facility):
    stranger = login(make_user(Role.MANAGER, facility=other_facility))
    assert stranger.get(reverse("history", args=["politik", policy.pk])).status_code == 404


def test_a_policy_of_another_municipality_is_not_there(desk, municipality, other_municipality):
    other = Policy.objects.create(municipality=other_municipality, title="Fremmed")
    assert desk.get(url("policy-edit", municipality, other.pk)).status_code == 404


def test_queries_stay_the_same(desk, municipality, policy):
    def queries():
        with CaptureQueriesContext(connection) as captured:
            assert desk.get(url("policies", municipality)).status_code == 200
        return len(captured)

    few = queries()
    for number in range(30):
        other = Policy.objects.create(municipality=municipality, title=f"Politik {number}")
        PolicyGoal.objects.create(policy=other, text="Mål")
    assert queries() == few <= 8


def test_they_stand_in_danish_order(desk, municipality):
    for title in ("Ældrepolitik", "Aalborgpolitik", "Åben politik", "Bopolitik"):
        Policy.objects.create(municipality=municipality, title=title)
    html = desk.get(url("policies", municipality)).content.decode()
    order = sorted(["Bopolitik", "Ældrepolitik", "Aalborgpolitik", "Åben politik"], key=html.index)
    assert order[:2] == ["Bopolitik", "Ældrepolitik"]
