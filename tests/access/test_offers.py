"""What a page, the search and an e-mail offer somebody opens for them, and is theirs to see."""

import re
from urllib.parse import urlsplit

from django.test import Client, override_settings
from django.urls import resolve
from django.utils import timezone

from krams.mail import digests
from tests.access.world import FAR, OWN, Actor, World, actors
from tests.demo import DemoTestCase
from tests.forms_on_pages import read

PORTAL = "https://portal.example.dk"
PAGES = (
    *("/", "/botilbud/", "/indsatser/", "/klynger/"),
    *("/soeg/?q=sundhed", "/soeg/?q=mosbjerghus"),
)
# Of the world: what stands in its addresses.
WORLD = re.compile(
    r"mosbjerghus|socialpsykiatrien|hjoerring|/klynger/syd/|/indsatser/\d|/moeder/\d"
)
ANYBODYS = re.compile(r"/(hjaelp|was|privatliv|konto|komponenter|static|soeg)")


class Offers(DemoTestCase):
    @classmethod
    def setUpTestData(cls):
        super().setUpTestData()
        cls.world = World()
        cls.people = {actor: cls.world.account_of(actor) for actor in actors()}

    def offered(self, actor: Actor) -> set[str]:
        """The links of what the person is shown first, of the search and of the digest."""
        user, found = self.people[actor], set()
        client = self.browser_of(actor)
        for path in PAGES:
            answer = client.get(path, follow=True)
            assert answer.status_code == 200, (str(actor), path)
            found |= set(read(answer, path)[1])
        with override_settings(PORTAL_URL=PORTAL):
            letter = digests.compose(user, timezone.localdate())
        for part in letter.alternatives if letter else ():
            links = re.findall(r'href="([^"]+)"', part.content)
            found |= {link.removeprefix(PORTAL) for link in links if link.startswith(PORTAL)}
        return {link for link in found if not ANYBODYS.match(link)}

    def browser_of(self, actor: Actor) -> Client:
        client = Client(raise_request_exception=False)
        client.force_login(self.people[actor])
        return client

    def test_every_link_opens_for_whom_it_is_shown_to(self):
        shut, opened = [], 0
        for actor in self.people:
            if not actor.has_account or actor.where != OWN:
                continue
            client, seen = self.browser_of(actor), set()
            for link in sorted(self.offered(actor)):
                # One of a kind: the others of it ask for the same.
                kind = resolve(urlsplit(link).path).view_name
                if kind not in seen:
                    seen.add(kind)
                    status = client.get(link).status_code
                    opened += status == 200
                    if status >= 400:
                        shut.append((str(actor), link, status))
        assert shut == []
        assert opened > 100

    def test_nothing_of_the_world_is_offered_to_who_has_no_business_there(self):
        tried = 0
        for actor in self.people:
            no_role = actor.where == OWN and not actor.held and not actor.is_superuser
            if actor.has_account and (actor.where == FAR or no_role):
                tried += 1
                assert {link for link in self.offered(actor) if WORLD.search(link)} == set()
        assert tried == 3
