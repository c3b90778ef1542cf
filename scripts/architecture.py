"""The rooms of the code as they are: subjects, their order, and who imports whom.

    .venv/bin/python scripts/architecture.py            writes the picture into docs/architecture.md
    .venv/bin/python scripts/architecture.py --check    exits with 1 where the picture is another

The order is read from the README, what is imported from the code; ``tests/test_architecture.py``
compares the two.
"""

import ast
import re
import sys
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from scripts.documents import write_or_check  # noqa: E402

APPS = ("krams", "initiatives", "clusters")
PICTURE = ROOT / "docs" / "architecture.md"
BEGIN, END = "<!-- made by scripts/architecture.py -->", "<!-- until here -->"


@cache
def subjects(app: str) -> tuple[str, ...]:
    """The packages of an app in the README's order: each may import those named before it."""
    readme = (ROOT / "README.md").read_text()
    [table] = re.findall(rf"\n\| `{app}/` \|[^\n]*\n\|[-| ]+\n((?:\|[^\n]*\n)+)", readme)
    return tuple(re.findall(r"^\| `(\w+)`", table, re.MULTILINE))


@cache
def modules() -> dict[str, Path]:
    """Every module of the apps but migrations: dotted name -> file."""
    found = {}
    for app in APPS:
        for file in sorted((ROOT / app).rglob("*.py")):
            parts = file.relative_to(ROOT).with_suffix("").parts
            if "migrations" not in parts:
                found[".".join(parts).removesuffix(".__init__")] = file
    return found


@cache
def tree(name: str) -> ast.Module:
    return ast.parse(modules()[name].read_text())


@cache
def imports(name: str, *, at_run_time: bool = False) -> frozenset[str]:
    """The modules that a module imports, ours and others, also inside functions.

    ``at_run_time``: without what it imports to name types alone (``if TYPE_CHECKING``).
    """
    package = name.split(".")
    if modules()[name].name != "__init__.py":
        package = package[:-1]
    found = set()
    to_name_types = {
        inner
        for node in ast.walk(tree(name))
        if isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING"
        for inner in node.body
    }
    for node in ast.walk(tree(name)):
        if at_run_time and node in to_name_types:
            continue
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            base = package[: len(package) - node.level + 1] if node.level else []
            source = ".".join([*base, *([node.module] if node.module else [])])
            for alias in node.names:
                whole = f"{source}.{alias.name}"
                found.add(whole if whole in modules() else source)
    return frozenset(found)


def subject_of(name: str) -> str | None:
    """``initiatives.log.views.today`` belongs to "log"; a module at the root of an app to none."""
    app, *rest = name.split(".")
    return rest[0] if app in APPS and rest and rest[0] in subjects(app) else None


def arrows(app: str) -> set[tuple[str, str]]:
    """Which subject imports which, without those arrows that others together already say.

    What goes against the README's order is not drawn; the test refuses it.
    """
    order = subjects(app)
    found = {
        (subject_of(name), subject_of(source))
        for name in modules()
        for source in imports(name)
        if name.split(".")[0] == source.split(".")[0] == app
        and subject_of(name)
        and subject_of(source)
        and order.index(subject_of(name)) > order.index(subject_of(source))
    }
    return {
        (above, below)
        for above, below in found
        if not any(_leads(found, other, below) for one, other in found if one == above)
    }


def _leads(arrows: set, above: str, below: str) -> bool:
    """Whether one comes from ``above`` to ``below``, which is another one, by the arrows."""
    return any(b == below or _leads(arrows, b, below) for a, b in arrows if a == above)


def picture() -> str:
    """Mermaid: the three apps with their subjects; an arrow leads to what is imported."""
    lines = ["```mermaid", "flowchart TB"]
    for app in reversed(APPS):
        lines.append(f'  subgraph {app}["{app}/"]')
        lines += [f'    {app}_{one}["{one}"]' for one in reversed(subjects(app))]
        lines += [f"    {app}_{a} --> {app}_{b}" for a, b in sorted(arrows(app))]
        lines.append("  end")
    lines += ["  clusters --> initiatives", "  initiatives --> krams", "```"]
    return "\n".join(lines)


def main(arguments: list[str]) -> int:
    head, rest = PICTURE.read_text(encoding="utf-8").split(BEGIN)
    tail = rest.split(END)[1]
    fresh = f"{head}{BEGIN}\n\n{picture()}\n\n{END}{tail}"
    return write_or_check({PICTURE: fresh}, arguments, by="scripts/architecture.py")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
