"""How often one person, or one address of the network, may ask for what costs much.

The one table: the name of an address -> its limit. scripts/limits.py makes docs/limits.md of it.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class Limit:
    """So many ``times`` at once, which come back evenly within ``seconds``.

    A bucket that never stops filling: no minute begins at which everything is allowed again. What
    has the same limit is counted together.
    """

    name: str
    times: int
    seconds: int
    why: str


SEARCHES = Limit("searches", 60, 60, "a search looks at all that one may see")
FILES = Limit("files", 30, 600, "a file is written anew each time; a PDF takes a second or more")
IMPORTS = Limit(
    "imports", 60, 600, "a file that is handed in is opened and compared; one import is sent twice"
)
LETTERS = Limit("letters", 100, 600, "each sends an e-mail, also to people without an account")
FORMS = Limit("forms", 600, 600, "nobody types as fast; what a program fills in has an end")
# Of secret addresses and of ways in, which a whole town hall may ask for behind one address.
LINKS = Limit("links", 300, 300, "secret addresses cannot be tried one after the other")
PUBLIC_FILES = Limit("public-files", 120, 600, "a file is written anew each time")
WAYS_IN = Limit(
    "ways-in", 600, 60, "each asks the organisation's log-in or for a passkey, or checks what came"
)

LIMITS = (SEARCHES, FILES, IMPORTS, LETTERS, FORMS, LINKS, PUBLIC_FILES, WAYS_IN)

READ: dict[str, Limit] = {
    "search": SEARCHES,
    **dict.fromkeys(
        (
            *("own-data", "audit-export", "facility-template", "people-template"),
            "mfa_download_recovery_codes",
            *("initiatives:initiative-file", "initiatives:criterion-file"),
            *("initiatives:measurement-template", "initiatives:agenda-file"),
            *("initiatives:minutes-file", "initiatives:plan-export", "initiatives:plan-template"),
            *("initiatives:poster-file", "initiatives:type-template", "initiatives:period-export"),
            *("initiatives:log-export", "initiatives:log-template", "initiatives:overview-export"),
            *("initiatives:factors-export", "initiatives:completeness-export"),
            "initiatives:compare-export",
            "initiatives:getting-started-facility-template",
            "initiatives:getting-started-people-template",
            *("clusters:matrix-file", "clusters:steps-file", "clusters:compare-file"),
            *("clusters:gaps-file", "clusters:coverage-file", "clusters:themes-file"),
            *("clusters:edition-file", "clusters:changes-file"),
        ),
        FILES,
    ),
    "clusters:read-file": PUBLIC_FILES,
    **dict.fromkeys(
        (
            *("initiatives:calendar-feed", "clusters:read", "unsubscribe", "invitation-link"),
            *("account_reset_password_from_key", "account_confirm_email"),
        ),
        LINKS,
    ),
    **dict.fromkeys(
        (
            *("openid_connect_login", "openid_connect_callback", "mfa_login_webauthn"),
            *("saml_login", "saml_finish_acs", "saml_sls"),
        ),
        WAYS_IN,
    ),
}
WRITE: dict[str, Limit] = {
    **dict.fromkeys(
        (
            *("facility-sheet", "people-sheet", "initiatives:measurement-sheet"),
            *("initiatives:plan-sheet", "initiatives:type-sheet", "initiatives:log-sheet"),
            *("initiatives:initiative-word", "initiatives:initiative-new-word"),
            "initiatives:getting-started-facilities",
            "initiatives:getting-started-people",
            *("clusters:imports", "clusters:import-paste", "clusters:import-apply"),
        ),
        IMPORTS,
    ),
    **dict.fromkeys(
        (
            *("role-give", "invitation-again", "initiatives:getting-started-person"),
            *("clusters:setup-people", "clusters:ask-new", "clusters:ask-remind"),
            "clusters:ask-prolong",
        ),
        LETTERS,
    ),
    **dict.fromkeys(
        (
            *("unsubscribe", "invitation", "account_reset_password_from_key"),
            "account_confirm_email",
        ),
        LINKS,
    ),
    **dict.fromkeys(
        (
            *("openid_connect_login", "openid_connect_callback", "mfa_login_webauthn"),
            *("saml_login", "saml_acs"),
        ),
        WAYS_IN,
    ),
}
# The ways out, and what asks whether somebody is still there.
NEVER = {"account_logout", "admin:logout", "idle", "language"}


def limit_of(name: str, method: str, has_account: bool) -> Limit | None:
    """Of what is asked of the address ``name``; whatever somebody logged in sends has one.

    What the browser only asks about (OPTIONS) is free. The log-in itself is counted by its account:
    ``krams.log_in.attempts``.
    """
    if method in ("GET", "HEAD"):
        return READ.get(name)
    if method != "POST" or name in NEVER:
        return None
    return WRITE.get(name) or (FORMS if has_account else None)
