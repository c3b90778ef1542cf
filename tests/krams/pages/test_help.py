"""The help has a section for every page, and every page leads to its own."""

import re
from html import unescape

from django.urls import get_resolver, resolve, reverse

from krams.pages.help_places import help_for, sections_by_name
from krams.pages.help_sections import GROUPS, contents
from krams.search.words import tokens_of, words_of
from tests.demo import DemoTestCase
from tests.pages import PAGES

# What is help itself, or about the portal rather than done in it.
ABOUT = {"help", "help-group", "accessibility", "privacy", "components"}
# Whose heading is the name that somebody has given a file.
NAMED = {"clusters:import"}
HTML = "{http://www.w3.org/1999/xhtml}"


def names() -> set[str]:
    return {page.name for page in PAGES} - ABOUT


def test_every_page_has_a_section_and_every_section_is_there():
    anchors = {section.anchor for _group, found in contents() for section in found}
    known = sections_by_name()
    assert names() - set(known) == set(), "add them to krams/pages/help_places.py"
    assert set(known.values()) <= anchors
    assert all(help_for(name) for name in known)
    assert help_for("help") == ""


def test_no_section_stands_twice_or_is_empty():
    every = [section for _group, found in contents() for section in found]
    assert len({section.anchor for section in every}) == len(every)
    assert [section.anchor for section in every if len(section.text) < 80] == []
    assert all(re.fullmatch(r"[a-z-]+", section.anchor) for section in every)


def test_every_name_of_a_place_is_an_address():
    def known(resolver, prefix=""):
        for name in resolver.reverse_dict:
            if isinstance(name, str):
                yield prefix + name
        for space, (_path, inner) in resolver.namespace_dict.items():
            yield from known(inner, f"{space}:")

    assert set(sections_by_name()) - set(known(get_resolver())) == set()


def test_each_group_is_a_page_with_its_sections(client, db):
    for group in GROUPS:
        page = unescape(client.get(reverse("help-group", args=[group.slug])).content.decode())
        for section in dict(contents())[group]:
            assert f'id="{section.anchor}"' in page
            assert resolve(section.address.split("#")[0]).url_name == "help-group"
    assert client.get("/hjaelp/findes-ikke/").status_code == 404
    page = client.get(reverse("help")).content.decode()
    assert page.count('href="/hjaelp/') > 30
    assert 'id="faa"' in page, "an old link finds the section"


class AboutTheirPages(DemoTestCase):
    def test_the_section_of_a_page_is_about_it(self):
        """The words at the top of a page, or those of its address, stand in its section."""
        sections = {section.address: section for _group, found in contents() for section in found}
        astray = []
        for page in PAGES:
            if page.name in ABOUT | NAMED or page.status != 200:
                continue
            section = sections[help_for(page.name)]
            told = _tokens(f"{section.title} {section.text} {section.anchor}")
            heads = [_text(one) for one in self.answer_of(page).tree.iter(HTML + "h1")]
            asked = _tokens(" ".join([*heads, page.path().replace("/", " ").replace("-", " ")]))
            if not asked & told:
                astray.append((str(page), section.anchor, heads))
        assert not astray, "\n".join(map(str, astray))


def _text(element) -> str:
    return "".join(element.itertext())


def _tokens(text: str) -> set[str]:
    return tokens_of(word.folded for word in words_of(text) if len(word.folded) > 3)
