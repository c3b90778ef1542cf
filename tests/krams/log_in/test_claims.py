"""Roles that an organisation's claims give and take, by log-ins at a provider on loopback."""

import datetime as dt
import logging
from pathlib import Path

import pytest
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from django.core.exceptions import ImproperlyConfigured
from django.core.management import call_command
from django.test import Client
from django.utils import timezone

from krams.enums import AuditKind, Role
from krams.env import Env
from krams.models import AuditEntry, Facility, Membership, User
from krams.roles.actions import claims
from krams.roles.actions.grants import end_role, give_role
from krams.roles.actions.invitations import link_to_hand_over
from krams.roles.claims import values
from krams.roles.places import Kind, Place
from tests.inbox import post_letters

from .provider import go, is_in, knows, log_in

pytestmark = pytest.mark.django_db
MANAGERS = {"value": "g-ledere", "role": "manager", "facility": "bakkehuset"}
STAFF = {"value": "g-personale", "role": "staff", "facility": "bakkehuset"}


@pytest.fixture
def mapped(settings, facility):
    """Tell the portal which entries its file has."""

    def tell(*entries):
        settings.LOGIN_ROLES = list(entries)

    tell(MANAGERS, STAFF)
    return tell


@pytest.fixture
def nobody(make_user):
    return make_user()


def roles(user: User) -> set[tuple]:
    rows = Membership.objects.held_by(user)
    return {(one.role, one.scope, one.within, one.by_claims) for one in rows}


def test_roles_come_and_go_with_the_groups(mapped, organisation, nobody, facility):
    client = log_in(organisation, nobody, groups=["g-ledere", "g-frokost"])
    assert is_in(client) == nobody
    assert roles(nobody) == {(Role.MANAGER, facility, None, True)}
    log_in(organisation, nobody, groups=["g-personale"])
    assert roles(nobody) == {(Role.STAFF, facility, None, True)}
    log_in(organisation, nobody)
    assert roles(nobody) == set()


@pytest.mark.parametrize("process", ["andet", "LOGIN", "reauthenticate", ""])
def test_whatever_the_address_says_of_the_purpose_roles_follow_the_groups(
    mapped, organisation, nobody, facility, process
):
    """allauth logs in whoever asks for nothing else that it knows."""
    log_in(organisation, nobody, groups=["g-ledere"])
    knows(organisation, "a1", email=nobody.email, email_verified=True, groups=[])
    client = Client()
    go(client, "a1", process=process)
    assert is_in(client) == nobody
    assert roles(nobody) == set()


def test_the_same_groups_again_write_nothing(mapped, organisation, nobody):
    log_in(organisation, nobody, groups=["g-ledere"])
    before = Membership.history.count(), len(post_letters())
    assert before[0] == 1
    log_in(organisation, nobody, groups=["g-ledere"])
    assert (Membership.history.count(), len(post_letters())) == (before[0], 0)


def test_history_audit_and_letter_say_that_it_was_the_organisation(mapped, organisation, nobody):
    log_in(organisation, nobody, groups=["g-ledere"])
    log_in(organisation, nobody, groups=[])
    told = Membership.history.filter(user=nobody).order_by("history_id")
    assert [one.history_change_reason for one in told] == ["Fra organisationens login"] * 2
    assert {one.history_user for one in told} == {None}
    entries = AuditEntry.objects.filter(kind=AuditKind.GRANT).order_by("pk")
    assert [one.details["what"] for one in entries] == ["given", "ended"]
    assert {(one.details["reason"], one.actor) for one in entries} == {("organisation", None)}
    mine = [one for one in post_letters() if "rolle" in one.subject]
    assert len(mine) == 2
    assert all("Din organisations login har" in one.body for one in mine)


def test_the_page_of_a_person_says_where_a_role_came_from(
    mapped, organisation, nobody, facility, make_user
):
    log_in(organisation, nobody, groups=["g-personale"])
    manager = Client()
    manager.force_login(make_user(Role.MANAGER, facility=facility))
    assert "fra organisationens login" in manager.get(f"/personer/{nobody.pk}/").content.decode()
    Membership.objects.update(by_claims=False)
    page = manager.get(f"/personer/{nobody.pk}/").content.decode()
    assert "fra organisationens login" not in page


def test_a_role_that_lasted_ends_with_yesterday_and_begins_anew(mapped, organisation, nobody):
    log_in(organisation, nobody, groups=["g-ledere"])
    past = timezone.localdate() - dt.timedelta(days=40)
    Membership.objects.filter(user=nobody).update(valid_from=past)
    log_in(organisation, nobody, groups=[])
    ended = Membership.objects.get(user=nobody)
    assert ended.valid_until == timezone.localdate() - dt.timedelta(days=1)
    log_in(organisation, nobody, groups=["g-ledere"])
    assert (Membership.objects.get(user=nobody).pk, len(roles(nobody))) == (ended.pk, 1)


