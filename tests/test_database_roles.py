"""The portal with the account of ``deploy/database-roles.sql``: all that it does, and no more."""

from io import StringIO

import pytest
from django.conf import settings
from django.core.management import call_command
from django.db import ProgrammingError, connection, transaction

from krams.enums import AuditKind
from krams.models import AuditEntry
from tests import test_sent_twice
from tests.demo import DemoTestCase
from tests.pages import PAGES

SCRIPT = (settings.BASE_DIR / "deploy" / "database-roles.sql").read_text()
# What runs by itself or is run by hand while the portal serves; those of the owner are not here.
COMMANDS = (
    *("send_letters", "send_reminders", "retention", "check_summaries", "clearsessions"),
    *("load_organisations",),
)
REFUSED = {
    "a column": "ALTER TABLE krams_user ADD COLUMN secret text",
    "a table": "CREATE TABLE krams_own (id integer)",
    "a function": "CREATE FUNCTION public.krams_own() RETURNS integer LANGUAGE sql AS 'SELECT 1'",
    "no trigger": "ALTER TABLE krams_auditentry DISABLE TRIGGER ALL",
    "no trigger in this session": "SET session_replication_role = replica",
    "another trigger": "DROP TRIGGER {trigger} ON krams_auditentry",
    "no rows": "TRUNCATE krams_auditentry",
    "no table": "DROP TABLE krams_auditentry",
    "no constraint": "ALTER TABLE krams_auditentry DROP CONSTRAINT audit_kind_known",
    "no migration": "DELETE FROM django_migrations",
    "files of the server": "COPY krams_user TO '/tmp/krams.csv'",
    "programs of the server": "COPY krams_user TO PROGRAM 'cat'",
    "the owner": "SET ROLE krams_owner",
    "another account": "CREATE ROLE krams_other LOGIN",
}


def become_the_portal() -> None:
    """Until the transaction ends, which undoes the accounts too."""
    with connection.cursor() as cursor:
        cursor.execute(SCRIPT)
        # It can be run again.
        cursor.execute(SCRIPT)
        cursor.execute("SET LOCAL SESSION AUTHORIZATION krams")


@pytest.mark.postgresql
class TestEveryFormThatCreatesSomething(test_sent_twice.SentTwice):
    """Saves, with all that the database does by itself on the way."""

    @classmethod
    def setUpTestData(cls):
        become_the_portal()


@pytest.mark.postgresql
class TestTheAccountOfThePortal(DemoTestCase):
    @classmethod
    def setUpTestData(cls):
        become_the_portal()

    def test_every_page_is_answered(self):
        broken = [
            (page.who, page.path())
            for page in PAGES
            if self.client_of(page.who).get(page.path()).status_code >= 500
        ]
        assert broken == []
        assert len(PAGES) > 100

    def test_every_command_that_runs_by_itself_runs(self):
        for name in COMMANDS:
            call_command(name, stdout=StringIO())
        call_command("check_summaries", rebuild=True, stdout=StringIO())
        call_command("rebuild_search", stdout=StringIO())

    def test_more_it_may_not(self):
        done = [name for name, statement in REFUSED.items() if self.is_done(statement)]
        assert done == []

    def test_what_the_database_keeps_it_cannot_change(self):
        entry = AuditEntry.objects.create(kind=AuditKind.EXPORT, about="facility:1")
        for change in (
            lambda: AuditEntry.objects.filter(pk=entry.pk).update(about="facility:2"),
            AuditEntry.objects.filter(pk=entry.pk).delete,
        ):
            with pytest.raises(Exception, match="audit"), transaction.atomic():
                change()

    def test_what_a_migration_makes_can_be_used_at_once(self):
        with connection.cursor() as cursor:
            cursor.execute("RESET SESSION AUTHORIZATION")
            cursor.execute("SET LOCAL ROLE krams_owner")
            cursor.execute("CREATE TABLE krams_new (id serial PRIMARY KEY, name text)")
            cursor.execute("RESET ROLE")
            cursor.execute("SET LOCAL SESSION AUTHORIZATION krams")
            cursor.execute("INSERT INTO krams_new (name) VALUES ('a') RETURNING id")
            assert cursor.fetchone() == (1,)
            cursor.execute("DELETE FROM krams_new")

    @staticmethod
    def is_done(statement: str) -> bool:
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT tgname FROM pg_trigger"
                " WHERE tgrelid = 'krams_auditentry'::regclass AND NOT tgisinternal"
            )
            trigger = cursor.fetchone()[0]
            try:
                with transaction.atomic():
                    cursor.execute(statement.format(trigger=trigger))
            except ProgrammingError as error:
                # Insufficient privilege; where it is refused for anything else, nothing is shown.
                return error.__cause__.sqlstate != "42501"
        return True
