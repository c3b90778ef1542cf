"""Names: one normal form at every entry, no look-alikes, and one order on both databases."""

import re
import unicodedata

import pytest
from django.apps import apps
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, models, transaction
from django.db.migrations.executor import MigrationExecutor
from django.urls import reverse
from hypothesis import example, given
from hypothesis import strategies as st

from clusters.models import ProposalGroup, Theme
from initiatives.models import ActivityType, Policy
from krams.danish.collation import sort_key
from krams.danish.names import DANISH, NameField, NameKeyField, UniqueName
from krams.danish.normal_form import look_alike_key, tidy
from krams.enums import Role
from krams.models import Authority, Cluster, Department, Facility, User
from krams.organisations.actions.csv_import import import_organisation
from tests.migrating import going_back, rendering_less

NAME = "Botilbud Ålhuset"
LOOK_ALIKES = [
    unicodedata.normalize("NFD", NAME),
    "Botilbud\u00a0Ålhuset",
    "Botilbud  Ålhuset",
    " Botilbud Ålhuset\t",
    "Botil\u00adbud Ålhuset",
    "Botilbud Ål\u200bhuset\ufeff",
    "\u202aBotilbud Ålhuset\u202c",
    "Botilbud Ålhuset\ufe0f\u034f\u3164",
]
OTHER_CASE = ["botilbud ålhuset", "BOTILBUD ÅLHUSET", "botil\u00adbud  a\u030aLHUSET"]
FULL_WIDTH = "\uff22otilbud Ålhuset"

any_text = (
    st.text(alphabet="aAåÅßİıſﬁ\u030a\u0301\u00ad\u200b\u200d\ufe0f\u3164☎ \u00a0\t") | st.text()
)


class TestNormalForm:
    @pytest.mark.parametrize("typed", LOOK_ALIKES)
    def test_what_cannot_be_seen_is_not_kept(self, typed):
        assert tidy(typed) == NAME

    @pytest.mark.parametrize("typed", [*LOOK_ALIKES, *OTHER_CASE, FULL_WIDTH])
    def test_look_alikes_have_one_key(self, typed):
        assert look_alike_key(typed) == look_alike_key(NAME)

    @pytest.mark.parametrize("other", ["Botilbud Alhuset", "Botilbud Ålhuset 2", "BotilbudÅlhuset"])
    def test_what_can_be_told_apart_has_not(self, other):
        assert look_alike_key(other) != look_alike_key(NAME)

    @given(any_text)
    @example("ß\u0301\u00ad")
    @example("\u0345Å")
    @example("A\u00ad\u0301\ufe0f")
    def test_once_is_enough(self, text):
        assert tidy(tidy(text)) == tidy(text)
        key = look_alike_key(text)
        assert look_alike_key(key) == look_alike_key(tidy(text)) == key
        assert look_alike_key(unicodedata.normalize("NFD", text)) == key

    def test_a_sign_keeps_its_style_and_its_parts(self):
        assert tidy("❤\ufe0f 👩\u200d🍳") == "❤\ufe0f 👩\u200d🍳"


def owners(region, municipality, department, cluster):
    """One place of each model whose names must be unique, and how a row of it is made."""
    return {
        Authority: {
            "kind": "municipality",
            "official_name": "{} Kommune",
            "slug": "{slug}",
        },
        Department: {"municipality": municipality, "slug": "{slug}"},
        Facility: {"department": department, "slug": "{slug}"},
        Cluster: {"region": region, "slug": "{slug}"},
        Theme: {"slug": "{slug}"},
        ProposalGroup: {"cluster": cluster},
        Policy: {"municipality": municipality},
        ActivityType: {"municipality": municipality, "factors": "M"},
    }


UNIQUE = [
    (model, constraint)
    for model in apps.get_models()
    for constraint in model._meta.constraints
    if isinstance(constraint, UniqueName)
]


def made(model, name, number, places):
    field = "title" if model is Policy else "name"
    values = {
        key: value.replace("{slug}", f"s{number}").replace("{}", name)
        if isinstance(value, str)
        else value
        for key, value in places[model].items()
    }
    return model(**values, **{field: name})


@pytest.fixture
def places(region, municipality, department, cluster):
    return owners(region, municipality, department, cluster)


@pytest.mark.parametrize("typed", [*LOOK_ALIKES, *OTHER_CASE])
def test_no_two_rows_of_a_place_look_alike(places, typed):
    assert {model for model, _constraint in UNIQUE} == set(places)
    for model in places:
        first = made(model, NAME, 1, places)
        first.save()
        second = made(model, typed, 2, places)
        with pytest.raises(IntegrityError), transaction.atomic():
            made(model, typed, 2, places).save()
        with pytest.raises(IntegrityError), transaction.atomic():
            model.objects.bulk_create([made(model, typed, 2, places)])
        with pytest.raises(ValidationError) as refused:
            second.full_clean(exclude=["version", "updated_at"])
        field = "title" if model is Policy else "name"
        assert refused.value.message_dict[field] == [f"Findes allerede som »{NAME}«."]
        first.full_clean()


