"""Read links: one edition for whoever has the link, until its day, and nothing else."""

import datetime as dt
import uuid

import pytest
import time_machine
from django.db import connection
from django.urls import reverse
from django.utils import timezone

from clusters.editions.actions import (
    make_read_link,
    revoke_read_link,
    withdraw_edition,
    write_texts,
)
from clusters.editions.read_links import token_of
from clusters.models import AuthorityNote, EditionText, ReadLink
from krams.enums import AuditKind, Role
from krams.models import AuditEntry
from tests.files import paragraphs_of, text_of_file

from ..conftest import freeze_now

pytestmark = pytest.mark.django_db
CPR = "010190-1234"


@pytest.fixture
def edition(cluster, rows, answer, municipality, coordinator):
    answer(rows[0], "Gadesygepleje i byen")
    AuthorityNote.objects.create(
        cluster=cluster, authority=municipality, heading="Gadesygepleje", text="Fire ansatte."
    )
    return freeze_now(cluster, coordinator)


@pytest.fixture
def desk(login, coordinator):
    return login(coordinator)


def page_of(edition, name="read-links", *args) -> str:
    return reverse(f"clusters:{name}", args=[edition.cluster.slug, edition.number, *args])


def link_data(**values) -> dict:
    day = timezone.localdate() + dt.timedelta(days=30)
    return {
        "label": "Sundhedsudvalget",
        "expires_on": f"{day:%d.%m.%Y}",
        "submission_id": str(uuid.uuid4()),
    } | values


@pytest.fixture
def path(edition, coordinator):
    """The address of a link that works for a month."""
    made = uuid.uuid4()
    day = timezone.localdate() + dt.timedelta(days=30)
    make_read_link(
        edition=edition, label="Udvalget", expires_on=day, submission_id=made, by=coordinator
    )
    return reverse("clusters:read", args=[token_of(made)])


def test_a_link_is_shown_to_who_made_it_for_a_quarter_of_an_hour(
    desk, login, make_user, edition, client, cluster
):
    sent = desk.post(page_of(edition), link_data())
    shown = desk.get(sent.url).content.decode()
    link = ReadLink.objects.get()
    address = reverse("clusters:read", args=[token_of(link.submission_id)])
    assert address in shown
    assert client.get(address).status_code == 200
    colleague = login(make_user(Role.COORDINATOR, cluster=cluster))
    assert address not in colleague.get(sent.url).content.decode()
    with time_machine.travel(timezone.now() + dt.timedelta(minutes=16), tick=False):
        assert address not in desk.get(sent.url).content.decode()


def test_the_database_holds_nothing_that_opens_it(path):
    token = path.strip("/").split("/")[-1]
    with connection.cursor() as cursor:
        for table in ("clusters_readlink", "clusters_historicalreadlink"):
            cursor.execute(f"SELECT * FROM {table}")
            assert token not in repr(cursor.fetchall())


def test_a_reader_sees_that_edition_alone_and_no_names(client, path, edition, coordinator):
    write_texts(edition=edition, version=0, introduction="Til mødet", conclusion="", by=coordinator)
    answer = client.get(path)
    page = answer.content.decode()
    for text in ("Gadesygepleje i byen", "Fire ansatte.", "Til mødet"):
        assert text in page
    assert str(coordinator) not in page
    assert edition.frozen_by_name not in page
    slug = edition.cluster.slug
    assert f'href="/klynger/{slug}' not in page
    assert "/konto/" not in page.replace("data-login", "")[page.index("<main") :]
    assert answer.headers["X-Robots-Tag"] == "noindex, nofollow, noarchive"
    assert answer.headers["Referrer-Policy"] == "strict-origin"
    assert "no-store" in answer.headers["Cache-Control"]
    assert '<meta name="robots" content="noindex, nofollow, noarchive">' in page


def test_its_files_name_nobody_either(client, path, edition, coordinator):
    write_texts(
        edition=edition,
        version=0,
        introduction="Til mødet",
        conclusion="Vi anbefaler",
        by=coordinator,
    )
    answer = client.get(f"{path}skema.docx")
    text = text_of_file(answer)
    assert "Gadesygepleje i byen" in text
    assert edition.frozen_by_name not in text
    found = paragraphs_of(answer)
    assert found.index("Til mødet") < found.index("Vi anbefaler")
    assert answer.headers["Referrer-Policy"] == "strict-origin"
    assert client.get(f"{path}skema.exe").status_code == 404


def test_opening_is_counted_and_asking_for_the_head_is_not(client, path):
    client.get(path)
    client.get(path)
    client.head(path)
    link = ReadLink.objects.get()
    assert link.opened_count == 2
    assert link.last_opened_at is not None
    assert link.history.count() == 1


def test_the_audit_log_keeps_that_it_was_made_first_opened_and_stopped(
    client, path, edition, coordinator
):
    for _time in range(3):
        client.get(path)
    link = ReadLink.objects.get()
    for _time in range(2):
        revoke_read_link(edition=edition, link_id=link.pk, by=coordinator)
    kept = AuditEntry.objects.filter(kind=AuditKind.READ_LINK).order_by("pk")
    assert [(one.details["what"], one.actor) for one in kept] == [
        ("made", coordinator),
        ("opened", None),
        ("stopped", coordinator),
    ]
    # What the coordinator calls the readers stays out of it.
    assert not any("Udvalget" in one.about for one in kept)


