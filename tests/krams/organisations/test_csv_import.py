"""One's own organisation from a CSV file: all or nothing, with the reason for every bad row."""

import re

import pytest
from django.core.management import CommandError, call_command
from django.urls import reverse

from krams.enums import FacilityKind, Role
from krams.models import Authority, Cluster, Department, Facility, Membership, User
from krams.organisations.actions.csv_import import COLUMNS, ImportRefused, import_organisation
from krams.seeding.facts_files import FIXTURES
from tests.inbox import post_letters

pytestmark = pytest.mark.django_db

HEADER = "art;kommune;afdeling;sted;stedtype;pladser;bemærkning;klynge;e-mail;navn;rolle"
DEPARTMENT = "afdeling;Nordby;Botilbud Nord;;;;;;;;"
FACILITY = "sted;Nordby;Botilbud Nord;Åhuset;botilbud;14;Flytter i 2027;;;;"
STAFF = "konto;Nordby;Botilbud Nord;Åhuset;;;;;Vagt@Nordby.example;Vagt, Åhuset;medarbejder"


@pytest.fixture
def write(tmp_path, municipality):
    """``write(rows)`` gives the path of a file with a header and those rows."""

    def write(*rows: str, header: str = HEADER, encoding: str = "utf-8"):
        path = tmp_path / "egen.csv"
        path.write_text("\r\n".join([header, *rows, ""]), encoding=encoding, newline="")
        return path

    return write


def refused(path) -> list[str]:
    with pytest.raises(ImportRefused) as caught:
        import_organisation(path)
    return caught.value.problems


def test_departments_facilities_and_accounts(write, municipality, cluster):
    import_organisation(
        write(
            DEPARTMENT,
            FACILITY,
            STAFF,
            "konto;Nordby;Botilbud Nord;;;;;;leder@nordby.example;Leder, Botilbud Nord;leder",
            "konto;Nordby Kommune;;;;;;;redaktoer@nordby.example;Redaktør, Nordby;redaktør",
            "konto;;;;;;;Klynge Prøve;hold@nordby.example;Klyngetovholder;Klyngetovholder",
        )
    )
    facility = Facility.objects.get()
    assert (facility.name, facility.slug, facility.kind) == (
        "Åhuset",
        "aahuset",
        FacilityKind.RESIDENTIAL,
    )
    assert (facility.place_count, facility.remark) == (14, "Flytter i 2027")
    assert facility.department.municipality == municipality
    roles = {one.user.email: (one.role, one.scope) for one in Membership.objects.all()}
    assert roles == {
        "vagt@nordby.example": (Role.STAFF, facility),
        "leder@nordby.example": (Role.MANAGER, facility.department),
        "redaktoer@nordby.example": (Role.EDITOR, municipality),
        "hold@nordby.example": (Role.COORDINATOR, cluster),
    }
    assert not any(user.has_usable_password() for user in User.objects.all())
    assert facility.history.get().history_change_reason == "Import"


def test_a_second_run_changes_nothing_and_a_changed_row_is_taken_over(write):
    path = write(DEPARTMENT, FACILITY, STAFF)
    import_organisation(path)
    done = import_organisation(path)
    assert done.created.total() == done.updated.total() == 0
    assert Facility.history.count() == Membership.history.count() == 1
    import_organisation(write(DEPARTMENT, FACILITY.replace("14", "15")))
    assert Facility.objects.get().place_count == 15
    assert Facility.objects.get().version == 2


def test_an_account_may_have_several_roles(write):
    again = STAFF.replace("medarbejder", "læser").replace("Vagt@Nordby", "vagt@nordby")
    import_organisation(write(DEPARTMENT, FACILITY, STAFF, again))
    assert set(Membership.objects.values_list("role", flat=True)) == {Role.STAFF, Role.VIEWER}
    assert User.objects.count() == 1


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252"])
def test_files_as_excel_and_others_write_them(write, encoding):
    import_organisation(write(DEPARTMENT, FACILITY, encoding=encoding))
    assert Facility.objects.get().name == "Åhuset"


def test_commas_quotes_blank_lines_and_columns_left_out(write):
    path = write(
        'afdeling,Nordby,"Botilbud, Nord",,',
        "",
        ",,,,",
        'sted,Nordby,"Botilbud, Nord",Åhuset,værested',
        header="art,kommune,afdeling,sted,stedtype",
    )
    import_organisation(path)
    assert Facility.objects.get().department.name == "Botilbud, Nord"
    assert Facility.objects.get().place_count is None


