"""docs/security.md and docs/fields.md say what the code does, and services are confined."""

import re

import pytest
from django.urls import get_resolver
from django.utils import translation

from krams.database.guarded import UNGUARDED
from krams.log_in.middleware import NEVER_KEPT, NEVER_KEPT_BELOW
from krams.models import User
from scripts import fields, security
from tests.test_asvs import requirements

ROOT = security.ROOT
TEXT = security.DOCUMENT.read_text()
SERVICES = sorted((ROOT / "deploy").glob("*.service"))


def test_both_are_what_the_code_says():
    assert security.main(["--check"]) == 0


def test_every_block_is_filled_and_has_rows():
    assert set(re.findall(r"made by scripts/security\.py: (\w+)", TEXT)) == set(security.BLOCKS)
    for name, block in security.BLOCKS.items():
        assert block().count("\n|") > 3, name


def test_what_opens_something_is_secret():
    known = {model._meta.label: security.secret_columns(model) for model in security.models()}
    assert security.level_of(User) == "secret"
    hashes = [name for name, why in UNGUARDED.items() if why == "A hash."]
    assert len(hashes) > 2
    for name in hashes:
        label, _, column = name.rpartition(".")
        assert column in known[label], name
    assert known["mfa.Authenticator"] == ["data"]
    assert known["krams.SearchEntry"] == []


def test_the_portal_hashes_by_nothing_weak_but_for_old_backups():
    used = {
        path.relative_to(ROOT).as_posix(): security.algorithms_of(path.read_text())
        for room in ("krams", "initiatives", "clusters")
        for path in (ROOT / room).rglob("*.py")
    }
    weak = {name: found for name, found in used.items() if found & {"md5", "sha1", "HMAC-sha1"}}
    assert weak == {"krams/backup/postgresql.py": {"md5", "sha256"}}


def test_a_weak_hash_would_be_seen():
    assert security.algorithms_of("hashlib.md5(b'')") == {"md5"}
    assert security.algorithms_of("salted_hmac('a', 'b')") == {"HMAC-sha1"}
    assert security.algorithms_of("x = 'SELECT sha1(a)'") == {"sha1"}


def test_every_warning_of_check_is_explained():
    ids = re.findall(r'id="(krams\.W\d+)"', (ROOT / "krams/settings/checks.py").read_text())
    assert len(ids) == 4
    assert [one for one in ids if f"| `{one}` |" not in TEXT] == []


def test_every_field_of_a_form_has_a_line():
    document = security.FIELDS.read_text()
    forms = fields.all_forms()
    assert len(forms) > 100
    with translation.override("en"):
        missing = [
            (form.__name__, name)
            for form in forms
            for name, field in form.base_fields.items()
            if not field.widget.is_hidden
            and f"| {form.__name__} | {field.label or name}" not in document
        ]
    assert missing == []


@pytest.mark.parametrize("service", SERVICES, ids=lambda path: path.name)
def test_services_read_no_history_of_the_code_and_reach_for_no_device(service):
    lines = service.read_text().splitlines()
    for line in (
        "InaccessiblePaths=-/srv/krams/.git",
        "RestrictAddressFamilies=AF_UNIX AF_INET AF_INET6",
        "ProtectSystem=strict",
        "NoNewPrivileges=true",
        "CapabilityBoundingSet=",
        "User=krams",
    ):
        assert line in lines


def test_commands_by_hand_read_no_history_of_the_code():
    assert "InaccessiblePaths=-/srv/krams/.git" in (ROOT / "deploy" / "manage").read_text()


def test_addresses_are_refused_unless_they_are_listed():
    lines = (ROOT / "deploy" / "krams-addresses.conf").read_text().splitlines()
    assert [line for line in lines if line and not line.startswith("#")] == [
        "[Service]",
        "IPAddressDeny=any",
        "IPAddressAllow=localhost",
    ]


def test_the_pages_that_no_browser_keeps_are_there():
    names = {name for name in get_resolver().reverse_dict if isinstance(name, str)}
    assert names >= NEVER_KEPT
    for start in NEVER_KEPT_BELOW:
        is_there = any(name.startswith(start) for name in names)
        assert is_there or start.removesuffix(":") in get_resolver().namespace_dict


def test_the_answers_name_this_document_where_it_is_asked_for():
    asked = ("2.1.3", "5.1.1", "7.1.1", "8.1.2", "11.1.2", "13.2.4", "14.1.1", "16.1.1")
    assert all("docs/security.md" in requirements()[number]["at"] for number in asked)
