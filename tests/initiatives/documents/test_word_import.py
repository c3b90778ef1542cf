"""An initiative from Word: what is read, what differs, what is saved, and the round trip."""

import datetime as dt
import io
import uuid

import docx
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.http import QueryDict
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import translation
from docx.oxml.ns import qn
from hypothesis import given
from hypothesis import strategies as st

from initiatives.documents.comparing import Found, Names, local_texts, propose
from initiatives.documents.document import Document, Line
from initiatives.documents.form_reading import read_form
from initiatives.documents.queries.document import no_lines, read_document
from initiatives.documents.section_reading import read_sections
from initiatives.documents.sections import (
    ATTENTION,
    CRITERIA,
    ECONOMY,
    FACTORS,
    GOALS,
    SECTIONS,
)
from initiatives.documents.word_form import as_content
from initiatives.enums import FACTOR_SETS, Factor
from initiatives.models import FactorText, Initiative, Policy, PolicyGoal
from krams.danish.normal_form import tidy
from krams.documents.word import as_docx
from krams.documents.word_reading import read_docx
from krams.enums import Role
from krams.models import Authority, Department, Facility
from tests.demo import Answer

from ..making_criteria import make_criterion, make_initiative

TODAY = dt.date(2026, 11, 21)
TEXTS = ("introduction", "purpose", "target_group", "actors", "timeline", "economy")
MORE_TEXTS = ("criteria_note", "follow_up")

# Letters, signs and words that the portal itself writes into the paper.
ALPHABET = "abcæøåÆØÅéü 123().,:;–-•\"'&<>%=+@\t\u00a0\u00ad"
PIECES = st.sampled_from(
    [
        *("K: ", "R – Rygning: ", "Kost:", "Start: ", "Slut: 1.1.2027", "Politik: Ny", "1. ", "• "),
        *("(K, M)", ": 500 kr. om året", ": intet beløb oplyst", "(følg op den 1.2.2027)"),
        *("Bakkehuset: ", "Formål", "(Hvorfor skal den gennemføres?)", "Ikke udfyldt endnu."),
    ]
)
WORDS = st.lists(st.one_of(st.text(ALPHABET, max_size=12), PIECES), max_size=6).map("".join)
LINES = WORDS.map(tidy)
SOME_LINE = LINES.filter(bool)
FREE = st.lists(WORDS, max_size=4).flatmap(
    lambda parts: st.sampled_from(["\n", "\n\n", "\n \n\n"]).map(lambda joint: joint.join(parts))
)
DAYS = st.none() | st.dates(dt.date(2015, 1, 1), dt.date(2035, 12, 31))
PLACES = [Facility(pk=7, name="Bakkehuset"), Facility(pk=8, name="Engen (nord)")]


def line(kind, pk, **values) -> Line:
    names = dict.fromkeys(Line.__slots__) | {"short": "", "factors": "", "position": pk}
    return Line(**names | {"kind": kind, "pk": pk} | values)


@st.composite
def documents(draw) -> Document:
    municipality = Authority(pk=1, name="Nordby", official_name="Nordby Kommune")
    policy = Policy(pk=3, title=draw(SOME_LINE), municipality=municipality)
    starts_on, ends_on = draw(DAYS), draw(DAYS)
    initiative = Initiative(
        pk=1,
        department=Department(pk=2, name="Socialpsykiatrien", municipality=municipality),
        title=draw(SOME_LINE),
        policy=draw(st.sampled_from([None, policy])),
        starts_on=starts_on,
        ends_on=ends_on,
        **{name: draw(FREE) for name in (*TEXTS, *MORE_TEXTS)},
    )
    lines = no_lines()
    goals = draw(st.lists(SOME_LINE, max_size=3, unique_by=lambda text: tidy(text).casefold()))
    lines[GOALS] = [line(GOALS, pk, text=text) for pk, text in enumerate(goals, 1)]
    for letter in Factor.values:
        lines[FACTORS].append(line(FACTORS, 1, text=draw(FREE), factors=letter))
        for place in PLACES:
            named = {"place": place.pk, "place_name": place.name, "factors": letter}
            lines[FACTORS].append(line(FACTORS, 1, text=draw(FREE), **named))
    for pk in range(1, draw(st.integers(1, 4))):
        place = draw(st.sampled_from([None, *PLACES]))
        lines[ECONOMY].append(
            line(
                ECONOMY,
                pk,
                text=draw(SOME_LINE),
                place=place and place.pk,
                place_name=place and place.name,
                amount=draw(st.none() | st.integers(0, 2_000_000_000)),
            )
        )
        named = {"short": draw(SOME_LINE), "factors": draw(st.sampled_from(FACTOR_SETS))}
        lines[CRITERIA].append(line(CRITERIA, pk, text=draw(SOME_LINE), **named))
        lines[ATTENTION].append(
            line(
                ATTENTION,
                pk,
                text=draw(SOME_LINE),
                factors=draw(st.sampled_from(["", *Factor.values])),
                due=draw(DAYS),
                closed=draw(DAYS),
            )
        )
    return Document(initiative, lines)


