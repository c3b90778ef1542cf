"""Our texts restate the two documents; they do not copy them.

``seed_word_hashes.txt`` holds a hash of every eight words that follow one another in the documents,
not the words: the documents themselves are no part of the portal.
"""

import hashlib
import re
from pathlib import Path

from krams.seeding.facts_files import FIXTURES

ROOT = Path(__file__).parent.parent
HASHES = frozenset((Path(__file__).parent / "seed_word_hashes.txt").read_text().split())
LENGTH = 8
# What is called so: proposals of the Council, the initiative, a campaign, agreements.
NAMES = (
    "Etablering af samarbejde mellem region, kommuner og udvalgte praktiserende læger",
    "KRAMS-indsats i Socialpsykiatrien & Området for udsatte grupper",
    "Udvidet konsultation for socialt udsatte hos egen læge",
    "Bevæg dig for livet",
    "Samarbejdsaftale om indlæggelse og udskrivning",
    "Samarbejdsaftale om indsatsen vedr. mennesker med sindslidelse og samtidigt misbrug",
)


def words(text: str) -> list[str]:
    return re.findall(r"\w+", text.lower())


def runs(text: str) -> list[str]:
    """Every eight words that follow one another."""
    found = words(text)
    return [" ".join(found[at : at + LENGTH]) for at in range(len(found) - LENGTH + 1)]


def hashed(run: str) -> str:
    return hashlib.sha256(run.encode()).hexdigest()[:12]


def copied(path: Path) -> list[str]:
    text = path.read_text(encoding="utf-8")
    # In TOML a line that goes on in the next one is one text; what begins anew is another.
    parts = text.replace("\\\n", "").splitlines() if path.suffix == ".toml" else [text]
    for name in NAMES:
        parts = [piece for part in parts for piece in " ".join(part.split()).split(name)]
    return [run for part in parts for run in runs(part) if hashed(run) in HASHES]


def texts() -> list[Path]:
    """All that carries Danish sentences of ours."""
    return [
        *FIXTURES.glob("*.toml"),
        *FIXTURES.glob("*.csv"),
        *ROOT.glob("docs/**/*.md"),
        *ROOT.glob("templates/**/*.html"),
        ROOT / "README.md",
        ROOT / "locale/da/LC_MESSAGES/django.po",
    ]


def test_no_eight_words_in_a_row_are_those_of_a_document():
    found = {path.relative_to(ROOT).as_posix(): copied(path) for path in texts()}
    assert {name: runs_found for name, runs_found in found.items() if runs_found} == {}


def test_the_check_would_find_one():
    """The names above are in the documents, so that their hashes are."""
    for name in NAMES:
        assert len(words(name)) < LENGTH or any(hashed(run) in HASHES for run in runs(name)), name
    assert len(HASHES) > 2000
