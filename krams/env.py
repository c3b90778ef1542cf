"""Read settings from the environment; a bad value stops the start with a message that names it."""

import os
import tomllib
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import dj_database_url
import pyrage
from django.core.exceptions import ImproperlyConfigured, ValidationError
from django.core.validators import validate_email

from .enums import SCOPES_OF_ROLE, Role

TRUE, FALSE = {"1", "true", "yes", "on"}, {"0", "false", "no", "off"}
# Values travel beside the statement, so that PostgreSQL keeps how it runs one that it was asked
# five times: the same page asks with the same statements all day.
PREPARED = {"server_side_binding": True, "prepare_threshold": 5}
# What a vault hands over as a file: with _FILE behind the name, the variable says where it lies.
SECRETS = {
    *("SECRET_KEY", "SECRET_KEY_FALLBACKS", "DATABASE_URL", "REPLICA_URL", "EMAIL_HOST_PASSWORD"),
    *("OIDC_CLIENT_SECRET", "METRICS_TOKEN"),
}


class Env:
    """Typed access to environment variables.

    Every method raises ``ImproperlyConfigured`` with the variable's name and what it may hold.
    """

    def __init__(self, variables: Mapping[str, str] | None = None):
        self.variables = os.environ if variables is None else variables

    def text(self, name: str, default: str = "") -> str:
        if name in SECRETS and (where := self.variables.get(f"{name}_FILE", "").strip()):
            return self._from_file(name, where)
        return self.variables.get(name, default).strip()

    def _from_file(self, name: str, where: str) -> str:
        """Where both are given, nobody could say which one counts."""
        if self.variables.get(name, "").strip():
            raise ImproperlyConfigured(f"{name} and {name}_FILE: write one of them.")
        try:
            return Path(where).read_text(encoding="utf-8").strip()
        except (OSError, UnicodeDecodeError) as error:
            reason = type(error).__name__
            raise ImproperlyConfigured(f"{name}_FILE={where!r} cannot be read: {reason}.") from None

    def flag(self, name: str, default: bool) -> bool:
        raw = self.text(name).lower()
        if raw in TRUE:
            return True
        if raw in FALSE:
            return False
        if raw:
            raise ImproperlyConfigured(f"{name}={raw!r}: write 1 or 0.")
        return default

    def number(self, name: str, default: int, *, least: int = 0, most: int = 10**9) -> int:
        raw = self.text(name)
        if not raw:
            return default
        if not (raw.isascii() and raw.isdigit() and least <= int(raw) <= most):
            raise ImproperlyConfigured(f"{name}={raw!r}: write a whole number {least} to {most}.")
        return int(raw)

    def words(self, name: str, default: str = "") -> list[str]:
        return [word.strip() for word in self.text(name, default).split(",") if word.strip()]

    def some_of(self, name: str, choices: Sequence[str]) -> list[str]:
        """Those of ``choices`` that are named, with commas between; all where none is."""
        found = self.words(name) or list(choices)
        if unknown := [one for one in found if one not in choices]:
            raise ImproperlyConfigured(f"{name}={unknown[0]!r}: choose of {', '.join(choices)}.")
        return found

    def origins(self, name: str) -> list[str]:
        """A comma-separated list of origins such as ``https://portal.example.dk``."""
        origins = self.words(name)
        for origin in origins:
            parts = urlsplit(origin)
            if parts.scheme not in {"http", "https"} or not parts.netloc or parts.path:
                raise ImproperlyConfigured(
                    f"{name}: {origin!r} is no origin; write https://host without a path."
                )
        return origins

    def age_recipients(self, name: str) -> list[str]:
        """A comma-separated list of public keys of age (``age1…``)."""
        recipients = self.words(name)
        for one in recipients:
            try:
                pyrage.x25519.Recipient.from_str(one)
            except pyrage.RecipientError as error:
                raise ImproperlyConfigured(
                    f"{name}: {one!r} is no public key of age; it begins with age1."
                ) from error
        return recipients

    def days(self, name: str, default: int, *, least: int = 1) -> int:
        """How long something is kept; 0 keeps it."""
        found = self.number(name, default, most=36_500)
        if 0 < found < least:
            raise ImproperlyConfigured(f"{name}={found}: write 0, or at least {least} days.")
        return found

    def origin(self, name: str, default: str = "") -> str:
        """One origin, or nothing."""
        if "," in self.text(name):
            raise ImproperlyConfigured(f"{name}: write one address, https://host without a path.")
        found = self.origins(name)
        return found[0] if found else default

    def email(self, name: str) -> str:
        """An e-mail address, or nothing."""
        value = self.text(name)
        if value:
            try:
                validate_email(value)
            except ValidationError as error:
                raise ImproperlyConfigured(f"{name}={value!r} is no e-mail address.") from error
        return value

    def openid_connect(self) -> dict[str, Any]:
        """The organisation's own log-in, where ``OIDC_URL`` names one; else no provider.

        An e-mail address that it has proven opens the account that has the same address. With
        ``OIDC_EMAIL_IS_VERIFIED`` all of its addresses count as proven.
        """
        names = ("OIDC_URL", "OIDC_CLIENT_ID", "OIDC_CLIENT_SECRET")
        url, client, secret = (self.text(name) for name in names)
        if not any((url, client, secret)):
            return {}
        if missing := [name for name in names if not self.text(name)]:
            raise ImproperlyConfigured(f"{', '.join(missing)} is missing; OIDC needs all three.")
        parts = urlsplit(url)
        if parts.scheme != "https" and parts.hostname not in {"localhost", "127.0.0.1"}:
            raise ImproperlyConfigured(f"OIDC_URL={url!r}: write an address with https://.")
        app = {
            "provider_id": "organisation",
            "name": self.text("OIDC_NAME", "Log ind med kommunens login"),
            "client_id": client,
            "secret": secret,
            "settings": {"server_url": url, "uid_field": "sub"},
        }
        return {
            "openid_connect": {
                "APPS": [app],
                "OAUTH_PKCE_ENABLED": True,
                "EMAIL_AUTHENTICATION": True,
                "VERIFIED_EMAIL": self.flag("OIDC_EMAIL_IS_VERIFIED", False),
            }
        }

    def openid_connect_origins(self) -> list[str]:
        """Where the log-in page may send the browser: ``OIDC_URL`` and ``OIDC_ORIGINS``."""
        parts = urlsplit(self.text("OIDC_URL"))
        own = [f"{parts.scheme}://{parts.netloc}"] if parts.netloc else []
        return own + self.origins("OIDC_ORIGINS")

    def claim_roles(self, name: str) -> list[dict[str, str]]:
        """The ``[[role]]`` entries of the TOML file at the path: docs/log-in.md has an example."""
        path = self.text(name)
        if not path:
            return []
        try:
            found = tomllib.loads(Path(path).read_text(encoding="utf-8"))
        except (OSError, ValueError) as error:
            raise ImproperlyConfigured(f"{name}={path!r} cannot be read: {error}") from error
        entries = found.pop("role", None)
        if found or not isinstance(entries, list) or not entries:
            raise ImproperlyConfigured(f"{name}: the file holds [[role]] entries and nothing else.")
        for number, entry in enumerate(entries, 1):
            if why := _wrong_with(entry):
                raise ImproperlyConfigured(f"{name}, entry {number}: {why}")
        return entries

    def oidc_second_step(self) -> tuple[bool, list[str]]:
        """``OIDC_SECOND_STEP`` and ``OIDC_ACR``: every log-in there, or those that say so."""
        always, values = self.flag("OIDC_SECOND_STEP", False), self.words("OIDC_ACR")
        if always and values:
            raise ImproperlyConfigured(
                "OIDC_SECOND_STEP=1 counts every log-in; leave it out where OIDC_ACR says which."
            )
        return always, values

    def password_login(self) -> bool:
        """``PASSWORD_LOGIN``; it cannot be off where there is no other way in."""
        found = self.flag("PASSWORD_LOGIN", True)
        others = ("OIDC_URL", "SAML_METADATA", "SAML_SSO_URL")
        if not found and not any(map(self.text, others)):
            raise ImproperlyConfigured(
                "PASSWORD_LOGIN=0: nobody could log in without OIDC_URL or SAML_METADATA."
            )
        return found

    def secret(self, name: str, *, development: str | None) -> str:
        """At least 50 characters; ``development`` is the stand-in, where one is allowed."""
        value = self.text(name)
        if value:
            if len(value) < 50:
                raise ImproperlyConfigured(f"{name} is too short: at least 50 characters.")
            return value
        if development is None:
            raise ImproperlyConfigured(f"{name} is missing; it is required where DEBUG is off.")
        return development

    def token(self, name: str) -> str:
        """What another program knows the portal by: at least 32 characters, or nothing."""
        value = self.text(name)
        if value and not (len(value) >= 32 and value.isascii() and value.isprintable()):
            raise ImproperlyConfigured(f"{name}: write at least 32 letters and digits.")
        return value

    def secrets(self, name: str) -> list[str]:
        """Several, with commas between, or none."""
        found = self.words(name)
        if any(len(one) < 50 for one in found):
            # None is repeated: it is a secret.
            raise ImproperlyConfigured(f"{name}: each has at least 50 characters; no commas in it.")
        return found

    def choice(self, name: str, default: str, choices: set[str]) -> str:
        value = self.text(name) or default
        if value not in choices:
            raise ImproperlyConfigured(f"{name}={value!r}: choose {', '.join(sorted(choices))}.")
        return value

    def database(self, name: str, default: str) -> dict[str, Any]:
        """``sqlite:///path`` or ``postgres://user:password@host:port/name``."""
        url = self.text(name) or default
        scheme = urlsplit(url).scheme
        if scheme not in {"sqlite", "postgres", "postgresql"}:
            # The URL holds a password: name the scheme only.
            raise ImproperlyConfigured(f"{name}: {scheme!r} is no known database; see README.")
        try:
            parsed = dj_database_url.parse(url)
        except ValueError as error:
            raise ImproperlyConfigured(f"{name} cannot be read; see README.") from error
        if not parsed["NAME"]:
            raise ImproperlyConfigured(f"{name}: the database has no name.")
        if not parsed["ENGINE"].endswith("sqlite3"):
            parsed["OPTIONS"] = PREPARED | parsed.get("OPTIONS", {})
        return dict(parsed)

    def replica(self, name: str, *, of: Mapping[str, Any]) -> dict[str, Any]:
        """A PostgreSQL server that follows the database ``of``, at ``postgres://…``."""
        found = self.database(name, "")
        if found["ENGINE"] != of["ENGINE"] or found["ENGINE"].endswith("sqlite3"):
            raise ImproperlyConfigured(f"{name}: the replica and DATABASE_URL must be PostgreSQL.")
        # A connection a thread, which tells at once that nobody is there; a pool would wait for it.
        # The times are short because the primary answers instead.
        short = {"connect_timeout": 2, "tcp_user_timeout": 3000, "keepalives_idle": 5}
        found["OPTIONS"] = short | found.get("OPTIONS", {})
        found["CONN_MAX_AGE"] = 600
        return found

    def behind_pgbouncer(self, name: str, database: dict[str, Any]) -> None:
        """Nothing that outlives a transaction: the next one may be on another connection."""
        if database["ENGINE"].endswith("sqlite3"):
            raise ImproperlyConfigured(f"{name}=1: DATABASE_URL is SQLite, which has no PgBouncer.")
        database["DISABLE_SERVER_SIDE_CURSORS"] = True
        # The driver would look for statements that were prepared on another connection.
        database["OPTIONS"] = {**database.get("OPTIONS", {}), "prepare_threshold": None}