@given(documents(), st.sampled_from(["da", "en"]))
def test_the_way_through_word_changes_nothing(document, language):
    with translation.override(language):
        paper = as_docx(as_content(document))
    form = read_form(read_docx(paper))
    assert form.is_ours
    assert form.unplaced == []
    read = read_sections(form, TODAY)
    goals = [PolicyGoal(pk=goal.pk, text=goal.text) for goal in document.goals]
    mine = document.initiative.policy
    names = Names([mine] if mine else [], goals, PLACES)
    document.writable = PLACES
    for section in SECTIONS:
        proposed = propose(section, read[section.slug], document, names)
        assert proposed.state == Found.SAME, (proposed.before, proposed.after)
        assert proposed.unplaced == []
    unplaced = []
    assert local_texts(read["beskrivelse"], document, unplaced) == []
    assert unplaced == []


@pytest.fixture
def initiative(department, facility):
    policy = Policy.objects.create(municipality=department.municipality, title="Sundhedspolitik")
    made = make_initiative(department, facility, purpose="Et godt liv.", policy=policy)
    PolicyGoal.objects.create(policy=policy, text="Flere bevæger sig")
    make_criterion(made)
    return made


@pytest.fixture
def desk(login, make_user, department):
    return login(make_user(Role.MANAGER, department=department))


@pytest.fixture
def url(initiative):
    return reverse("initiatives:initiative-word", args=[initiative.pk])


def paper(*rows, extra=()) -> bytes:
    """A form of two columns as another municipality would write it."""
    file = docx.Document()
    for text in extra:
        file.add_paragraph(text)
    table = file.add_table(rows=0, cols=2)
    for left, right in rows:
        cells = table.add_row().cells
        cells[0].text, cells[1].text = left, right
    output = io.BytesIO()
    file.save(output)
    return output.getvalue()


def upload(client, url, content, name="indsats.docx", **more):
    return client.post(url, {"file": SimpleUploadedFile(name, content), **more})


def answers(response, **changed) -> QueryDict:
    """What the preview sends when the button is pressed."""
    preview = response.context["preview"]
    data = QueryDict(mutable=True)
    data["besluttet"] = "1"
    for one in preview.to_decide:
        data[f"valg-{one.slug}-choice"] = one.choice["choice"].value()
        for name, values in one.form.data.lists():
            data.setlist(name, values)
    data.setlist("uplaceret", preview.unplaced)
    data.update(changed)
    return data


def send(client, url, data):
    return client.post(url, data.urlencode(), content_type="application/x-www-form-urlencoded")


def states(response) -> dict[str, str]:
    return {one.slug: one.state.value for one in response.context["preview"].sections}


FORM = [
    ("Indsats:", "Krop og sind"),
    ("Beskrivelse", "Vi går ture.\n\nK: Grønt på bordet\nKost er mere.\n\nMotion: Tur hver dag"),
    ("Formål", "Et bedre liv."),
    ("Målgrupper", "Alle beboere"),
    ("Tidsplan", "Fra nytår"),
    ("Bilag", "Se vedlagte"),
]


