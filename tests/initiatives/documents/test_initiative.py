"""The initiative as a document in the browser: reading, editing in place, conflicts, changes."""

import datetime as dt

import pytest
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from initiatives.documents.sections import SECTIONS
from initiatives.models import (
    AttentionPoint,
    EconomyLine,
    FactorText,
    Initiative,
    Policy,
    PolicyGoal,
    SectionChange,
    SuccessCriterion,
)
from krams.enums import Role
from krams.models import Department, Facility

HTMX = {"HX-Request": "true"}
CPR = "010203-1234"


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


def lines(slug, *rows, initial=0, version=1, **fields):
    """What the form of a section with lines sends."""
    prefix = f"{slug}-rows"
    data = {
        f"{slug}-version": version,
        f"{prefix}-TOTAL_FORMS": len(rows),
        f"{prefix}-INITIAL_FORMS": initial,
    }
    data |= {f"{slug}-{name}": value for name, value in fields.items()}
    for number, row in enumerate(rows):
        data |= {f"{prefix}-{number}-{name}": value for name, value in row.items()}
    return data


# --- Reading --------------------------------------------------------------------------------------


def test_the_document_has_its_sections_in_the_order_of_the_form(visit, initiative):
    html = visit.get(initiative.get_absolute_url()).content.decode()
    places = [html.index(f'<section id="{section.slug}"') for section in SECTIONS]
    assert places == sorted(places)
    assert all(str(section.question) in html for section in SECTIONS)
    edits = [reverse("initiatives:section-edit", args=[initiative.pk, s.slug]) for s in SECTIONS]
    assert all(html.count(f'hx-get="{edit}"') == 1 for edit in edits)


def test_an_expired_policy_is_pointed_out(visit, initiative, municipality):
    initiative.policy = Policy.objects.create(
        municipality=municipality, title="Politik 2019-2022", valid_until=dt.date(2022, 12, 31)
    )
    initiative.save()
    for path in (initiative.get_absolute_url(), reverse("initiatives:initiatives")):
        assert "Politik 2019-2022 er udløbet" in visit.get(path).content.decode()
    Policy.objects.update(valid_until=None)
    html = visit.get(initiative.get_absolute_url()).content.decode()
    assert "Politik 2019-2022" in html
    assert "udløbet" not in html


def test_a_facilitys_own_text_stands_under_its_factor(visit, initiative, facility):
    FactorText.objects.create(initiative=initiative, factor="K", text="Grønt")
    FactorText.objects.create(initiative=initiative, factor="K", facility=facility, text="Suppe")
    html = visit.get(initiative.get_absolute_url()).content.decode()
    description = html[html.index("Grønt") :]
    assert description.index("Bakkehuset") < description.index("Suppe")


def test_the_list_shows_only_what_the_person_may_see(visit, initiative, other_facility):
    Initiative.objects.create(department=other_facility.department, title="Fremmed")
    html = visit.get(reverse("initiatives:initiatives")).content.decode()
    assert "KRAMS for alle" in html
    assert "Fremmed" not in html


def fill(initiative, number):
    department = Department.objects.create(
        municipality=initiative.department.municipality, name=f"A{number}", slug=f"a{number}"
    )
    place = Facility.objects.create(department=department, name=f"B{number}", slug=f"b{number}")
    initiative.facilities.add(place)
    policy = Policy.objects.create(
        municipality=initiative.department.municipality, title=f"P{number}"
    )
    initiative.goals.add(PolicyGoal.objects.create(policy=policy, text=f"Mål {number}"))
    EconomyLine.objects.create(initiative=initiative, what=f"E{number}", facility=place)
    AttentionPoint.objects.create(initiative=initiative, text=f"O{number}")
    FactorText.objects.create(initiative=initiative, factor="K", facility=place, text="x")
    SuccessCriterion.objects.create(
        initiative=initiative, number=number, title=f"S{number}", short_title="S", factors="K"
    )
    SectionChange.objects.create(initiative=initiative, version=number + 1, section="formaal")
    Initiative.objects.create(department=department, title=f"I{number}")


