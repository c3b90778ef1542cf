"""Every page of the demo, as each role that opens it: valid HTML, and few queries."""

import re
from collections import Counter

import html5lib
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.demo import DemoTestCase
from tests.pages import PAGES

MOST_QUERIES = 8
HTML = "{http://www.w3.org/1999/xhtml}"
# Fields that nobody sees or that carry their own words.
UNLABELLED = {"hidden", "submit", "button", "reset", "image"}


def parse(content: bytes):
    return html5lib.HTMLParser(strict=True).parse(content.decode())


def elements(tree, *names: str) -> list:
    return [node for name in names for node in tree.iter(HTML + name)]


def words(node) -> str:
    return " ".join("".join(node.itertext()).split())


def faults(tree) -> list[str]:
    """What a browser forgives and a screen reader does not."""
    found = []
    [page] = elements(tree, "html")
    if page.get("lang") not in ("da", "en"):
        found.append("no language")
    titles = [words(title) for title in elements(tree, "head")[0].iter(HTML + "title")]
    if len(titles) != 1 or titles[0].startswith("–"):
        found.append(f"titles: {titles}")
    headings = [words(heading) for heading in elements(tree, "h1")]
    if len(headings) != 1 or not headings[0]:
        found.append(f"h1: {headings}")
    ids = Counter(node.get("id") for node in tree.iter() if node.get("id") is not None)
    found += [f"id {name!r} {count} times" for name, count in ids.items() if count > 1 or not name]
    for field in elements(tree, "input", "textarea"):
        if field.get("maxlength") or field.get("type") == "number":
            found.append(f"cuts a paste, or changes at the wheel: {field.get('name')}")
    for node in tree.iter():
        for name in ("for", "aria-labelledby", "aria-describedby", "aria-controls", "headers"):
            found += [
                f"{name} points nowhere: {target}"
                for target in (node.get(name) or "").split()
                if target not in ids
            ]
        target = node.get("href") or ""
        if target.startswith("#") and target[1:] not in ids:
            found.append(f"link points nowhere: {target}")
    return found + unlabelled(tree) + nameless(tree) + tokenless(tree)


def tokenless(tree) -> list[str]:
    """``ui.js`` renews the token of a form before the browser sends it, and stops without one."""
    return [
        f"no token: {form.get('action') or 'posts to itself'}"
        for main in elements(tree, "main")
        for form in main.iter(HTML + "form")
        if form.get("method") == "post"
        and "csrfmiddlewaretoken" not in {field.get("name") for field in form.iter()}
    ]


def unlabelled(tree) -> list[str]:
    labelled = {label.get("for") for label in elements(tree, "label")}
    inside = {
        field for label in elements(tree, "label") for field in label.iter() if field is not label
    }
    return [
        f"no label: {field.get('name')}"
        for field in elements(tree, "input", "select", "textarea")
        if field.get("type") not in UNLABELLED
        and field.get("aria-hidden") != "true"
        and field.get("id") not in labelled
        and field not in inside
        and not (field.get("aria-label") or field.get("aria-labelledby"))
    ]


def nameless(tree) -> list[str]:
    return [
        f"without a name: {node.get('href') or node.get('name') or node.get('class')}"
        for node in elements(tree, "a", "button", "summary")
        if not (words(node) or node.get("aria-label") or node.get("aria-labelledby"))
    ]


class EveryPage(DemoTestCase):
    def get(self, page):
        """The answer of a warm process, and its queries: the first ones ask for content types."""
        client = self.client_of(page.who)
        path = page.path()
        client.get(path)
        with CaptureQueriesContext(
            connection,
        ) as queries:
            response = client.get(path)
        return response, len(queries)

    def test_is_valid_and_asks_few_questions(self):
        found = {}
        for page in PAGES:
            response, queries = self.get(page)
            problems = []
            if response.status_code != page.status:
                problems.append(f"status {response.status_code}")
            else:
                try:
                    problems += faults(parse(response.content))
                except html5lib.html5parser.ParseError as error:
                    problems.append(f"not valid: {error}")
            if queries > MOST_QUERIES:
                problems.append(f"{queries} queries")
            if problems:
                found[str(page)] = problems
        assert found == {}

    def test_every_page_is_the_same_in_english(self):
        """The switch changes texts only: the same number of headings, links and fields."""

        def shape(page, language):
            client = self.client_of(page.who)
            client.cookies["django_language"] = language
            html = client.get(page.path()).content.decode()
            assert f'<html lang="{language}">' in html, page
            return Counter(re.findall(r"<(h1|h2|a|button|input|select|textarea)\b", html))

        found = {str(page) for page in PAGES if shape(page, "da") != shape(page, "en")}
        assert found == set()


PAGE = '<!doctype html><html lang="da"><title>T</title><h1>H</h1>{}</html>'


@pytest.mark.parametrize(
    ("fault", "expected"),
    [
        ('<p id="a"></p><p id="a"></p>', "id 'a' 2 times"),
        ('<input name="b">', "no label: b"),
        ('<a href="#c">C</a>', "link points nowhere: #c"),
        ('<a href="/d"></a>', "without a name: /d"),
        ('<label for="e">E</label>', "for points nowhere: e"),
        ("<h1>F</h1>", "h1: ['H', 'F']"),
        ('<main><form method="post"></form></main>', "no token: posts to itself"),
    ],
)
def test_the_check_itself_sees(fault, expected):
    assert faults(parse(PAGE.format(fault).encode())) == [expected]
