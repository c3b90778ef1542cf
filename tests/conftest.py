"""Places and people that many tests need; each test gets only those that it asks for."""

from unittest.mock import patch

import pytest
from django.conf import settings
from django.db import connection
from django.test import override_settings
from django.test.signals import template_rendered
from hypothesis import settings as hypothesis_settings
from whitenoise.middleware import WhiteNoiseMiddleware

from krams.enums import AuthorityKind, Role
from krams.models import (
    Authority,
    Cluster,
    ClusterMembership,
    Department,
    Facility,
    Membership,
    User,
)
from krams.web.templating import Page
from tests import interpreter
from tests.databases import test_database
from tests.inbox import Inbox, serving

# A busy machine is no failure: how long one example takes says nothing about the code.
hypothesis_settings.register_profile("portal", deadline=None)
hypothesis_settings.load_profile("portal")

PASSWORD = "en-god-adgangskode-2026"


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_protocol(item, nextitem):
    return interpreter.run(item, nextitem)


def pytest_collection_modifyitems(config, items):
    """What is one database's own is no test on the other."""
    others = {"sqlite", "postgresql"} - {connection.vendor}
    left_out = [item for item in items if others & {mark.name for mark in item.iter_markers()}]
    if left_out:
        config.hook.pytest_deselected(items=left_out)
        items[:] = [item for item in items if item not in set(left_out)]


def pytest_collection_finish():
    interpreter.collect_garbage_seldom()


@pytest.fixture(scope="session")
def django_db_setup(django_test_environment, django_db_blocker, django_db_modify_db_settings):
    """pytest-django's own would run all migrations for each worker of each run."""
    with django_db_blocker.unblock(), test_database():
        yield


@pytest.fixture(autouse=True, scope="session")
def _pages_tell_their_context():
    """``response.context`` of the test client, which Django fills for its own language only."""
    plain = Page.render

    def render(self, context=None, request=None):
        template_rendered.send(sender=self, template=self, context=dict(context or {}))
        return plain(self, context, request)

    with patch.object(Page, "render", render):
        yield


@pytest.fixture(autouse=True, scope="session")
def _plain_hashing():
    """Hashing passwords slowly is for production."""
    with override_settings(PASSWORD_HASHERS=["django.contrib.auth.hashers.MD5PasswordHasher"]):
        yield


@pytest.fixture(autouse=True, scope="session")
def _nobody_asks_too_often():
    """Tests ask faster than people; those of the limits themselves turn them on."""
    with override_settings(RATE_LIMITS=False):
        yield


@pytest.fixture(autouse=True, scope="session")
def _letters_wait():
    """Until a test sends them (``tests.inbox.post_letters``): a thread would see other rows."""
    with override_settings(LETTERS_IN_BACKGROUND=False):
        yield


@pytest.fixture(autouse=True, scope="session")
def _static_files_are_found_once():
    """Each test client makes its middleware anew, for which whitenoise asks for every file."""
    plain, known = WhiteNoiseMiddleware.add_files_from_finders, {}

    def add_files_from_finders(self):
        how = (str(settings.STATICFILES_DIRS), self.static_prefix, self.static_root, self.max_age)
        if how not in known:
            plain(self)
            known[how] = dict(self.files)
        self.files.update(known[how])

    with patch.object(WhiteNoiseMiddleware, "add_files_from_finders", add_files_from_finders):
        yield


@pytest.fixture(autouse=True, scope="session")
def _what_stays_goes_with_the_test_database():
    """A test that needs real transactions empties SQLite row by row, which editions and the audit
    log refuse.

    PostgreSQL truncates instead.
    """

    def sql_flush(self, *args, **options):
        found = flush(self, *args, **options)
        with self.connection.cursor() as cursor:
            cursor.execute(
                "SELECT name, sql FROM sqlite_master"
                " WHERE type = 'trigger' AND tbl_name IN ('clusters_edition', 'krams_auditentry')"
            )
            triggers = cursor.fetchall()
        drops = [f"DROP TRIGGER {name}" for name, _sql in triggers]
        return [*drops, *found, *(sql for _name, sql in triggers)]

    if connection.vendor == "sqlite":
        flush = type(connection.ops).sql_flush
        type(connection.ops).sql_flush = sql_flush


@pytest.fixture
def municipality(db):
    return Authority.objects.create(
        kind=AuthorityKind.MUNICIPALITY,
        code="9001",
        name="Nordby",
        official_name="Nordby Kommune",
        slug="nordby",
    )


@pytest.fixture
def other_municipality(db):
    return Authority.objects.create(
        kind=AuthorityKind.MUNICIPALITY,
        code="9002",
        name="Sønderby",
        official_name="Sønderby Kommune",
        slug="soenderby",
    )


@pytest.fixture
def region(db):
    return Authority.objects.create(
        kind=AuthorityKind.REGION,
        code="9081",
        name="Prøveregionen",
        official_name="Region Prøve",
        slug="region-proeve",
    )


@pytest.fixture
def department(municipality):
    return Department.objects.create(
        municipality=municipality, name="Socialpsykiatrien", slug="socialpsykiatrien"
    )


@pytest.fixture
def facility(department):
    return Facility.objects.create(department=department, name="Bakkehuset", slug="bakkehuset")


@pytest.fixture
def other_facility(other_municipality):
    department = Department.objects.create(
        municipality=other_municipality, name="Botilbud", slug="botilbud-soenderby"
    )
    return Facility.objects.create(department=department, name="Engen", slug="engen")


@pytest.fixture
def cluster(region, municipality, other_municipality):
    cluster = Cluster.objects.create(name="Klynge Prøve", slug="proeve", region=region)
    for position, authority in enumerate([municipality, other_municipality, region]):
        ClusterMembership.objects.create(cluster=cluster, authority=authority, position=position)
    return cluster


@pytest.fixture
def make_user(db):
    """``make_user(Role.STAFF, facility=...)``: an account with one role, or with none."""

    def make(role: Role | None = None, **scope) -> User:
        number = User.objects.count() + 1
        name = f"{role.label if role else 'Konto'} {number}"
        user = User.objects.create_user(f"konto{number}@proeve.example", PASSWORD, name=name)
        if role:
            Membership.objects.create(user=user, role=role, **scope)
        return user

    return make


@pytest.fixture
def login(client):
    """``login(user)`` gives the test client logged in as that person."""

    def log_in(user: User):
        client.force_login(user)
        return client

    return log_in


@pytest.fixture
def inbox(settings):
    """What arrives by e-mail, over real SMTP."""
    handler = Inbox()
    with serving(handler) as port:
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", port
        settings.PORTAL_URL = "https://portal.example.dk"
        yield handler


def seen_state(client, path: str) -> dict[str, str]:
    """What a page of the administration without a version says that it showed."""
    return {"seen_state": client.get(path).context["adminform"].form["seen_state"].value()}