def test_another_place_may_have_the_same_name(department, other_facility, region):
    for place in (department, other_facility.department):
        Facility.objects.create(department=place, name=NAME, slug=f"s{place.pk}")
    assert Facility.objects.filter(name=LOOK_ALIKES[0]).count() == 2


def test_every_unique_name_has_its_key(db):
    """A plain constraint on a name would let look-alikes in."""
    for model in apps.get_models():
        names = {field.name for field in model._meta.fields if isinstance(field, NameField)}
        for constraint in model._meta.constraints:
            if isinstance(constraint, models.UniqueConstraint):
                assert not names & set(constraint.fields), (model, constraint)
        for field in model._meta.fields:
            assert not (isinstance(field, NameField) and field.unique), (model, field)
            if isinstance(field, NameKeyField):
                assert field.name == f"{field.of}_key"


@pytest.mark.parametrize("typed", LOOK_ALIKES)
def test_every_way_into_the_database_gives_the_normal_form(department, typed):
    row = Facility(department=department, name=typed, slug="a")
    row.save()
    assert row.name == NAME
    Facility.objects.filter(pk=row.pk).update(name=f"{typed}\u200b")
    row.refresh_from_db()
    assert row.name == row.history.get().name == NAME
    Facility.objects.bulk_create([Facility(department=department, name=f"{typed} 2", slug="b")])
    assert Facility.objects.get(slug="b").name == f"{NAME} 2"
    user = User.objects.create_user("\u200bVagt@Nordby.example\u00a0", "x", name=typed)
    assert (user.email, user.name) == ("vagt@nordby.example", NAME)


@pytest.mark.parametrize("typed", [*LOOK_ALIKES, *OTHER_CASE])
def test_the_import_finds_the_place_however_it_is_written(tmp_path, department, typed):
    facility = Facility.objects.create(department=department, name=NAME, slug="aalhuset")
    path = tmp_path / "egen.csv"
    path.write_text(
        "art;kommune;afdeling;sted;stedtype;e-mail;navn;rolle\n"
        f"sted;NORDBY;socialpsykiatrien ;{typed.strip()};botilbud;;;\n"
        f"konto;Nord\u00adby;Socialpsykiatrien;{typed.strip()};;vagt@nordby.example;Vagt;medarbejder\n",
        encoding="utf-8",
    )
    import_organisation(path)
    assert Facility.objects.get() == facility
    assert Facility.objects.get().name == NAME
    assert User.objects.get().memberships.get().facility == facility


@pytest.mark.parametrize("typed", [*LOOK_ALIKES, *OTHER_CASE])
def test_the_administration_says_what_is_there_already(client, department, typed):
    client.force_login(User.objects.create_superuser("admin@proeve.example", name="Administrator"))
    Facility.objects.create(department=department, name=NAME, slug="aalhuset")
    fields = {"department": department.pk, "kind": "residential", "name": typed, "slug": "ny"}
    page = client.post("/admin/krams/facility/add/", fields)
    form = page.context["adminform"].form
    assert form.errors["name"] == [f"Findes allerede som »{NAME}«."]
    assert Facility.objects.count() == 1


@pytest.mark.parametrize("typed", [LOOK_ALIKES[0], LOOK_ALIKES[4], OTHER_CASE[2]])
def test_the_pages_say_what_is_there_already(login, make_user, municipality, cluster, typed):
    ActivityType.objects.create(municipality=municipality, name=NAME, factors="M")
    Policy.objects.create(municipality=municipality, title=NAME)
    ProposalGroup.objects.create(cluster=cluster, name=NAME)
    other = Cluster.objects.create(region=cluster.region, name=NAME, slug="aal")
    client = login(User.objects.create_superuser("admin@proeve.example", name="Administrator"))
    form_id = "00000000-0000-4000-8000-000000000001"
    facts = {"slug": "", "kind": "health_cluster", "region": cluster.region_id}
    facts |= {"confirmation_interval_months": "6", "version": cluster.version}
    sent = {
        reverse("initiatives:types", args=["nordby"]): {"name": typed, "factors": ["M"]},
        reverse("initiatives:policy-new", args=["nordby"]): {
            "title": typed,
            "maal-TOTAL_FORMS": "0",
            "maal-INITIAL_FORMS": "0",
        },
        reverse("clusters:group-add", args=[cluster.slug]): {"gruppe-name": typed},
        reverse("clusters:setup", args=[cluster.slug]): {"name": typed, **facts},
    }
    kind = ActivityType.objects.create(municipality=municipality, name="Andet", factors="M")
    policy = Policy.objects.create(municipality=municipality, title="Andet")
    group = ProposalGroup.objects.create(cluster=cluster, name="Andet")
    sent |= {
        reverse("initiatives:type-edit", args=["nordby", kind.pk]): {
            "name": typed,
            "factors": ["M"],
            "version": 1,
        },
        reverse("initiatives:policy-edit", args=["nordby", policy.pk]): {
            "title": typed,
            "version": 1,
            "maal-TOTAL_FORMS": "0",
            "maal-INITIAL_FORMS": "0",
        },
        reverse("clusters:group", args=[cluster.slug, group.pk]): {
            "name": typed,
            "version": cluster.version,
        },
        reverse("clusters:new"): {"name": typed, **facts, "valid_from": "1.1.2026"},
    }
    for path, fields in sent.items():
        page = client.post(path, {"submission_id": form_id, **fields})
        assert page.status_code == 422, path
        assert f"Findes allerede som »{NAME}«." in page.content.decode(), path
    assert ActivityType.objects.filter(municipality=municipality).count() == 2
    assert Policy.objects.count() == ProposalGroup.objects.count() == 2
    assert Cluster.objects.filter(name=NAME).get() == other


