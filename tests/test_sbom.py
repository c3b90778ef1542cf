"""The bill of materials names what the lock files pin, and is what others can read."""

import json
import re
import runpy
import tomllib

import pytest
from django.conf import settings

ROOT = settings.BASE_DIR
PINNED = re.compile(r"^([\w.-]+)==([^\s;]+)", re.MULTILINE)
LOCKS = ["requirements.lock", "requirements-pdf.lock", "requirements-saml.lock"]


@pytest.fixture(scope="module")
def bills():
    bill_of = runpy.run_path(str(ROOT / "scripts" / "sbom.py"))["bill_of"]
    return {lock: bill_of(lock) for lock in LOCKS}


@pytest.mark.parametrize("lock", LOCKS)
def test_it_names_every_package_with_version_and_hashes(bills, lock):
    components = json.loads(bills[lock])["components"]
    found = sorted((one["name"], one["version"]) for one in components)
    assert found == sorted(PINNED.findall((ROOT / lock).read_text()))
    assert len(found) > 20
    for one in components:
        assert one["purl"] == f"pkg:pypi/{one['name']}@{one['version']}"
        hashes = [each for place in one["externalReferences"] for each in place["hashes"]]
        assert {each["alg"] for each in hashes} == {"SHA-256"}, one["name"]


@pytest.fixture(scope="module")
def validator():
    # It builds grammars of addresses when it is imported, which every worker would wait for.
    from cyclonedx.schema import SchemaVersion
    from cyclonedx.validation.json import JsonStrictValidator

    return JsonStrictValidator(SchemaVersion.V1_6)


@pytest.mark.parametrize("lock", LOCKS)
def test_it_is_valid(bills, validator, lock):
    assert validator.validate_str(bills[lock]) is None
    wrong = bills[lock].replace('"type": "library"', '"type": "bibliotek"', 1)
    assert validator.validate_str(wrong) is not None


def test_it_says_of_what_it_is(bills):
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    subject = json.loads(bills["requirements.lock"])["metadata"]["component"]
    assert (subject["name"], subject["version"]) == (project["name"], project["version"])
