"""The audit log as a page: what comes into it, who reads what of it, and that it is taken out."""

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from krams.audit.actions import record
from krams.enums import AuditKind, Role
from krams.models import AuditEntry, Membership, User

from ...conftest import PASSWORD

LOG = "/revisionslog/"


@pytest.fixture
def administrator(make_user, municipality):
    return make_user(Role.ADMINISTRATOR, authority=municipality)


def kept(kind):
    return list(AuditEntry.objects.filter(kind=kind).order_by("pk"))


def shown(client, query=""):
    response = client.get(LOG + query)
    assert response.status_code == 200
    return [entry for entry, _about, _details in response.context["entries"]]


def test_log_ins_refusals_and_log_outs_are_kept_once_each(client, make_user, facility):
    user = make_user(Role.STAFF, facility=facility)
    for email, password in ((user.email, "forkert"), ("ukendt@proeve.example", "forkert")):
        client.post("/konto/login/", {"login": email, "password": password})
    client.post("/konto/login/", {"login": user.email, "password": PASSWORD})
    client.post("/konto/logout/")

    known, unknown = kept(AuditKind.LOG_IN_FAILED)
    assert (known.actor, known.about) == (None, f"account:{user.pk}")
    assert unknown.about.startswith("unknown:")
    assert unknown.authority is None
    municipality = facility.department.municipality
    for kind in (AuditKind.LOG_IN, AuditKind.LOG_OUT):
        [entry] = kept(kind)
        assert (entry.actor, entry.authority) == (user, municipality)
        assert entry.address == "127.0.0.0/24"
    assert not AuditEntry.objects.filter(about__contains="ukendt@").exists()


@pytest.mark.parametrize("email", ["", "a\0b", "x" * 5000])
def test_a_strange_address_is_refused_and_no_error(client, db, email):
    answer = client.post("/konto/login/", {"login": email, "password": "x"})
    assert answer.status_code < 500


def test_every_file_that_leaves_is_kept(login, make_user, facility):
    staff = make_user(Role.STAFF, facility=facility)
    client = login(staff)
    base = f"/botilbud/{facility.slug}/registreringer"
    assert client.get(f"{base}.csv").status_code == 200
    assert client.head(f"{base}.csv").status_code in (200, 405)
    assert client.get(f"{base}/").status_code == 200
    [entry] = kept(AuditKind.EXPORT)
    assert (entry.actor, entry.authority) == (staff, facility.department.municipality)
    assert entry.about == f"initiatives:log-export {facility.slug} csv"
    assert entry.details["file"].endswith(".csv")


def test_a_role_is_kept_whatever_gives_it(make_user, facility, municipality):
    user = make_user(Role.STAFF, facility=facility)
    role = Membership.objects.get(user=user)
    role.valid_until = timezone.localdate() + dt.timedelta(days=9)
    role.save()
    role.valid_until = timezone.localdate()
    role.save()
    role.delete()
    found = kept(AuditKind.GRANT)
    assert [one.details["what"] for one in found] == ["given", "changed", "ended", "ended"]
    assert {one.authority for one in found} == {municipality}
    make_user(Role.EDITOR, authority=municipality).memberships.all().delete()
    assert [one.details["what"] for one in kept(AuditKind.GRANT)][4:] == ["given", "ended"]


def test_who_reads_what(login, make_user, administrator, municipality, other_municipality):
    record(AuditKind.EXPORT, actor=None, about="mine", authority=municipality)
    record(AuditKind.EXPORT, actor=None, about="other", authority=other_municipality)
    record(AuditKind.EXPORT, actor=None, about="nobody's")
    only = "?slags=export"
    assert [one.about for one in shown(login(administrator), only)] == ["mine"]
    root = User.objects.create_superuser("admin@proeve.example", name="Administrator")
    assert {one.about for one in shown(login(root), only)} == {"mine", "other", "nobody's"}
    nobody = login(make_user())
    for address in (LOG, "/revisionslog.csv", "/revisionslog.xlsx"):
        assert nobody.get(address).status_code == 403
        assert nobody.post(address).status_code == 405
    ended = make_user(Role.ADMINISTRATOR, authority=municipality)
    Membership.objects.filter(user=ended).update(valid_until=dt.date(2020, 1, 1))
    assert login(ended).get(LOG).status_code == 403


def test_the_filter(login, administrator, municipality):
    for number, day in enumerate((1, 2, 3), start=1):
        AuditEntry.objects.create(
            kind=AuditKind.EXPORT,
            at=dt.datetime(2026, 3, day, 23, 30, tzinfo=dt.UTC),
            actor_name=f"Leder {number}",
            about=str(number),
            authority=municipality,
        )
    client = login(administrator)

    def found(query):
        return [one.about for one in shown(client, f"?slags=export&{query}")]

    # Half past eleven in Greenwich is past midnight in Denmark.
    assert found("fra=03-03-2026&til=03-03-2026") == ["2"]
    assert found("til=03-03-2026") == ["2", "1"]
    assert found("person=leder 3") == ["3"]
    assert found("person=ingen") == []
    for wrong in ("slags=andet", "fra=32-13-2026", "fra=03-03-2026&til=01-03-2026", "person=%00"):
        assert client.get(f"{LOG}?{wrong}").status_code == 422
    assert client.get(f"{LOG}?foer=abc").status_code == 404


def test_page_after_page_and_as_a_file_that_is_kept_too(login, administrator, municipality):
    for number in range(120):
        record(AuditKind.EXPORT, actor=None, about=f"no {number}", authority=municipality)
    client, seen, query = login(administrator), [], "?slags=export"
    while query:
        with CaptureQueriesContext(connection) as sent:
            response = client.get(LOG + query)
        assert len(sent) <= 8
        seen += [entry.about for entry, _about, _details in response.context["entries"]]
        query = response.context["pages"].older
    assert seen == [f"no {number}" for number in reversed(range(120))]

    answer = client.get("/revisionslog.csv?slags=export")
    text = b"".join(answer.streaming_content).decode("utf-8-sig")
    assert text.count("\n") >= 121
    assert kept(AuditKind.EXPORT)[-1].about == "audit-export csv"
    assert client.get("/revisionslog.xlsx").status_code == 200
    assert client.get("/revisionslog.pdf").status_code == 404
