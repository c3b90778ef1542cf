"""The portal behind PgBouncer, which hands its connections round after each transaction."""

import json
from concurrent.futures import ThreadPoolExecutor

import pytest

from .browsers import Browser
from .prepared import ROWS
from .servers import PgBouncer, Portal, python

# Of PostgreSQL, for all portals and threads together.
CONNECTIONS = 2
# Reads the log in several rounds while somebody else takes the connection that it began on.
READ = """
import json, threading
import django; django.setup()
from django.db import connection, transaction
from initiatives.models import Activity

rows = Activity.objects.order_by("pk").iterator(chunk_size=1000)
has_it, is_done = threading.Event(), threading.Event()

def hold():
    with transaction.atomic():
        Activity.objects.count()
        has_it.set()
        is_done.wait()
    connection.close()

holder = threading.Thread(target=hold)
try:
    # Where it is forgotten, another connection may come even between asking and the first row.
    found = [next(rows).pk]
    holder.start()
    has_it.wait()
    found += [row.pk for row in rows]
    told = len(found)
except Exception as error:
    told = str(error)
is_done.set()
if holder.ident:
    holder.join()
print(json.dumps(told))
"""


@pytest.fixture(scope="module")
def bouncer(primary, database):
    name = database.rpartition("/")[2]
    with PgBouncer(primary, database=name, connections=CONNECTIONS) as running:
        yield running


@pytest.fixture(scope="module")
def portal(bouncer):
    with Portal(bouncer.url(), PGBOUNCER="1", WEB_THREADS="8", DATABASE_POOL="8") as running:
        yield running


def test_many_at_once_share_a_few_connections(primary, database, bouncer, portal):
    name = database.rpartition("/")[2]
    people = [Browser(portal).log_in("medarbejder") for _ in range(8)]
    forms = [[person.registration() for _ in range(3)] for person in people]

    def work(turn: int) -> int:
        person, most = people[turn], 0
        for sent in forms[turn]:
            answer = person.post("/botilbud/bakkehuset/registrer/", sent)
            assert answer.status == 200, answer.text
            assert len(person.exported()) > ROWS
            assert person.get("/botilbud/bakkehuset/uge/").status == 200
            most = max(most, bouncer.clients())
        return most

    with ThreadPoolExecutor(len(people)) as all_at_once:
        most_clients = max(all_at_once.map(work, range(len(people))))
    assert len(people[0].exported()) == ROWS + 24
    taken = primary.one("SELECT count(*) FROM pg_stat_activity WHERE datname = %s", name)
    # Else there was nothing to share.
    assert most_clients > CONNECTIONS >= taken > 0


@pytest.mark.parametrize(
    ("pgbouncer", "told"), [("1", ROWS), ("0", "cursor")], ids=["set", "forgotten"]
)
def test_a_long_read_survives_that_its_connection_is_taken(primary, bouncer, pgbouncer, told):
    """Without the setting it does not, so this sees what it is there for."""
    found = json.loads(python(bouncer.url(), "-c", READ, PGBOUNCER=pgbouncer))
    if isinstance(told, int):
        assert found >= told
    else:
        assert told in found, found
        assert "does not exist" in found, found