@pytest.mark.parametrize(
    ("name", "section"),
    [
        ("initiatives", ""),
        ("initiative", ""),
        ("initiative-changes", ""),
        *(("section-edit", section.slug) for section in SECTIONS),
    ],
)
def test_queries_do_not_grow(
    client, make_user, municipality, initiative, django_assert_max_num_queries, name, section
):
    client.force_login(make_user(Role.MANAGER, authority=municipality))
    arguments = [] if name == "initiatives" else [initiative.pk, *([section] if section else [])]
    path = reverse(f"initiatives:{name}", args=arguments)
    fill(initiative, 1)
    client.get(path)
    with django_assert_max_num_queries(8) as few:
        assert client.get(path).status_code == 200
    for number in range(2, 31):
        fill(initiative, number)
    with CaptureQueriesContext(few.connection) as many:
        assert client.get(path).status_code == 200
    assert len(many) == len(few)


# --- Editing --------------------------------------------------------------------------------------


def test_edit_in_place(visit, initiative):
    path = edit_url(initiative)
    form = visit.get(path, headers=HTMX).content.decode()
    assert form.startswith('<section id="formaal"')
    assert "<html" not in form
    assert 'value="1"' in form
    answer = visit.post(path, purpose(**{"formaal-reason": "Ny viden"}), headers=HTMX)
    html = answer.content.decode()
    assert answer.status_code == 200
    assert html.startswith('<section id="formaal"')
    assert "Flere gode år." in html
    assert 'id="last-saved" hx-swap-oob' in html
    assert "Gemt: Formål." in html
    assert initiative.changes.get().reason == "Ny viden"


def test_edit_without_javascript(visit, initiative):
    path = edit_url(initiative)
    assert b"<html" in visit.get(path).content
    answer = visit.post(path, purpose())
    assert answer.status_code == 302
    assert answer.url == f"{initiative.get_absolute_url()}#formaal"
    assert "Gemt: Formål." in visit.get(answer.url).content.decode()


def test_cancel_brings_the_section_back(visit, initiative):
    path = reverse("initiatives:section", args=[initiative.pk, "formaal"])
    assert "Længere liv." in visit.get(path, headers=HTMX).content.decode()
    assert visit.get(path).url == f"{initiative.get_absolute_url()}#formaal"


def test_description_goals_and_dates(visit, initiative, municipality):
    policy = Policy.objects.create(municipality=municipality, title="Sundhed")
    goal = PolicyGoal.objects.create(policy=policy, text="Sunde valg")
    visit.post(
        edit_url(initiative, "indsats"),
        {"indsats-version": 1, "indsats-title": "Ny titel", "indsats-policy": policy.pk},
    )
    visit.post(
        edit_url(initiative, "maalsaetning"),
        {"maalsaetning-version": 2, "maalsaetning-goals": [goal.pk]},
    )
    visit.post(
        edit_url(initiative, "tidsplan"),
        {"tidsplan-version": 3, "tidsplan-starts_on": "01.01.2019", "tidsplan-timeline": "Løbende"},
    )
    initiative.refresh_from_db()
    assert (initiative.title, initiative.policy, initiative.version) == ("Ny titel", policy, 4)
    assert list(initiative.goals.all()) == [goal]
    assert initiative.starts_on == dt.date(2019, 1, 1)


