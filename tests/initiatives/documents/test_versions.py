"""Any two versions of an initiative held up against each other."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from initiatives.models import FactorText, Initiative
from krams.enums import Role
from krams.models import Facility

from ..making_criteria import make_initiative

pytestmark = pytest.mark.django_db


@pytest.fixture
def initiative(department, facility):
    return make_initiative(department, facility, title="KRAMS for alle")


@pytest.fixture
def manager(make_user, department):
    return make_user(Role.MANAGER, department=department)


@pytest.fixture
def desk(login, manager):
    return login(manager)


def url(name, *args):
    return reverse(f"initiatives:{name}", args=args)


def decide(initiative, decision="pause", version=None, **values):
    data = {"status-version": version or initiative.version, "status-reason": "For få hænder"}
    data |= {f"status-{name}": value for name, value in values.items()}
    return url("initiative-status", initiative.pk, decision), data


def test_two_versions_of_the_whole_document(desk, initiative, facility):
    section = reverse("initiatives:section-edit", args=[initiative.pk, "formaal"])
    desk.post(section, {"formaal-version": 1, "formaal-purpose": "Flere gode år."})
    desk.post(section, {"formaal-version": 2, "formaal-purpose": "Flere sunde år."})
    desk.post(*decide(initiative, version=3))
    where = url("initiative-compare", initiative.pk)
    parts = desk.get(where).context["differences"]
    assert [part.slug for part in parts] == ["formaal", "status"]
    parts = desk.get(f"{where}?fra=2&til=3").context["differences"]
    assert [part.text for part in parts] == ["Flere <del>gode</del><ins>sunde</ins> år."]
    assert desk.get(f"{where}?fra=3&til=3").context["differences"] == []
    last = desk.get(f"{where}?fra=3&til=4").context["differences"]
    assert [part.slug for part in last] == ["status"]
    assert "For få hænder" in last[0].text


@pytest.mark.parametrize(
    "query",
    ["fra=0&til=1", "fra=1&til=2", "fra=x&til=1", "fra=1", "fra=-1&til=1", f"fra=1&til={10**30}"],
)
def test_unknown_versions_are_refused(desk, initiative, query):
    response = desk.get(f"{url('initiative-compare', initiative.pk)}?{query}")
    assert response.status_code == 422
    assert response.context["form"].errors


def test_the_older_version_comes_first(desk, initiative):
    Initiative.objects.update(version=3)
    where = url("initiative-compare", initiative.pk)
    assert desk.get(f"{where}?fra=3&til=1").status_code == 422


def test_versions_of_others_are_not_there(login, make_user, initiative, other_facility):
    desk = login(make_user(Role.MANAGER, facility=other_facility))
    assert desk.get(url("initiative-compare", initiative.pk)).status_code == 404


def test_queries_stay_the_same(desk, initiative, department):
    pages = [
        initiative.get_absolute_url(),
        url("initiative-compare", initiative.pk),
        url("initiative-facilities", initiative.pk),
        url("initiative-copy", initiative.pk),
        url("initiative-new"),
    ]
    few = [_queries(desk, page) for page in pages]
    for number in range(2, 31):
        place = Facility.objects.create(
            department=department, name=f"Sted {number}", slug=f"sted-{number}"
        )
        initiative.facilities.add(place)
        FactorText.objects.create(initiative=initiative, factor="K", facility=place, text="Mad")
        initiative.changes.create(version=number, section="formaal", before="a", after="b")
    Initiative.objects.update(version=30)
    assert [_queries(desk, page) for page in pages] == few
    assert max(few) <= 8


def _queries(client, path) -> int:
    with CaptureQueriesContext(connection) as captured:
        assert client.get(path).status_code == 200
    return len(captured)