def test_a_paper_is_shown_section_by_section_and_then_saved(desk, url, initiative):
    shown = upload(desk, url, paper(*FORM, extra=["Udkast"]))
    assert shown.status_code == 200
    found = states(shown)
    assert found["indsats"] == found["formaal"] == "changed"
    assert found["beskrivelse"] == found["maalgruppe"] == "new"
    assert found["succeskriterier"] == "missing"
    assert "Bilag | Se vedlagte" in shown.context["preview"].unplaced
    assert "Udkast" in shown.context["preview"].unplaced
    assert b"<del>godt</del>" in shown.content
    initiative.refresh_from_db()
    assert initiative.purpose == "Et godt liv."
    data = answers(shown)
    data["valg-indsats-choice"] = "spring"
    data["maalgruppe-target_group"] = "Alle, også gæster"
    assert send(desk, url, data).status_code == 302
    initiative.refresh_from_db()
    assert (initiative.title, initiative.purpose) == ("KRAMS", "Et bedre liv.")
    assert initiative.target_group == "Alle, også gæster"
    assert initiative.introduction == "Vi går ture."
    texts = dict(initiative.factor_texts.values_list("factor", "text"))
    assert texts["K"] == "Grønt på bordet\nKost er mere."
    assert texts["M"] == "Tur hver dag"
    changes = initiative.changes.filter(section="formaal")
    assert [change.reason for change in changes] == ["Indlæst fra Word"]
    # Sent twice it is saved once.
    before = initiative.version
    assert send(desk, url, data).status_code in (302, 409)
    initiative.refresh_from_db()
    assert initiative.version == before


def test_where_nothing_was_chosen_nothing_is_said_to_be_taken_in(desk, url, initiative):
    data = answers(upload(desk, url, paper(*FORM)))
    for name in [name for name in data if name.endswith("-choice")]:
        data[name] = "spring"
    before = initiative.version
    answer = send(desk, url, data)
    assert answer.status_code == 302
    assert "Intet var valgt, så intet er ændret." in desk.get(answer["Location"]).content.decode()
    initiative.refresh_from_db()
    assert initiative.version == before


def test_our_own_paper_changes_nothing(desk, url, initiative):
    exported = desk.get(reverse("initiatives:initiative-file", args=[initiative.pk, "docx"]))
    shown = upload(desk, url, exported.content)
    assert set(states(shown).values()) == {"same"}
    assert shown.context["preview"].to_decide == []


def test_names_in_the_paper_are_found_or_told(desk, url, initiative, facility):
    rows = [
        ("Målsætning", "flere bevæger sig\n\nFlere synger"),
        ("Økonomiske konsekvenser", "Frugt (Bakkehuset): 1.200 kr. om året"),
    ]
    file = docx.Document(io.BytesIO(paper(*rows)))
    for row in file.tables[0].rows:
        for paragraph in row.cells[1].paragraphs:
            paragraph.style = file.styles["List Bullet"]
    output = io.BytesIO()
    file.save(output)
    shown = upload(desk, url, output.getvalue())
    assert "Målsætning: Flere synger" in " ".join(shown.context["preview"].unplaced) or (
        "Flere synger" in " ".join(shown.context["preview"].unplaced)
    )
    assert send(desk, url, answers(shown)).status_code == 302
    line = initiative.economy_lines.get()
    assert (line.what, line.facility, line.amount_dkk) == ("Frugt", facility, 1200)


def test_a_section_changed_meanwhile_is_shown_and_nothing_is_saved(desk, url, initiative):
    data = answers(upload(desk, url, paper(*FORM)))
    edit = reverse("initiatives:section-edit", args=[initiative.pk, "formaal"])
    form = {"formaal-version": initiative.version, "formaal-purpose": "Noget tredje."}
    assert desk.post(edit, form).status_code == 302
    again = send(desk, url, data)
    assert again.status_code == 409
    initiative.refresh_from_db()
    assert (initiative.title, initiative.purpose) == ("KRAMS", "Noget tredje.")
    assert send(desk, url, answers(again)).status_code == 302
    initiative.refresh_from_db()
    assert (initiative.title, initiative.purpose) == ("Krop og sind", "Et bedre liv.")


def test_what_is_wrong_is_told_with_everything_that_was_decided(desk, url, initiative):
    data = answers(upload(desk, url, paper(*FORM, extra=["Udkast"])))
    data["formaal-purpose"] = "Ring til 010190-1234"
    response = send(desk, url, data)
    assert response.status_code == 422
    assert "Udkast" in response.context["preview"].unplaced
    assert b"Krop og sind" in response.content
    initiative.refresh_from_db()
    assert initiative.purpose == "Et godt liv."


