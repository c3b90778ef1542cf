"""Every page of the demo, as each role that opens it: valid HTML, and few queries."""

import re
from collections import Counter

import pytest
from django.apps import apps
from django.contrib.contenttypes.models import ContentType
from django.db import connection
from django.http import HttpResponse
from django.test.utils import CaptureQueriesContext

from tests.demo import Answer, DemoTestCase
from tests.pages import PAGES

MOST_QUERIES = 8
HTML = "{http://www.w3.org/1999/xhtml}"
# Fields that nobody sees or that carry their own words.
UNLABELLED = {"hidden", "submit", "button", "reset", "image"}


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
    def queries_of(self, page) -> int:
        client, path = self.client_of(page.who), page.path()
        with CaptureQueriesContext(connection) as queries:
            client.get(path)
        return len(queries)

    def test_is_valid_and_asks_few_questions(self):
        # As in a warm process: the first page asks for them.
        ContentType.objects.get_for_models(*apps.get_models())
        found = {}
        for page in PAGES:
            answer = self.answer_of(page)
            problems = []
            if answer.status_code != page.status:
                problems.append(f"status {answer.status_code}")
            elif answer.errors:
                problems.append(f"not valid: {answer.errors}")
            else:
                problems += faults(answer.tree)
            queries = self.queries_of(page)
            if queries > MOST_QUERIES:
                problems.append(f"{queries} queries")
            if problems:
                found[str(page)] = problems
        assert found == {}

    def test_every_page_is_the_same_in_english(self):
        """The switch changes texts only: the same number of headings, links and fields."""

        def shape(answer, language):
            html = answer.content.decode()
            assert f'<html lang="{language}">' in html
            return Counter(re.findall(r"<(h1|h2|a|button|input|select|textarea)\b", html))

        found = set()
        for page in PAGES:
            client = self.client_of(page.who)
            client.cookies["django_language"] = "en"
            if shape(client.get(page.path()), "en") == shape(self.answer_of(page), "da"):
                continue
            # Each client is one log-in more in the list of log-ins: the same one asks for both.
            shapes = []
            for language in ("en", "da"):
                client.cookies["django_language"] = language
                shapes.append(shape(client.get(page.path()), language))
            if shapes[0] != shapes[1]:
                found.add(str(page))
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
    answer = Answer(HttpResponse(PAGE.format(fault)))
    assert answer.errors == []
    assert faults(answer.tree) == [expected]


@pytest.mark.parametrize("fault", ["</i>", "<p><div></p></div>", "&nothing;", '<b a="" a=""></b>'])
def test_html_that_is_not_valid_is_seen(fault):
    assert Answer(HttpResponse(PAGE.format(fault))).errors
