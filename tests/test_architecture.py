"""The layout that the README describes, read from the imports."""

import ast
import re
import tomllib
from collections import Counter
from itertools import chain
from pathlib import Path
from statistics import median

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from scripts.architecture import APPS, imports, main, modules, subject_of, subjects, tree

ROOT = Path(__file__).resolve().parent.parent
STAIR = ("models", "queries", "actions", "forms", "views", "urls", "history", "admin")
# At the root of an app: what its subjects stand on, beside ``models``, which re-exports theirs.
BELOW = {"enums", "fields", "form_fields", "access", "form_page", "env", "cycle", "weekdays"}
# Subjects whose other modules are pure too: facts and today's date in, an answer out.
PURE = {
    "krams": {"danish", "privacy", "pictures"},
    "initiatives": {
        *("documents", "sustain", "summaries", "criteria", "meetings", "plans", "log"),
        "followup",
        "calendar",
    },
    "clusters": {"matrix", "confirmations", "comparison", "editions", "intake", "setup", "country"},
}
IMPURE = {
    "initiatives.documents.document": "makes a facility of the columns that were read of it",
    "krams.danish.names": "model fields",
    "krams.danish.names_in_migrations": "writes, for migrations",
    "clusters.editions.content": "makes objects of what was frozen",
}
MODULES = modules()


def at_the_root(name: str) -> str | None:
    """``initiatives.access`` is "access"; a module of a subject is None."""
    _, *rest = name.split(".")
    return rest[0] if rest and subject_of(name) is None else None


def step(name: str) -> int:
    """How high a module of a subject stands on its stair; a pure one stands below it."""
    parts = name.split(".")
    return STAIR.index(parts[2]) if len(parts) > 2 and parts[2] in STAIR else -1


def is_pure(name: str) -> bool:
    parts = name.split(".")
    is_beside = len(parts) > 2 and subject_of(name) in PURE[parts[0]] and step(name) == -1
    return is_beside and name not in IMPURE


def ours(name: str) -> list[str]:
    """What a module imports of its own app."""
    app = name.split(".")[0]
    return sorted(one for one in imports(name) if one in MODULES and one.split(".")[0] == app)


def test_imports_between_apps_go_one_way():
    against = [
        (name, source)
        for name in MODULES
        for source in imports(name)
        if source.split(".")[0] in APPS[APPS.index(name.split(".")[0]) + 1 :]
    ]
    assert against == []


@pytest.mark.parametrize("app", APPS)
def test_the_readme_names_every_subject(app):
    packages = {file.parent.name for file in (ROOT / app).glob("*/__init__.py")}
    assert packages - {"management", "migrations"} == set(subjects(app))


@pytest.mark.parametrize("app", APPS)
def test_subjects_import_those_before_them(app):
    order = subjects(app)
    against = [
        (name, source)
        for name in MODULES
        if name.split(".")[0] == app and subject_of(name)
        for source in ours(name)
        if subject_of(source) and order.index(subject_of(source)) > order.index(subject_of(name))
    ]
    assert against == []


def test_inside_a_subject_there_is_one_way_down():
    against = [
        (name, source)
        for name in MODULES
        if subject_of(name)
        for source in ours(name)
        if subject_of(source) == subject_of(name) and step(source) > step(name)
    ]
    assert against == []


def test_what_all_subjects_stand_on_stands_on_none():
    up = [
        (name, source)
        for name in MODULES
        if at_the_root(name) in BELOW
        for source in ours(name)
        if subject_of(source)
    ]
    down = [
        (name, source)
        for name in MODULES
        if subject_of(name)
        for source in ours(name)
        if (root := at_the_root(source)) and root not in BELOW | {"models"}
    ]
    assert up + down == []


def test_pure_modules_ask_no_database():
    asking = [
        (name, source)
        for name in filter(is_pure, MODULES)
        for source in imports(name, at_run_time=True)
        if source.startswith(("django.db", "django.apps"))
        or (source.split(".")[0] in APPS and "models" in source.split("."))
    ]
    assert asking == []
    names = {
        (name, node.attr)
        for name in filter(is_pure, MODULES)
        for node in ast.walk(tree(name))
        if isinstance(node, ast.Attribute)
    }
    assert not {one for one in names if one[1] in {"objects", "_default_manager", "get_model"}}
    assert sum(map(is_pure, MODULES)) > 30


