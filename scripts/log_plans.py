"""How PostgreSQL reads the log for each page: to compare a whole table with one divided by year.

    DEBUG=1 DATABASE_URL=postgres://… .venv/bin/python scripts/log_plans.py botilbud-700

Opens the pages of one facility and its department as the first superuser, and has PostgreSQL
explain every query of theirs that reads the log. Prints per page: how many such queries, the median
milliseconds that planning and running them takes, the blocks of 8 kB that they touch, and how many
parts of a divided table they look into. Writes nothing.
"""

import os
import statistics
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "krams.settings")

import django

django.setup()

from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY  # noqa: E402
from django.db import connection, transaction  # noqa: E402
from django.test import Client, override_settings  # noqa: E402
from django.utils import timezone  # noqa: E402

from initiatives.models import Activity  # noqa: E402
from krams.danish.weeks import Week  # noqa: E402
from krams.models import Facility, User  # noqa: E402

TABLE = Activity._meta.db_table
ROUNDS = 15


def pages(facility: Facility) -> dict[str, str]:
    here, week = f"/botilbud/{facility.slug}", Week.of(timezone.localdate())
    there = f"/afdelinger/{facility.department.slug}"
    latest = facility.activities.order_by("-held_on", "-pk")[0]
    return {
        "today": f"{here}/i-dag/",
        "log": f"{here}/registreringer/",
        "log with a filter": f"{here}/registreringer/?faktor=m&udfald=held",
        "one registration": f"{here}/registreringer/{latest.pk}/",
        "week grid": f"{here}/uge/{week}/",
        "rhythm": f"{here}/rytme/",
        "week plan": f"{here}/ugeplan/",
        "log as a file": f"{here}/registreringer.csv",
        "overview": f"{there}/overblik/",
        "completeness": f"{there}/udfyldt/",
        "compare": f"{there}/sammenlign/",
    }


def explained(sql: str) -> tuple[float, float, int, int]:
    """Milliseconds to plan and to run, blocks, and parts of the log that were looked into."""
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) {sql}")
        [found] = cursor.fetchone()[0]
    plan = found["Plan"]
    blocks = plan["Shared Hit Blocks"] + plan["Shared Read Blocks"]
    parts = {one["Relation Name"] for one in _nodes(plan) if _reads_the_log(one)}
    return found["Planning Time"], found["Execution Time"], blocks, len(parts)


def _nodes(plan: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield plan
    for one in plan.get("Plans", ()):
        yield from _nodes(one)


def _reads_the_log(node: dict[str, Any]) -> bool:
    looked = node.get("Actual Loops", 0) > 0
    return looked and node.get("Relation Name", "").startswith(TABLE)


def queries_of(client: Client, path: str) -> list[str]:
    with override_settings(DEBUG=True, ALLOWED_HOSTS=["*"]):
        connection.queries_log.clear()
        response = client.get(path)
        found = [one["sql"] for one in connection.queries if TABLE in one["sql"]]
    # One registration leads to the day that it stands on.
    assert response.status_code in (200, 302), (path, response.status_code)
    return [sql for sql in found if sql.startswith("SELECT")]


def log_in(client: Client) -> None:
    """A session that is never saved would not be found: this one is removed again."""
    user = User.objects.filter(is_superuser=True).order_by("pk")[0]
    session = client.session
    session[SESSION_KEY] = str(user.pk)
    session[BACKEND_SESSION_KEY] = "krams.people.log_in.Backend"
    session[HASH_SESSION_KEY] = user.get_session_auth_hash()
    session.save()


def main(slug: str) -> None:
    client = Client()
    facility = Facility.objects.select_related("department").get(slug=slug)
    print("| page | queries | plan, ms | run, ms | blocks | parts |")
    print("|---|---|---|---|---|---|")
    with transaction.atomic():
        log_in(client)
        for name, path in pages(facility).items():
            found = queries_of(client, path)
            rounds = [[explained(sql) for sql in found] for _ in range(ROUNDS)]
            plan, run, blocks = (
                statistics.median(sum(one[i] for one in one_round) for one_round in rounds)
                for i in range(3)
            )
            parts = max((one[3] for one in rounds[-1]), default=0)
            print(f"| {name} | {len(found)} | {plan:.2f} | {run:.2f} | {blocks:.0f} | {parts} |")
        transaction.set_rollback(True)


if __name__ == "__main__":
    main(*sys.argv[1:])
