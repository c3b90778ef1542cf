"""What a migration must not do while the code before it still serves (docs/deployment.md).

An upgrade migrates first and restarts then, and it is taken back by starting the earlier code. So a
migration adds; what it takes away goes in a later version, when no code that serves knows of it.
``scripts/upgrade_drill.py`` tries the same with the earlier code itself.
"""

from collections.abc import Iterator

import pytest
from django.db import migrations, models
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.state import ProjectState
from django.db.models import NOT_PROVIDED

# The last migration of the version that is in use; set with each release.
RELEASED = {"krams": 18, "initiatives": 21, "clusters": 17}
# "app.migration: what is told" -> why the code before it can live with that.
ALLOWED: dict[str, str] = {
    "initiatives.0023_averages_say_of_how_many: Create constraint"
    " measurement_average_is_of_somebody on model measurement, which what the code before it writes"
    " may break": "it is about a column that the code before it leaves empty, and empty is allowed",
}
NEVER = (
    migrations.DeleteModel,
    migrations.RenameModel,
    migrations.RenameField,
    migrations.RemoveField,
    migrations.AlterModelTable,
    migrations.AlterUniqueTogether,
)
WORDS = ("drop ", "rename ", "set not null")


def is_later(app: str, name: str) -> bool:
    return app in RELEASED and int(name[:4]) > RELEASED[app]


def told(app: str, operations, state: ProjectState) -> Iterator[str]:
    """What of ``operations`` the code before them cannot live with; ``state`` follows them."""
    own = state.clone()
    made: set[str] = set()
    for operation in operations:
        if isinstance(operation, migrations.SeparateDatabaseAndState):
            yield from told(app, operation.database_operations, own)
        elif isinstance(operation, migrations.CreateModel):
            made.add(operation.name_lower)
        elif getattr(operation, "model_name_lower", "") not in made:
            yield from _told_of(app, operation, own)
        operation.state_forwards(app, own)


def _told_of(app: str, operation, state: ProjectState) -> Iterator[str]:
    about = operation.describe()
    if isinstance(operation, NEVER):
        yield about
    elif isinstance(operation, migrations.AddField):
        # Django's own default is not the database's: the code before it does not name the column.
        if needs_value(operation.field):
            yield f"{about}, which the code before it leaves empty: null or db_default"
    elif isinstance(operation, migrations.AlterField):
        before = state.models[app, operation.model_name_lower].fields[operation.name]
        yield from (f"{about}: {what}" for what in _narrower(before, operation.field))
    elif isinstance(operation, migrations.AddConstraint):
        yield f"{about}, which what the code before it writes may break"
    elif isinstance(operation, migrations.RunSQL):
        sql = " ".join(str(operation.sql).lower().split())
        yield from (f"SQL that says {word!r}" for word in WORDS if word in sql)


def needs_value(field) -> bool:
    is_column = not isinstance(field, models.ManyToManyField | models.GeneratedField)
    return is_column and not field.null and field.db_default is NOT_PROVIDED


def _narrower(before, after) -> Iterator[str]:
    if before.null and needs_value(after):
        yield "it may be empty so far"
    if type(before) is not type(after):
        yield "another kind of column"
    if after.unique and not before.unique:
        yield "unique from now on"
    short, long = getattr(after, "max_length", None), getattr(before, "max_length", None)
    if short is not None and (long is None or short < long):
        yield "shorter than so far"


def test_what_is_newer_than_the_version_in_use_only_adds():
    loader = MigrationLoader(None)
    found = {
        f"{app}.{name}: {what}"
        for (app, name), migration in loader.disk_migrations.items()
        if is_later(app, name)
        for what in told(app, migration.operations, loader.project_state((app, name), False))
    }
    assert found - ALLOWED.keys() == set()
    assert ALLOWED.keys() - found == set(), "allowed, and no longer there"


def test_the_version_in_use_is_one_that_was():
    loader = MigrationLoader(None)
    for app, number in RELEASED.items():
        assert any(one == app and int(name[:4]) == number for one, name in loader.disk_migrations)


TEXT, MAY_BE_EMPTY = models.CharField(max_length=20), models.CharField(max_length=20, null=True)
DEFAULTS = (
    models.CharField(max_length=20, default="x"),
    models.CharField(max_length=20, db_default="x"),
)
ONE = models.CheckConstraint(condition=models.Q(pk__gt=0), name="one")


@pytest.mark.parametrize(
    ("operation", "is_refused"),
    [
        (migrations.CreateModel("other", [("id", models.AutoField(primary_key=True))]), False),
        (migrations.AddField("thing", "more", MAY_BE_EMPTY), False),
        (migrations.AddField("thing", "more", DEFAULTS[1]), False),
        (migrations.AddField("thing", "more", DEFAULTS[0]), True),
        (migrations.AddField("thing", "more", TEXT), True),
        (migrations.AddField("thing", "more", models.ManyToManyField("app.thing")), False),
        (migrations.AddIndex("thing", models.Index(fields=["text"], name="one")), False),
        (migrations.AddConstraint("thing", ONE), True),
        (migrations.AlterField("thing", "text", models.CharField(max_length=30)), False),
        (migrations.AlterField("thing", "text", models.CharField(max_length=10)), True),
        (migrations.AlterField("thing", "text", models.TextField()), True),
        (migrations.AlterField("thing", "empty", TEXT), True),
        (migrations.AlterField("thing", "empty", DEFAULTS[1]), False),
        (migrations.RemoveField("thing", "text"), True),
        (migrations.RenameField("thing", "text", "words"), True),
        (migrations.RenameModel("thing", "other"), True),
        (migrations.DeleteModel("thing"), True),
        (migrations.RunSQL("ALTER TABLE thing  DROP COLUMN text"), True),
        (migrations.RunSQL("CREATE INDEX one ON thing (text)"), False),
        (migrations.RunPython(migrations.RunPython.noop), False),
        (
            migrations.SeparateDatabaseAndState(
                [migrations.RunSQL("DROP TABLE thing")], [migrations.DeleteModel("thing")]
            ),
            True,
        ),
        (
            migrations.SeparateDatabaseAndState(
                state_operations=[migrations.RemoveField("thing", "text")]
            ),
            False,
        ),
    ],
    ids=lambda value: value.describe()[:60] if hasattr(value, "describe") else str(value),
)
def test_what_is_refused(operation, is_refused):
    state = ProjectState()
    fields = [("id", models.AutoField(primary_key=True)), ("text", TEXT), ("empty", MAY_BE_EMPTY)]
    migrations.CreateModel("thing", fields).state_forwards("app", state)
    assert bool(list(told("app", [operation], state))) is is_refused


def test_what_is_done_to_a_table_of_its_own_is_its_own_business():
    made = migrations.CreateModel("new", [("id", models.AutoField(primary_key=True))])
    more = [migrations.AddField("new", "text", TEXT), migrations.AddConstraint("new", ONE)]
    assert list(told("app", [made, *more], ProjectState())) == []
