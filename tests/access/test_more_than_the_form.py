"""What a form does not ask for is not taken, whatever is sent along with it."""

from contextlib import contextmanager

from django.apps import apps
from django.db import connection, transaction
from django.db.models.signals import post_save
from django.test import Client

from tests.access.world import World
from tests.demo import DemoTestCase
from tests.forms_on_pages import read
from tests.pages import PAGES
from tests.test_strangers import filled

APPS = ("krams", "initiatives", "clusters")
# Another each time, whatever is sent; a submission's id is made of all that was sent.
NOT_COMPARED = {
    *("id", "at", "history_id", "history_date", "history_user", "search_text"),
    *("submission_id", "date_joined", "password"),
}
# Who a browser is used by is looked at elsewhere; these end the session of the test.
LEFT_OUT = ("/konto/logout/", "/konto/log-ins/", "/sprog/")


def extra(world: World) -> dict[str, str]:
    """Every field that a model has, with a value that fits and is not what stands there."""
    found: dict[str, str] = {}
    for model in apps.get_models():
        if model._meta.app_label not in APPS or model.__name__.startswith("Historical"):
            continue
        for field in model._meta.concrete_fields:
            kind = field.get_internal_type()
            if field.is_relation:
                row = field.related_model._default_manager.order_by("-pk").first()
                found[field.name] = found[field.attname] = str(row.pk if row else 1)
            elif kind in ("DateField", "DateTimeField"):
                found[field.name] = "01.02.2026"
            elif kind == "BooleanField":
                found[field.name] = "on"
            elif "Integer" in kind or kind == "BigAutoField":
                found[field.name] = "7"
    author = str(world.admin.pk)
    return found | {"by": author, "author": author, "user": author, "history_user": author}


@contextmanager
def saves():
    """What is saved meanwhile: model and values, in order."""
    found = []

    def note(sender, instance, **_more):
        if sender._meta.app_label in APPS:
            fields = sender._meta.concrete_fields
            found.append(
                (sender.__name__, {one.attname: getattr(instance, one.attname) for one in fields})
            )

    post_save.connect(note, weak=False)
    try:
        yield found
    finally:
        post_save.disconnect(note)


class Keys:
    """The keys that rows get next: SQLite gives the same ones again once a row is rolled back.

    PostgreSQL has to be told to, so that two tries can be compared.
    """

    def __init__(self) -> None:
        self.next: list[tuple[str, int, bool]] = []
        if connection.vendor == "postgresql":
            with connection.cursor() as cursor:
                cursor.execute(
                    "SELECT quote_ident(sequencename), COALESCE(last_value, start_value),"
                    " last_value IS NOT NULL FROM pg_sequences WHERE schemaname = 'public'"
                )
                self.next = cursor.fetchall()

    def give_again(self) -> None:
        """To be called when nothing is left of what got one since."""
        if self.next:
            with connection.cursor() as cursor:
                cursor.executemany("SELECT setval(%s, %s, %s)", self.next)


class MoreThanTheForm(DemoTestCase):
    @classmethod
    def setUpTestData(cls):
        super().setUpTestData()
        cls.asked = [(page, cls.answer_of(page)) for page in PAGES if page.who]
        cls.world = World()

    def test_what_is_sent_beside_the_fields_changes_nothing(self):
        more, tried, saved, found = extra(self.world), set(), 0, []
        for page, answer in self.asked:
            client = self.client_of(page.who)
            for form in read(answer, page.path())[0]:
                key = (form.path, frozenset(form.data))
                if form.method != "post" or form.path in LEFT_OUT or key in tried:
                    continue
                tried.add(key)
                own = {
                    name: filled(name, kind, form.data[name]) for name, kind in form.kinds.items()
                }
                name, value, path = form.buttons[0] if form.buttons else ("", "", form.path)
                own |= {name: value} if name else {}
                beside = {name: value for name, value in more.items() if name not in own}
                keys = Keys()
                plain = self.sent(client, path, own)
                keys.give_again()
                forged = self.sent(client, path, own | beside)
                saved += bool(plain)
                if plain != forged:
                    found.append((page.who, path, differences(plain, forged)))
        assert found == []
        assert saved > 40

    def sent(self, client: Client, path: str, data: dict) -> list:
        with saves() as found, transaction.atomic():
            client.post(path, data)
            transaction.set_rollback(True)
        return [(name, settled(values)) for name, values in found]


def settled(values: dict) -> dict:
    """Without keys and times, which are others each time."""
    return {
        name: value
        for name, value in values.items()
        if name not in NOT_COMPARED and not name.endswith(("_at", "_hash"))
    }


def differences(plain: list, forged: list) -> list:
    if [name for name, _ in plain] != [name for name, _ in forged]:
        return [[name for name, _ in plain], [name for name, _ in forged]]
    return [
        (name, key, before[key], after[key])
        for (name, before), (_, after) in zip(plain, forged, strict=True)
        for key in before
        if before[key] != after[key]
    ]
