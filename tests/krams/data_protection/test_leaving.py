"""Who leaves takes the name along; what was saved keeps its author."""

import datetime as dt
import io
import json

import openpyxl
import pytest
from django.contrib.admin.models import LogEntry
from django.db import IntegrityError, models, transaction
from django.db.models.functions import Cast
from django.urls import reverse
from django.utils import timezone

from clusters.editions.actions import freeze_edition
from clusters.models import Edition, Proposal, ProposalGroup, Thread, Wording
from krams.data_protection.actions.leaving import FORMER, anonymise
from krams.data_protection.authors import author_columns, lone_name_columns, name_columns
from krams.data_protection.registry import KINDS
from krams.enums import AuditKind, Role
from krams.history.actions.locking import save_version
from krams.models import AuditEntry, Membership, User

from ...conftest import seen_state
from ...initiatives.planning import make_activity

NAME = "Pædagog på Bakkehuset"


@pytest.fixture
def person(make_user, facility):
    found = make_user(Role.MANAGER, facility=facility)
    found.name, found.email = NAME, "paedagog@example.com"
    found.save()
    return found


@pytest.fixture
def root(make_user):
    found = make_user()
    found.is_superuser = found.is_staff = True
    found.save()
    return found


@pytest.fixture
def saved(person, facility):
    facility.place_count = 12
    save_version(facility, by=person, reason="Talt om")
    make_activity(facility, registered_by=person)
    AuditEntry.objects.create(kind=AuditKind.LOG_IN, actor=person, actor_name=NAME)
    return facility