def test_what_people_gave_stays(mapped, organisation, make_user, facility):
    staff = make_user(Role.STAFF, facility=facility)
    log_in(organisation, staff, groups=["g-personale"])
    log_in(organisation, staff, groups=[])
    assert roles(staff) == {(Role.STAFF, facility, None, False)}


def test_what_people_give_as_well_becomes_theirs(mapped, organisation, nobody, facility, make_user):
    log_in(organisation, nobody, groups=["g-personale"])
    give_role(
        place=Place(Kind.FACILITY, facility.pk),
        role=Role.STAFF,
        email=nobody.email,
        name="",
        by=make_user(Role.MANAGER, facility=facility),
    )
    log_in(organisation, nobody, groups=[])
    assert roles(nobody) == {(Role.STAFF, facility, None, False)}


def test_what_people_give_for_later_is_not_begun(mapped, organisation, nobody, facility):
    later = timezone.localdate() + dt.timedelta(days=9)
    Membership.objects.create(user=nobody, role="staff", facility=facility, valid_from=later)
    log_in(organisation, nobody, groups=["g-personale"])
    assert roles(nobody) == set()
    assert Membership.objects.get(user=nobody).valid_from == later


def test_ended_here_it_comes_back_with_the_next_log_in(
    mapped, organisation, nobody, facility, make_user
):
    log_in(organisation, nobody, groups=["g-personale"])
    manager = make_user(Role.MANAGER, facility=facility)
    end_role(role_id=Membership.objects.get(user=nobody).pk, by=manager)
    assert roles(nobody) == set()
    log_in(organisation, nobody, groups=["g-personale"])
    assert roles(nobody) == {(Role.STAFF, facility, None, True)}


def test_without_a_mapping_nothing_is_touched(mapped, organisation, nobody, facility):
    log_in(organisation, nobody, groups=["g-personale"])
    mapped()
    log_in(organisation, nobody, groups=[])
    assert roles(nobody) == {(Role.STAFF, facility, None, True)}


def test_groups_that_the_provider_left_out_end_nothing(
    mapped, organisation, nobody, facility, caplog
):
    """Entra ID, above 200 groups."""
    log_in(organisation, nobody, groups=["g-personale"])
    log_in(organisation, nobody, groups=None, _claim_names={"groups": "src1"})
    assert len(roles(nobody)) == 0, "a claim that is there and empty gives nothing"
    told = {"_claim_names": {"groups": "src1"}, "_claim_sources": {"src1": {"endpoint": "x"}}}
    assert values(told, "groups") is None
    assert values({"hasgroups": "true"}, "groups") is None


@pytest.mark.parametrize(
    ("claims", "name", "found"),
    [
        ({"groups": ["a", "b"]}, "groups", {"a", "b"}),
        ({"groups": "a"}, "groups", {"a"}),
        ({"groups": {"a": 1}}, "groups", set()),
        ({"groups": [["a"], {"b": 1}, None, 4]}, "groups", {"4"}),
        ({}, "groups", set()),
        ({"realm_access": {"roles": ["a"]}}, "realm_access.roles", {"a"}),
        ({"realm_access": ["a"]}, "realm_access.roles", set()),
        ({"https://x.dk/roles": ["a"]}, "https://x.dk/roles", {"a"}),
    ],
)
def test_what_a_claim_holds(claims, name, found):
    assert values(claims, name) == found


def test_every_kind_of_place(
    mapped, organisation, nobody, facility, department, municipality, region, cluster
):
    mapped(
        {"value": "g", "role": "viewer", "facility": facility.slug},
        {"value": "g", "role": "manager", "department": department.slug},
        {"value": "g", "role": "administrator", "municipality": "9001"},
        {"value": "g", "role": "editor", "municipality": "soenderby", "cluster": "proeve"},
        {"value": "g", "role": "editor", "region": region.official_name},
        {"value": "g", "role": "coordinator", "cluster": "proeve"},
    )
    log_in(organisation, nobody, groups=["g"])
    other = cluster.authorities.get(slug="soenderby")
    assert roles(nobody) == {
        (Role.VIEWER, facility, None, True),
        (Role.MANAGER, department, None, True),
        (Role.ADMINISTRATOR, municipality, None, True),
        (Role.EDITOR, other, cluster, True),
        (Role.EDITOR, region, None, True),
        (Role.COORDINATOR, cluster, None, True),
    }
    nobody.refresh_from_db()
    assert not nobody.is_superuser
    # The last one who could let others in goes too: the organisation decides.
    log_in(organisation, nobody, groups=[])
    assert roles(nobody) == set()


