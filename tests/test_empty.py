"""What is empty is never good news: no page of an empty place says that all is well."""

import re
from collections import Counter
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


@pytest.fixture
def there(make_user, municipality, department, facility, cluster) -> list[str]:
    """The addresses that somebody can open: what an administrator of all does not find is not."""
    everybody, client = make_user(), Client()
    everybody.is_superuser = True
    everybody.save()
    client.force_login(everybody)
    slugs = [one.slug for one in (municipality, department, facility, cluster)]
    found = sorted({*addresses(slugs), reverse("home")})
    return [address for address in found if client.get(address).status_code != 404]


# What an empty place has pages of, and who may do the first thing there.
BEGINS = (
    ("initiatives:plan", "facility", Role.MANAGER, "department"),
    ("initiatives:rhythm", "facility", Role.MANAGER, "department"),
    ("initiatives:grid", "facility", Role.MANAGER, "department"),
    ("initiatives:overview", "department", Role.MANAGER, "department"),
    ("initiatives:initiatives", "", Role.MANAGER, "department"),
    ("initiatives:meetings", "facility", Role.MANAGER, "department"),
    ("initiatives:policies", "municipality", Role.ADMINISTRATOR, "municipality"),
    ("clusters:matrix", "cluster", Role.COORDINATOR, "cluster"),
    ("clusters:editions", "cluster", Role.COORDINATOR, "cluster"),
)
EMPTY = re.compile(r'<(div|p) class="empty.*?</\1>', re.DOTALL)


def test_an_empty_page_says_what_comes_and_leads_to_the_first_thing_to_do(
    make_user, municipality, department, facility, cluster
):
    """And never to something that the reader may not do."""
    places = {
        "municipality": municipality,
        "department": department,
        "facility": facility,
        "cluster": cluster,
    }
    wrong = []
    for name, at, role, place in BEGINS:
        arguments = [places[at].slug] if at else []
        if name == "initiatives:grid":
            arguments.append("2026-W46")
        address = reverse(name, args=arguments)
        scope = {"authority" if place == "municipality" else place: places[place]}
        for who in (role, Role.VIEWER):
            client = Client()
            client.force_login(make_user(who, **scope))
            answer = client.get(address)
            if who != role and answer.status_code == 403:
                continue
            page = answer.content.decode()
            found = [match[0] for match in EMPTY.finditer(page)]
            links = [link for one in found for link in re.findall(r'href="([^"#]+)"', one)]
            refused = [link for link in links if client.get(unescape(link)).status_code != 200]
            words = max((len(re.sub(r"<[^>]+>", " ", one).split()) for one in found), default=0)
            if words < 5 or refused or (who == role and not links):
                wrong.append((name, who.value, words, links, refused))
    assert wrong == []


def test_no_page_of_an_empty_place_says_that_all_is_well(
    there, make_user, municipality, department, facility, cluster
):
    where = {
        Role.STAFF: {"facility": facility},
        Role.MANAGER: {"department": department},
        Role.EDITOR: {"authority": municipality},
        Role.COORDINATOR: {"cluster": cluster},
        Role.VIEWER: {"department": department},
        Role.ADMINISTRATOR: {"authority": municipality},
    }
    assert where.keys() == set(Role)
    wrong, seen = {}, Counter()
    for role, place in where.items():
        client = Client()
        client.force_login(make_user(role, **place))
        for address in there:
            if address.startswith("/kom-i-gang/"):
                # Its ticks say what exists, such as a department, and not that it goes well.
                continue
            answer = client.get(address)
            if answer.status_code != 200 or "text/html" not in answer["Content-Type"]:
                continue
            page = unescape(answer.content.decode())
            main = page[page.index("<main") : page.index("</main>")] if "<main" in page else page
            seen[role] += 1
            said = [text for text in REASSURING if gettext(text) in main]
            if said or GOOD_TONE.search(main):
                wrong[role, address] = said
    assert wrong == {}
    assert all(seen[role] > 1 for role in Role), "every role reaches pages"
