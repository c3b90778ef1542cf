"""Themes of efforts, and the KRAMS initiative that an effort is: chosen, kept, shown, filtered."""

import datetime as dt
import gzip
import re

import pytest
from django.urls import reverse
from django.utils import timezone

from clusters.access import get_sheet
from clusters.editions.content import freeze, thaw
from clusters.editions.differences import compare
from clusters.matrix.actions import new_themes
from clusters.matrix.queries.read_matrix import read_matrix
from clusters.models import Effort, Position, Theme
from initiatives.enums import InitiativeStatus, Outcome
from initiatives.models import Activity, ActivityType, Initiative, PlannedActivity
from krams.models import Department

from ..conftest import cell_data, cell_path, matrix_path, partial

pytestmark = pytest.mark.django_db


def text_of(response) -> str:
    return response.content.decode()


@pytest.fixture
def themes(db):
    return [Theme.objects.create(name=name, slug=slug) for name, slug in
            (("Rygestop", "rygestop"), ("Lær at tackle", "laer-at-tackle"))]  # fmt: skip


@pytest.fixture
def initiative(department):
    return Initiative.objects.create(
        department=department, title="Sund <b>hverdag", status=InitiativeStatus.ACTIVE
    )


@pytest.fixture
def path(rows, municipality):
    return cell_path(rows[0], municipality)


def test_an_effort_keeps_known_themes_and_a_new_one(login, editor, rows, path, themes):
    client = login(editor)
    line = {"text": "Kursus", "themes": [themes[0].pk], "new_theme": "  Ærø på   cykel "}
    assert client.post(path, cell_data(rows[0], line)).status_code == 302
    effort = Effort.objects.get()
    assert {theme.name for theme in effort.themes.all()} == {"Rygestop", "Ærø på cykel"}
    page = text_of(client.get(path))
    assert page.count("checked") >= 3  # Two themes and the proposal.
    # The same form once more, and the name in another spelling: still three themes.
    assert client.post(path, cell_data(rows[0], line)).status_code == 302
    assert effort.history.count() == 1
    line = {"effort": effort.pk, "text": "Kursus", "new_theme": "LAER AT TACKLE"}
    line["new_theme"] = "LÆR AT TACKLE"
    assert client.post(path, cell_data(rows[0], line, version=1)).status_code == 302
    assert [theme.name for theme in effort.themes.all()] == ["Lær at tackle"]
    assert Theme.objects.count() == 3
    effort.refresh_from_db()
    assert effort.version == 2


@pytest.mark.parametrize(
    "wrong", [{"themes": ["x"]}, {"themes": [10**9]}, {"new_theme": "x" * 81}, {"new_theme": "a"},
              {"initiative": "x"}, {"initiative": 10**9}],
)  # fmt: skip
def test_what_no_theme_and_no_initiative_can_be(login, editor, rows, path, themes, wrong):
    response = login(editor).post(path, cell_data(rows[0], {"text": "Kursus", **wrong}))
    assert response.status_code == 422
    assert "Kursus" in text_of(response)
    assert not Effort.objects.exists()
    assert Theme.objects.count() == 2


def test_a_theme_that_two_columns_make_at_once_is_one(login, editor, rows, path, monkeypatch):
    free_slug = new_themes._free_slug

    def slug_after_the_other(name):
        slug = free_slug(name)
        Theme.objects.create(name=name.upper(), slug=slug)
        return slug

    monkeypatch.setattr(new_themes, "_free_slug", slug_after_the_other)
    line = {"text": "Kursus", "new_theme": "Rygestop"}
    assert login(editor).post(path, cell_data(rows[0], line)).status_code == 302
    assert [theme.name for theme in Effort.objects.get().themes.all()] == ["RYGESTOP"]


def test_two_names_alike_in_letters_get_addresses_of_their_own(login, editor, rows, path, themes):
    first = {"text": "Kursus", "new_theme": "Rygestop!"}
    assert login(editor).post(path, cell_data(rows[0], first)).status_code == 302
    assert Theme.objects.count() == len(set(Theme.objects.values_list("slug", flat=True)))


def test_an_effort_is_an_initiative_of_the_own_municipality(
    login, editor, coordinator, rows, path, initiative, other_municipality, municipality
):
    client = login(editor)
    assert "Sund &lt;b&gt;hverdag" in text_of(client.get(path))
    elsewhere = Department.objects.create(
        municipality=other_municipality, name="Botilbud", slug="botilbud"
    )
    foreign = Initiative.objects.create(department=elsewhere, title="Fremmed")
    line = {"text": "Kursus", "initiative": foreign.pk}
    assert client.post(path, cell_data(rows[0], line)).status_code == 422
    # A coordinator may write in the column, but does not see the municipality's initiatives.
    line = {"text": "Kursus", "initiative": initiative.pk}
    assert login(coordinator).post(path, cell_data(rows[0], line)).status_code == 422
    assert not Effort.objects.exists()
    assert login(editor).post(path, cell_data(rows[0], line)).status_code == 302
    effort = Effort.objects.get()
    assert effort.initiative == initiative
    # Who may not see it keeps it all the same when something else is changed.
    line = {"effort": effort.pk, "text": "Nyt", "initiative": initiative.pk}
    client = login(coordinator)
    page = text_of(client.get(path))
    assert "hverdag" not in page
    assert f'value="{initiative.pk}" selected' in page
    assert client.post(path, cell_data(rows[0], line, version=1)).status_code == 302
    effort.refresh_from_db()
    assert (effort.text, effort.initiative) == ("Nyt", initiative)


