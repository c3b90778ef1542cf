"""Whoever belongs elsewhere neither reads nor writes what is not theirs, whatever they send.

The demo's municipality and cluster are foreign to people of Morsø and of Klynge Vest. Each of them
sends what insiders may send, with the right keys; then does all that the own pages offer, five
steps deep, also with foreign keys in place of the own ones, in forms and in filters.
"""

import datetime as dt
import re

from django.apps import apps
from django.db import transaction
from django.test import Client
from django.urls import Resolver404, resolve
from django.utils import timezone

from initiatives.models import ActivityType, Initiative, PlannedActivity
from krams.enums import Role
from krams.models import (
    Authority,
    Cluster,
    ClusterMembership,
    Department,
    Facility,
    Membership,
    User,
)
from krams.search.models import SearchEntry
from krams.search.registry import KINDS
from tests.demo import DemoTestCase
from tests.forms_on_pages import PageForm, read
from tests.pages import PAGES

STEPS = 5
PAGES_A_STEP = 25
# Only in texts of the foreign initiative, plan and matrix.
FOREIGN = ("Sindal svømmehal", "Madam Blå", "kontanthjælp", "Kimbrerparken", "Rusmiddelfri fredag")
# Also what a secret opens for whoever has it: the read link of an edition.
OWN_ACCOUNT = re.compile(
    r"/(konto|sprog|admin|healthz|readyz|hjaelp|was|privatliv|klynger/udgave/)"
)
WHO = {
    Role.STAFF: "facility",
    Role.MANAGER: "department",
    Role.VIEWER: "department",
    Role.EDITOR: "authority",
    Role.ADMINISTRATOR: "authority",
    Role.COORDINATOR: "cluster",
}
TYPED = [
    (re.compile(r"time|kl"), "10.00"),
    (re.compile(r"_on$|_from$|_until$|dato|date|dag"), "01.12.2026"),
    (re.compile(r"mail"), "ny.konto@proeve.example"),
    (re.compile(r"count|minutes|value|weeks|per|number"), "5"),
]


