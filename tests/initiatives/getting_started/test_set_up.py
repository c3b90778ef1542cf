"""A municipality is set up: what is done and left, who may, and each step on its page."""

import io
import re
from html import unescape

import pytest
from django.core.management import call_command
from django.urls import reverse
from django.utils import timezone

from initiatives.getting_started.queries import read_facts
from initiatives.getting_started.starters import starter_initiatives, starter_lines
from initiatives.getting_started.steps import DepartmentFacts, Facts, Step, next_step, standings
from initiatives.models import ActivityType, Initiative, PlannedActivity, SkippedStep
from krams.enums import Role
from krams.models import Department, Facility, Invitation, User
from tests.inbox import post_letters


@pytest.fixture
def types(db):
    call_command("load_initiatives", only_activity_types=True, stdout=io.StringIO())


@pytest.fixture
def administrator(make_user, municipality):
    return make_user(Role.ADMINISTRATOR, authority=municipality)


def url(name, *args):
    return reverse(f"initiatives:{name}", args=args)


def text(response) -> str:
    return unescape(response.content.decode())


def sent(page: str, form: str = "") -> dict:
    """The hidden fields of a form of the page: the last, or that with ``form`` as its action."""
    forms = re.findall(r"<form.*?</form>", page, re.DOTALL)
    [mine] = [one for one in forms if f'action="{form}"' in one] if form else forms[-1:]
    return dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', mine))


def test_what_is_left_follows_from_the_facts():
    empty = standings(Facts(), ())
    assert [one.is_left for one in empty] == [True] * len(Step)
    assert next_step(empty).step == Step.DEPARTMENT
    whole = DepartmentFacts("a", "A", facilities=3, with_plan=3, people=10, initiatives=1)
    assert next_step(standings(Facts([whole], policies=1, own_types=4), ())) is None
    half = DepartmentFacts("b", "B", facilities=2, with_plan=1, people=1, initiatives=0)
    found = {one.step: one for one in standings(Facts([whole, half]), {"politik", "botilbud"})}
    assert found[Step.PLAN].is_left
    assert "4 af 5" in found[Step.PLAN].there
    assert found[Step.POLICY].is_skipped
    assert not found[Step.FACILITIES].is_skipped, "it is done, whatever was chosen"
    bare = {one.step: one for one in standings(Facts([DepartmentFacts("c", "C")]), {"botilbud"})}
    assert bare[Step.FACILITIES].is_left, "without facilities there is nothing to begin with"


def test_only_who_administers_the_municipality_sets_it_up(
    login, make_user, municipality, other_municipality, department, facility, administrator
):
    here = [
        url("getting-started", municipality.slug),
        url("getting-started-department", municipality.slug),
        url("getting-started-facilities", department.slug),
        url("getting-started-people", department.slug),
    ]
    manager = make_user(Role.MANAGER, department=department)
    for address in here:
        assert login(administrator).get(address).status_code == 200, address
        assert login(manager).get(address).status_code == 403, address
        stranger = make_user(Role.ADMINISTRATOR, authority=other_municipality)
        assert login(stranger).get(address).status_code == 404, address
    assert login(manager).get(url("getting-started-choose")).status_code == 404
    assert login(administrator).get(url("getting-started-choose")).url == here[0]
    assert "Kom i gang" in text(login(administrator).get(here[0]))
    assert url("getting-started-choose") not in text(login(manager).get("/"))
    skip = url("getting-started-skip", municipality.slug)
    for who, status in ((manager, 403), (stranger, 404)):
        answer = login(who).post(skip, {"step": "politik", "skipped": "1"})
        assert answer.status_code == status
    assert not SkippedStep.objects.exists()


def test_a_superuser_chooses_among_all(login, make_user, municipality, other_municipality):
    root = make_user()
    root.is_superuser = True
    root.save()
    client = login(root)
    choose = url("getting-started-choose")
    assert municipality.official_name in text(client.get(choose))
    assert client.get(choose, {"kommune": "nordby"}).url == url("getting-started", "nordby")
    assert client.get(choose, {"kommune": "findes-ikke"}).status_code == 422


