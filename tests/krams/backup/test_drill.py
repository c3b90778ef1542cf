"""The drill: a backup is made, the database is lost, and the backup gives back every row of it."""

import json
import re
import sqlite3
import stat
import tarfile
from contextlib import closing, contextmanager
from dataclasses import replace
from io import StringIO
from pathlib import Path

import psycopg
import pyrage
import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from krams.backup import actions, archive, postgresql
from krams.models import Authority, Cluster, User
from tests import databases

FIRST = "drift@proeve.example"
DANISH = "Rødgrød med fløde på Ærø 🍓 — 'citat' \\ \n ny linje"


@pytest.fixture(autouse=True)
def folder(settings, tmp_path):
    settings.BACKUP_FOLDER = tmp_path / "backups"
    settings.BACKUP_RECIPIENTS, settings.BACKUP_KEEP = [], 30
    return settings.BACKUP_FOLDER


@pytest.fixture(scope="module")
def portal(django_db_setup, django_db_blocker, tmp_path_factory):
    """``portal("a")``: inside it the connection leads to a database of that name.

    "a" is filled; any other one has been migrated and no more. Making one takes long, so a test
    must not mind what others left in "a".
    """
    made, home = {}, tmp_path_factory.mktemp("portals")

    @contextmanager
    def leading(key):
        is_new = key not in made
        if is_new:
            usual = connection.settings_dict["NAME"]
            file = home / f"{key}.sqlite3"
            made[key] = str(file) if connection.vendor == "sqlite" else f"{usual}_backup_{key}"
            databases._copy(made[key])
        with databases._leading_to(made[key]):
            if is_new and key == "a":
                fill()
            yield made[key]

    with django_db_blocker.unblock():
        yield leading
        for name in made.values():
            databases._remove(name)


def fill():
    """What many kinds of columns hold: texts, dates, JSON, histories."""
    call_command("load_organisations", stdout=StringIO())
    User.objects.create_superuser(FIRST, "en-god-adgangskode-2026", name=DANISH)


def add_user():
    email = f"ny{User.objects.count()}@proeve.example"
    return User.objects.create_user(email, "en-god-adgangskode-2026", name="Ny")


def run(command, *arguments, **options):
    out = StringIO()
    call_command(command, *map(str, arguments), stdout=out, **options)
    return out.getvalue()


def back_up():
    return Path(run("backup").split(": ")[0])


def refusal(command, *arguments, **options):
    with pytest.raises(CommandError) as refused:
        run(command, *arguments, **options)
    return str(refused.value)


def identity(tmp_path, name="key.txt"):
    """A key as ``age-keygen`` writes it: its public half, and the file with the secret one."""
    secret = pyrage.x25519.Identity.generate()
    file = tmp_path / name
    file.write_text(f"# public key: {secret.to_public()}\n{secret}\n")
    return str(secret.to_public()), file


def test_what_was_lost_comes_back_row_by_row(portal, tmp_path, settings):
    public, secret = identity(tmp_path)
    settings.BACKUP_RECIPIENTS = [public]
    with portal("a"):
        held = actions._engine().tables(connection)
        clusters, name = Cluster.objects.count(), User.objects.get(email=FIRST).name
        file = back_up()
        # The backup changed nothing.
        assert actions._engine().tables(connection) == held
    assert held["krams_authority"].rows > 98
    with portal("b"):
        said = run("restore", file, identity=secret)
        assert f"{len(held)} tables, {sum(one.rows for one in held.values())} rows" in said
        assert actions._engine().tables(connection) == held
        assert "As the backup" in run("restore", file, identity=secret, check=True)
        assert User.objects.get(email=FIRST).name == name
        assert Cluster.objects.count() == clusters > 0
        # It is used as before: keys go on, and what the database itself forbids it still forbids.
        old, new = (
            User.objects.get(email=FIRST),
            User.objects.create_user("ny@proeve.example", "en-god-adgangskode-2026", name="Ny"),
        )
        assert new.pk > old.pk
        call_command("migrate", check_unapplied=True, stdout=StringIO())
        call_command("check_summaries", stdout=StringIO())
        call_command("rebuild_search", check=True, stdout=StringIO())


def test_a_changed_row_is_found(portal):
    with portal("a"):
        file = back_up()
        one = Authority.objects.order_by("pk").first()
        Authority.objects.filter(pk=one.pk).update(name=f"{one.name}.")
        add_user()
        out = StringIO()
        with pytest.raises(CommandError):
            call_command("restore", str(file), check=True, stdout=out)
        said = out.getvalue()
        assert re.search(r"krams_authority: \d+ rows, and something else in them", said)
        assert re.search(r"krams_user: \d+ rows in the backup, \d+ in the database", said)


