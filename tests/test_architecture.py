"""The layout that the README describes, read from the imports."""

import ast
import re
import tomllib
from itertools import chain
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).resolve().parent.parent
README = (ROOT / "README.md").read_text()
ROOMS = ("krams", "initiatives", "clusters")
# Facts and today's date in, an answer out: they can be read and tested without a database.
PURE = {
    "agenda",
    "agenda_facts",
    "bounds",
    "cell",
    "changes",
    "chart",
    "comparison",
    "danish",
    "diff",
    "entries",
    "matrix",
    "privacy",
    "rhythm",
    "rhythm_facts",
    "sections",
    "status",
    "strip",
    "succession",
    "verdict",
    "week_grid",
    "wording",
}
# One way down inside a room; what is not named here may use everything.
LAYERS = [{"enums"}, PURE, {"models"}, {"actions"}, {"forms", "filters"}, {"views"}, {"urls"}]


def modules() -> dict[str, Path]:
    """Every module of the three rooms but migrations: dotted name -> file."""
    found = {}
    for room in ROOMS:
        for file in sorted((ROOT / room).rglob("*.py")):
            parts = file.relative_to(ROOT).with_suffix("").parts
            if "migrations" not in parts:
                found[".".join(parts).removesuffix(".__init__")] = file
    return found


MODULES = modules()
TREES = {name: ast.parse(file.read_text()) for name, file in MODULES.items()}


def imports(name: str) -> set[str]:
    """What a module imports, also inside functions, as dotted names."""
    package = name.split(".")
    if MODULES[name].name != "__init__.py":
        package = package[:-1]
    found = set()
    for node in ast.walk(TREES[name]):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            base = package[: len(package) - node.level + 1] if node.level else []
            source = ".".join([*base, *([node.module] if node.module else [])])
            found |= {f"{source}.{alias.name}" for alias in node.names}
    return found


def layer(dotted: str) -> int | None:
    """``initiatives.plans.actions.plans`` is actions, as ``krams.mail.actions`` is."""
    parts = dotted.split(".")
    if parts[0] in ROOMS and len(parts) > 1:
        for number, names in enumerate(LAYERS):
            if parts[1] in names:
                return number
    return None


def test_imports_between_rooms_go_one_way():
    found = {}
    for name in MODULES:
        later_rooms = ROOMS[ROOMS.index(name.split(".")[0]) + 1 :]
        if wrong := {source for source in imports(name) if source.split(".")[0] in later_rooms}:
            found[name] = wrong
    assert found == {}


def test_imports_inside_a_room_go_one_way():
    """What a module is below, it does not import."""
    found = {}
    for name in MODULES:
        mine = layer(name)
        if mine is not None and (
            above := {source for source in imports(name) if (layer(source) or 0) > mine}
        ):
            found[name] = above
    assert found == {}


def test_pure_modules_ask_no_database():
    found = {}
    for name in MODULES:
        if layer(name) not in (0, 1):
            continue
        models = {
            source
            for source in imports(name)
            if source.startswith(("django.db.connection", "django.db.transaction", "django.apps"))
            or (source.startswith("django.db.models") and layer(name) == 1)
            or ".models" in source.removeprefix("django.db.models")
        }
        names = {node.attr for node in ast.walk(TREES[name]) if isinstance(node, ast.Attribute)}
        if wrong := models | names & {"objects", "_default_manager", "get_model"}:
            found[name] = wrong
    assert found == {}


def test_the_pure_modules_of_the_readme_are_pure():
    row = next(line for line in README.splitlines() if line.startswith("| `rhythm.py`"))
    named = set(re.findall(r"`(\w+)\.py`", row))
    assert len(named) > 5
    assert named <= PURE
    assert {name.rpartition(".")[2] for name in MODULES} >= PURE


def test_modules_and_functions_are_small():
    functions = (ast.FunctionDef, ast.AsyncFunctionDef)
    found = {}
    for name, tree in TREES.items():
        lines = MODULES[name].read_text().count("\n")
        if lines > 400:
            found[name] = lines
        found |= {
            f"{name}.{node.name}": node.end_lineno - node.lineno + 1
            for node in ast.walk(tree)
            if isinstance(node, functions) and node.end_lineno - node.lineno >= 50
        }
    assert found == {}


def test_templates_are_small_and_run_nothing_inline():
    found = {}
    for file in sorted((ROOT / "templates").rglob("*.*")):
        text = file.read_text()
        wrong = {"lines"} if text.count("\n") > 300 else set()
        if "email" not in file.parts:
            # The Content-Security-Policy would block all three.
            inline = (" style=", "<style", "hx-on", " onclick=", "javascript:")
            wrong |= {forbidden for forbidden in inline if forbidden in text}
            data = len(re.findall(r'<script [^>]*type="application/json"', text))
            if text.count("<script") != text.count("<script src=") + data:
                wrong.add("<script")
        if wrong:
            found[str(file.relative_to(ROOT))] = wrong
    assert found == {}


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
    for file in ("requirements.lock", "requirements-dev.lock"):
        assert "://" not in (ROOT / file).read_text()


def test_readme_lists_every_variable_that_is_read():
    files = [ROOT / "krams" / "settings.py", ROOT / "krams" / "env.py"]
    code = "".join(file.read_text() for file in [*files, *(ROOT / "deploy").glob("*.py")])
    named = set(re.findall(r'"([A-Z]+(?:_[A-Z]+)*)"', code))
    read = set(re.findall(r'(?:env\.\w+|self\.\w+|environ\.get|_number)\(\s*"([A-Z_]+)"', code))
    readme = (ROOT / "README.md").read_text()
    table = readme[readme.index("## Configuration") : readme.index("## Deployment")]
    documented = set(re.findall(r"`([A-Z]+(?:_[A-Z]+)*)`", table))
    assert read - documented == set()
    assert documented - named - {"INFO", "WARNING", "ERROR"} == set()