def test_a_step_is_left_out_and_taken_up_again(login, administrator, municipality):
    client, address = login(administrator), url("getting-started", municipality.slug)
    skip = url("getting-started-skip", municipality.slug)
    for _twice in range(2):
        client.post(skip, {"step": "politik", "skipped": "1"})
    assert SkippedStep.objects.get().skipped_by == administrator
    assert "Sprunget over" in text(client.get(address))
    client.post(skip, {"step": "politik", "skipped": "0"})
    assert "Sprunget over" not in text(client.get(address))
    for wrong in ({"step": "afdeling", "skipped": "1"}, {"step": "x", "skipped": "1"}, {}):
        assert client.post(skip, wrong).status_code == 404
    assert not SkippedStep.objects.exists()


def test_who_has_a_role_and_is_offered_another_is_one_person(
    make_user, administrator, municipality, department, facility
):
    offered = make_user(Role.STAFF, facility=facility)
    for user in (offered, make_user()):
        Invitation.objects.create(
            user=user,
            role=Role.MANAGER,
            department=department,
            invited_by=administrator,
            expires_at=timezone.now(),
        )
    [facts] = read_facts(municipality, timezone.localdate()).departments
    assert facts.people == 2


def test_from_nothing_to_a_plan_with_people(login, administrator, municipality, types):
    client = login(administrator)
    start = url("getting-started", municipality.slug)
    add = url("getting-started-department", municipality.slug)
    values = {"name": "Socialpsykiatrien", **sent(text(client.get(add)))}
    answer = client.post(add, values)
    assert client.post(add, values).url == answer.url, "sent twice it is one"
    department = Department.objects.get()
    paste = "Engen\tBotilbud\t12\nSkovbo\tBotilbud\t8\nHavnen\tVærested\t\n"
    shown = client.post(answer.url, {"pasted": paste})
    assert "Skovbo" in text(shown)
    agreed = client.post(answer.url, _agreement(shown))
    assert agreed.url == start
    assert Facility.objects.filter(department=department).count() == 3
    people = url("getting-started-people", department.slug)
    rows = [f"vagt{n}@nordby.example;Medarbejder {n};Medarbejder;Engen" for n in range(9)]
    rows.append("leder@nordby.example;Leder;Leder;")
    client.post(people, _agreement(client.post(people, {"pasted": "\n".join(rows)})))
    assert Invitation.objects.filter(facility__name="Engen").count() == 9
    assert Invitation.objects.get(department=department).role == Role.MANAGER
    assert len(post_letters()) == 10
    assert "10 personer har en rolle eller er inviteret" in text(client.get(start))
    plan = url("starter-plan", department.slug)
    page = text(client.get(plan))
    hidden = sent(page)
    lines = [line.key for line in starter_lines() if line.is_suggested]
    chosen = {
        "facilities": [place.pk for place in department.facilities.all()],
        "lines": lines,
        "starts_on": f"{timezone.localdate():%d.%m.%Y}",
        **hidden,
    }
    assert client.post(plan, chosen).url == start
    client.post(plan, chosen)
    assert PlannedActivity.objects.count() == 3 * len(lines), "sent twice it is there once"
    template = url("starter-initiative", department.slug)
    values = {
        "starter": "krams",
        "facilities": [place.pk for place in department.facilities.all()],
        **sent(text(client.get(template))),
    }
    client.post(template, values)
    client.post(template, values)
    draft = Initiative.objects.get()
    assert draft.facilities.count() == 3
    assert draft.criteria.count() == 2
    assert draft.factor_texts.get(factor="M").text.startswith("Vi går tur")
    page = text(client.get(start))
    assert "2 trin mangler" in page


def _agreement(response) -> dict:
    """What the button "Take it in" sends."""
    page, found = response.content.decode(), {}
    for name in ("table", "seen", "submission_id"):
        tag = re.search(rf'<input[^>]*name="{name}"[^>]*>', page, re.DOTALL)[0]
        found[name] = unescape(re.search(r'value="([^"]*)"', tag, re.DOTALL)[1])
    return found


