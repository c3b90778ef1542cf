"""Facts files: a slip is refused with the file and the entry; what people wrote is left alone."""

import pytest
from django.core.management import CommandError, call_command

from clusters import seed as clusters_seed
from clusters.models import Position
from initiatives import seed as initiatives_seed
from initiatives.enums import Factor
from initiatives.models import Initiative
from krams.danish.slugs import danish_slug
from krams.models import Authority, Cluster, Department, Facility, User
from krams.organisations.actions import structure
from krams.seeding.actions import SEED, Seeder
from krams.seeding.facts_files import FIXTURES, Entry, FactsError, read_facts

HJOERRING = FIXTURES / "hjoerring.csv"


# --- Reading -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "slug"),
    [
        ("Hjørring", "hjoerring"),
        ("Ærø", "aeroe"),
        ("Åhuset & Engen", "aahuset-engen"),
        ("Aabenraa", "aabenraa"),
    ],
)
def test_names_as_addresses(text, slug):
    assert danish_slug(text) == slug


def test_a_file_that_is_not_there_or_is_no_toml(tmp_path):
    with pytest.raises(FactsError, match=r"^mangler\.toml: "):
        read_facts(tmp_path / "mangler.toml")
    broken = tmp_path / "itu.toml"
    broken.write_text("a = \nb = 1", encoding="utf-8")
    with pytest.raises(FactsError, match=r"^itu\.toml: .*line 1"):
        read_facts(broken)
    broken.write_bytes(b'a = "\xff"')
    with pytest.raises(FactsError, match=r"^itu\.toml: "):
        read_facts(broken)


def test_entries_name_where_they_stand():
    facts = Entry("fil.toml", {"notes": [{"heading": "A"}, {"heding": "B"}], "one": 1})
    assert [note.place for note in facts.tables("notes")] == [
        "fil.toml, notes 1",
        "fil.toml, notes 2",
    ]
    second = facts.tables("notes")[1]
    with pytest.raises(FactsError, match=r"^fil\.toml, notes 2: heading mangler$"):
        second["heading"]
    with pytest.raises(FactsError, match=r"^fil\.toml, notes 2: ukendt navn: heding$"):
        second.only("heading")
    for read in (facts.table, facts.tables):
        with pytest.raises(FactsError, match=r"^fil\.toml: one er skrevet forkert$"):
            read("one")
    assert facts.tables("nothing") == []


def test_choices_are_checked_against_what_is_known():
    entry = Entry("fil.toml, criteria 3", {"factor": "X"})
    with pytest.raises(FactsError, match=r"criteria 3: factor er »X«.*K, R, A, M, S"):
        entry.choice("factor", Factor)
    assert Entry("", {}).choice("factor", Factor, default="M") is Factor.EXERCISE


# --- Keeping -------------------------------------------------------------------------------------


@pytest.fixture
def entry():
    return Entry("fil.toml, sted 1", {})


def keep(seeder, entry, department, name="Åhuset", **values):
    values = {"slug": danish_slug(name), **values}
    return seeder.keep(entry, Facility, {"department": department, "name": name}, **values)


def test_created_once_with_history_then_left_alone(department, entry):
    for expected in ((1, 0, 0), (0, 0, 1)):
        seeder = Seeder()
        facility = keep(seeder, entry, department)
        counted = (seeder.created, seeder.updated, seeder.unchanged)
        assert tuple(counter.total() for counter in counted) == expected
    record = facility.history.get()
    assert (record.history_change_reason, record.history_user) == (SEED, None)
    assert facility.version == 1


def test_a_changed_fact_is_taken_over_as_a_new_version(department, entry):
    keep(Seeder(), entry, department)
    facility = keep(Seeder(), entry, department, place_count=12)
    assert (facility.place_count, facility.version) == (12, 2)
    assert facility.history.count() == 2


def test_what_a_person_wrote_is_not_overwritten_unless_asked(department, entry, make_user):
    facility = keep(Seeder(), entry, department)
    facility.remark, facility._history_user = "Skrevet af en leder", make_user()
    facility._change_reason = None
    facility.save()
    assert keep(Seeder(), entry, department, remark="").remark == "Skrevet af en leder"
    assert facility.history.count() == 2
    overruled = keep(Seeder("Import", overrules=True), entry, department, remark="")
    assert overruled.remark == ""


def test_what_a_person_renamed_or_deleted_does_not_come_back(department, entry):
    renamed, deleted = keep(Seeder(), entry, department), keep(Seeder(), entry, department, "Engen")
    renamed.name = "Åhuset Nord"
    renamed.save()
    deleted.delete()
    assert keep(Seeder(), entry, department) == renamed
    assert keep(Seeder(), entry, department, "Engen") is None
    assert [facility.name for facility in Facility.objects.all()] == ["Åhuset Nord"]