def test_lines_are_added_changed_and_removed(visit, initiative, facility):
    path = edit_url(initiative, "oekonomi")
    rows = [
        {"what": "Svømmehal", "facility": facility.pk, "amount_dkk": "12.000"},
        {"what": "Fitness"},
        {"what": ""},
    ]
    assert visit.post(path, lines("oekonomi", *rows, economy="")).status_code == 302
    hall, gym = initiative.economy_lines.all()
    assert (hall.amount_dkk, hall.facility, gym.amount_dkk) == (12000, facility, None)
    rows = [
        {"id": hall.pk, "what": "Svømmehal", "DELETE": "on"},
        {"id": gym.pk, "what": "Fitnesscenter"},
    ]
    visit.post(path, lines("oekonomi", *rows, initial=2, version=2, economy=""))
    assert [line.what for line in initiative.economy_lines.all()] == ["Fitnesscenter"]


def test_more_empty_lines_without_saving(visit, initiative):
    path = edit_url(initiative, "opfoelgning")
    data = lines("opfoelgning", {"text": "Hold øje"}, follow_up="Husmøder")
    for headers in ({}, HTMX):
        html = visit.post(path, {**data, "more": "1"}, headers=headers).content.decode()
        assert html.count('<fieldset class="line">') == 3
        assert "Hold øje</textarea>" in html
        assert "Husmøder" in html
    assert not initiative.attention_points.exists()


# --- Conflicts ------------------------------------------------------------------------------------


@pytest.fixture
def colleague(make_user, department, initiative, client):
    """Another manager has saved the purpose since."""
    other = make_user(Role.MANAGER, department=department)
    client.force_login(other)
    client.post(edit_url(initiative), purpose("Et langt og godt liv."))
    return other


@pytest.mark.parametrize("headers", [HTMX, {}])
def test_a_stale_section_shows_both_texts(colleague, visit, initiative, headers):
    answer = visit.post(
        edit_url(initiative), purpose("Et langt og aktivt liv. <b>", 1), headers=headers
    )
    html = answer.content.decode()
    assert answer.status_code == 409
    assert "Et langt og <del>godt</del> liv." in html
    assert "<ins>aktivt</ins>" in html
    assert "&lt;b&gt;" in html
    assert str(colleague) in html
    assert ">\nEt langt og aktivt liv. &lt;b&gt;</textarea>" in html
    assert 'name="formaal-version" value="2"' in html
    assert ("<html" in html) == (not headers)
    initiative.refresh_from_db()
    assert initiative.purpose == "Et langt og godt liv."


def test_after_the_conflict_mine_can_be_saved(colleague, visit, initiative):
    assert visit.post(edit_url(initiative), purpose("Mit", 1)).status_code == 409
    assert visit.post(edit_url(initiative), purpose("Mit", 2)).status_code == 302
    initiative.refresh_from_db()
    assert initiative.purpose == "Mit"


def test_another_section_does_not_conflict(colleague, visit, initiative):
    data = {"aktoerer-version": 1, "aktoerer-actors": "Personalet"}
    assert visit.post(edit_url(initiative, "aktoerer"), data).status_code == 302


def test_lines_conflict_too_and_nothing_typed_is_lost(visit, initiative):
    path = edit_url(initiative, "opfoelgning")
    visit.post(path, lines("opfoelgning", {"text": "Deres punkt"}, follow_up=""))
    answer = visit.post(path, lines("opfoelgning", {"text": "Mit punkt"}, follow_up=""))
    html = answer.content.decode()
    assert answer.status_code == 409
    assert "<del>Deres</del>" in html
    assert "Mit punkt</textarea>" in html


def test_the_form_sent_twice_is_saved_once(visit, initiative):
    for _time in range(2):
        assert visit.post(edit_url(initiative), purpose()).status_code == 302
    assert initiative.changes.count() == 1


# --- Who may --------------------------------------------------------------------------------------