def test_a_database_that_holds_data_is_left_alone_unless_told(portal):
    with portal("a"):
        file = back_up()
        new = add_user()
        before = actions._engine().tables(connection)
        assert "--replace" in refusal("restore", file)
        assert actions._engine().tables(connection) == before
        run("restore", file, replace=True)
        assert not User.objects.filter(email=new.email).exists()
        assert User.objects.filter(email=FIRST).exists()


def test_a_bad_file_changes_nothing(portal, tmp_path, folder, settings):
    public, secret = identity(tmp_path)
    _other, wrong = identity(tmp_path, "other.txt")
    with portal("a"):
        plain = back_up().read_bytes()
        settings.BACKUP_RECIPIENTS = [public]
        encrypted = back_up().read_bytes()
        flipped, forged = bytearray(plain), bytearray(encrypted)
        flipped[len(plain) // 2] ^= 1
        forged[len(encrypted) // 2] ^= 1
        before = actions._engine().tables(connection)
        files = {one.name for one in folder.iterdir()}
        bad = tmp_path / "bad.tar"
        failures = []
        for damage, content, key in (
            ("cut", plain[: len(plain) // 2], None),
            ("cut within the manifest", plain[:700], None),
            ("flipped", flipped, None),
            ("not ours", b"PK\3\4 something else", None),
            ("empty", b"", None),
            ("encrypted, no key", encrypted, None),
            ("encrypted, another key", encrypted, wrong),
            ("encrypted, no key in the file", encrypted, bad),
            ("encrypted, cut", encrypted[: len(encrypted) // 2], secret),
            ("encrypted, changed", forged, secret),
        ):
            bad.write_bytes(content)
            said = refusal("restore", bad, replace=True, identity=key)
            if str(bad) not in said and "--identity" not in said:
                failures.append((damage, said))
            if actions._engine().tables(connection) != before:
                failures.append((damage, "the database is another"))
        assert failures == []
        assert {one.name for one in folder.iterdir()} == files
        with pytest.raises(CommandError, match="is not there"):
            run("restore", tmp_path / "none.tar")


def in_the_first_form(monkeypatch):
    """Rows by weaker hashes, as backups had it until there was a second form."""
    engine = actions._engine()
    monkeypatch.setattr(engine, "FORMAT", 1)
    given = archive.write

    def write(path, manifest, *rest):
        given(path, replace(manifest, format=1), *rest)

    monkeypatch.setattr(archive, "write", write)


def test_a_backup_of_the_first_form_comes_back_and_is_compared(portal):
    with portal("a"):
        with pytest.MonkeyPatch.context() as then:
            in_the_first_form(then)
            file = back_up()
        with tarfile.open(file) as tar:
            manifest = json.load(tar.extractfile("manifest.json"))
        held = actions._engine().tables(connection)
        assert manifest["format"] == 1
        assert manifest["tables"]["krams_authority"]["checksum"] != held["krams_authority"].checksum
        assert "As the backup" in run("restore", file, check=True)
        run("restore", file, replace=True)
        assert actions._engine().tables(connection) == held
        Authority.objects.filter(name__startswith="A").update(name="Noget andet")
        with pytest.raises(CommandError):
            run("restore", file, check=True)
        run("restore", file, replace=True)


def test_a_row_is_told_by_256_bits_and_a_newer_form_is_refused(portal, monkeypatch):
    with portal("a"):
        sums = {one.checksum for one in actions._engine().tables(connection).values()}
        assert min(map(len, sums)) * 4 >= 256
        monkeypatch.setattr(archive, "FORMATS", (3,))
        assert "has form 2" in refusal("restore", back_up(), replace=True)


def test_a_backup_of_newer_code_is_refused(portal, monkeypatch):
    with portal("a"):
        file = back_up()
        known = actions._known() - {("krams", "0001_initial")}
        monkeypatch.setattr(actions, "_known", lambda: known)
        assert "newer code" in refusal("restore", file, replace=True)


def test_a_backup_of_another_kind_of_database_is_refused(portal, monkeypatch):
    with portal("a"):
        file = back_up()
        with monkeypatch.context() as other:
            other.setattr(connection, "vendor", "other")
            other.setattr(actions, "_engine", lambda: None)
            assert "this is other" in refusal("restore", file, replace=True)


def test_only_whoever_runs_the_portal_reads_it(portal, tmp_path, settings):
    public, _secret = identity(tmp_path)
    with portal("a"):
        said = run("backup")
        assert "not encrypted" in said
        plain = Path(said.split(": ")[0])
        settings.BACKUP_RECIPIENTS = [public]
        assert "not encrypted" not in run("backup")
        encrypted = settings.BACKUP_FOLDER / actions.backups()[-1]
    for file in (plain, encrypted):
        assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert stat.S_IMODE(settings.BACKUP_FOLDER.stat().st_mode) == 0o700
    assert tarfile.is_tarfile(plain)
    assert encrypted.read_bytes().startswith(b"age-encryption.org/v1\n")
    assert b"krams_authority" not in encrypted.read_bytes()


def test_old_ones_go_and_what_is_no_backup_stays(portal, folder, settings):
    settings.BACKUP_KEEP = 2
    folder.mkdir()
    names = ["krams-20250101T010101Z.tar", "krams-20250102T010101Z.tar.age", "krams.dump"]
    for name in names:
        (folder / name).touch()
    left = folder / ".making-killed"
    left.mkdir()
    (left / "database.dump").touch()
    with portal("a"):
        new = back_up()
    assert {one.name for one in folder.iterdir()} == {".lock", new.name, *names[1:]}


def test_two_at_a_time_are_one_too_many(portal):
    with portal("a"), actions._work():
        assert "running" in refusal("backup")


def test_a_backup_that_fails_leaves_the_older_ones(portal, folder, settings, monkeypatch):
    settings.BACKUP_KEEP = 1
    with portal("a"):
        file = back_up()

        def full(*_arguments):
            raise OSError(28, "No space left on device")

        monkeypatch.setattr(archive, "_sync", full)
        with pytest.raises(OSError, match="No space"):
            run("backup")
    assert {one.name for one in folder.iterdir()} == {".lock", file.name}


@pytest.mark.sqlite
def test_it_is_made_and_put_back_while_others_write(portal):
    """Another process has the file open, with a transaction behind it and more to come."""
    with portal("a") as name, closing(sqlite3.connect(name, timeout=20)) as other:
        other.execute("UPDATE krams_user SET name = 'Før'")
        other.commit()
        file = back_up()
        other.execute("UPDATE krams_user SET name = 'Efter'")
        other.commit()
        run("restore", file, replace=True)
        assert set(other.execute("SELECT name FROM krams_user")) == {("Før",)}
        other.execute("UPDATE krams_user SET name = 'Igen'")
        other.commit()
        assert User.objects.get(email=FIRST).name == "Igen"
        assert other.execute("PRAGMA journal_mode").fetchone() == ("wal",)


@pytest.mark.postgresql
def test_it_is_of_one_moment_whoever_writes_meanwhile(portal, monkeypatch):
    with portal("a") as name:
        known = connection.get_connection_params()
        server = {key: known[key] for key in known.keys() & {"host", "port", "user", "password"}}
        server["dbname"] = name
        plain = postgresql._run

        def run_late(*arguments):
            with psycopg.connect(**server) as one:
                one.execute("UPDATE krams_user SET name = 'Efter'")
            plain(*arguments)

        monkeypatch.setattr(postgresql, "_run", run_late)
        file = back_up()
        monkeypatch.undo()
        assert User.objects.get(email=FIRST).name == "Efter"
        run("restore", file, replace=True)
        assert User.objects.get(email=FIRST).name not in {"", "Efter"}


@pytest.mark.postgresql
def test_a_restore_that_breaks_off_changes_nothing(portal, monkeypatch):
    with portal("a"):
        file = back_up()
        add_user()
        before = actions._engine().tables(connection)
        monkeypatch.setattr(postgresql, "_EMPTY", postgresql._EMPTY + "SELECT 1 / 0;")
        assert "division by zero" in refusal("restore", file, replace=True)
        assert actions._engine().tables(connection) == before


@pytest.mark.postgresql
def test_what_the_backup_did_not_have_is_gone(portal):
    with portal("a"):
        file = back_up()
        with connection.cursor() as cursor:
            cursor.execute("CREATE TABLE later (id int REFERENCES krams_user)")
            cursor.execute("CREATE VIEW later_view AS SELECT * FROM later")
        run("restore", file, replace=True)
        assert "later" not in connection.introspection.table_names()


@pytest.mark.postgresql
def test_a_program_that_is_missing_is_named(portal, monkeypatch):
    with portal("a"):
        monkeypatch.setenv("PATH", "")
        assert "pg_dump is missing" in refusal("backup")
