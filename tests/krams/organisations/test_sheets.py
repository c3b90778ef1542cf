"""A department's facilities and people from a spreadsheet, and that nobody grants too much."""

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse
from django.utils import timezone

from krams.enums import Role
from krams.models import Facility, Membership, User
from krams.organisations.actions.department import give_role
from krams.organisations.forms import people_sheet
from tests.inbox import post_letters
from tests.roles import say_yes
from tests.spreadsheets import agree, problems, states, upload, xlsx

pytestmark = pytest.mark.django_db
FACILITIES = ["Botilbud", "Type", "Pladser", "Bemærkning"]
PEOPLE = ["E-mail", "Vises som", "Rolle", "Botilbud"]


@pytest.fixture
def manager(make_user, department):
    return make_user(Role.MANAGER, department=department)


@pytest.fixture
def desk(login, manager):
    return login(manager)


@pytest.fixture
def administration(login, make_user, municipality):
    return login(make_user(Role.ADMINISTRATOR, authority=municipality))


@pytest.fixture
def facilities_url(department):
    return reverse("facility-sheet", args=[department.slug])


@pytest.fixture
def people_url(department):
    return reverse("people-sheet", args=[department.slug])


def test_facilities_are_added_and_changed(desk, facilities_url, department, facility):
    rows = [["Engen", "botilbud", 12, "Nyt"], ["BAKKEHUSET", "Værested", None, None]]
    shown = upload(desk, facilities_url, xlsx(FACILITIES, *rows))
    assert states(shown) == ["new", "changed"]
    assert agree(desk, facilities_url, shown).status_code == 302
    engen = department.facilities.get(name="Engen")
    assert (engen.place_count, engen.remark, engen.slug) == (12, "Nyt", "engen")
    facility.refresh_from_db()
    assert (facility.name, facility.kind, facility.slug) == ("BAKKEHUSET", "drop_in", "bakkehuset")
    assert facility.history.first().history_user is not None
    assert states(upload(desk, facilities_url, xlsx(FACILITIES, *rows))) == ["same", "same"]


def test_bad_facilities_are_told(desk, facilities_url, department):
    rows = [["Engen", "hotel", 1, ""], ["", "botilbud", 1, ""], ["Skoven", "botilbud", 1000, ""]]
    response = upload(desk, facilities_url, xlsx(FACILITIES, *rows))
    assert response.status_code == 422
    assert [(row, column) for row, column, _text in problems(response)] == [
        (2, "Type"),
        (3, "Botilbud"),
        (4, "Pladser"),
    ]
    assert not department.facilities.exists()


# What is sent when it is committed needs a commit.
@pytest.mark.django_db(transaction=True)
def test_people_get_roles_and_new_ones_an_e_mail(
    desk, people_url, department, facility, make_user, inbox
):
    known = make_user()
    rows = [
        ["Ny@Proeve.Example", "Medarbejder, Bakkehuset", "medarbejder", "Bakkehuset"],
        [known.email, "", "læser", ""],
    ]
    shown = upload(desk, people_url, xlsx(PEOPLE, *rows))
    assert states(shown) == ["new", "new"]
    assert agree(desk, people_url, shown).status_code == 302
    new = User.objects.get(email="ny@proeve.example")
    assert not new.has_usable_password()
    assert not new.memberships.exists()
    assert known.memberships.get().department == department
    assert states(upload(desk, people_url, xlsx(PEOPLE, *rows))) == ["same", "same"]
    post_letters()
    say_yes("ny@proeve.example")
    assert (new.memberships.get().facility, new.memberships.get().role) == (facility, "staff")
    assert states(upload(desk, people_url, xlsx(PEOPLE, *rows))) == ["same", "same"]
    assert sorted(inbox.letters) == sorted(["ny@proeve.example", known.email])


def test_who_must_say_yes_first_is_given_one_role_at_a_place(desk, people_url, facility, make_user):
    """Who has an account in use may get two at once; a new person two at two places."""
    known = make_user()
    User.objects.filter(pk=known.pk).update(last_login=timezone.now())
    unopened = User.objects.create_user("sover@proeve.example", name="Vagt")
    rows = [
        ["ny@proeve.example", "Vagt", "medarbejder", "Bakkehuset"],
        ["ny@proeve.example", "Vagt", "læser", ""],
        ["NY@proeve.example", "Vagt", "læser", "Bakkehuset"],
        [unopened.email, "", "medarbejder", "Bakkehuset"],
        [unopened.email, "", "læser", "Bakkehuset"],
        [known.email, "", "medarbejder", "Bakkehuset"],
        [known.email, "", "læser", "Bakkehuset"],
    ]
    told = problems(upload(desk, people_url, xlsx(PEOPLE, *rows)))
    assert [(row, column) for row, column, _text in told] == [(4, "E-mail"), (6, "E-mail")]
    assert "Række 2 inviterer" in told[0][2]
    del rows[4], rows[2]
    shown = upload(desk, people_url, xlsx(PEOPLE, *rows))
    assert agree(desk, people_url, shown).status_code == 302
    assert (known.memberships.count(), unopened.invitations.count()) == (2, 1)