class Strangers(DemoTestCase):
    @classmethod
    def setUpTestData(cls):
        super().setUpTestData()
        # As long as only the demo is there.
        cls.asked = [(page.path(), cls.answer_of(page)) for page in PAGES]
        cls.mine = {"authority": Authority.objects.get(slug="morsoe")}
        cls.mine["cluster"] = Cluster.objects.get(slug="vest")
        cls.mine["department"] = Department.objects.create(
            municipality=cls.mine["authority"], name="Afdelingen", slug="afdelingen-paa-mors"
        )
        cls.mine["facility"] = Facility.objects.create(
            department=cls.mine["department"], name="Fjordhuset", slug="fjordhuset"
        )
        initiative = Initiative.objects.create(
            department=cls.mine["department"], title="Vores indsats"
        )
        today = timezone.localdate()
        PlannedActivity.objects.create(
            facility=cls.mine["facility"],
            activity_type=ActivityType.objects.filter(municipality=None).first(),
            factors="M",
            initiative=initiative,
            weekdays="1234567",
            starts_on=today - dt.timedelta(weeks=3),
        )
        cls.people = {}
        for role, scope in WHO.items():
            person = User.objects.create_user(f"{role}@mors.example", name=f"{role.label}, Mors")
            Membership.objects.create(user=person, role=role, **{scope: cls.mine[scope]})
            cls.people[role] = person

    def test_what_insiders_may_do_is_refused_to_strangers(self):
        paths, forms = self.of_insiders()
        assert len(paths) > 90
        assert len(forms) > 60
        before = everything()
        found = {}
        for role, person in self.people.items():
            client = logged_in(person)
            for path in paths:
                answer = client.get(path)
                if answer.status_code not in (403, 404) or reads_foreign(answer):
                    found[role, "GET", path] = answer.status_code
            for form in forms:
                answer = client.post(form.path, form.data)
                if answer.status_code not in (403, 404, 405):
                    found[role, "POST", form.path] = answer.status_code
        assert found == {}
        assert changed(before) == []

    def test_of_another_authority_in_the_same_matrix_no_more_is_told_than_that_matrix(self):
        """And nothing of its departments, its facilities and its other cluster."""
        for role in (Role.EDITOR, Role.ADMINISTRATOR):
            answer = logged_in(self.people[role]).get("/myndigheder/rebild/aendringslog/")
            assert answer.status_code == 200
            assert not reads_foreign(answer)

    def test_nobody_reaches_further_by_five_steps_of_all_that_they_may(self):
        foreign = {
            model: list(model.objects.order_by("pk").values_list("pk", flat=True)[:3])
            for model in models()
            if not model.__name__.startswith("Historical")
        }
        keys = sorted({key for some in foreign.values() for key in some if isinstance(key, int)})
        for role, person in self.people.items():
            with self.subTest(role=role), transaction.atomic():
                before = everything()
                walk = Walk(person, keys)
                for _step in range(STEPS):
                    walk.step()
                assert walk.broken == []
                assert walk.leaks == []
                assert self.not_mine(changed(before)) == []
                if role in (Role.STAFF, Role.MANAGER, Role.ADMINISTRATOR, Role.COORDINATOR):
                    assert grown(before) > 0
                transaction.set_rollback(True)

    def of_insiders(self) -> tuple[list[str], list[PageForm]]:
        """The pages of the demo that belong to a place, and the forms on them."""
        paths, forms = {}, {}
        for path, answer in self.asked:
            if OWN_ACCOUNT.match(path) or not is_foreign(path):
                continue
            paths[path] = None
            for form in read(answer, path)[0]:
                if form.method == "post" and is_foreign(form.path):
                    forms.setdefault((form.path, frozenset(form.data)), form)
        return list(paths), list(forms.values())

    def not_mine(self, rows: list) -> list:
        """Of changed rows, those outside Morsø and the clusters that it is a member of."""
        clusters = ClusterMembership.objects.filter(authority=self.mine["authority"])
        mine = set(clusters.values_list("cluster", flat=True))
        columns = set(clusters.values_list("pk", flat=True))
        columns |= set(self.mine["cluster"].memberships.values_list("pk", flat=True))
        own = {
            "Cluster": mine,
            "ClusterMembership": columns,
            "User": {person.pk for person in self.people.values()},
            "Membership": {one.pk for p in self.people.values() for one in p.memberships.all()},
            "Department": {self.mine["department"].pk},
            "Facility": {self.mine["facility"].pk},
            "PlannedActivity": set(
                self.mine["facility"].planned_activities.values_list("pk", flat=True)
            ),
            "Initiative": set(
                Initiative.objects.filter(department=self.mine["department"]).values_list(
                    "pk", flat=True
                )
            ),
        }
        # What the search knows of a row is as much mine as the row.
        own["SearchEntry"] = {
            key
            for key, kind, row in SearchEntry.objects.values_list("pk", "kind", "object_id")
            if row in own.get(KINDS[kind].model.__name__, ())
        }
        return [(name, key) for name, key in rows if key not in own.get(name, ())]


