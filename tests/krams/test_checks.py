"""What ``check --deploy`` says of connections, backups and log-in; each by its number."""

import os
import subprocess
import sys

import pytest
from django.conf import settings as now

from krams.env import Env
from krams.settings import checks

REMOTE, HERE = "postgres://a:hemmelig@db.example/krams", "postgres://a:b@127.0.0.1:5433/krams"


def told(of) -> list[str]:
    return [one.id for one in of()]


@pytest.mark.parametrize(
    ("url", "ids"),
    [
        (REMOTE, ["krams.W001"]),
        # Encrypted, and to whoever answers.
        (f"{REMOTE}?sslmode=require", ["krams.W001"]),
        (f"{REMOTE}?sslmode=verify-full", []),
        ("postgres://a:b@database/krams", ["krams.W001"]),
        (HERE, []),
        ("postgres://a@[::1]/krams", []),
        ("postgres://%2Fvar%2Frun%2Fpostgresql/krams", []),
        ("sqlite:////srv/krams.sqlite3", []),
    ],
)
def test_a_database_elsewhere_is_encrypted_and_the_right_one(url, ids):
    default = Env({"DATABASE_URL": url}).database("DATABASE_URL", "")
    found = [*checks.of_databases({"default": default})]
    assert [one.id for one in found] == ids
    assert "hemmelig" not in str(found)


def test_so_is_its_copy():
    default = Env({"A": HERE}).database("A", "")
    replica = Env({"A": REMOTE}).replica("A", of=default)
    [found] = checks.of_databases({"default": default, "replica": replica})
    assert found.msg.startswith("REPLICA_URL")


@pytest.mark.parametrize(
    ("host", "tls", "ids"),
    [
        ("smtp.example.dk", False, ["krams.W002"]),
        ("smtp.example.dk", True, []),
        ("", False, []),
        ("localhost", False, []),
        ("127.0.0.1", False, []),
        ("10.0.0.5", False, ["krams.W002"]),
    ],
)
def test_letters_travel_encrypted(settings, host, tls, ids):
    settings.EMAIL_HOST, settings.EMAIL_USE_TLS = host, tls
    assert told(checks.of_mail_server) == ids


def test_backups_are_for_somebody(settings):
    settings.BACKUP_RECIPIENTS = []
    assert told(checks.backups) == ["krams.W003"]
    settings.BACKUP_RECIPIENTS = ["age1…"]
    assert told(checks.backups) == []


@pytest.mark.parametrize(
    ("required", "theirs", "passwords", "ids"),
    [
        (False, False, True, ["krams.W004"]),
        (True, False, True, []),
        # Theirs asks for a second step, and the portal's own password does not.
        (False, True, True, ["krams.W004"]),
        (False, True, False, []),
        (False, False, False, ["krams.W004"]),
    ],
)
def test_a_password_alone_opens_no_account_that_gives_rights(
    settings, required, theirs, passwords, ids
):
    settings.REQUIRE_SECOND_STEP = required
    settings.OIDC_SECOND_STEP, settings.PASSWORD_LOGIN = theirs, passwords
    assert told(checks.log_in) == ids


def asked(**variables: str) -> subprocess.CompletedProcess[str]:
    own = {"SECRET_KEY": "tests-only-0123456789-abcdefghijklmnop-ABCDEFGHIJKLMNOP"}
    return subprocess.run(
        [sys.executable, "manage.py", "check", "--deploy", "--fail-level", "WARNING"],
        cwd=now.BASE_DIR,
        env={"PATH": os.environ["PATH"], **own, **variables},
        capture_output=True,
        text=True,
    )


def test_the_command_tells_them_all_without_a_secret(tmp_path):
    found = asked(DATABASE_URL=REMOTE, EMAIL_HOST="smtp.example.dk", EMAIL_USE_TLS="0")
    assert found.returncode != 0
    for number in range(1, 5):
        assert f"krams.W00{number}" in found.stderr
    assert "hemmelig" not in found.stdout + found.stderr


def test_letters_to_another_machine_are_encrypted_unless_told_otherwise(tmp_path):
    found = asked(DATABASE_URL=f"sqlite:///{tmp_path}/a.sqlite3", EMAIL_HOST="smtp.example.dk")
    assert "krams.W003" in found.stderr
    assert "krams.W002" not in found.stderr