def test_a_place_that_is_gone_or_closed_gives_nothing_and_is_told(
    mapped, organisation, nobody, facility, caplog
):
    mapped(STAFF, {"value": "g-personale", "role": "staff", "facility": "revet-ned"})
    Facility.objects.update(closed_on=timezone.localdate())
    with caplog.at_level(logging.WARNING, "krams.log_in"):
        assert is_in(log_in(organisation, nobody, groups=["g-personale"])) == nobody
    assert roles(nobody) == set()
    told = [(one.message, one.entry) for one in caplog.records if one.name == "krams.log_in"]
    assert told[0] == ("claim without a place", "staff at facility revet-ned")
    assert told[1][0] == "claim at a closed place"


def test_the_check_names_the_places_that_are_nowhere(mapped, facility, capsys):
    call_command("check", databases=["default"])
    assert "LOGIN_ROLES" not in capsys.readouterr().err
    mapped(STAFF, {"value": "g", "role": "viewer", "department": "nedlagt"})
    call_command("check", databases=["default"])
    told = capsys.readouterr().err
    assert "viewer at department nedlagt" in told
    assert "bakkehuset" not in told


def test_a_closed_account_is_given_nothing(mapped, organisation, nobody):
    User.objects.filter(pk=nobody.pk).update(is_active=False)
    assert is_in(log_in(organisation, nobody, groups=["g-ledere"])) is None
    assert roles(nobody) == set()


def test_claims_of_a_log_in_that_is_refused_give_nothing(mapped, organisation, nobody, tampering):
    tampering.claims = {"aud": "en-anden", "groups": ["g-ledere"]}
    assert is_in(log_in(organisation, nobody)) is None
    assert roles(nobody) == set()


def test_a_session_lives_with_its_roles_until_the_next_log_in(
    mapped, organisation, nobody, facility
):
    """As docs/log-in.md says: the portal asks the organisation at log-ins and at no other time."""
    client = log_in(organisation, nobody, groups=["g-ledere"])
    knows(organisation, "a1", email=nobody.email, email_verified=True, groups=[])
    assert client.get("/botilbud/bakkehuset/i-dag/").status_code == 200
    go(Client(), "a1")
    assert client.get("/botilbud/bakkehuset/i-dag/").status_code == 404


# --- Accounts -------------------------------------------------------------------------------------
NEW = {"email": "Ny@proeve.example", "email_verified": True, "name": "Nattevagt, Bakkehuset"}


def test_an_account_is_made_where_the_setting_and_a_group_say_so(
    mapped, organisation, facility, settings
):
    settings.LOGIN_CREATES_ACCOUNTS = True
    knows(organisation, "n1", **NEW, groups=["g-personale"])
    client = Client()
    go(client, "n1")
    made = User.objects.get()
    assert is_in(client) == made
    assert (made.email, made.name) == ("ny@proeve.example", "Nattevagt, Bakkehuset")
    assert not made.has_usable_password()
    assert not made.is_staff
    assert not made.is_superuser
    assert roles(made) == {(Role.STAFF, facility, None, True)}
    entry = AuditEntry.objects.get(kind=AuditKind.ACCOUNT)
    assert entry.details == {"what": "made", "reason": "organisation"}
    client.post("/konto/logout/")
    go(client, "n1")
    assert User.objects.get() == is_in(client)


@pytest.mark.parametrize(
    ("switch", "claims"),
    [
        (False, {"groups": ["g-personale"]}),
        (True, {"groups": ["g-frokost"]}),
        (True, {}),
        (True, {"groups": ["g-personale"], "email_verified": False}),
        (True, {"groups": ["g-personale"], "email": "ingen adresse"}),
    ],
)
def test_else_no_account_is_made(mapped, organisation, facility, settings, switch, claims):
    settings.LOGIN_CREATES_ACCOUNTS = switch
    knows(organisation, "n1", **NEW | claims)
    page = go(Client(), "n1")
    assert page.status_code == 200
    assert not User.objects.exists()


@pytest.mark.parametrize("name", ["", "  ", "Anders 010190-1234", "x" * 300, ["a"], None])
def test_a_name_that_cannot_stand_here_makes_no_error(
    mapped, organisation, facility, settings, name
):
    settings.LOGIN_CREATES_ACCOUNTS = True
    knows(organisation, "n1", **NEW | {"name": name}, groups=["g-personale"])
    client = Client()
    go(client, "n1")
    made = User.objects.get()
    assert is_in(client) == made
    assert made.name == ("x" * 120 if name == "x" * 300 else "ny@proeve.example")


