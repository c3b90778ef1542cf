"""Which section of the help is about which page: "Help for this page" leads there.

Named by address names alone, so that the kernel need not know the halves. ``tests/krams/pages/
test_help.py`` finds a page that stands nowhere, and a section that is not there.
"""

from functools import cache

from .help_sections import address_of

# Section: the names of its pages, without the prefix of their half.
KERNEL = {
    "personer": (
        "people",
        "person",
        "role-change",
        "role-end",
        "role-give",
        "role-place",
        "leaving",
        "invitation",
    ),
    "forside": ("home",),
    "soeg": ("search",),
    "historik": (
        *("history", "facility-changes", "authority-changes", "cluster-changes", "own-changes"),
        "history-redact",
    ),
    "revisionslog": ("audit-log",),
    "konto": ("settings", "kept", "log-ins", "second-step", "unsubscribe"),
    "databeskyttelse": ("data-protection",),
    "regneark": ("facility-sheet", "people-sheet"),
}
ACCOUNT = {
    "log-ind": (
        *("login", "reset_password", "reset_password_done", "reset_password_from_key"),
        *("reset_password_from_key_done", "inactive", "logout"),
    ),
    "konto": ("change_password", "set_password", "reauthenticate", "reauthenticate_organisation"),
}
KRAMS = {
    "billeder": (
        "year",
        "department-year",
        "curves",
    ),
    "opslag": (
        "poster",
        "poster-week",
    ),
    "rytme": (
        "facility-pause",
        "period",
        "calendar",
    ),
    "registrer": ("today", "planned", "register", "rhythm", "facilities"),
    "ret": ("activity-edit",),
    "registreringer": ("log",),
    "ugen": ("grid",),
    "plan": ("plan", "plan-add", "plan-edit", "plan-end"),
    "skabelon": ("plan-copy", "starter-plan", "starter-initiative"),
    "pause": ("plan-pause", "pause-edit", "plan-restart"),
    "aktivitetstyper": ("types", "type-edit"),
    "indsats": (
        *("initiatives", "initiative", "section", "section-edit", "local-text"),
        *("initiative-facilities", "initiative-compare", "initiative-changes"),
    ),
    "livsforloeb": ("initiative-new", "initiative-copy", "initiative-status"),
    "indsats-fra-word": ("initiative-new-word", "initiative-word"),
    "politik": ("policies", "policy-new", "policy-edit"),
    "kriterier": (
        *("criteria", "criterion", "criterion-new", "criterion-edit", "indicator-new"),
        *("indicator-edit", "measurement-add", "measurement-edit", "target-edit"),
    ),
    "moeder": (
        *("meetings", "meeting", "meeting-new", "meeting-edit", "minutes", "wishes"),
        *("department-meetings", "department-meeting-new", "decision-edit"),
        "decision-follow-up",
    ),
    "overblik": ("overview",),
    "registreret": ("completeness",),
    "sammenlign-botilbud": ("compare",),
    "graenser": ("thresholds",),
    "regneark": ("plan-sheet", "type-sheet", "log-sheet", "measurement-sheet"),
    "kom-i-gang": (
        *("getting-started-choose", "getting-started", "getting-started-department"),
        *("getting-started-facilities", "getting-started-facility"),
        *("getting-started-people", "getting-started-person"),
    ),
}
CLUSTERS = {
    "laeselinks": (
        "read",
        "read-links",
        "write-texts",
    ),
    "spoergsmaal": (
        "conversation",
        "comment",
        "threads",
        "wording-propose",
        "steps",
        "step-done",
    ),
    "bed": (
        "asks",
        "ask",
        "ask-new",
        "column",
    ),
    "skema": ("clusters", "matrix", "note-add", "note-edit"),
    "felt": ("cell-edit", "cell-removed"),
    "bekraeft": ("confirmations",),
    "sammenlign": ("compare", "gaps", "coverage", "themes"),
    "billeder": ("development", "proposal-course"),
    "udgaver": ("editions", "edition", "freeze", "withdraw", "changes"),
    "opsaetning": (
        *("new", "setup", "member", "member-take-back", "setup-proposals", "proposal"),
        *("group", "source", "source-new", "setup-people"),
    ),
    "efterfoelger": ("setup-successors", "setup-successor"),
    "indlaes": ("imports", "import", "import-edit", "import-paste"),
}
PLACES = (
    ("", KERNEL),
    ("account_", ACCOUNT),
    ("mfa_", {"konto": ("index", "list_webauthn", "activate_totp", "generate_recovery_codes")}),
    ("initiatives:", KRAMS),
    ("clusters:", CLUSTERS),
)


@cache
def sections_by_name() -> dict[str, str]:
    """The anchor of the section for each address name."""
    return {
        prefix + name: anchor
        for prefix, sections in PLACES
        for anchor, names in sections.items()
        for name in names
    }


def help_for(name: str) -> str:
    """The address of the section about the page; "" where the page has none."""
    anchor = sections_by_name().get(name)
    return address_of(anchor) if anchor else ""
