"""Roles given, changed and ended, also by forms that nobody was shown."""

import datetime as dt

import pytest
import time_machine
from django.core.exceptions import PermissionDenied, ValidationError
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from krams.enums import AuditKind, AuthorityKind, Role
from krams.models import AuditEntry, Authority, Invitation, Membership, User
from krams.roles.actions.grants import change_role, end_role, give_role
from krams.roles.places import Place, read
from krams.roles.rules import Kind
from tests.inbox import post_letters

pytestmark = pytest.mark.django_db


@pytest.fixture
def manager(make_user, department):
    return make_user(Role.MANAGER, department=department)


def at(facility) -> Place:
    return Place(Kind.FACILITY, facility.pk)


def give(by, place, role=Role.STAFF, email="ny@proeve.example", **told):
    return give_role(place=place, role=role, email=email, name="Vagt", by=by, **told)


def test_nobody_gives_upwards_sideways_or_to_themselves(
    manager, facility, other_facility, department, municipality, cluster
):
    for place, role in [
        (at(other_facility), Role.STAFF),
        (Place(Kind.DEPARTMENT, other_facility.department_id), Role.STAFF),
        (Place(Kind.DEPARTMENT, department.pk), Role.MANAGER),
        (Place(Kind.AUTHORITY, municipality.pk), Role.VIEWER),
        (Place(Kind.AUTHORITY, municipality.pk), Role.ADMINISTRATOR),
        (Place(Kind.CLUSTER, cluster.pk), Role.VIEWER),
        (Place(Kind.COLUMN, municipality.pk, cluster.pk), Role.EDITOR),
        (at(facility), Role.ADMINISTRATOR),
        (Place(Kind.FACILITY, 10**9), Role.STAFF),
        (Place(Kind.COLUMN, 10**9, cluster.pk), Role.EDITOR),
    ]:
        with pytest.raises(PermissionDenied):
            give(manager, place, role)
    with pytest.raises(ValidationError):
        give(manager, at(facility), email=manager.email.upper())
    assert not Invitation.objects.exists()
    assert Membership.objects.count() == 1


def test_addresses_that_name_no_place_of_ones_own_are_404(login, manager, other_facility, facility):
    client = login(manager)
    for written in (
        f"botilbud-{other_facility.pk}",
        "botilbud-0",
        "botilbud-999999999999999999",
        f"felter-{facility.pk}",
        f"botilbud-{facility.pk}-1",
        "noget-1",
    ):
        assert client.get(reverse("role-give", args=[written])).status_code == 404
    with pytest.raises(ValueError, match="no place"):
        read("botilbud-01")


def test_a_form_that_says_more_than_it_was_asked_is_heard_as_far_as_it_was(
    login, manager, facility, department, municipality
):
    told = {
        "email": "ny@proeve.example",
        "name": "Vagt",
        "role": "staff",
        "authority": municipality.pk,
        "department": department.pk,
        "is_superuser": "on",
        "valid_from": "01.01.2020",
        "invited_by": "1",
    }
    client = login(manager)
    path = reverse("role-give", args=[str(at(facility))])
    assert client.post(path, told | {"role": "manager"}).status_code == 302
    [invitation] = Invitation.objects.all()
    assert (invitation.facility, invitation.department, invitation.authority) == (
        facility,
        None,
        None,
    )
    assert invitation.invited_by == manager
    assert not User.objects.get(email="ny@proeve.example").is_superuser
    assert client.post(path, told | {"role": "administrator"}).status_code == 422


def test_a_place_that_has_closed_gives_nobody_a_role(
    manager, facility, municipality, cluster, make_user
):
    facility.closed_on = timezone.localdate()
    facility.save()
    with pytest.raises(ValidationError):
        give(manager, at(facility))
    yesterday = timezone.localdate() - dt.timedelta(days=1)
    coordinator = make_user(Role.COORDINATOR, cluster=cluster)
    cluster.valid_until = yesterday
    cluster.save()
    with pytest.raises(ValidationError):
        give(coordinator, Place(Kind.CLUSTER, cluster.pk), Role.VIEWER)
    administrator = make_user(Role.ADMINISTRATOR, authority=municipality)
    Authority.objects.filter(pk=municipality.pk).update(valid_until=yesterday)
    with pytest.raises(ValidationError):
        give(administrator, Place(Kind.AUTHORITY, municipality.pk), Role.EDITOR)