def test_rows_without_history_stay_as_they_are(entry, municipality):
    key = {"slug": municipality.slug}
    assert Seeder().keep(entry, Authority, key, name="Noget andet").name == municipality.name


def test_values_that_the_model_refuses_are_named(department, entry):
    with pytest.raises(FactsError, match=r"^fil\.toml, sted 1: place_count: "):
        keep(Seeder(), entry, department, place_count=1000)
    assert not Facility.objects.exists()


# --- The loaders ---------------------------------------------------------------------------------


@pytest.fixture
def fixtures(tmp_path, monkeypatch):
    """A copy of the fixtures that a test may spoil: ``fixtures("a.toml", "old", "new")``."""
    for path in FIXTURES.iterdir():
        (tmp_path / path.name).write_bytes(path.read_bytes())
    for module in (structure, initiatives_seed, clusters_seed):
        monkeypatch.setattr(module, "FIXTURES", tmp_path)

    def spoil(name: str, old: str, new: str) -> None:
        path = tmp_path / name
        text = path.read_text(encoding="utf-8")
        assert old in text
        path.write_text(text.replace(old, new, 1), encoding="utf-8")

    return spoil


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("file", "old", "new", "message"),
    [
        (
            "municipalities.csv",
            "1081,Region Nordjylland,Morsø",
            "1081,Region Nord,Morsø",
            "municipalities.csv, Morsø: ukendt region: Region Nord",
        ),
        ("municipalities.csv", "code,name", "kode,navn", "municipalities.csv"),
        ("structure.toml", '"Rebild", ', "", "structure.toml, clusters 1: kolonnerne skal være"),
        ("structure.toml", "2026-12-31", "1999-12-31", "structure.toml, regions 1: "),
        ("structure.toml", "health_cluster_until", "cluster_until", "ukendt kolonne"),
    ],
)
def test_a_slip_in_the_organisations_stops_the_load_and_nothing_stays(
    fixtures, file, old, new, message
):
    fixtures(file, old, new)
    with pytest.raises(CommandError) as refused:
        call_command("load_organisations")
    assert message in str(refused.value)
    assert not Authority.objects.exists()
    assert not Cluster.history.exists()


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("file", "old", "new", "message"),
    [
        ("hjoerring.toml", 'kind = "share"', 'kind = "percent"', "criteria 1, indicators 1: kind"),
        ("hjoerring.toml", 'facility = "Mosbjerghus"', 'facility = "Mosbjerg"', "economy_lines 1"),
        ("hjoerring.toml", "purpose = ", "porpuse = ", "ukendt navn: porpuse"),
        ("hjoerring.toml", 'factors = "KM"', 'factors = "MK"', "hjoerring.toml, initiative"),
        ("hjoerring.toml", 'department = "Social', 'department = "A', "load_organisations"),
        ("activity_types.csv", "Gåtur,M", "Gåtur,X", "activity_types.csv, Gåtur: "),
        ("klynge_syd.toml", 'state = "planned"', 'state = "plan"', "klynge_syd.toml, answers"),
        ("klynge_syd.toml", "proposals = [7, 8, 9]", "proposals = [7, 10]", "intet forslag 10"),
        ("klynge_syd.toml", 'authority = "Rebild"', 'authority = "Morsø"', "notes 1: Morsø"),
        ("klynge_syd.toml", 'explained_by = "Sund', 'explained_by = "Usund', "ingen uddybning"),
        ("klynge_syd.toml", 'cluster = "syd"', 'cluster = "sud"', "load_organisations"),
    ],
)
def test_a_slip_in_the_documents_names_file_and_entry(fixtures, file, old, new, message):
    call_command("load_organisations", file=HJOERRING)
    fixtures(file, old, new)
    command = "load_clusters" if file == "klynge_syd.toml" else "load_initiatives"
    with pytest.raises(CommandError) as refused:
        call_command(command)
    assert message in str(refused.value)
    assert str(refused.value).startswith(file)
    assert not Initiative.objects.exists()
    assert not Position.objects.exists()


@pytest.mark.django_db
def test_an_installation_of_ones_own_gets_no_example():
    call_command("load_organisations")
    call_command("load_initiatives", only_activity_types=True)
    assert Authority.objects.exists()
    assert not Department.objects.exists()
    assert not Initiative.objects.exists()
    assert not User.objects.exists()
    with pytest.raises(CommandError, match=r"hjoerring\.csv"):
        call_command("load_initiatives")
    with pytest.raises(CommandError, match="load_organisations"):
        call_command("demo_activities")


@pytest.mark.django_db
def test_demo_dates_of_confirmation_are_only_for_the_demo():
    call_command("load_organisations")
    call_command("load_clusters", demo=True)
    confirmed = Position.objects.exclude(confirmed_on=None).count()
    assert 0 < confirmed < Position.objects.count()
    Cluster.objects.get(slug="syd").proposals.first().positions.first().delete()
    call_command("load_clusters", demo=True)
    assert Position.objects.count() == 16
