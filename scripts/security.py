#!/usr/bin/env python
"""What docs/security.md and docs/fields.md tell of limits, levels and fields, from the code.

    .venv/bin/python scripts/security.py            writes both
    .venv/bin/python scripts/security.py --check    exits with 1 where one is another

In docs/security.md it fills what stands between ``<!-- made by scripts/security.py: NAME -->`` and
``<!-- end -->``; docs/fields.md is all its own, by ``scripts/fields.py``.
"""

import ast
import os
import re
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from scripts.documents import write_or_check  # noqa: E402

DOCUMENT, FIELDS = ROOT / "docs" / "security.md", ROOT / "docs" / "fields.md"
BLOCK = re.compile(r"(<!-- made by scripts/security\.py: (\w+) -->\n).*?(<!-- end -->)", re.DOTALL)
# Columns that open something for whoever reads them, or did before they were hashed.
SECRET = re.compile(r"password|secret|token(?!s)|session_(?:key|data)|_hash$")
SECRET_COLUMNS = {"mfa.Authenticator": ["data"], "account.EmailConfirmation": ["key"]}
MEGABYTE, OF_MEMORY = 1_000_000, 1024 * 1024


def table(columns: list[str], rows: Iterable[Iterable[object]]) -> str:
    lines = [columns, ["---"] * len(columns), *rows]
    return "\n".join(f"| {' | '.join(map(str, line))} |" for line in lines) + "\n"


def size(number: int) -> str:
    return f"{number / (MEGABYTE if number % OF_MEMORY else OF_MEMORY):g} MB"


def uploads() -> str:
    """Kinds and sizes of what can be handed in."""
    from krams.documents import spreadsheet_reading as sheets
    from krams.settings.trust import DATA_UPLOAD_MAX_MEMORY_SIZE
    from krams.sheets.forms import MOST_SENT_BYTES
    from krams.uploads import limits

    word = (
        f"{size(limits.MOST_UNPACKED)}, no part over {size(limits.MOST_PART)}, "
        f"{limits.MOST_MEMBERS} parts, {limits.MOST_TAGS} elements, "
        f"{limits.MOST_TIMES_PACKED} times what is packed"
    )
    rows = f"{sheets.MOST_ROWS} rows, {sheets.MOST_COLUMNS} columns"
    return table(
        ["where", "kind", "at most", "unpacked at most"],
        [
            ["an initiative, the matrix of a cluster", ".docx", size(limits.MOST_BYTES), word],
            [
                "tables: people, facilities, plans, registrations",
                ".xlsx, .csv, .txt",
                size(sheets.MOST_BYTES),
                f"{size(sheets.MOST_UNPACKED)}; {rows}",
            ],
            ["the same, pasted", "text", size(MOST_SENT_BYTES), rows],
            ["any other form", "fields", size(DATA_UPLOAD_MAX_MEMORY_SIZE), ""],
        ],
    )


def limits() -> str:
    """What one person, one account, one address or the portal may do, and where it is kept to."""
    rows = [*_limits_of_log_in(), *_limits_of_requests(), *_limits_of_work()]
    return table(["of", "limit", "code"], [[of, limit, f"`{code}`"] for of, limit, code in rows])


def _limits_of_log_in() -> Iterator[tuple[str, str, str]]:
    from django.conf import settings

    from krams.log_in import attempts
    from krams.organisations.forms.people_sheet import MOST_NEW
    from krams.roles.models import LASTS

    free, wait = attempts.FREE_AT_ONE_ADDRESS, attempts.LONGEST_WAIT_SECONDS // 60
    anywhere, failing = attempts.FREE_FROM_ANYWHERE, attempts.MOST_ACCOUNTS_AT_AN_ADDRESS
    hours, minutes = settings.SESSION_COOKIE_AGE // 3600, settings.SHARED_COMPUTER_MINUTES
    guesses = "krams/log_in/attempts.py"
    yield "account and address", f"{free} wrong passwords, then a wait of up to {wait} min", guesses
    yield "account", f"{anywhere} wrong passwords from anywhere, then a wait everywhere", guesses
    yield "address", f"{failing} accounts that fail within an hour, then it is refused", guesses
    yield "account", f"log-ins at once: any number, of {hours} hours each", "krams/log_in/idle.py"
    yield "shared computer", f"{minutes} minutes unused", "krams/log_in/idle.py"
    yield "invitation", f"{LASTS.days} days, once", "krams/roles/models.py"
    yield (
        "people taken in at once",
        f"{MOST_NEW}",
        "krams/organisations/forms/people_sheet.py",
    )


def _limits_of_requests() -> Iterator[tuple[str, str, str]]:
    from django.conf import settings

    from krams.search.forms import LONGEST_QUERY
    from krams.web import middleware, unsent_forms

    fields, kept = settings.DATA_UPLOAD_MAX_NUMBER_FIELDS, unsent_forms.MOST_CHARACTERS
    address, cookies = middleware.MOST_OF_ADDRESS, middleware.MOST_OF_COOKIES
    minutes = unsent_forms.SECONDS // 60
    yield "form", f"{fields} fields", "krams/settings/trust.py"
    yield "address, cookies", f"{address} and {cookies} characters", "krams/web/middleware.py"
    yield "search", f"{LONGEST_QUERY} characters", "krams/search/forms.py"
    yield (
        "form whose session has ended",
        f"{kept} characters are kept for {minutes} minutes",
        "krams/web/unsent_forms.py",
    )