def test_nobody_grants_more_than_they_may(desk, manager, people_url, facility):
    rows = [
        ["a@proeve.example", "Leder", "leder", ""],
        ["b@proeve.example", "Administrator", "administrator", ""],
        [manager.email, "", "læser", ""],
        ["c@proeve.example", "Vagt", "medarbejder", "Engen"],
        ["d@proeve.example", "", "medarbejder", "Bakkehuset"],
    ]
    response = upload(desk, people_url, xlsx(PEOPLE, *rows))
    assert response.status_code == 422
    assert [(row, column) for row, column, _text in problems(response)] == [
        (2, "Rolle"),
        (3, "Rolle"),
        (4, "E-mail"),
        (5, "Botilbud"),
        (6, "Vises som"),
    ]
    assert not User.objects.filter(email__startswith="a@").exists()


def test_the_action_itself_refuses_a_role_that_is_too_much(manager, department, other_facility):
    told = {"department": department, "email": "x@proeve.example", "name": "X", "by": manager}
    with pytest.raises(PermissionDenied):
        give_role(facility=None, role=Role.MANAGER, **told)
    with pytest.raises(Facility.DoesNotExist):
        give_role(facility=other_facility, role=Role.STAFF, **told)
    assert not Membership.objects.filter(user__email="x@proeve.example").exists()


def test_who_administers_the_municipality_names_managers(administration, people_url, department):
    rows = [["leder@proeve.example", "Leder, Socialpsykiatrien", "leder", ""]]
    assert (
        agree(
            administration, people_url, upload(administration, people_url, xlsx(PEOPLE, *rows))
        ).status_code
        == 302
    )
    say_yes("leder@proeve.example")
    assert Membership.objects.get(role=Role.MANAGER).department == department


def test_a_closed_account_is_told(desk, people_url, make_user):
    closed = make_user()
    User.objects.filter(pk=closed.pk).update(is_active=False)
    rows = [[closed.email, "", "læser", ""]]
    [(_row, column, _text)] = problems(upload(desk, people_url, xlsx(PEOPLE, *rows)))
    assert column == "E-mail"


@pytest.mark.parametrize("role", [Role.STAFF, Role.VIEWER])
def test_who_works_there_may_not(login, make_user, department, facilities_url, people_url, role):
    client = login(make_user(role, department=department))
    assert client.get(facilities_url).status_code == 403
    assert client.get(people_url).status_code == 403


def test_a_manager_of_one_facility_may_not(login, make_user, facility, people_url):
    assert login(make_user(Role.MANAGER, facility=facility)).get(people_url).status_code == 403


def test_others_do_not_find_it(login, make_user, other_facility, facilities_url, people_url):
    client = login(make_user(Role.MANAGER, department=other_facility.department))
    assert client.get(facilities_url).status_code == 404
    assert client.get(people_url + "skabelon.xlsx").status_code == 404


def test_an_account_that_is_closed_while_it_is_taken_in_is_told(
    desk, people_url, make_user, department, facility, monkeypatch
):
    """Another department's administrator may do so; nothing of the file is taken in then."""
    somebody = make_user(Role.VIEWER, department=department)
    rows = [
        ["ny@proeve.example", "Vagt", "Medarbejder", facility.name],
        [somebody.email, None, "Medarbejder", facility.name],
    ]
    shown = upload(desk, people_url, xlsx(PEOPLE, *rows))

    def closing(**given):
        User.objects.filter(pk=somebody.pk).update(is_active=False)
        return give_role(**given)

    monkeypatch.setattr(people_sheet, "give_role", closing)
    answer = agree(desk, people_url, shown)
    assert answer.status_code == 422
    assert "lukket" in answer.content.decode()
    assert not Membership.objects.filter(facility=facility).exists()
    assert not User.objects.filter(email="ny@proeve.example").exists()
