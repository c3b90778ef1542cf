"""Which facilities take part, and what one of them itself does."""

import re

import pytest
from django.urls import reverse

from krams.enums import Role
from krams.models import Facility

from ..making_criteria import make_initiative

pytestmark = pytest.mark.django_db

HTMX = {"HX-Request": "true"}

CPR = "010203-1234"


@pytest.fixture
def initiative(department, facility):
    return make_initiative(department, facility, title="KRAMS for alle")


@pytest.fixture
def manager(make_user, department):
    return make_user(Role.MANAGER, department=department)


@pytest.fixture
def desk(login, manager):
    return login(manager)


@pytest.fixture
def local_manager(make_user, facility):
    return make_user(Role.MANAGER, facility=facility)


def url(name, *args):
    return reverse(f"initiatives:{name}", args=args)


def assert_last_saved_is_told(response):
    """The panel beside the document, which stands elsewhere on the page."""
    [last] = re.findall(r'<span id="last-saved" hx-swap-oob="true">([^<]*)</span>', response.text)
    assert str(response.wsgi_request.user) in last


def test_facilities_are_chosen(desk, initiative, facility, department, other_facility):
    second = Facility.objects.create(department=department, name="Skoven", slug="skoven")
    where = url("initiative-facilities", initiative.pk)
    data = {"botilbud-version": 1, "botilbud-facilities": [facility.pk, second.pk]}
    assert desk.post(where, data).url.endswith("#botilbud")
    assert set(initiative.facilities.all()) == {facility, second}
    assert initiative.changes.get().after == "• Bakkehuset\n• Skoven"
    stale = {"botilbud-version": 1, "botilbud-facilities": [second.pk]}
    response = desk.post(where, stale)
    assert response.status_code == 409
    assert "Skoven" in response.content.decode()
    bad = {"botilbud-version": 2, "botilbud-facilities": [other_facility.pk]}
    assert desk.post(where, bad).status_code == 422
    assert initiative.facilities.count() == 2


def local(initiative, facility, text="Vi går til købmanden.", version=0, factor="m"):
    where = url("local-text", initiative.pk, facility.slug, factor)
    return where, {"lokalt-version": version, "lokalt-text": text}


def test_a_facilitys_manager_writes_its_own_text(login, local_manager, initiative, facility):
    desk = login(local_manager)
    page = desk.get(initiative.get_absolute_url()).content.decode()
    assert f"/lokalt/{facility.slug}/m/" in page
    where, data = local(initiative, facility)
    response = desk.post(where, data)
    assert response.url == f"{initiative.get_absolute_url()}#lokalt-bakkehuset-m"
    text = initiative.factor_texts.get()
    assert (text.facility, text.text, text.version) == (facility, "Vi går til købmanden.", 1)
    assert initiative.changes.get().after == "Bakkehuset, M: Vi går til købmanden."
    shown = desk.post(*local(initiative, facility, "Vi svømmer.", 1), headers=HTMX)
    assert shown.status_code == 200
    assert "Vi svømmer." in shown.content.decode()
    assert_last_saved_is_told(shown)
    assert "Vi svømmer." in desk.get(initiative.get_absolute_url()).content.decode()


def test_a_stale_local_text_keeps_both(desk, initiative, facility):
    desk.post(*local(initiative, facility, "Deres ord"))
    for headers in ({}, HTMX):
        response = desk.post(*local(initiative, facility, "Mine ord"), headers=headers)
        html = response.content.decode()
        assert response.status_code == 409
        assert "Deres" in html
        assert "Mine ord" in html
    assert response.context["form"]["version"].value() == 1


@pytest.mark.parametrize("text", ["x" * 10_001, CPR, "a\x00b"])
def test_bad_local_texts_are_refused_and_kept(desk, initiative, facility, text):
    response = desk.post(*local(initiative, facility, text))
    assert response.status_code == 422
    assert list(response.context["form"].errors) == ["text"]
    assert not initiative.factor_texts.exists()


def test_only_a_facility_that_takes_part_and_a_factor_that_exists(desk, initiative, department):
    second = Facility.objects.create(department=department, name="Skoven", slug="skoven")
    assert desk.post(*local(initiative, second)).status_code == 404
    first = initiative.facilities.get()
    assert desk.post(*local(initiative, first, factor="x")).status_code == 404
