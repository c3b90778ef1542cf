"""What is empty is never good news: no page of an empty place says that all is well."""

import re
from html import unescape

import pytest
from django.test import Client
from django.urls import NoReverseMatch, get_resolver, reverse
from django.utils.translation import gettext

from krams.enums import Role

# Sentences that reassure; each page decides when it may say them.
REASSURING = (
    "Everything planned has been registered.",
    "Nothing has slipped.",
    "Nothing right now: measurements are in time, and the plans hold.",
    "Nothing waits",
    "All answers are confirmed",
    "They answer alike to every proposal.",
)
GOOD_TONE = re.compile(r'class="(?:st|tag|note)[^"]* is-ok')


def names(namespace: str) -> list[str]:
    """Every address of a room that needs at most the slug of a place."""
    _prefix, resolver = get_resolver().namespace_dict[namespace]
    return sorted({name for name in resolver.reverse_dict if isinstance(name, str)})


def addresses(slugs):
    for namespace in ("initiatives", "clusters"):
        for name in names(namespace):
            for arguments in ((), *((slug,) for slug in slugs)):
                try:
                    yield reverse(f"{namespace}:{name}", args=arguments)
                except NoReverseMatch:
                    continue


@pytest.mark.parametrize("role", list(Role))
def test_no_page_of_an_empty_place_says_that_all_is_well(
    role, make_user, municipality, department, facility, cluster
):
    where = {
        Role.STAFF: {"facility": facility},
        Role.MANAGER: {"department": department},
        Role.EDITOR: {"authority": municipality},
        Role.COORDINATOR: {"cluster": cluster},
        Role.VIEWER: {"department": department},
        Role.ADMINISTRATOR: {"authority": municipality},
    }
    client = Client()
    client.force_login(make_user(role, **where.get(role, {})))
    slugs = [one.slug for one in (municipality, department, facility, cluster)]
    seen = 0
    for address in {*addresses(slugs), reverse("home")}:
        answer = client.get(address)
        if answer.status_code != 200 or "text/html" not in answer["Content-Type"]:
            continue
        page = unescape(answer.content.decode())
        main = page[page.index("<main") : page.index("</main>")] if "<main" in page else page
        seen += 1
        for text in REASSURING:
            assert gettext(text) not in main, address
        assert not GOOD_TONE.search(main), address
    assert seen > 1, "the role reaches pages"
