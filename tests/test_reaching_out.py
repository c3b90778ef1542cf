"""What could open a connection or start a program, and where: docs/security.md lists all."""

import ast

from scripts.security import ROOT

REACHING = {
    *("socket", "ssl", "http", "urllib", "urllib3", "requests", "httpx", "aiohttp", "smtplib"),
    *("ftplib", "imaplib", "poplib", "telnetlib", "xmlrpc", "subprocess", "asyncio", "paramiko"),
}
# Of these, what only takes an address apart.
HARMLESS = {"urllib.parse", "http.HTTPStatus", "http.cookies"}
KNOWN = {
    "krams/backup/postgresql.py": {"subprocess"},
    "krams/letters/delivery.py": {"smtplib"},
    "krams/log_in/adapters.py": {"requests"},
    "krams/log_in/oidc.py": {"requests.RequestException"},
    "krams/log_in/organisation/back_channel.py": {"requests.RequestException"},
    # The metadata of the organisation's SAML log-in.
    "krams/log_in/saml/trust.py": {"requests"},
    # A free port of this machine.
    "krams/management/commands/demo.py": {"socket"},
    "deploy/healthcheck.py": {"urllib.request"},
}
# What opens connections without being imported under one of those names.
CALLS = {"get_requests_session", "send_mail", "mail_admins", "get_connection", "EmailMessage"}
CALLED = {
    "krams/letters/actions.py",
    "krams/log_in/adapters.py",
    "krams/log_in/oidc.py",
    "krams/log_in/saml/trust.py",
    "krams/mail/actions.py",
    "krams/web/logs.py",
}


def sources() -> dict[str, ast.Module]:
    return {
        path.relative_to(ROOT).as_posix(): ast.parse(path.read_text())
        for room in ("krams", "initiatives", "clusters", "deploy")
        for path in (ROOT / room).rglob("*.py")
    }


def imported(tree: ast.Module) -> set[str]:
    found = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            found |= {one.name for one in node.names}
        elif isinstance(node, ast.ImportFrom) and not node.level and node.module:
            is_package = node.module in ("http", "urllib", "requests")
            names = {f"{node.module}.{one.name}" for one in node.names}
            found |= names if is_package else {node.module}
    return {one for one in found if one.split(".")[0] in REACHING} - HARMLESS


def called(tree: ast.Module) -> set[str]:
    functions = (node.func for node in ast.walk(tree) if isinstance(node, ast.Call))
    names = {getattr(one, "attr", getattr(one, "id", "")) for one in functions}
    return names & CALLS


def test_nothing_else_opens_a_connection_or_starts_a_program():
    assert {name: found for name, tree in sources().items() if (found := imported(tree))} == KNOWN
    assert {name for name, tree in sources().items() if called(tree)} == CALLED


def test_another_one_would_be_seen():
    assert imported(ast.parse("from urllib import request")) == {"urllib.request"}
    assert imported(ast.parse("import http.client")) == {"http.client"}
    assert imported(ast.parse("from urllib.parse import quote")) == set()
    assert called(ast.parse("mail.send_mail('a')")) == {"send_mail"}