def test_one_at_a_time(login, administrator, department):
    client = login(administrator)
    page = url("getting-started-facilities", department.slug)
    one = url("getting-started-facility", department.slug)
    values = {"name": "Engen", "kind": "residential", "place_count": "12"}
    values |= sent(text(client.get(page)), one)
    for _twice in range(2):
        assert client.post(one, values).status_code == 302
    assert Facility.objects.get(name="Engen").place_count == 12
    again = client.post(one, values | {"place_count": "14"})
    assert again.status_code == 422
    assert 'value="14"' in text(again)
    bad = client.post(one, {"name": "", "kind": "residential", "place_count": "1000"})
    assert bad.status_code == 422


def test_one_person_gets_a_role_and_a_letter(login, administrator, department, facility):
    client = login(administrator)
    one = url("getting-started-person", department.slug)
    page = text(client.get(url("getting-started-people", department.slug)))
    values = {"email": "Ny@nordby.example", "name": "Vagt", "role": "staff"}
    values |= {"facility": facility.pk, **sent(page, one)}
    for _twice in range(2):
        assert client.post(one, values).status_code == 302
    assert User.objects.get(email="ny@nordby.example").invitations.get().facility == facility
    assert len(post_letters()) == 1
    assert "inviteret" in text(client.get(url("getting-started-people", department.slug)))
    mine = client.post(one, values | {"email": administrator.email})
    assert mine.status_code == 422
    assert "sig selv" in text(mine)
    above = client.post(one, values | {"role": "administrator"})
    assert above.status_code == 422
    without = client.post(one, {name: values[name] for name in values if name != "email"})
    assert without.status_code == 422
    assert "Skriv e-mailadressen" in text(without)
    assert 'value="Vagt"' in text(without)


def test_a_manager_begins_with_a_template_at_the_own_facilities(
    login, make_user, department, facility, types
):
    other = Facility.objects.create(department=department, name="Skovbo", slug="skovbo")
    client = login(make_user(Role.MANAGER, facility=facility))
    plan = url("starter-plan", department.slug)
    page = text(client.get(plan))
    assert "Skovbo" not in page
    values = {"lines": ["1"], "starts_on": f"{timezone.localdate():%d.%m.%Y}", **sent(page)}
    refused = client.post(plan, values | {"facilities": [other.pk]})
    assert refused.status_code == 422
    assert client.post(plan, values | {"facilities": [facility.pk]}).url == url(
        "plan", facility.slug
    )
    assert PlannedActivity.objects.get().facility == facility
    assert client.get(url("starter-initiative", department.slug)).status_code == 403
    assert login(make_user(Role.STAFF, facility=facility)).get(plan).status_code == 403
    assert login(make_user()).get(plan).status_code == 404


def test_lines_without_a_type_of_the_municipality_are_not_offered(
    login, administrator, municipality, department, facility, types
):
    common = ActivityType.objects.get(name="Gåtur")
    ActivityType.objects.create(
        municipality=municipality, name="Tur", factors="M", copied_from=common
    )
    page = text(login(administrator).get(url("starter-plan", department.slug)))
    assert "Fælles gåtur" in page, "the type has another name here and is the same"
    assert "Fælles aftensmad" not in page


def test_the_templates_can_be_copied_as_they_are(types):
    names = set(ActivityType.objects.values_list("name", flat=True))
    assert {line.type for line in starter_lines()} <= names
    assert {letter for line in starter_lines() for letter in line.factors} == set("KRAMS")
    assert len({one.key for one in starter_initiatives()}) == len(starter_initiatives()) == 3


def test_the_first_page_of_a_new_municipality_leads_to_the_set_up(login, administrator):
    page = text(login(administrator).get("/"))
    assert url("getting-started-choose") in page[page.index("<main") :]
    assert "ingen rolle" not in page