class Walk:
    """All that a person's own pages offer, step by step."""

    def __init__(self, person: User, foreign_keys: list[int]):
        self.client, self.keys = logged_in(person), foreign_keys
        self.next, self.read, self.sent = ["/"], set(), set()
        self.leaks, self.broken = [], []

    def step(self) -> None:
        todo, self.next = self.next, []
        for path in todo[:PAGES_A_STEP]:
            answer = self._look(path, self.client.get(path, follow=True))
            path = answer.request["PATH_INFO"]
            forms, links = read(answer, path)
            for form in forms:
                if form.method == "post" and not OWN_ACCOUNT.match(form.path):
                    self._send(form)
                elif form.method == "get":
                    self._filter(form)
            for link in links:
                self._later(link)

    def _send(self, form: PageForm) -> None:
        kind = (view_of(form.path), frozenset(re.sub(r"\d+", "", name) for name in form.data))
        if kind in self.sent:
            return
        self.sent.add(kind)
        own = {name: filled(name, kind, form.data[name]) for name, kind in form.kinds.items()}
        name, value, path = form.buttons[0] if form.buttons else ("", "", form.path)
        own |= {name: value} if name else {}
        keyed = [name for name, kind in form.kinds.items() if kind in ("select", "radio")]
        keyed += [name for name, kind in form.kinds.items() if kind == "checkbox"]
        chosen = {name: offer for name, offer in form.offers.items() if not own.get(name)}
        tries = [own, own | chosen]
        if keyed:
            tries += [own | dict.fromkeys(keyed, str(key)) for key in self.keys[:12]]
        for data in tries:
            answer = self._look(path, self.client.post(path, data))
            if answer.status_code == 302:
                self._later(answer.headers["Location"].split("#")[0])

    def _filter(self, form: PageForm) -> None:
        """What is shown of what somebody may see, with foreign keys to choose by."""
        kind = (view_of(form.path), frozenset(form.data))
        keyed = [name for name, kind in form.kinds.items() if kind not in ("search", "date")]
        if not keyed or kind in self.sent:
            return
        self.sent.add(kind)
        for key in self.keys[:6]:
            self._look(form.path, self.client.get(form.path, dict.fromkeys(keyed, str(key))))

    def _later(self, path: str) -> None:
        kind = view_of(path)
        known = sum(1 for one in self.read if one[0] == kind)
        if kind and known < 2 and not OWN_ACCOUNT.match(path) and (kind, path) not in self.read:
            self.read.add((kind, path))
            self.next.append(path)

    def _look(self, path: str, answer):
        if reads_foreign(answer):
            self.leaks.append(path)
        if answer.status_code >= 500:
            self.broken.append(path)
        return answer


def logged_in(person: User) -> Client:
    client = Client(raise_request_exception=False)
    client.force_login(person)
    return client


def filled(name: str, kind: str, values: list[str]) -> list[str] | str:
    if kind in ("text", "textarea", "email", "date", "number", "search") and not any(values):
        return next((typed for shape, typed in TYPED if shape.search(name)), "Prøve")
    return values


def view_of(path: str) -> str:
    try:
        return resolve(path.split("?")[0]).view_name
    except Resolver404:
        return ""


def is_foreign(path: str) -> bool:
    """It belongs to a place, and that place is not of the whole country."""
    try:
        found = resolve(path.split("?")[0])
    except Resolver404:
        return False
    # Rebild is in Sundhedsråd Limfjorden too: what it changed there is told to the others.
    shared = found.url_name == "authority-changes" and found.kwargs["slug"] == "rebild"
    return (
        bool(found.kwargs) and not shared and found.kwargs.get("slug") not in ("vest", "limfjorden")
    )


def reads_foreign(answer) -> bool:
    if answer.headers.get("Content-Type", "").split(";")[0] not in ("text/html", "text/csv"):
        return False
    text = answer.getvalue().decode(errors="replace")
    return any(word in text for word in FOREIGN)


def models() -> list:
    return [
        model
        for app in ("krams", "initiatives", "clusters")
        for model in apps.get_app_config(app).get_models()
    ]


def everything() -> dict:
    """Every row there is, by model and key."""
    return {model: {row[0]: row for row in rows_of(model)} for model in models()}


def rows_of(model) -> list[tuple]:
    return list(model._base_manager.values_list("pk", *(f.attname for f in _fields(model))))


def _fields(model) -> list:
    # Reading a page writes down when somebody was last here; nothing else of an account.
    return [field for field in model._meta.concrete_fields if field.name != "last_login"]


def changed(before: dict) -> list[tuple[str, object]]:
    """The rows of ``before`` that are gone or other than they were."""
    found = []
    for model, rows in before.items():
        now = {row[0]: row for row in rows_of(model)}
        found += [(model.__name__, key) for key, row in rows.items() if now.get(key) != row]
    return found


def grown(before: dict) -> int:
    """How many rows came; what went elsewhere does not count against them."""
    now = {model: {row[0] for row in rows_of(model)} for model in before}
    return sum(len(now[model] - rows.keys()) for model, rows in before.items())