def _limits_of_work() -> Iterator[tuple[str, str, str]]:
    from django.conf import settings

    from clusters.asking.reminding import MOST_DAYS as DAYS_OF_REMINDERS
    from clusters.editions.read_links import LONGEST
    from clusters.matrix.forms.cell import MOST_EFFORTS
    from initiatives.log.models import MOST_PARTICIPANTS
    from initiatives.log.period import MOST_DAYS
    from initiatives.plans.models import MOST_MINUTES, MOST_TIMES_A_WEEK

    hidden, often = settings.MINIMUM_COUNT_FLOOR, f"{MOST_TIMES_A_WEEK} times a week"
    yield "registration", f"{MOST_PARTICIPANTS} participants", "initiatives/log/models.py"
    yield "planned activity", f"{often}, {MOST_MINUTES} min", "initiatives/plans/models.py"
    yield "list or file of the log", f"{MOST_DAYS} days", "initiatives/log/period.py"
    yield (
        "figure across facilities",
        f"fewer than {hidden} people: hidden",
        "krams/privacy/small_counts.py",
    )
    yield "cell of a matrix", f"{MOST_EFFORTS} efforts", "clusters/matrix/forms/cell.py"
    yield "reminder of an ask", f"{DAYS_OF_REMINDERS} days", "clusters/asking/reminding.py"
    yield "read link", f"{LONGEST.days} days", "clusters/editions/read_links.py"


def events() -> str:
    """Kinds of the audit log; each entry is a line of the log too."""
    from krams.enums import AuditKind

    return table(["event", "what"], [[f"`{kind.value}`", kind.label] for kind in AuditKind])


def levels() -> str:
    """Which table has which level of protection: the highest that one of its columns has."""
    named: dict[str, list[str]] = {"secret": [], "personal": [], "internal": [], "plain": []}
    for model in models():
        secret = secret_columns(model)
        name = model._meta.label + (f" ({', '.join(secret)})" if secret else "")
        named[level_of(model)].append(name)
    rows = [[f"**{level}**", ", ".join(sorted(tables))] for level, tables in named.items()]
    return table(["level", "tables; of the secret ones the columns"], rows)


def models() -> Iterator[Any]:
    """Earlier versions (histories) have the level of what they are versions of."""
    from django.apps import apps

    return (model for model in apps.get_models() if not hasattr(model, "instance_type"))


def level_of(model: Any) -> str:
    from krams.database.guarded import guarded_fields

    if secret_columns(model):
        return "secret"
    if any(_is_a_person(field) for field in model._meta.local_concrete_fields):
        return "personal"
    is_ours = model._meta.app_label in ("krams", "initiatives", "clusters")
    has_texts = is_ours and any(True for _field in guarded_fields(model))
    return "internal" if has_texts or hasattr(model, "history") else "plain"


def secret_columns(model: Any) -> list[str]:
    known = SECRET_COLUMNS.get(model._meta.label, [])
    found = (field.name for field in model._meta.local_concrete_fields)
    return [name for name in found if name in known or SECRET.search(name)]


def _is_a_person(field: Any) -> bool:
    from krams.models import User

    return field.related_model is User or "email" in field.name


def hashes() -> str:
    """Which module hashes or signs, and by what: whoever adds one has to tell."""
    rows = []
    for room in ("krams", "initiatives", "clusters"):
        for path in sorted((ROOT / room).rglob("*.py")):
            if used := sorted(algorithms_of(path.read_text(encoding="utf-8"))):
                rows.append([f"`{path.relative_to(ROOT)}`", ", ".join(used)])
    return table(["code", "by"], rows)


def algorithms_of(source: str) -> set[str]:
    """hashlib's and SQL's functions by name; of Django's signing its algorithm, SHA-1 if none."""
    found = set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call):
            name = ast.unparse(node.func)
            given = {one.arg: ast.unparse(one.value).strip("'") for one in node.keywords}
            if name == "hashlib.file_digest":
                found.add(ast.literal_eval(node.args[1]))
            elif re.fullmatch(r"hashlib\.\w+", name):
                found.add(name.removeprefix("hashlib."))
            elif name.endswith("salted_hmac"):
                found.add(f"HMAC-{given.get('algorithm', 'sha1')}")
            elif name in ("signing.dumps", "signing.Signer", "Signer"):
                found.add("HMAC-sha256")
        elif isinstance(node, ast.Constant) and isinstance(node.value, str):
            found |= set(re.findall(r"\b(md5|sha\d+)\(", node.value))
    return found


BLOCKS = {
    "hashes": hashes,
    "uploads": uploads,
    "limits": limits,
    "events": events,
    "levels": levels,
}


def security() -> str:
    """Raises KeyError for a block that nothing fills."""
    text = DOCUMENT.read_text(encoding="utf-8")
    return BLOCK.sub(lambda found: f"{found[1]}\n{BLOCKS[found[2]]()}\n{found[3]}", text)


def main(arguments: list[str]) -> int:
    from django.utils import translation

    from scripts.fields import fields

    with translation.override("en"):
        made = {DOCUMENT: security(), FIELDS: fields()}
    return write_or_check(made, arguments, by="scripts/security.py")


if __name__ == "__main__":
    # As a portal that nobody has set anything of.
    os.environ |= {"DEBUG": "1", "DJANGO_SETTINGS_MODULE": "krams.settings"}
    import django

    django.setup()
    sys.exit(main(sys.argv[1:]))
