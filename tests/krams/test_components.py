"""The page of all components: each macro has its example, and it is for developers alone."""

import re
from pathlib import Path

import html5lib
import pytest
from django.template import engines
from jinja2 import nodes

from krams.web.templating import components

TEMPLATES = Path(__file__).resolve().parent.parent.parent / "templates"
HTML = "{http://www.w3.org/1999/xhtml}"


@pytest.fixture
def environment():
    return engines["templating"].env


def test_every_component_is_shown_with_what_it_is_for(client, db, environment):
    tree = html5lib.parse(client.get("/komponenter/").content.decode())
    shown = {
        re.sub("^c-", "", heading.get("id")): " ".join("".join(header.itertext()).split())
        for header in tree.iter(HTML + "header")
        for heading in header.iter(HTML + "h2")
        if (heading.get("id") or "").startswith("c-")
    }
    every = components(environment)
    for component in every:
        assert component.purpose.replace("``", "") in shown.get(component.name, ""), component.name
    macros = {
        name
        for file in environment.list_templates()
        if file.startswith("components/")
        for name in vars(environment.get_template(file).module)
        if not name.startswith("_")
    }
    assert {component.name for component in every} == macros


def test_nobody_else_sees_it(client, db, settings):
    assert client.get("/komponenter/").status_code == 200
    settings.SHOWS_COMPONENTS = False
    assert client.get("/komponenter/").status_code == 404


def test_no_template_calls_something_else_by_the_name_of_a_component(environment):
    """It would be there where a page asks whether somebody gave it."""
    names = {component.name for component in components(environment)}
    wrong = []
    for file in TEMPLATES.rglob("*.html"):
        tree = environment.parse(file.read_text())
        called = {id(call.node) for call in tree.find_all(nodes.Call)}
        for name in tree.find_all(nodes.Name):
            if name.name in names and id(name) not in called:
                wrong.append(f"{file.name}:{name.lineno} {name.name}")
    assert wrong == []