def test_a_cpr_number_is_not_read_and_not_repeated(desk, url):
    rows = [("Formål", "Ring til 010190-1234"), ("Målgruppe", "Alle"), ("Bilag", "0101901234")]
    shown = upload(desk, url, paper(*rows, extra=["010190 1234"]))
    assert shown.status_code == 200
    unplaced = shown.context["preview"].unplaced
    assert sum("CPR" in text for text in unplaced) == 3
    assert any(text.startswith("Formål: ") for text in unplaced)
    for number in (b"010190-1234", b"0101901234", b"010190 1234"):
        assert number not in shown.content


def test_a_criterion_that_the_paper_lacks_stays(desk, url, initiative):
    make_criterion(initiative, 2)
    table = ("Målbare succeskriterier", "1. Kriterium nr. 1 (M)")
    shown = upload(desk, url, paper(table))
    assert states(shown)["succeskriterier"] == "same"
    shown = upload(desk, url, paper(("Målbare succeskriterier", "1. Flere går ture (M, S)")))
    assert send(desk, url, answers(shown)).status_code == 302
    first, second = initiative.criteria.order_by("number")
    assert (first.title, first.short_title, first.factors) == ("Flere går ture", "Kort 1", "MS")
    assert (second.title, second.retired) == ("Kriterium nr. 2", False)


def test_tracked_changes_are_read_as_accepted_and_told(desk, url, initiative):
    file = docx.Document(io.BytesIO(paper(("Formål", "Et godt"))))
    paragraph = file.tables[0].rows[0].cells[1].paragraphs[0]
    inserted = paragraph._p.makeelement(qn("w:ins"), {qn("w:id"): "1", qn("w:author"): "x"})
    inserted.append(paragraph.add_run(" og langt liv")._r)
    paragraph._p.append(inserted)
    output = io.BytesIO()
    file.save(output)
    shown = upload(desk, url, output.getvalue())
    assert shown.context["preview"].remarks
    [one] = shown.context["preview"].to_decide
    assert "og langt liv" in one.form.data["formaal-purpose"]


def test_what_stands_below_the_form_belongs_to_no_section(desk, url, initiative):
    file = docx.Document(io.BytesIO(paper(("Formål", "Et godt liv."))))
    file.add_paragraph("Udkast, maj")
    more = file.add_table(rows=1, cols=2)
    more.rows[0].cells[1].text = "Og et langt."
    output = io.BytesIO()
    file.save(output)
    preview = upload(desk, url, output.getvalue()).context["preview"]
    assert preview.unplaced == ["Udkast, maj"]
    [one] = preview.to_decide
    assert one.form.data["formaal-purpose"] == "Et godt liv.\n\nOg et langt."


def test_headings_are_sections_too(desk, url, initiative):
    file = docx.Document()
    file.add_heading("Krop og sind", 0)
    file.add_paragraph("Udkast")
    for title, texts in [
        ("Formål", ["Et bedre liv.", "For alle."]),
        ("Tidsplan", ["Start: maj 2027"]),
    ]:
        file.add_heading(title, 1)
        for text in texts:
            file.add_paragraph(text)
    file.add_heading("Bilag", 1)
    output = io.BytesIO()
    file.save(output)
    shown = upload(desk, url, output.getvalue())
    assert shown.context["preview"].unplaced == ["Udkast", "Bilag"]
    assert send(desk, url, answers(shown)).status_code == 302
    initiative.refresh_from_db()
    assert (initiative.title, initiative.purpose) == ("Krop og sind", "Et bedre liv.\n\nFor alle.")
    assert initiative.starts_on == dt.date(2027, 5, 1)
    # Of which the paper says nothing.
    assert initiative.policy.title == "Sundhedspolitik"


def test_a_new_one_gets_its_policy_and_the_goals_of_that(desk, department, initiative):
    file = docx.Document()
    table = file.add_table(rows=0, cols=2)
    rows = [
        ("Indsats", ["Krop", "Politik: sundhedspolitik"]),
        ("Målsætning", ["Flere bevæger sig"]),
    ]
    for left, right in rows:
        cells = table.add_row().cells
        cells[0].text = left
        for text in right:
            cells[1].add_paragraph(text)
    output = io.BytesIO()
    file.save(output)
    owner = f"d{department.pk}"
    more = {"owner": owner, "submission_id": str(uuid.uuid4())}
    shown = upload(desk, NEW, output.getvalue(), **more)
    assert shown.context["preview"].unplaced == []
    data = answers(shown, owner=owner, submission_id=str(shown.context["submission_id"]))
    assert send(desk, NEW, data).status_code == 302
    made = Initiative.objects.get(title="Krop")
    assert made.policy == initiative.policy
    assert [goal.text for goal in made.goals.all()] == ["Flere bevæger sig"]


