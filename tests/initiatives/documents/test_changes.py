"""Who changed which section when."""

import pytest
from django.urls import reverse

from initiatives.models import Initiative, SectionChange
from krams.enums import Role


@pytest.fixture
def initiative(department, facility):
    initiative = Initiative.objects.create(
        department=department, title="KRAMS for alle", purpose="Længere liv."
    )
    initiative.facilities.add(facility)
    return initiative


@pytest.fixture
def manager(make_user, department):
    return make_user(Role.MANAGER, department=department)


@pytest.fixture
def visit(login, manager):
    return login(manager)


def edit_url(initiative, slug="formaal"):
    return reverse("initiatives:section-edit", args=[initiative.pk, slug])


def purpose(text="Flere gode år.", version=1, **more):
    return {"formaal-version": version, "formaal-purpose": text, **more}


def test_changes_say_who_what_and_why_newest_first(visit, manager, initiative):
    visit.post(edit_url(initiative), purpose("Længere og bedre liv.", **{"formaal-reason": "Møde"}))
    visit.post(
        edit_url(initiative, "aktoerer"), {"aktoerer-version": 2, "aktoerer-actors": "Personalet"}
    )
    html = visit.get(
        reverse("initiatives:initiative-changes", args=[initiative.pk])
    ).content.decode()
    assert html.index("Aktører") < html.index("Formål</a>")
    assert "Længere <ins>og bedre </ins>liv." in html
    assert "<ins>Personalet</ins>" in html
    assert "Begrundelse: Møde" in html
    assert str(manager) in html


def test_changes_come_thirty_a_page(visit, initiative):
    SectionChange.objects.bulk_create(
        SectionChange(initiative=initiative, version=number, section="formaal", after=f"t{number}")
        for number in range(1, 32)
    )
    path = reverse("initiatives:initiative-changes", args=[initiative.pk])
    first = visit.get(path)
    assert first.content.decode().count('<li id="v') == 30
    older = first.context["pages"].older
    assert older == "?foer=2"
    last = visit.get(path + older)
    assert last.content.decode().count('<li id="v') == 1
    back = visit.get(path + last.context["pages"].newer)
    # Thirty are newer than the last one, and none is newer than those.
    assert [one["change"].version for one in back.context["entries"]] == list(range(31, 1, -1))
    assert back.context["pages"].newest == ""
    assert "Der er ikke noget på denne side." in visit.get(path, {"foer": 1}).content.decode()
