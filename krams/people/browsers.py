"""Which browser on which system somebody uses, as the browser says of itself. Pure.

Families alone: enough to know one's own phone in a list, too little to know a person by.
"""

# What stands first counts: Edge calls itself Chrome too, and every browser Safari.
BROWSERS = (
    ("Edge", ("Edg/", "EdgA/", "EdgiOS/")),
    ("Opera", ("OPR/", "Opera")),
    ("Samsung Internet", ("SamsungBrowser/",)),
    ("Firefox", ("Firefox/", "FxiOS/")),
    ("Chrome", ("Chrome/", "CriOS/", "Chromium/")),
    ("Safari", ("Safari/",)),
)
SYSTEMS = (
    ("iPhone", ("iPhone",)),
    ("iPad", ("iPad",)),
    ("Android", ("Android",)),
    ("Windows", ("Windows",)),
    ("ChromeOS", ("CrOS",)),
    ("Mac", ("Macintosh", "Mac OS X")),
    ("Linux", ("Linux", "X11")),
)


def families(user_agent: str) -> tuple[str, str]:
    """("Firefox", "Windows"); "" for what is not known."""
    return _first(BROWSERS, user_agent), _first(SYSTEMS, user_agent)


def _first(known: tuple[tuple[str, tuple[str, ...]], ...], text: str) -> str:
    return next((name for name, signs in known if any(sign in text for sign in signs)), "")