def test_modules_functions_and_folders_are_small():
    long = {name for name, file in MODULES.items() if file.read_text().count("\n") > 400}
    assert long == set()
    functions = {
        (name, node.name): node.end_lineno - node.lineno + 1
        for name in MODULES
        for node in ast.walk(tree(name))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    }
    assert {one for one, lines in functions.items() if lines > 50} == set()
    assert median(functions.values()) <= 8
    folders = Counter(file.parent for file in MODULES.values() if file.name != "__init__.py")
    assert {str(folder) for folder, files in folders.items() if files > 15} == set()


def test_the_picture_shows_the_imports():
    assert main(["--check"]) == 0


TEMPLATES = sorted((ROOT / "templates").rglob("*.*"))


def test_templates_are_small_and_run_nothing_inline():
    # The Content-Security-Policy would block all of these.
    blocked = (" style=", "<style", "hx-on", " onclick=", "javascript:")
    found = []
    for file in TEMPLATES:
        text = file.read_text()
        assert text.count("\n") <= 300, file
        if "email" not in file.parts:
            found += [(file, one) for one in blocked if one in text]
            data = len(re.findall(r'<script [^>]*type="application/json"', text))
            if text.count("<script") != text.count("<script src=") + data:
                found.append((file, "<script"))
    assert found == []


def locked(file: str) -> dict[str, str]:
    """Package -> pinned version."""
    lines = (ROOT / file).read_text().splitlines()
    pins = [line.split(";")[0].strip(" \\").split("==") for line in lines if "==" in line]
    return {canonicalize_name(name): version for name, version in pins}


def test_lock_files_cover_what_pyproject_asks_for():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    run, develop = locked("requirements.lock"), locked("requirements-dev.lock")
    extras = chain.from_iterable(project["optional-dependencies"].values())
    for pins, wanted in ((run, project["dependencies"]), (develop, extras)):
        for requirement in map(Requirement, wanted):
            version = pins[canonicalize_name(requirement.name)]
            assert requirement.specifier.contains(version), f"{requirement}: run scripts/lock.sh"
    assert run.items() <= develop.items()
    for file in ("requirements-pdf.lock", "requirements-saml.lock"):
        # Both may be named in one command.
        assert run.items() <= locked(file).items() <= develop.items()
    for file in ("requirements.lock", "requirements-saml.lock", "requirements-dev.lock"):
        assert "://" not in (ROOT / file).read_text()


def test_readme_lists_every_variable_that_is_read():
    files = [*(ROOT / "krams" / "settings").glob("*.py"), ROOT / "krams" / "env.py"]
    code = "".join(file.read_text() for file in [*files, *(ROOT / "deploy").glob("*.py")])
    named = set(re.findall(r'"([A-Z]+(?:_[A-Z]+)*)"', code))
    read = set(re.findall(r'(?:env\.\w+|self\.\w+|environ\.get|_number)\(\s*"([A-Z_]+)"', code))
    readme = (ROOT / "README.md").read_text()
    table = readme[readme.index("## Configuration") : readme.index("## Deployment")]
    documented = set(re.findall(r"`([A-Z]+(?:_[A-Z]+)*)`", table))
    assert read - documented == set()
    assert documented - named - {"INFO", "WARNING", "ERROR"} == set()


def test_no_table_of_a_document_says_the_same_twice():
    """What two branches wrote side by side, a merge keeps both of. Those made by scripts repeat."""
    twice = []
    for file in (ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))):
        if "made by scripts/" in file.read_text():
            continue
        rows: list[str] = []
        for line in (*file.read_text().splitlines(), ""):
            if line.startswith("| ") and line.count(" | ") > 1:
                rows.append(line.split(" | ")[0])
                continue
            twice += [f"{file.name}: {row}" for row in set(rows) if rows.count(row) > 1]
            rows = []
    assert twice == []


def test_links_between_documents_lead_to_files():
    astray = []
    for file in (*ROOT.glob("*.md"), *sorted((ROOT / "docs").rglob("*.md"))):
        for where in re.findall(r"\]\(([^)#:]+?)(?:#[^)]*)?\)", file.read_text()):
            if not (file.parent / where).exists():
                astray.append(f"{file.name}: {where}")
    assert astray == []