def test_the_pages_are_valid(desk, url, department):
    for address, more in ((url, {}), (NEW, {"owner": f"d{department.pk}"})):
        more = more | {"submission_id": str(uuid.uuid4())}
        assert Answer(upload(desk, address, paper(*FORM, extra=["<b>"]), **more)).errors == []
        assert Answer(upload(desk, address, b"", **more)).errors == []


def test_a_facilitys_own_text_is_saved_as_its_own(desk, url, initiative, facility):
    FactorText.objects.create(initiative=initiative, facility=facility, factor="M", text="Bold")
    exported = desk.get(reverse("initiatives:initiative-file", args=[initiative.pk, "docx"]))
    file = docx.Document(io.BytesIO(exported.content))
    [run] = [
        run
        for paragraph in file.tables[0].rows[2].cells[1].paragraphs
        for run in paragraph.runs
        if run.text == "Bold"
    ]
    run.text = "Bold og tur"
    output = io.BytesIO()
    file.save(output)
    shown = upload(desk, url, output.getvalue())
    assert [one.state.value for one in shown.context["preview"].to_decide] == ["changed"]
    assert send(desk, url, answers(shown)).status_code == 302
    assert FactorText.objects.get(facility=facility).text == "Bold og tur"
    assert initiative.changes.get().section == "lokalt"


@pytest.mark.parametrize(
    "content", [b"", b"%PDF-1.7", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", b"PK\x03\x04", b"<html>"]
)
def test_what_is_no_paper_is_refused(desk, url, content):
    response = upload(desk, url, content)
    assert response.status_code == 422
    assert response.context["form"].errors["file"]


def test_a_paper_without_sections_is_refused(desk, url):
    response = upload(desk, url, paper(("Dagsorden", "Intet")))
    assert response.status_code == 422
    assert "ti afsnit" in response.context["form"].errors["file"][0]


@pytest.mark.parametrize(("role", "status"), [(Role.STAFF, 403), (Role.VIEWER, 403)])
def test_only_who_edits_may(login, make_user, department, url, role, status):
    client = login(make_user(role, department=department))
    assert client.get(url).status_code == status
    assert upload(client, url, paper(*FORM)).status_code == status


def test_others_do_not_find_it(login, make_user, other_facility, url):
    assert login(make_user(Role.MANAGER, facility=other_facility)).get(url).status_code == 404


def test_the_queries_do_not_grow_with_the_paper(desk, url):
    def count(rows) -> int:
        with CaptureQueriesContext(connection) as queries:
            assert upload(desk, url, paper(*rows)).status_code == 200
        return len(queries)

    assert count(FORM[:3]) == count([*FORM, *FORM])


NEW = reverse("initiatives:initiative-new-word")


def test_a_new_initiative_begins_as_the_paper_says(desk, department):
    owner = f"d{department.pk}"
    shown = upload(desk, NEW, paper(*FORM), owner=owner, submission_id=str(uuid.uuid4()))
    assert shown.status_code == 200
    assert not Initiative.objects.exists()
    data = answers(shown, owner=owner, submission_id=str(shown.context["submission_id"]))
    response = send(desk, NEW, data)
    assert response.status_code == 302
    made = Initiative.objects.get()
    assert (made.title, made.purpose, made.status) == ("Krop og sind", "Et bedre liv.", "draft")
    assert response.url == made.get_absolute_url()
    assert send(desk, NEW, data).url == made.get_absolute_url()
    assert Initiative.objects.count() == 1


def test_a_new_initiative_needs_a_title(desk, department):
    owner = f"d{department.pk}"
    rows = [("Formål", "Et bedre liv")]
    shown = upload(desk, NEW, paper(*rows), owner=owner, submission_id=str(uuid.uuid4()))
    data = answers(shown, owner=owner, submission_id=str(uuid.uuid4()))
    assert send(desk, NEW, data).status_code == 422
    assert not Initiative.objects.exists()


def test_only_who_may_begin_one_may_take_one_in(login, make_user, department):
    assert login(make_user(Role.STAFF, department=department)).get(NEW).status_code == 403


def test_the_document_is_read_back_of_the_database(desk, url, initiative):
    assert read_document(initiative).criteria