# --- Order ---------------------------------------------------------------------------------------

# ICU takes "aå" for aa with a ring, and "aA" for two letters; no Danish name has them.
in_a_name = st.text(alphabet="aAåÅæÆøØäÖéEzbBgü 0127-.", max_size=12).filter(
    lambda text: not re.search("aA|[aA][åäÅÄ]", text)
)


@pytest.mark.django_db
@given(st.lists(in_a_name, min_size=2, max_size=30, unique=True))
@example(["Hus 10", "Hus 2", "Hus 02", "Hus 2 a", "Hus 1", "Ås 3", "Øst 12", "Øst 9", "Aarhus 1"])
@example(["0", "00", "1", "01", "001", "10", "0 1", "1a", "1A", "1-2", "1.2", "12"])
def test_the_database_and_python_have_one_order(texts):
    with connection.cursor() as cursor:
        rows = " UNION ALL ".join(["SELECT %s AS name"] * len(texts))
        if connection.vendor == "postgresql":
            rows = rows.replace("%s", "CAST(%s AS text)")
        cursor.execute(f'SELECT name FROM ({rows}) AS t ORDER BY name COLLATE "danish"', texts)
        found = [name for (name,) in cursor.fetchall()]
    assert found == sorted(texts, key=sort_key)


def test_houses_are_listed_by_their_number(login, make_user, department):
    for number in (10, 2, 1, 20, 3):
        Facility.objects.create(department=department, name=f"Hus {number}", slug=f"h{number}")
    names = [facility.name for facility in Facility.objects.all()]
    assert names == ["Hus 1", "Hus 2", "Hus 3", "Hus 10", "Hus 20"]
    page = login(make_user(Role.MANAGER, department=department)).get(
        reverse("initiatives:facilities")
    )
    text = page.content.decode()
    assert sorted(names, key=lambda name: text.index(f">{name}<")) == names


def test_every_list_by_name_is_in_danish_order():
    for model in apps.get_models():
        if model._meta.app_label not in {"krams", "clusters", "initiatives"}:
            continue
        for name in model._meta.ordering:
            field = {field.name: field for field in model._meta.fields}.get(name.lstrip("-"))
            if isinstance(field, NameField):
                assert field.db_collation == DANISH, (model, name)


# --- Migrations ----------------------------------------------------------------------------------

APPS = {"krams": "0007", "initiatives": "0011", "clusters": "0009"}


def before(graph) -> list:
    """The migrations that stand right before those of look-alikes."""
    ours = [(app, f"{number}_look_alikes") for app, number in APPS.items()]
    parents = [parent.key for key in ours for parent in graph.node_map[key].parents]
    return [key for key in parents if key not in ours]


@pytest.mark.django_db(transaction=True)
def test_existing_look_alikes_are_renamed_and_lists_sorted_anew(region, municipality, department):
    executor = MigrationExecutor(connection)
    latest = executor.loader.graph.leaf_nodes()
    targets = before(executor.loader.graph)
    with going_back():
        executor.migrate(targets)
    try:
        old = executor.loader.project_state(targets).apps
        facility = old.get_model("krams", "Facility")
        for number, name in enumerate(
            ["hus 10", LOOK_ALIKES[4], OTHER_CASE[0], f"{NAME} (2)", "hus 9"]
        ):
            facility.objects.create(department_id=department.pk, name=name, slug=f"s{number}")
        kinds = old.get_model("initiatives", "ActivityType")
        for name in ("Ål" * 60, "ål" * 60):
            kinds.objects.create(municipality_id=municipality.pk, name=name, factors="M")
        for number, name in enumerate(("Rygestop", "RYGESTOP")):
            old.get_model("clusters", "Theme").objects.create(name=name, slug=f"t{number}")
    finally:
        executor = MigrationExecutor(connection)
        with rendering_less():
            executor.migrate(latest)
    names = list(Facility.objects.values_list("name", flat=True))
    assert names == [NAME, f"{NAME} (2)", "botilbud ålhuset (3)", "hus 9", "hus 10"]
    renamed = Facility.objects.get(slug="s2")
    assert renamed.version == 2
    assert renamed.history.first().name == "botilbud ålhuset (3)"
    assert renamed.history.first().history_change_reason
    assert {len(kind.name) for kind in municipality.activity_types.all()} == {120}
    assert set(Theme.objects.values_list("name", flat=True)) == {"Rygestop", "RYGESTOP (2)"}
