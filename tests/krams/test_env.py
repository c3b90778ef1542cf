"""Settings come from the environment; a bad value stops the start and names itself."""

import ast
import os
import re
import runpy
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import global_settings
from django.core.exceptions import ImproperlyConfigured

from krams.env import SECRETS, Env
from krams.settings import LOGGING

ROOT = Path(__file__).resolve().parents[2]
SQLITE = {"ENGINE": "django.db.backends.sqlite3"}
POSTGRES = {"ENGINE": "django.db.backends.postgresql"}


@pytest.mark.parametrize(
    ("name", "value", "read"),
    [
        ("DEBUG", "maybe", lambda env: env.flag("DEBUG", False)),
        ("SESSION_HOURS", "ten", lambda env: env.number("SESSION_HOURS", 10, least=1)),
        ("SESSION_HOURS", "0", lambda env: env.number("SESSION_HOURS", 10, least=1)),
        ("SESSION_HOURS", "-1", lambda env: env.number("SESSION_HOURS", 10)),
        ("SESSION_HOURS", "1e3", lambda env: env.number("SESSION_HOURS", 10)),
        ("SESSION_HOURS", "²", lambda env: env.number("SESSION_HOURS", 10)),
        ("LOG_LEVEL", "LOUD", lambda env: env.choice("LOG_LEVEL", "INFO", {"INFO"})),
        ("CSRF_TRUSTED_ORIGINS", "a.dk", lambda env: env.origins("CSRF_TRUSTED_ORIGINS")),
        ("CSRF_TRUSTED_ORIGINS", "https://a.dk/b", lambda env: env.origins("CSRF_TRUSTED_ORIGINS")),
        ("PORTAL_URL", "portal.example.dk", lambda env: env.origin("PORTAL_URL")),
        ("PORTAL_URL", "https://a.dk/krams", lambda env: env.origin("PORTAL_URL")),
        ("PORTAL_URL", "https://a.dk,https://b.dk", lambda env: env.origin("PORTAL_URL")),
        ("SECRET_KEY", "short", lambda env: env.secret("SECRET_KEY", development=None)),
        ("SECRET_KEY", "", lambda env: env.secret("SECRET_KEY", development=None)),
        ("DATABASE_URL", "mysql://a/b", lambda env: env.database("DATABASE_URL", "")),
        ("DATABASE_URL", "postgres://localhost", lambda env: env.database("DATABASE_URL", "")),
        ("REPLICA_URL", "sqlite:///a", lambda env: env.replica("REPLICA_URL", of=POSTGRES)),
        ("REPLICA_URL", "postgres://a/b", lambda env: env.replica("REPLICA_URL", of=SQLITE)),
        ("PGBOUNCER", "1", lambda env: env.behind_pgbouncer("PGBOUNCER", dict(SQLITE))),
        ("PRIVACY_CONTACT", "ikke en adresse", lambda env: env.email("PRIVACY_CONTACT")),
        ("BACKUP_RECIPIENTS", "age1abc", lambda env: env.age_recipients("BACKUP_RECIPIENTS")),
        ("OIDC_URL", "https://login.example", lambda env: env.openid_connect()),
        ("OIDC_ALGORITHMS", "HS256", lambda env: env.some_of("OIDC_ALGORITHMS", ["ES256"])),
        ("SECRET_KEY_FILE", "/nowhere/key", lambda env: env.text("SECRET_KEY")),
    ],
)
def test_a_bad_value_is_named(name, value, read):
    with pytest.raises(ImproperlyConfigured) as refusal:
        read(Env({name: value}))
    message = str(refusal.value)
    assert name.split("_")[0] in message
    # The database address holds a password.
    assert name != "DATABASE_URL" or value not in message


def test_what_a_variable_fills_is_read_by_somebody():
    """``ADMINS`` was filled for years, and nobody wrote to them."""
    source = "".join(file.read_text() for file in (ROOT / "krams" / "settings").glob("*.py"))
    filled = {
        target.id
        for node in ast.parse(source).body
        if isinstance(node, ast.Assign) and "env." in ast.unparse(node.value)
        for target in node.targets
        if isinstance(target, ast.Name) and target.id.isupper()
    }
    code = "".join(
        file.read_text()
        for room in ("krams", "initiatives", "clusters")
        for file in (ROOT / room).rglob("*.py")
    )
    by_libraries = {name for name in dir(global_settings) if name.isupper()}
    by_libraries |= {"SOCIALACCOUNT_PROVIDERS", "CONTENT_SECURITY_POLICY"}
    handlers = str(LOGGING["handlers"])
    if "ErrorMail" not in handlers:
        by_libraries -= {"ADMINS", "MANAGERS"}
    unread = {
        name
        for name in filled - by_libraries
        if f"settings.{name}" not in code and len(re.findall(rf"\b{name}\b", source)) < 2
    }
    assert unread == set()
    assert len(filled) > 20


def test_good_values():
    env = Env(
        {
            "A": "yes",
            "B": "off",
            "N": "15",
            "W": "a, b,,c",
            "O": "https://a.dk,http://b.dk:81",
            "E": "a@b.dk",
        }
    )
    assert env.flag("A", False) is True
    assert env.flag("B", True) is False
    assert env.flag("C", True) is True
    assert env.number("N", 1) == 15
    assert env.words("W") == ["a", "b", "c"]
    assert env.origins("O") == ["https://a.dk", "http://b.dk:81"]
    assert env.email("E") == "a@b.dk"
    assert env.email("F") == ""