def test_a_column_is_given_away_after_a_yes_alone(cluster, make_user):
    outside = Authority.objects.create(
        kind=AuthorityKind.MUNICIPALITY, code="9009", name="Ny", official_name="Ny K", slug="ny"
    )
    coordinator = make_user(Role.COORDINATOR, cluster=cluster)
    column = cluster.memberships.create(authority=outside, position=9, awaits_consent=True)
    place = Place(Kind.COLUMN, outside.pk, cluster.pk)
    with pytest.raises(PermissionDenied):
        give(coordinator, place, Role.EDITOR)
    column.awaits_consent = False
    column.save()
    assert give(coordinator, place, Role.EDITOR).invitation.within == cluster


def test_a_known_person_gets_the_role_at_once_however_the_address_is_written(
    manager, facility, make_user
):
    known = make_user()
    User.objects.filter(pk=known.pk).update(email="vagt@ørum.example")
    for written in ("VAGT@ørum.example", "ｖagt@xn--rum-zna.example", " vagt@xn--RUM-ZNA.example"):
        assert give(manager, at(facility), email=written).user == known
    # Letters to "ß" arrive at "ss": it is one address.
    User.objects.filter(pk=known.pk).update(email="vagt@grosse.example")
    assert give(manager, at(facility), email="vagt@große.example").user == known
    User.objects.filter(pk=known.pk).update(email="vagt@ørum.example")
    role = known.memberships.get()
    assert (role.role, role.facility, role.valid_until) == (Role.STAFF, facility, None)
    [letter] = post_letters()
    assert letter.to == ["vagt@ørum.example"]
    assert facility.name in letter.body
    assert User.objects.count() == 2
    [entry] = AuditEntry.objects.filter(kind=AuditKind.GRANT, actor=manager)
    assert (entry.actor, entry.authority) == (manager, facility.department.municipality)
    assert entry.details == {"what": "given", "account": known.pk, "role": "staff"}


def test_a_closed_account_gets_no_role(manager, facility, make_user):
    closed = make_user()
    User.objects.filter(pk=closed.pk).update(is_active=False)
    with pytest.raises(ValidationError, match="lukket"):
        give(manager, at(facility), email=closed.email)


def test_days_that_have_gone_are_refused(manager, facility, make_user):
    yesterday = timezone.localdate() - dt.timedelta(days=1)
    with pytest.raises(ValidationError):
        give(manager, at(facility), valid_until=yesterday)
    role = make_user(Role.STAFF, facility=facility).memberships.get()
    with pytest.raises(ValidationError):
        end_role(role_id=role.pk, by=manager, last_day=yesterday)
    with pytest.raises(ValidationError):
        change_role(role_id=role.pk, role=Role.STAFF, valid_until=yesterday, by=manager)


def test_a_role_does_not_end_before_it_begins(login, manager, facility, make_user):
    today = timezone.localdate()
    begins = today + dt.timedelta(days=30)
    role = make_user(Role.STAFF, facility=facility, valid_from=begins).memberships.get()
    client = login(manager)
    for page in ("role-end", "role-change"):
        path = reverse(page, args=[role.pk])
        seen = client.get(path).context["form"].initial["seen"]
        data = {"role": "staff", "valid_until": today.strftime("%d.%m.%Y"), "seen": seen}
        answer = client.post(path, data)
        assert answer.status_code == 422
        assert "valid_until" in answer.context["form"].errors
    role.refresh_from_db()
    assert role.valid_until is None


def test_a_role_for_a_column_that_is_no_more_can_be_ended(
    login, cluster, municipality, region, make_user
):
    role = make_user(Role.EDITOR, authority=municipality, within=cluster).memberships.get()
    client = login(make_user(Role.COORDINATOR, cluster=cluster))
    cluster.memberships.filter(authority__in=[municipality, region]).delete()
    change, end = (reverse(page, args=[role.pk]) for page in ("role-change", "role-end"))
    seen = client.get(change).context["form"].initial["seen"]
    other = {"role": "editor", "valid_until": "01.01.2050", "seen": seen}
    assert client.post(change, other).status_code == 422
    assert client.post(end, {"valid_until": "", "seen": seen}).status_code == 302
    assert not Membership.objects.valid_on().filter(pk=role.pk).exists()
    # A column that never was is still no place.
    path = reverse("role-give", args=[f"felter-{region.pk}-{cluster.pk}"])
    assert client.get(path).status_code == 404