class TestAnonymise:
    def test_the_name_is_gone_and_the_author_stays(self, person, root, saved, login):
        anonymise(person, by=root)
        person.refresh_from_db()
        assert (person.name, person.is_active) == (FORMER, False)
        assert "paedagog" not in person.email
        assert not person.has_usable_password()
        record = saved.history.latest()
        assert record.history_user == person
        assert str(record.history_user) == FORMER
        # "": the role that the fixture gave is nobody's doing.
        names = set(AuditEntry.objects.values_list("actor_name", flat=True))
        assert names <= {FORMER, root.name, ""}
        entry = AuditEntry.objects.get(kind=AuditKind.ACCOUNT)
        assert (entry.actor, entry.details) == (root, {"what": "anonymised"})
        assert entry.about == f"account:{person.pk}"
        page = login(root).get(reverse("initiatives:log", args=[saved.slug])).text
        assert FORMER in page
        assert NAME not in page

    def test_no_column_of_the_database_holds_it_any_more(self, person, root, saved, login, cluster):
        person.memberships.create(role=Role.COORDINATOR, cluster=cluster)
        freeze(cluster, person)
        # What Django's own log of the administration says of an account and its roles.
        page = reverse("admin:krams_user_change", args=[person.pk])
        form = {"email": person.email, "name": NAME, "is_active": "on"}
        roles = {"memberships-TOTAL_FORMS": "1", "memberships-INITIAL_FORMS": "0"}
        roles |= {"memberships-0-role": Role.STAFF, "memberships-0-facility": saved.pk}
        client = login(root)
        sent = form | roles | seen_state(client, page)
        assert client.post(page, sent).status_code == 302
        assert LogEntry.objects.filter(object_repr__contains=NAME).exists()
        anonymise(person, by=root)
        left = []
        for model in {one._meta.model for one in models_with_text()}:
            for field in text_fields(model):
                rows = model._base_manager.annotate(said=Cast(field.name, models.TextField()))
                for text in (NAME, "paedagog@example.com"):
                    if rows.filter(said__contains=text).exists():
                        left.append(f"{model.__name__}.{field.name}")
        assert left == []

    def test_a_name_that_stands_alone_is_replaced_too(self, person, root, cluster, municipality):
        group = ProposalGroup.objects.create(cluster=cluster, name="Kost")
        proposal = Proposal.objects.create(cluster=cluster, group=group, number=1, title="Mad")
        place = {"cluster": cluster, "authority": municipality, "proposal": proposal}

        def settled(name, by):
            thread = Thread.objects.create(**place, resolved_at=timezone.now())
            made = Wording(thread=thread, state="established", seen_version=1, outcome="accepted")
            made.settled_at, made.settled_by_name = timezone.now(), name
            return save_version(made, by=by)

        # Before somebody married, after it, and by another one of the same name.
        before, after = settled("Pædagog med et andet navn", person), settled(NAME, person)
        other = settled(NAME, root)
        save_version(before, by=root)
        save_version(other, by=person)
        anonymise(person, by=root)
        for wording, name in ((before, FORMER), (after, FORMER), (other, NAME)):
            wording.refresh_from_db()
            assert wording.settled_by_name == name
            assert set(wording.history.values_list("settled_by_name", flat=True)) == {name}

    def test_an_edition_says_former_too_and_nothing_else_of_it_changes(
        self, person, root, cluster, municipality
    ):
        person.memberships.create(role=Role.COORDINATOR, cluster=cluster)
        edition = freeze(cluster, person)
        before = Edition.objects.filter(pk=edition.pk).values().get()
        assert before["frozen_by_name"] == NAME
        anonymise(person, by=root)
        after = Edition.objects.filter(pk=edition.pk).values().get()
        assert after == before | {"frozen_by_name": FORMER}
        with pytest.raises(IntegrityError), transaction.atomic():
            Edition.objects.filter(pk=edition.pk).update(frozen_by_name="En anden")

    def test_roles_end_and_the_next_click_is_a_log_in(self, person, root, client, facility):
        client.force_login(person)
        assert client.get(reverse("settings")).status_code == 200
        anonymise(person, by=root)
        assert client.get(reverse("settings")).status_code == 302
        assert not Membership.objects.valid_on().filter(user=person).exists()

    def test_twice_is_once(self, person, root):
        anonymise(person, by=root)
        anonymise(person, by=root)
        assert AuditEntry.objects.filter(kind=AuditKind.ACCOUNT).count() == 1

    def test_every_name_beside_an_author_is_replaced(self):
        named = {f"{model.__name__}.{name}" for model, _column, name in name_columns()}
        assert {"Comment.written_by_name", "HistoricalAsk.asked_by_name"} <= named
        written = {
            f"{model.__name__}.{field.name}"
            for model in models_with_text()
            for field in text_fields(model)
            if f"_{field.name}".endswith("_by_name")
        }
        assert {f"{model.__name__}.{name}" for model, name in lone_name_columns()} == {
            "Wording.settled_by_name",
            "HistoricalWording.settled_by_name",
        }
        lone = {f"{model.__name__}.{name}" for model, name in lone_name_columns()}
        assert written | {"AuditEntry.actor_name"} == named | lone
        assert len(list(author_columns())) > 60


def models_with_text():
    from django.apps import apps

    return [one for app in ("krams", "initiatives", "clusters", "admin", "account")
            for one in apps.get_app_config(app).get_models()]  # fmt: skip


def text_fields(model):
    return [
        field
        for field in model._meta.local_concrete_fields
        if isinstance(field, models.CharField | models.TextField | models.JSONField)
    ]


def freeze(cluster, person):
    return freeze_edition(
        cluster=cluster,
        title="Møde",
        meeting="Møde",
        meeting_on=dt.date(2026, 5, 4),
        submission_id="5b6ce9a0-9b1d-4b4e-8f3e-7d8d1f2a0c11",
        by=person,
    )


