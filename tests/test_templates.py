"""The templates can be read and reviewed: one element a line, one language, all escaped."""

import datetime as dt
import re
from decimal import Decimal
from pathlib import Path

import pytest
from django.template import engines
from django.utils.functional import lazystr
from django.utils.safestring import mark_safe
from django.utils.translation import gettext_lazy
from jinja2 import nodes
from markupsafe import Markup, escape

from clusters.enums import Division
from krams.web.templating import finalize, written

ROOT = Path(__file__).resolve().parent.parent
TEMPLATES = ROOT / "templates"
FILES = sorted(file for file in TEMPLATES.rglob("*") if file.is_file())
# What makes HTML by hand; it escapes every piece that it did not write itself.
MARKUP = {
    # A drawing, whose template has escaped what people wrote.
    "initiatives/criteria/paper.py": 1,
    "krams/history/word_differences.py": 1,
    "krams/web/markup.py": 3,
    # The portal's own texts, as Jinja2 has them.
    "krams/web/compiling/folding.py": 1,
    "krams/web/compiling/words.py": 2,
    "krams/web/templating.py": 1,
}


class StrSubclass(str):
    __slots__ = ()


def test_lines_are_short():
    long = {
        f"{file.relative_to(ROOT)}:{number}": len(line)
        for file in FILES
        if file.suffix == ".html"  # A line of a letter is a line.
        for number, line in enumerate(file.read_text().splitlines(), start=1)
        if len(line) > 120
    }
    assert long == {}


def test_templates_are_jinja_and_escape_what_they_write():
    found = {}
    for file in FILES:
        source = file.read_text()
        tree = engines["templating"].env.parse(source)
        filters = {node.name for node in tree.find_all(nodes.Filter)}
        wrong = {
            *re.findall(r"{%-?\s*(load|translate|blocktranslate|comment)\b", source),
            *(type(node).__name__ for node in tree.find_all(nodes.ScopedEvalContextModifier)),
            *(filters & {"safe", "forceescape", "tojson"}),
        }
        if wrong:
            found[str(file.relative_to(TEMPLATES))] = wrong
    assert found == {}


def test_every_component_says_what_it_is_for():
    silent = []
    for file in (TEMPLATES / "components").glob("*.html"):
        source = file.read_text()
        for macro in re.finditer(r"{%\s+macro (\w+)\(", source):
            if not source[: macro.start()].rstrip().endswith("#}"):
                silent.append(f"{file.name}: {macro[1]}")
    assert silent == []


def test_html_is_declared_safe_only_where_it_is_made():
    found = {}
    for room in ("krams", "initiatives", "clusters"):
        for file in sorted((ROOT / room).rglob("*.py")):
            count = len(re.findall(r"\bmark_safe\(|\bMarkup\(|\bSafeString\(", file.read_text()))
            if count:
                found[str(file.relative_to(ROOT))] = count
    assert found == MARKUP


def test_a_missing_variable_may_be_asked_for_and_not_written():
    from jinja2 import UndefinedError

    make = engines["templating"].from_string
    assert make("{% if nothing %}yes{% else %}no{% endif %}").render() == "no"
    assert make("{% for one in nothing.rows %}x{% endfor %}").render() == ""
    for wrong in (
        "{{ nothing }}",
        "{{ nothing.name }}",
        "{{ nothing|lower }}",
        "{{ nothing + 1 }}",
    ):
        with pytest.raises(UndefinedError):
            make(wrong).render()


def test_a_text_is_in_the_readers_language_and_what_it_tells_is_escaped():
    from django.utils.translation import override

    make = engines["templating"].from_string
    source = '{{ _("KRAMS: %(title)s", title=title) }}{{ _("Save") }}'
    with override("da"):
        danish = make(source).render({"title": "<b>&"})
    with override("en"):
        english = make(source).render({"title": "<b>&"})
    assert danish == "KRAMS: &lt;b&gt;&amp;Gem"
    assert english == "KRAMS: &lt;b&gt;&amp;Save"
    with override("da"):
        assert make(source).render({"title": Markup("<b>")}) == "KRAMS: <b>Gem"
        assert make(source).render({"title": 1234567}) == "KRAMS: 1234567Gem"
    named = '{{ _("Local text at %(place)s", place="A", text="B") }}'
    assert engines["templating"].from_string(named).render()


@pytest.mark.parametrize(
    "value",
    [
        "<b>&\"'", Markup("<b>"), mark_safe("<i>"), 1234567, 1.5, Decimal("2.50"), True, None,
        gettext_lazy("Save"), lazystr(mark_safe("<u>")), dt.date(2026, 11, 21),
        dt.datetime(2026, 7, 1, 12, tzinfo=dt.UTC), StrSubclass("<"), Division.SOMATIC,
    ],
)  # fmt: skip
def test_the_quick_way_to_write_a_value_is_the_same_as_the_long_one(value):
    from django.utils.translation import override

    with override("da"):
        assert written(value) == escape(finalize(value))
    assert engines["templating"].from_string("{{ x }}").render({"x": "<"}) == "&lt;"


def test_a_fragment_is_a_block_of_its_page():
    from django.template import TemplateDoesNotExist

    backend = engines["templating"]
    assert backend.get_template("initiatives/log/log.html#results").block == "results"
    with pytest.raises(TemplateDoesNotExist):
        backend.get_template("initiatives/log/log.html#nothing")


def test_what_is_the_same_each_time_is_plain_text_in_the_compiled_page():
    from django.utils.translation import override

    backend = engines["templating"]
    source = '{{ _("Save") }}{{ icon("i-check") }}{{ _("Local text at %(place)s", place=place) }}'
    compiled = {
        language: backend.in_language(language).compile(source, "page.html", raw=True)
        for language in ("da", "en")
    }
    assert "'Gem<svg" in compiled["da"]
    assert "'Save<svg" in compiled["en"]
    for code in compiled.values():
        assert "context.call" not in code
    with override("en"):
        page = backend.from_string(source).render({"place": "<b>"})
    assert page.startswith("Save<svg")
    assert page.endswith("Local text at &lt;b&gt;")


def test_a_page_has_one_token_and_it_is_the_requests(rf):
    from django.middleware.csrf import _does_token_match, get_token

    request = rf.get("/")
    page = engines["templating"].get_template("krams/pages/_language.html").render({}, request)
    tokens = set(re.findall(r'csrfmiddlewaretoken" value="(\w+)"', page))
    assert len(tokens) == 1
    assert _does_token_match(tokens.pop(), request.META["CSRF_COOKIE"])
    assert get_token(request)
