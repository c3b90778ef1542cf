"""What ``manage.py check --deploy`` says of connections, backups and log-in, beside Django's own.

Each is a choice that is right on one machine, or for a trial, and wrong for a municipality. So it
stops nothing. docs/security.md says what to do about each.
"""

import ipaddress
from collections.abc import Iterator, Mapping
from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Tags, Warning, register

VARIABLES = {"default": "DATABASE_URL", "replica": "REPLICA_URL"}


def is_here(host: str) -> bool:
    """Whether what is sent to ``host`` stays on this machine; "" and paths are sockets."""
    if host in {"", "localhost"} or host.startswith("/"):
        return True
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False


@register(Tags.security, deploy=True)
def connections(**_more: Any) -> list[CheckMessage]:
    return [*of_databases(settings.DATABASES), *of_mail_server()]


def of_databases(databases: Mapping[str, dict[str, Any]]) -> Iterator[CheckMessage]:
    for alias, database in databases.items():
        if database["ENGINE"].endswith("sqlite3") or is_here(str(database.get("HOST", ""))):
            continue
        if database.get("OPTIONS", {}).get("sslmode") != "verify-full":
            yield Warning(
                f"{VARIABLES[alias]} leads to another machine, and nothing makes sure that the "
                "connection is encrypted and that the server is the right one.",
                hint="Write ?sslmode=verify-full&sslrootcert=… behind it.",
                id="krams.W001",
            )


def of_mail_server() -> Iterator[CheckMessage]:
    if not is_here(settings.EMAIL_HOST) and not settings.EMAIL_USE_TLS:
        yield Warning(
            "Letters, with links that open accounts, are sent to EMAIL_HOST unencrypted.",
            hint="EMAIL_USE_TLS=1.",
            id="krams.W002",
        )


@register(Tags.security, deploy=True)
def backups(**_more: Any) -> list[CheckMessage]:
    if settings.BACKUP_RECIPIENTS:
        return []
    return [
        Warning(
            "Backups are not encrypted.",
            hint="BACKUP_RECIPIENTS names who can read them; see docs/backup.md.",
            id="krams.W003",
        )
    ]


@register(Tags.security, deploy=True)
def log_in(**_more: Any) -> list[CheckMessage]:
    if settings.REQUIRE_SECOND_STEP or (settings.OIDC_SECOND_STEP and not settings.PASSWORD_LOGIN):
        return []
    return [
        Warning(
            "A password alone opens the accounts of managers, coordinators and administrators.",
            hint="REQUIRE_SECOND_STEP=1, or the organisation's log-in alone; see docs/log-in.md.",
            id="krams.W004",
        )
    ]