def test_others_get_404(client, make_user, initiative, other_facility):
    client.force_login(make_user(Role.MANAGER, department=other_facility.department))
    own = Initiative.objects.create(department=other_facility.department, title="Egen")
    for name in ("initiative", "initiative-changes"):
        path = reverse(f"initiatives:{name}", args=[initiative.pk])
        assert client.get(path).status_code == 404
    assert client.get(edit_url(initiative)).status_code == 404
    assert client.post(edit_url(initiative), purpose()).status_code == 404
    read = reverse("initiatives:section", args=[initiative.pk, "formaal"])
    assert client.get(read, headers=HTMX).status_code == 404
    # A foreign key in the body reaches nothing either.
    client.post(edit_url(own), purpose(initiative=initiative.pk, pk=initiative.pk))
    initiative.refresh_from_db()
    assert initiative.purpose == "Længere liv."


@pytest.mark.parametrize("role", [Role.STAFF, Role.VIEWER])
def test_staff_and_viewers_read_and_do_not_edit(client, make_user, initiative, facility, role):
    client.force_login(make_user(role, facility=facility))
    html = client.get(initiative.get_absolute_url()).content.decode()
    assert "Længere liv." in html
    assert "/rediger/" not in html
    assert client.get(edit_url(initiative)).status_code == 403
    assert client.post(edit_url(initiative), purpose(), headers=HTMX).status_code == 403
    initiative.refresh_from_db()
    assert initiative.purpose == "Længere liv."


def test_goals_policies_and_facilities_of_others_are_refused(
    visit, initiative, other_municipality, other_facility
):
    policy = Policy.objects.create(municipality=other_municipality, title="Fremmed")
    goal = PolicyGoal.objects.create(policy=policy, text="Fremmed")
    for slug, data in (
        ("indsats", {"indsats-version": 1, "indsats-title": "T", "indsats-policy": policy.pk}),
        ("maalsaetning", {"maalsaetning-version": 1, "maalsaetning-goals": [goal.pk]}),
        ("oekonomi", lines("oekonomi", {"what": "x", "facility": other_facility.pk})),
    ):
        assert visit.post(edit_url(initiative, slug), data).status_code == 422
    initiative.refresh_from_db()
    assert initiative.version == 1


# --- Bad input ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (f"Ring til {CPR} om det", "CPR"),
        ("Nul \x00 tegn", "styretegn"),
        ("Klokke \x07", "styretegn"),
        ("x" * 10_001, "10001"),
    ],
)
@pytest.mark.parametrize("headers", [HTMX, {}])
def test_bad_text_is_refused_and_kept(visit, initiative, text, message, headers):
    answer = visit.post(edit_url(initiative), purpose(text), headers=headers)
    html = answer.content.decode()
    assert answer.status_code == 422
    assert message in html
    assert text.split()[0] in html
    if CPR in text:
        assert html.count(CPR) == 1, "the number stands in the field only, not in the message"
    initiative.refresh_from_db()
    assert initiative.version == 1


@pytest.mark.parametrize("version", [None, "", "abc", "10" * 30, "-1", "1.5"])
def test_a_bad_version_is_422_with_the_text_kept(visit, initiative, version):
    data = purpose("Min tekst", version)
    if version is None:
        del data["formaal-version"]
    answer = visit.post(edit_url(initiative), data)
    assert answer.status_code == 422
    assert "Min tekst" in answer.content.decode()