class TestRefused:
    def test_an_altered_link_is_not_found(self, client, path):
        for altered in (path[:-2] + "/", path.replace("udgave/", "udgave/x"), path + "%00/"):
            answer = client.get(altered)
            assert answer.status_code == 404
        assert "spørg den, der sendte dig linket" in client.get(path[:-2] + "/").content.decode()

    def test_an_expired_one_says_whom_to_ask(self, client, path, cluster):
        with time_machine.travel(timezone.now() + dt.timedelta(days=30), tick=False):
            assert client.get(path).status_code == 200
        with time_machine.travel(timezone.now() + dt.timedelta(days=31), tick=False):
            answer = client.get(path)
            assert client.get(f"{path}skema.docx").status_code == 410
        assert answer.status_code == 410
        assert cluster.name in answer.content.decode()
        assert answer.headers["X-Robots-Tag"]

    def test_a_stopped_one_opens_nothing_for_good(self, client, desk, path, edition):
        link = ReadLink.objects.get()
        for _twice in range(2):
            sent = desk.post(page_of(edition, "read-link-stop", link.pk))
            assert sent.status_code == 302
        assert client.get(path).status_code == 410
        assert link.history.count() == 2

    def test_one_of_a_withdrawn_edition(self, client, desk, path, edition, coordinator):
        withdraw_edition(edition=edition, by=coordinator, reason="Forkert bilag")
        answer = client.get(path)
        assert answer.status_code == 410
        assert "Gadesygepleje" not in answer.content.decode()
        assert desk.post(page_of(edition), link_data()).status_code == 403
        assert desk.get(page_of(edition)).status_code == 200

    @pytest.mark.parametrize(
        ("field", "value"),
        [
            ("label", ""),
            ("label", CPR),
            ("label", "x" * 121),
            ("expires_on", ""),
            ("expires_on", "31.02.2027"),
            ("expires_on", "01.01.2020"),
            ("expires_on", "01.01.2090"),
        ],
    )
    def test_bad_input_is_told_and_kept(self, desk, edition, field, value):
        sent = desk.post(page_of(edition), link_data(**{field: value}))
        assert sent.status_code == 422
        assert field in sent.context["form"].errors
        assert not ReadLink.objects.exists()

    def test_only_coordinators_make_and_stop_them(self, login, make_user, edition, path, cluster):
        link = ReadLink.objects.get()
        reader = login(make_user(Role.VIEWER, cluster=cluster))
        assert reader.get(page_of(edition)).status_code == 403
        assert reader.post(page_of(edition), link_data()).status_code == 403
        assert reader.post(page_of(edition, "read-link-stop", link.pk)).status_code == 403
        assert reader.get(reverse("history", args=["laeselink", link.pk])).status_code == 404

    def test_a_link_of_another_edition_is_not_stopped_here(self, desk, edition, path, coordinator):
        other = freeze_now(edition.cluster, coordinator)
        link = ReadLink.objects.get()
        assert desk.post(page_of(other, "read-link-stop", link.pk)).status_code == 404


class TestTexts:
    def test_they_stand_on_the_page_and_in_the_file(self, desk, edition):
        sent = desk.post(
            page_of(edition, "write-texts"),
            {"introduction": "Til mødet", "conclusion": "Vi anbefaler", "version": "0"},
        )
        assert sent.status_code == 302
        page = desk.get(edition.get_absolute_url()).content.decode()
        assert page.index("Til mødet") < page.index("Vi anbefaler") < page.index("Gadesygepleje")
        address = page_of(edition, "edition-file", "docx")
        assert "Vi anbefaler" in text_of_file(desk.get(address))

    def test_a_cpr_number_is_refused(self, desk, edition):
        sent = desk.post(
            page_of(edition, "write-texts"), {"introduction": CPR, "conclusion": "", "version": "0"}
        )
        assert sent.status_code == 422
        assert not EditionText.objects.exists()

    def test_two_at_once_lose_nothing(self, desk, edition, coordinator):
        write_texts(edition=edition, version=0, introduction="Deres", conclusion="", by=coordinator)
        sent = desk.post(
            page_of(edition, "write-texts"),
            {"introduction": "Min", "conclusion": "", "version": "0"},
        )
        page = sent.content.decode()
        assert sent.status_code == 409
        assert "Deres" in page
        assert "Min</textarea>" in page
        version = sent.context["form"].data["version"]
        sent = desk.post(
            page_of(edition, "write-texts"),
            {"introduction": "Min", "conclusion": "", "version": version},
        )
        assert sent.status_code == 302
        assert EditionText.objects.get().history.count() == 2

    def test_sent_twice_they_are_saved_once(self, desk, edition):
        values = {"introduction": "Til mødet", "conclusion": "", "version": "0"}
        for _twice in range(2):
            assert desk.post(page_of(edition, "write-texts"), values).status_code == 302
        assert EditionText.objects.get().history.count() == 1

    def test_a_withdrawn_edition_keeps_them(self, desk, edition, coordinator):
        withdraw_edition(edition=edition, by=coordinator, reason="Forkert bilag")
        assert desk.get(page_of(edition, "write-texts")).status_code == 403