def test_a_secret_may_lie_in_a_file(tmp_path):
    """As a vault, systemd (LoadCredential) and containers hand it over."""
    file = tmp_path / "key"
    file.write_text(f"{'k' * 50}\n")
    given = {f"{name}_FILE": str(file) for name in SECRETS}
    for name in SECRETS:
        assert Env(given).text(name) == "k" * 50
    assert Env(given).secret("SECRET_KEY", development=None) == "k" * 50
    with pytest.raises(ImproperlyConfigured, match="one of them") as refusal:
        Env(given | {"SECRET_KEY": "s" * 50}).text("SECRET_KEY")
    assert "k" * 50 not in str(refusal.value)
    # What is no secret is read from nowhere else.
    assert Env({"ORGANISATION_FILE": str(file)}).text("ORGANISATION") == ""
    file.write_bytes(b"\xff\xfe")
    with pytest.raises(ImproperlyConfigured, match="UnicodeDecodeError"):
        Env(given).text("SECRET_KEY")


OIDC = {"OIDC_URL": "https://login.a.dk/tenant", "OIDC_CLIENT_ID": "a", "OIDC_CLIENT_SECRET": "b"}


def test_the_organisations_log_in_needs_all_three():
    assert Env({}).openid_connect() == {}
    [app] = Env(OIDC).openid_connect()["openid_connect"]["APPS"]
    assert app["settings"]["server_url"] == "https://login.a.dk/tenant"
    assert Env(OIDC | {"OIDC_ORIGINS": "https://b.dk"}).openid_connect_origins() == [
        "https://login.a.dk",
        "https://b.dk",
    ]
    for name in OIDC:
        with pytest.raises(ImproperlyConfigured, match=name):
            Env({key: value for key, value in OIDC.items() if key != name}).openid_connect()
    with pytest.raises(ImproperlyConfigured, match="https"):
        Env(OIDC | {"OIDC_URL": "http://login.a.dk"}).openid_connect()


def test_passwords_are_off_only_where_there_is_another_way_in():
    assert Env({}).password_login()
    assert not Env(OIDC | {"PASSWORD_LOGIN": "0"}).password_login()
    with pytest.raises(ImproperlyConfigured, match="PASSWORD_LOGIN"):
        Env({"PASSWORD_LOGIN": "0"}).password_login()


@pytest.mark.parametrize(
    ("name", "value"),
    [("DEBUG", "maybe"), ("SHARED_COMPUTER_MINUTES", "x"), ("OIDC_URL", "https://a.dk")],
)
def test_the_start_stops_with_the_name_of_the_variable(name, value):
    result = subprocess.run(
        [sys.executable, "manage.py", "check"],
        cwd=ROOT,
        env={"PATH": os.environ["PATH"], "DEBUG": "1", name: value},
        capture_output=True,
        text=True,
    )
    assert result.returncode != 0
    assert name.split("_")[0] in result.stderr.splitlines()[-1]


def test_a_replica_is_given_up_soon_and_what_its_address_says_counts():
    env = Env({"REPLICA_URL": "postgres://u@h/portal?connect_timeout=1"})
    found = env.replica("REPLICA_URL", of=POSTGRES)
    assert (found["NAME"], found["OPTIONS"]["connect_timeout"]) == ("portal", 1)
    assert found["OPTIONS"]["tcp_user_timeout"] < 10_000
    assert "pool" not in found["OPTIONS"]


def test_behind_pgbouncer_nothing_outlives_a_transaction():
    database = {**POSTGRES, "OPTIONS": {"pool": {"max_size": 4}, "prepare_threshold": 5}}
    Env({}).behind_pgbouncer("PGBOUNCER", database)
    assert database["DISABLE_SERVER_SIDE_CURSORS"] is True
    assert database["OPTIONS"] == {"pool": {"max_size": 4}, "prepare_threshold": None}


@pytest.mark.parametrize(("name", "value"), [("REPLICA_URL", "postgres://a/b"), ("PGBOUNCER", "1")])
def test_what_needs_postgresql_stops_the_start_on_sqlite(name, value):
    result = subprocess.run(
        [sys.executable, "manage.py", "check"],
        cwd=ROOT,
        env={"PATH": os.environ["PATH"], "DEBUG": "1", name: value},
        capture_output=True,
        text=True,
    )
    assert result.returncode != 0
    assert name in result.stderr.splitlines()[-1]


def test_each_variable_that_is_a_secret_by_its_name_may_lie_in_a_file():
    readme = (Path(__file__).parents[2] / "README.md").read_text()
    names = re.findall(r"`([A-Z_]+)`", " ".join(re.findall(r"^\| (`[A-Z].*?) \|", readme, re.M)))
    secret = {name for name in names if re.search("SECRET|TOKEN|PASSWORD$", name)}
    assert len(secret) == 5
    assert secret - SECRETS == set()


@pytest.mark.parametrize("name", ["METRICS_TOKEN", "METRICS_TOKEN_FILE"])
def test_gunicorn_counts_where_there_is_a_token_or_a_file_with_it(name, monkeypatch):
    for one in ("METRICS_TOKEN", "METRICS_TOKEN_FILE", "PROMETHEUS_MULTIPROC_DIR"):
        monkeypatch.delenv(one, raising=False)
    conf = runpy.run_path(str(Path(__file__).parents[2] / "deploy" / "gunicorn.conf.py"))
    conf["on_starting"](None)
    assert "PROMETHEUS_MULTIPROC_DIR" not in os.environ
    monkeypatch.setenv(name, "/run/credentials/token")
    # Taken back at the end of the test.
    monkeypatch.setenv("PROMETHEUS_MULTIPROC_DIR", "")
    conf["on_starting"](None)
    folder = Path(os.environ["PROMETHEUS_MULTIPROC_DIR"])
    assert folder.is_dir()
    conf["on_exit"](None)
    assert not folder.exists()