@pytest.mark.parametrize(
    ("slug", "data"),
    [
        ("indsats", {"indsats-title": ""}),
        ("indsats", {"indsats-title": "   "}),
        ("indsats", {"indsats-title": "x" * 201}),
        ("indsats", {"indsats-title": "to\nlinjer"}),
        ("tidsplan", {"tidsplan-starts_on": "31-02-2026"}),
        ("tidsplan", {"tidsplan-starts_on": "01.01.0001"}),
        ("tidsplan", {"tidsplan-starts_on": "01.01.2027", "tidsplan-ends_on": "01.01.2026"}),
        ("oekonomi", lines("oekonomi", {"what": "", "amount_dkk": "100"})),
        ("oekonomi", lines("oekonomi", {"what": "x", "amount_dkk": "12,50"})),
        ("oekonomi", lines("oekonomi", {"what": "x", "amount_dkk": "-1"})),
        ("oekonomi", lines("oekonomi", {"what": "x", "amount_dkk": "1" * 18})),
        ("oekonomi", lines("oekonomi", {"what": "x", "amount_dkk": "NaN"})),
        ("oekonomi", lines("oekonomi", {"what": CPR})),
        ("oekonomi", lines("oekonomi", {"what": "x", "facility": "abc"})),
        ("oekonomi", {"oekonomi-economy": "uden linjer"}),
        ("oekonomi", {"oekonomi-rows-TOTAL_FORMS": "abc", "oekonomi-rows-INITIAL_FORMS": "-1"}),
        ("opfoelgning", lines("opfoelgning", {"text": "x", "factor": "X"})),
        ("opfoelgning", lines("opfoelgning", {"text": "x", "follow_up_on": "32.01.2026"})),
        ("opfoelgning", lines("opfoelgning", {"text": "x", "closed_on": "01.01.2090"})),
        ("succeskriterier", lines("succeskriterier", {"title": "x", "short_title": "x"})),
        ("opfoelgning", lines("opfoelgning", *[{"text": "x"}] * 61)),
    ],
)
def test_bad_fields_are_422(visit, initiative, slug, data):
    answer = visit.post(edit_url(initiative, slug), {f"{slug}-version": 1, **data})
    assert answer.status_code == 422
    assert b"error-summary" in answer.content
    initiative.refresh_from_db()
    assert initiative.version == 1


def test_a_criterion_that_is_sent_twice_is_one_and_a_new_one(visit, initiative):
    row = {"title": "Flere går ture", "short_title": "Ture", "factors": "M"}
    first = lines("succeskriterier", row)
    assert visit.post(edit_url(initiative, "succeskriterier"), first).status_code == 302
    row["id"] = str(initiative.criteria.get().pk)
    twice = lines("succeskriterier", row, row | {"title": "To"}, initial=1, version=2)
    assert visit.post(edit_url(initiative, "succeskriterier"), twice).status_code == 302
    found = initiative.criteria.order_by("number").values_list("number", "title")
    assert [*found] == [(1, "Flere går ture"), (2, "To")]


@pytest.mark.parametrize("total", ["0", "1", "-3", "abc", ""])
def test_a_wrong_count_of_lines_loses_none(visit, initiative, total):
    rows = [{"what": f"Post {number}"} for number in range(4)]
    data = lines("oekonomi", *rows) | {"oekonomi-rows-TOTAL_FORMS": total}
    answer = visit.post(edit_url(initiative, "oekonomi"), data)
    if answer.status_code == 422:
        html = answer.content.decode()
        assert [row["what"] for row in rows if row["what"] not in html] == []
    else:
        saved = initiative.economy_lines.order_by("pk").values_list("what", flat=True)
        assert list(saved) == [row["what"] for row in rows]


@pytest.mark.parametrize("text", ["<b>fed</b>", "\"citat\" & 'andet'", "👩‍👩‍👧 og 🚶", "שלום עולם"])
def test_any_honest_text_is_kept_as_it_is(visit, initiative, text):
    visit.post(edit_url(initiative), purpose(text))
    initiative.refresh_from_db()
    assert initiative.purpose == text
    for name in ("initiative", "initiative-changes"):
        html = visit.get(reverse(f"initiatives:{name}", args=[initiative.pk])).content.decode()
        assert "<b>fed" not in html


def test_unknown_sections_and_pages_are_404(visit, initiative):
    assert visit.get(edit_url(initiative, "findes-ikke")).status_code == 404
    assert visit.get(f"/indsatser/{10**30}/").status_code == 404
    changes = reverse("initiatives:initiative-changes", args=[initiative.pk])
    for place in ("-1", "abc", "1~1", str(10**30)):
        assert visit.get(changes, {"foer": place}).status_code == 404
        assert visit.get(changes, {"efter": place}).status_code == 404
    assert visit.get(changes).status_code == 200