def test_the_cell_shows_state_and_whether_it_holds_and_a_link_only_to_who_may_see(
    login, editor, coordinator, rows, cluster, answer, initiative, facility
):  # fmt: skip
    answer(rows[0], "Kursus", initiative=initiative)
    today = timezone.localdate()
    plan = PlannedActivity.objects.create(
        facility=facility,
        activity_type=ActivityType.objects.create(
            municipality=facility.department.municipality, name="Gåtur", factors="M"
        ),
        factors="M",
        initiative=initiative,
        weekdays="1",
        starts_on=today - dt.timedelta(weeks=20),
    )
    client = login(editor)
    html = text_of(client.get(matrix_path(cluster))).split('<table class="mx')[1]
    assert initiative.get_absolute_url() in html
    assert str(InitiativeStatus.ACTIVE.label) in html
    assert "Ved vi ikke" in html
    monday = today - dt.timedelta(days=today.weekday())
    for week in range(1, 20):
        Activity.objects.create(
            facility=facility,
            activity_type=plan.activity_type,
            planned_activity=plan,
            factors="M",
            held_on=monday - dt.timedelta(weeks=week),
            outcome=Outcome.HELD,
        )
    client = login(coordinator)
    page = text_of(client.get(matrix_path(cluster)))
    html = page.split('<table class="mx')[1]
    assert "i-down" not in html
    assert initiative.get_absolute_url() not in html
    assert "hverdag" not in html
    assert 'class="cited"' in html


def test_the_history_names_the_themes_that_came_and_went(login, editor, rows, path, themes):
    client = login(editor)
    line = {"text": "Kursus", "themes": [themes[0].pk]}
    client.post(path, cell_data(rows[0], line))
    effort = Effort.objects.get()
    line = {"effort": effort.pk, "text": "Kursus", "themes": [themes[1].pk], "new_theme": "Æbler"}
    assert client.post(path, cell_data(rows[0], line, version=1)).status_code == 302
    client.post(path, cell_data(rows[0], {**line, "remove": "on"}, version=2))
    undo = path + "fortryd/"
    assert client.post(undo, {"v": f"{rows[0].pk}:3"}).status_code == 302
    told = list(effort.history.order_by("pk").values_list("theme_text", flat=True))
    assert told == ["Rygestop", *["Lær at tackle, Æbler"] * 3]
    page = text_of(client.get(reverse("history", args=["skemaindsats", effort.pk])))
    assert page.count("<dt>Temaer</dt>") == 2
    assert re.search(r"<del>.*?</span>Rygestop</del> <ins>.*?</span>Lær at tackle, Æbler", page)


def test_themes_and_age_choose_proposals_and_the_hits_are_marked(
    login, coordinator, rows, cluster, answer, themes
):
    [course] = answer(rows[0], "Kursus")
    course.themes.add(themes[0])
    answer(rows[1], "Madklub")
    answer(rows[2], "Værested")
    today = timezone.localdate()
    Position.objects.filter(proposal=rows[0]).update(confirmed_on=today)
    Position.objects.filter(proposal=rows[1]).update(confirmed_on=dt.date(2024, 1, 1))
    client = login(coordinator)

    def shown(query):
        response = client.get(matrix_path(cluster) + query)
        html = text_of(response)
        return response.status_code, [row.number for row in rows if f'id="f{row.pk}"' in html], html

    status, found, html = shown("?tema=rygestop")
    assert (status, found) == (200, [1])
    assert "<mark>Kursus</mark>" in html
    assert shown("?gammel=0")[1] == [1]
    assert shown("?gammel=1")[1] == [2, 3]
    assert shown("?gammel=aldrig")[1] == [3]
    assert shown("?tema=rygestop&gammel=1")[1] == []
    # A theme that nothing in this cluster has is no choice.
    for wrong in ("?tema=laer-at-tackle", "?tema=x", "?gammel=2"):
        status, found, html = shown(wrong)
        assert (status, len(found)) == (422, 6), wrong


def test_an_edition_keeps_themes_and_the_name_of_the_initiative(
    editor, rows, cluster, answer, themes, initiative
):
    [course] = answer(rows[0], "Kursus", initiative=initiative)
    course.themes.add(themes[0])
    today = timezone.localdate()

    def now():
        return read_matrix(get_sheet(editor, cluster.slug))

    content = freeze(cluster, now(), today)
    assert content["efforts"][0]["themes"] == ["Rygestop"]
    assert content["efforts"][0]["initiative"] == "Sund <b>hverdag"
    assert not compare(thaw(content), now())
    course.themes.add(themes[1])
    initiative.title = "Nyt navn"
    initiative.save()
    [change] = compare(thaw(content), now()).cells
    assert "<ins>" in change.lines[0].inline
    assert (
        "Sund &lt;b&gt;hverdag" in change.lines[0].inline
        or "&lt;b&gt;hverdag" in change.lines[0].inline
    )
    # An edition from before there were themes in it: readable, and no difference on that account.
    for name in ("themes", "initiative"):
        del content["efforts"][0][name]
    old = thaw(content)
    assert old.rows[0].cells[0].lines[0].effort.text == "Kursus"
    assert not compare(old, now())


def test_a_cell_with_all_of_it_still_comes_back_small(
    login, editor, rows, path, themes, initiative
):
    lines = [
        {"text": f"Kursus {n}", "themes": [themes[0].pk], "initiative": initiative.pk}
        for n in range(3)
    ]
    response = login(editor).post(path, cell_data(rows[0], *lines), **partial())
    assert response.status_code == 200
    assert len(gzip.compress(response.content)) <= 3000