def test_the_same_name_in_two_municipalities(write, other_municipality):
    import_organisation(
        write(
            DEPARTMENT,
            FACILITY,
            DEPARTMENT.replace("Nordby", "Sønderby"),
            FACILITY.replace("Nordby", "Sønderby"),
        )
    )
    assert set(Facility.objects.values_list("slug", flat=True)) == {"aahuset", "aahuset-soenderby"}
    assert Department.objects.values("slug").distinct().count() == 2


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        ("hus;Nordby;;;;;;;;;", "art er »hus«"),
        (";Nordby;Botilbud Nord;;;;;;;;", "art er tom"),
        ("afdeling;Vestby;Botilbud Vest;;;;;;;;", "kommune »Vestby« er ukendt"),
        ("afdeling;;Botilbud Vest;;;;;;;;", "kommune er tom"),
        ("afdeling;Nordby;;;;;;;;;", "afdeling er tom"),
        (f"afdeling;Nordby;{'x' * 121};;;;;;;;", "højst"),
        ("sted;Nordby;Botilbud Vest;Engen;botilbud;;;;;;", "afdeling »Botilbud Vest« er ukendt"),
        ("sted;Nordby;Botilbud Nord;;botilbud;;;;;;", "sted er tom"),
        ("sted;Nordby;Botilbud Nord;Engen;hotel;;;;;;", "stedtype er »hotel«"),
        ("sted;Nordby;Botilbud Nord;Engen;botilbud;-1;;;;;", "pladser"),
        ("sted;Nordby;Botilbud Nord;Engen;botilbud;1,5;;;;;", "pladser"),
        ("sted;Nordby;Botilbud Nord;Engen;botilbud;1000000000000;;;;;", "pladser"),
        ("sted;Nordby;Botilbud Nord;Engen;botilbud;0;;;;;", "pladser"),
        ("sted;Nordby;Botilbud Nord;Engen;botilbud;;Ring 010203-1234;;;;", "CPR"),
        ("sted;Nordby;Botilbud Nord;En\x00gen;botilbud;;;;;;", "styretegn"),
        ("konto;Nordby;Botilbud Nord;;;;;;;Leder;leder", "e-mail er tom"),
        ("konto;Nordby;Botilbud Nord;;;;;;leder;Leder;leder", "e-mail"),
        ("konto;Nordby;Botilbud Nord;;;;;;a@b.example;;leder", "navn er tom"),
        ("konto;Nordby;Botilbud Nord;;;;;;a@b.example;Leder;chef", "rolle er »chef«"),
        ("konto;Nordby;Botilbud Nord;;;;;;a@b.example;Redaktør;redaktør", "sted"),
        ("konto;Nordby;Botilbud Nord;Engen;;;;;a@b.example;Vagt;medarbejder", "sted »Engen«"),
        ("konto;;;;;;;Klynge X;a@b.example;Læser;læser", "klynge »Klynge X« er ukendt"),
        ("sted;Nordby;Botilbud Nord;Engen;botilbud;;;;;;;for meget", "flere felter"),
    ],
)
def test_a_bad_row_is_named_and_nothing_is_loaded(write, row, reason):
    problems = refused(write(DEPARTMENT, FACILITY, row, STAFF))
    assert len(problems) == 1
    assert problems[0].startswith("linje 4: ")
    assert reason in problems[0]
    assert "010203" not in problems[0]
    assert not Department.objects.exists()
    assert not Facility.objects.exists()
    assert not User.objects.exists()
    assert not Department.history.exists()


def test_every_bad_row_is_reported_at_once(write):
    problems = refused(write(DEPARTMENT, "hus;;;;;;;;;;", FACILITY, "sted;Nordby;;;;;;;;;"))
    assert [problem.split(":")[0] for problem in problems] == ["linje 3", "linje 5"]


@pytest.mark.parametrize(
    ("header", "rows"),
    [
        ("kommune;afdeling", ["Nordby;Botilbud Nord"]),
        ("art;kommune;ukendt", ["afdeling;Nordby;x"]),
        ("art;art;kommune", ["afdeling;afdeling;Nordby"]),
        ("", []),
    ],
)
def test_a_wrong_first_line_is_refused_with_the_names_it_may_hold(write, header, rows):
    [problem] = refused(write(*rows, header=header))
    assert all(name in problem for name in COLUMNS)


def test_files_that_cannot_be_read(tmp_path, write):
    [problem] = refused(tmp_path / "findes-ikke.csv")
    assert problem.startswith("findes-ikke.csv: ")
    [problem] = refused(tmp_path)
    assert tmp_path.name in problem
    [problem] = refused(write())
    assert "ingen rækker" in problem
    [problem] = refused(write('afdeling;Nordby;"uden slut'))
    assert problem.startswith("linje ")
    [problem] = refused(write(*["x" * 100] * 25_000))
    assert "2 MB" in problem


def test_the_command_says_why_and_loads_nothing_from_the_file(write):
    path = write(DEPARTMENT.replace("Nordby", "Hjørring"), "hus;;;;;;;;;;")
    with pytest.raises(CommandError, match=r"(?s)linje 3: art er »hus«.*Intet er indlæst"):
        call_command("load_organisations", file=path)
    assert not Department.objects.exists()


def test_the_example_of_the_documentation_can_be_loaded(capsys):
    call_command("load_organisations", file=FIXTURES / "organisation_example.csv")
    assert "organisation_example.csv: " in capsys.readouterr().out
    municipality = Authority.objects.get(name="Thisted")
    assert Facility.objects.filter(department__municipality=municipality).count() == 2
    assert set(Membership.objects.values_list("role", flat=True)) == set(Role)
    assert Cluster.objects.filter(person_memberships__role=Role.COORDINATOR).exists()


def test_an_imported_person_chooses_a_password_by_e_mail(write, client):
    import_organisation(write(DEPARTMENT, FACILITY, STAFF))
    client.post(reverse("account_reset_password"), {"email": "vagt@nordby.example"})
    [mail] = post_letters()
    assert mail.to == ["vagt@nordby.example"]
    [path] = re.findall(r"https?://[^/\s]+(/\S+)", mail.body)[:1]
    page = client.get(path, follow=True)
    chosen = {"password1": "en-helt-ny-adgangskode", "password2": "en-helt-ny-adgangskode"}
    client.post(page.request["PATH_INFO"], chosen)
    assert User.objects.get().check_password("en-helt-ny-adgangskode")