_SCOPE_OF = {
    "facility": "facility",
    "department": "department",
    "municipality": "authority",
    "region": "authority",
    "cluster": "cluster",
}


def _wrong_with(entry: Any) -> str:
    """What is wrong with an entry of ``LOGIN_ROLES``; "" if nothing is."""
    if not isinstance(entry, dict):
        return "write a [[role]] table."
    known = {"value", "role", *_SCOPE_OF}
    if odd := sorted(set(entry) - known):
        return f"{', '.join(odd)} is not known; there are {', '.join(sorted(known))}."
    if not all(isinstance(one, str) and one.strip() for one in entry.values()):
        return "all values are texts in quotes."
    if "value" not in entry:
        return "value is missing: the group or role as the claim has it."
    if entry.get("role") not in Role.values:
        return f"role is one of {', '.join(Role.values)}."
    places = sorted(set(entry) & set(_SCOPE_OF))
    scopes = [_SCOPE_OF[one] for one in places]
    if scopes == ["cluster", "authority"] and entry["role"] == Role.EDITOR:
        return ""
    fits = SCOPES_OF_ROLE[Role(entry["role"])]
    if len(scopes) != 1 or scopes[0] not in fits:
        names = [one for one, scope in _SCOPE_OF.items() if scope in fits]
        return f"a role {entry['role']} is held at one place: {' or '.join(names)}."
    return ""