def test_an_address_that_only_looks_like_anothers_gives_nobody_a_role(login, manager, facility):
    User.objects.create_user("admin@proeve.example", name="Administrator")
    client = login(manager)
    path = reverse("role-give", args=[str(at(facility))])
    data = {"email": "adm\u0131n@proeve.example", "name": "Vagt", "role": "staff"}
    assert client.post(path, data).status_code == 422
    with pytest.raises(ValidationError):
        give(manager, at(facility), email=data["email"])
    assert not Invitation.objects.exists()
    assert not Membership.objects.filter(user__email="admin@proeve.example").exists()


def test_another_role_ends_the_old_one_as_it_begins(manager, facility, make_user):
    user = make_user(Role.STAFF, facility=facility)
    old = user.memberships.get()
    new = change_role(role_id=old.pk, role=Role.VIEWER, valid_until=None, by=manager)
    assert [one.role for one in Membership.objects.valid_on().filter(user=user)] == [Role.VIEWER]
    assert new.history.get().history_user == manager
    back = change_role(role_id=new.pk, role=Role.STAFF, valid_until=None, by=manager)
    assert back.pk == old.pk
    assert [one.role for one in Membership.objects.valid_on().filter(user=user)] == [Role.STAFF]
    assert len(post_letters()) == 2


def test_a_role_that_has_ended_is_given_anew_until_a_day_too(manager, facility, make_user):
    role = make_user(Role.STAFF, facility=facility).memberships.get()
    today = timezone.localdate()
    last = today + dt.timedelta(days=30)
    for until in (None, last):
        over = {"valid_from": today.replace(year=2020), "valid_until": today.replace(year=2021)}
        Membership.objects.filter(pk=role.pk).update(**over)
        new = change_role(role_id=role.pk, role=Role.STAFF, valid_until=until, by=manager)
        assert (new.valid_from, new.valid_until) == (today, until), "not in force between"
    post_letters()
    end_role(role_id=role.pk, by=manager, last_day=last)
    assert post_letters() == [], "it has that last day already"


def test_the_last_who_can_let_others_in_may_stay_for_longer(cluster, make_user):
    superuser = User.objects.create_superuser("admin@proeve.example", name="Administrator")
    only = make_user(Role.COORDINATOR, cluster=cluster).memberships.get()
    day = timezone.localdate() + dt.timedelta(days=30)
    Membership.objects.filter(pk=only.pk).update(valid_until=day)
    told = {"role_id": only.pk, "role": Role.COORDINATOR, "by": superuser}
    later = day + dt.timedelta(days=30)
    assert change_role(valid_until=later, **told).valid_until == later
    with pytest.raises(ValidationError, match="ingen tilbage"):
        change_role(valid_until=day, **told)


def test_a_role_that_begins_later_is_not_in_force_sooner_for_a_change(manager, facility, make_user):
    today = timezone.localdate()
    first = today + dt.timedelta(days=30)
    role = make_user(Role.STAFF, facility=facility).memberships.get()
    Membership.objects.filter(pk=role.pk).update(valid_from=first)
    early = today + dt.timedelta(days=10)
    with pytest.raises(ValidationError):
        end_role(role_id=role.pk, by=manager, last_day=early)
    for kind in (Role.STAFF, Role.VIEWER):
        with pytest.raises(ValidationError):
            change_role(role_id=role.pk, role=kind, valid_until=early, by=manager)
    new = change_role(role_id=role.pk, role=Role.VIEWER, valid_until=None, by=manager)
    assert (new.valid_from, new.valid_until) == (first, None)
    assert not Membership.objects.valid_on().filter(user=role.user).exists()