def test_whoever_handed_a_link_over_does_not_share_what_the_claims_give(
    mapped, organisation, facility, make_user
):
    manager = make_user(Role.MANAGER, facility=facility)
    place = Place(Kind.FACILITY, facility.pk)
    given = give_role(
        place=place, role=Role.VIEWER, email="ny@proeve.example", name="Ny", by=manager
    )
    _one, path = link_to_hand_over(invitation_id=given.invitation.pk, by=manager)
    thief = Client()
    thief.get(path, follow=True)
    words = "en-helt-ny-adgangskode-2026"
    thief.post("/invitation/", {"password1": words, "password2": words})
    account = User.objects.get(email="ny@proeve.example")
    assert is_in(thief) == account
    Authenticator.objects.create(user=account, type=Authenticator.Type.TOTP, data={"secret": "A"})
    SocialAccount.objects.create(user=account, provider="organisation", uid="tyven")
    client = log_in(organisation, account, groups=["g-ledere"])
    assert is_in(client) == account
    assert is_in(thief) is None
    assert not Authenticator.objects.exists()
    assert [one.uid for one in SocialAccount.objects.all()] == ["a1"]
    # Once known, what the person sets up stays.
    Authenticator.objects.create(user=account, type=Authenticator.Type.TOTP, data={"secret": "A"})
    log_in(organisation, account, groups=["g-personale"])
    assert Authenticator.objects.exists()
    assert (Role.STAFF, facility, None, True) in roles(account)


def test_two_log_ins_at_once_give_one_role(mapped, organisation, nobody, facility):
    one, other = User.objects.get(pk=nobody.pk), User.objects.get(pk=nobody.pk)
    link = SocialAccount(provider="organisation", uid="a1")
    claims.apply(one, {"groups": ["g-ledere"]}, account=link)
    claims.apply(other, {"groups": ["g-ledere"]}, account=link)
    assert Membership.objects.filter(user=nobody).count() == 1


# --- The file -------------------------------------------------------------------------------------
def read(tmp_path, text: str) -> list:
    file = tmp_path / "roller.toml"
    file.write_text(text)
    return Env({"LOGIN_ROLES": str(file)}).claim_roles("LOGIN_ROLES")


def test_the_file_of_the_documentation_is_read(tmp_path):
    page = Path("docs/log-in.md").read_text()
    [example] = [one for one in page.split("```")[1::2] if one.startswith("toml")]
    found = read(tmp_path, example.removeprefix("toml"))
    assert {one["role"] for one in found} == set(Role.values)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "entries"),
        ("[[role", "cannot be read"),
        ("x = 1", "entries"),
        ("[role]\nvalue = 'a'", "entries"),
        ("[[role]]\nrole = 'staff'\nfacility = 'a'", "entry 1: value"),
        ("[[role]]\nvalue = 'a'\nrole = 'chef'\nfacility = 'a'", "entry 1: role is one of"),
        ("[[role]]\nvalue = 'a'\nrole = 'superuser'\nfacility = 'a'", "role is one of"),
        ("[[role]]\nvalue = 'a'\nrole = 'staff'\nmunicipality = 'a'", "facility or department"),
        ("[[role]]\nvalue = 'a'\nrole = 'staff'\nfacility = 'a'\ndepartment = 'b'", "one place"),
        ("[[role]]\nvalue = 'a'\nrole = 'staff'", "one place"),
        ("[[role]]\nvalue = 'a'\nrole = 'viewer'\nregion = 'a'\ncluster = 'b'", "one place"),
        ("[[role]]\nvalue = 1\nrole = 'staff'\nfacility = 'a'", "texts in quotes"),
        ("[[role]]\nvalue = ''\nrole = 'staff'\nfacility = 'a'", "texts in quotes"),
        ("[[role]]\nvalue = 'a'\nrole = 'staff'\nbotilbud = 'a'", "botilbud is not known"),
    ],
)
def test_a_file_that_cannot_be_right_stops_the_start(tmp_path, text, said):
    with pytest.raises(ImproperlyConfigured, match="LOGIN_ROLES") as error:
        read(tmp_path, text)
    assert said in str(error.value)


def test_a_file_that_is_not_there_stops_the_start():
    with pytest.raises(ImproperlyConfigured, match="cannot be read"):
        Env({"LOGIN_ROLES": "/findes/ikke.toml"}).claim_roles("LOGIN_ROLES")
    assert Env({}).claim_roles("LOGIN_ROLES") == []