class TestDeleting:
    def test_who_saved_something_cannot_be_deleted(self, person, saved):
        with pytest.raises(models.ProtectedError), transaction.atomic():
            person.delete()
        with pytest.raises(models.ProtectedError), transaction.atomic():
            User.objects.filter(pk=person.pk).delete()
        assert saved.history.latest().history_user == person

    def test_who_never_saved_anything_can(self, make_user):
        make_user().delete()

    def test_retention_deletes_no_account(self, person):
        moment = timezone.now() + dt.timedelta(days=10_000)
        kinds = {kind.old(moment).model for kind in KINDS.values()}
        assert len(kinds) > 8
        # What goes with a row is found below it, never above.
        below = {
            field.related_model
            for model in kinds
            for field in model._meta.get_fields()
            if field.auto_created and not field.concrete
        }
        assert User not in kinds | below

    def test_the_administration_deletes_no_account(self, root, person, login):
        client = login(root)
        assert client.get(reverse("admin:krams_user_delete", args=[person.pk])).status_code == 403
        changelist = reverse("admin:krams_user_changelist")
        answer = client.post(
            changelist, {"action": "delete_selected", "_selected_action": [person.pk]}
        )
        assert User.objects.filter(pk=person.pk).exists()
        answer = client.post(
            changelist, {"action": "replace_name", "_selected_action": [person.pk]}
        )
        assert answer["Location"] == reverse("leaving", args=[person.pk])


class TestPage:
    def test_asks_first_and_then_does_it(self, root, person, login):
        client, path = login(root), reverse("leaving", args=[person.pk])
        assert NAME in client.get(path).text
        assert client.post(path).status_code == 422
        person.refresh_from_db()
        assert person.name == NAME
        assert client.post(path, {"sure": "on"}).status_code == 302
        person.refresh_from_db()
        assert person.name == FORMER

    def test_not_oneself(self, root, login):
        answer = login(root).post(reverse("leaving", args=[root.pk]), {"sure": "on"})
        assert answer.status_code == 422
        root.refresh_from_db()
        assert root.is_active

    def test_superusers_alone(self, person, make_user, login, municipality):
        other = make_user(Role.ADMINISTRATOR, authority=municipality)
        path = reverse("leaving", args=[person.pk])
        assert login(other).get(path).status_code == 403
        assert login(other).post(path, {"sure": "on"}).status_code == 403
        person.refresh_from_db()
        assert person.is_active


class TestOwnData:
    def test_both_files_hold_all_of_it(self, person, saved, login):
        client = login(person)
        answer = client.get(reverse("own-data", args=["json"]))
        assert "no-store" in answer["Cache-Control"]
        found = json.loads(answer.content)
        assert "paedagog@example.com" in str(found["account"])
        assert len(found["roles"]) == 1
        assert any("Talt om" in str(row) for row in found["saved"])
        assert found["author_of"]
        assert found["audit"]
        assert person.password not in answer.text
        book = openpyxl.load_workbook(
            io.BytesIO(client.get(reverse("own-data", args=["xlsx"])).content)
        )
        assert len(book.worksheets) == len(found)
        assert "paedagog@example.com" in str(list(book.worksheets[0].values))
        assert AuditEntry.objects.filter(kind=AuditKind.PERSONAL_DATA, actor=person).count() == 2

    def test_nothing_of_others(self, person, saved, make_user, login):
        found = json.loads(login(make_user()).get(reverse("own-data", args=["json"])).content)
        assert found["saved"] == found["author_of"] == found["roles"] == []

    def test_queries_do_not_grow(self, person, saved, login, django_assert_max_num_queries):
        client = login(person)
        with django_assert_max_num_queries(20) as few:
            client.get(reverse("own-data", args=["json"]))
        for place_count in range(20, 40):
            saved.place_count = place_count
            save_version(saved, by=person)
        with django_assert_max_num_queries(20) as many:
            client.get(reverse("own-data", args=["json"]))
        assert len(few) == len(many)

    def test_other_kinds_are_404(self, person, login):
        assert login(person).get(reverse("own-data", args=["csv"])).status_code == 404

    def test_the_settings_lead_there(self, person, login):
        page = login(person).get(reverse("settings")).text
        for kind in ("json", "xlsx"):
            assert reverse("own-data", args=[kind]) in page