def test_nobody_changes_what_they_could_not_give(manager, department, facility, make_user):
    beside = make_user(Role.MANAGER, department=department).memberships.get()
    with pytest.raises(PermissionDenied):
        end_role(role_id=beside.pk, by=manager)
    staff = make_user(Role.STAFF, facility=facility).memberships.get()
    with pytest.raises(PermissionDenied):
        change_role(role_id=staff.pk, role=Role.ADMINISTRATOR, valid_until=None, by=manager)
    own = manager.memberships.get()
    with pytest.raises(ValidationError):
        change_role(role_id=own.pk, role=Role.MANAGER, valid_until=None, by=manager)


def test_the_last_who_can_let_others_in_stays(municipality, cluster, make_user):
    superuser = User.objects.create_superuser("admin@proeve.example", name="Administrator")

    for role, scope in [
        (Role.ADMINISTRATOR, {"authority": municipality}),
        (Role.COORDINATOR, {"cluster": cluster}),
    ]:
        only = make_user(role, **scope).memberships.get()
        for by in (only.user, superuser):
            with pytest.raises(ValidationError, match="ingen tilbage"):
                end_role(role_id=only.pk, by=by)
            with pytest.raises(ValidationError, match="ingen tilbage"):
                end_role(role_id=only.pk, by=by, last_day=timezone.localdate())
        second = make_user(role, **scope).memberships.get()
        User.objects.filter(pk=second.user_id).update(is_active=False)
        with pytest.raises(ValidationError, match="ingen tilbage"):
            end_role(role_id=only.pk, by=only.user)
        User.objects.filter(pk=second.user_id).update(is_active=True)
        end_role(role_id=only.pk, by=only.user)
        assert not Membership.objects.valid_on().filter(pk=only.pk).exists()


def test_a_role_that_ends_is_over_at_the_next_click_and_the_person_is_told(
    login, manager, facility, make_user
):
    user = make_user(Role.STAFF, facility=facility)
    theirs, mine = Client(), login(manager)
    theirs.force_login(user)
    page = facility.get_absolute_url()
    assert theirs.get(page).status_code == 200
    role = user.memberships.get()
    path = reverse("role-end", args=[role.pk])
    seen = mine.get(path).context["form"].initial["seen"]
    assert mine.post(path, {"valid_until": "", "seen": seen}).status_code == 302
    assert theirs.get(page).status_code == 404
    [letter] = post_letters()
    assert letter.to == [user.email]
    assert manager.name in letter.body


def test_a_last_day_is_the_last(login, manager, facility, make_user):
    user = make_user(Role.STAFF, facility=facility)
    today = timezone.localdate()
    end_role(role_id=user.memberships.get().pk, by=manager, last_day=today)
    client = login(user)
    assert client.get(facility.get_absolute_url()).status_code == 200
    with time_machine.travel(timezone.now() + dt.timedelta(days=1)):
        client = login(user)
        assert client.get(facility.get_absolute_url()).status_code == 404


def test_two_who_change_one_role_do_not_overrule_each_other(login, manager, facility, make_user):
    role = make_user(Role.STAFF, facility=facility).memberships.get()
    client = login(manager)
    path = reverse("role-change", args=[role.pk])
    seen = client.get(path).context["form"].initial["seen"]
    later = timezone.localdate() + dt.timedelta(days=9)
    change_role(role_id=role.pk, role=Role.STAFF, valid_until=later, by=manager)
    stale = client.post(path, {"role": "viewer", "valid_until": "", "seen": seen})
    assert stale.status_code == 409
    assert 'value="viewer"' in stale.content.decode()
    seen = stale.context["form"]["seen"].value()
    assert client.post(path, {"role": "viewer", "valid_until": "", "seen": seen}).status_code == 302
    assert Membership.objects.valid_on().get(user=role.user).role == Role.VIEWER


def test_ending_ones_own_role_asks(login, municipality, make_user):
    make_user(Role.ADMINISTRATOR, authority=municipality)
    user = make_user(Role.ADMINISTRATOR, authority=municipality)
    client, path = login(user), reverse("role-end", args=[user.memberships.get().pk])
    seen = client.get(path).context["form"].initial["seen"]
    assert client.post(path, {"seen": seen}).status_code == 422
    answer = client.post(path, {"seen": seen, "sure": "on"})
    assert (answer.status_code, answer.headers["Location"]) == (302, "/")
    assert client.get(reverse("people")).status_code == 403
