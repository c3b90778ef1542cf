"""Which words a search finds: their stems, and the parts of compounds. Pure.

A word is what stands between spaces and signs, as ``collation.fold`` has it: case and accents gone,
aa as å. It is kept as **tokens**: itself, its stem, and each of its last parts from three letters
on (``-rygning`` of "aftenrygning"), marked so that a part is never taken for a word. The same
tokens are made for both databases, which only look them up.

Who looks for a word finds

* the word, and what begins with it ("svømmehal": "svømmehallen");
* words of the same stem ("misbrugscenter": "misbrugscentret", by Snowball's Danish algorithm and
  :func:`stem_of`);
* compounds that begin with the stem and the joint -e- or -s- ("rygere": "rygestop"), or with any
  consonant where the stem has five letters ("gåture": "gåturgruppe", while "kommunen" is not
  looked for in "kommunikation");
* for a noun in -ning the verb that it comes from, and for the verb the noun ("rygning": "ryger",
  "rygestop", and the other way round), never the bare stem: "løsning" is not "løs";
* all of this at the beginning of a last part of a compound, from three letters on
  ("tur": "gåtur").

Danish has no rule that says where a compound is joined. A part may begin where both it and what
stands before it can be spoken (``parts_of``), which keeps "ryg" out of "tryghed", though not out of
every word that happens to hold it; such hits are the last ones (``krams.search.rank``).
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from enum import IntEnum
from functools import lru_cache

import snowballstemmer

from ..danish import collation

# Longer than any word that people write; what is longer is an address or a row of signs.
LONGEST_WORD = 60
SHORTEST_PART = 3
# Before a token that is the last part of a word.
PART_MARK = "-"
VOWELS = frozenset("aeiouyæøå")
# What stays in a word: letters, figures, accents of their own, and what cannot be seen.
_INVISIBLE = "\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufe00-\ufe0f\ufeff"
_WORD = re.compile(rf"[^\W_](?:[^\W_]|[\u0300-\u036f{_INVISIBLE}])*")
# With which two consonants a Danish syllable begins.
_ONSETS = frozenset(
    """
    bl br bj ch dr dv fl fr fj fn gl gr gn hj hv kl kr kn kv mj pl pr ps pj
    sc sh sj sk sl sm sn sp st sv tj tr tv vr
    """.split()  # noqa: SIM905 - as a list it would be a line for each.
)
# With which two a word ends, but for a joint -s-.
_ENDS = frozenset(
    """
    bt dt ft gt kt lt mt nt pt rt st vt jt ld nd rd jd lg ng rg lk nk rk sk lp mp rp sp
    lb rb mb lf rf mf lm rm rn vn gn jn gl jl jr lv rv
    """.split()  # noqa: SIM905
)
# Of the onsets a short syllable before does not take the first consonant away: "be-tryg-ge",
# nor does a joint -e- end in one of these: "syge-pleje", "kaffe-brygning".
_KEPT_TOGETHER = _ONSETS - {"dr"} - {one for one in _ONSETS if one.startswith("s")}
_SHORT_HEAD = 3
_NEVER_AFTER_E = "bpf"
# Endings are no parts: else "lige" would be found in every adjective.
_ENDINGS = frozenset(
    """
    ede ens ene ere ers erne ernes ende endes eres else elsen elser elserne elsernes
    hed heden heder hederne iske isk lig lige ligt ligere ligst ning ningen ninger ningerne
    ion ionen ioner tion tionen tioner sion ter ten tet ner nen net ler len let ser sen set
    ger gen get der den det ker ken ket per pen pet mer men met rer
    """.split()  # noqa: SIM905
)
# Loan words whose end looks like a Danish word: Tasta-tur, struk-tur, kul-tur, hospi-tal.
_LOAN_ENDS = ("atur", "ktur", "ital", "otal")
_LONG_STEM = 5


class Fit(IntEnum):
    """How well a word of a text is the word that was looked for; less is better."""

    WORD = 0
    STEM = 1
    PART = 2


@dataclass(frozen=True, slots=True)
class Word:
    """A word of a text and where it stands: ``text[start:end]``."""

    folded: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Form:
    """What a word that is looked for may look like in a text.

    ``whole``: nothing follows; ``closed``: no vowel but e follows.
    """

    text: str
    whole: bool = False
    closed: bool = False

    def begins(self, word: str) -> bool:
        if self.whole:
            return word == self.text
        if not word.startswith(self.text):
            return False
        after = word[len(self.text) : len(self.text) + 1]
        return not self.closed or after == "e" or after not in VOWELS


@dataclass(frozen=True)
class Term:
    """A word that is looked for."""

    word: str
    stem: str
    forms: tuple[Form, ...]
    _known: "dict[str, tuple[Fit, int, int] | None]" = field(default_factory=dict, compare=False)

    def fit(self, word: str) -> tuple[Fit, int, int] | None:
        """How well a folded word fits, and which part of it: ``word[start:end]``."""
        if word not in self._known:
            self._known[word] = self._fit(word)
        return self._known[word]

    def _fit(self, word: str) -> tuple[Fit, int, int] | None:
        if word == self.word:
            return Fit.WORD, 0, len(word)
        if len(self.word) == 1:
            return None
        if word.startswith(self.word):
            return Fit.STEM, 0, len(self.word)
        if stem_of(word) == self.stem:
            return Fit.STEM, 0, len(word)
        for start in (0, *parts_of(word)):
            rest = word[start:]
            for form in self.forms:
                if form.begins(rest) and (not start or len(form.text) >= SHORTEST_PART):
                    return Fit.PART, start, start + _shared(rest, self.word)
        return None


def words_of(text: str) -> Iterator[Word]:
    """The words of a text, in order."""
    for found in _WORD.finditer(text):
        if folded := _folded(found[0]):
            yield Word(folded, found.start(), found.end())


def tokens_of(words: Iterable[str]) -> set[str]:
    """What both databases keep of a text, of folded words."""
    tokens: set[str] = set()
    for word in words:
        tokens.update(_tokens(word))
    return tokens


def terms_of(query: str) -> list[Term]:
    """The words that somebody looks for, each once; none where there are only signs."""
    words = dict.fromkeys(word.folded for word in words_of(query))
    return [Term(word, stem_of(word), tuple(_forms(word))) for word in words]


@lru_cache(maxsize=65_536)
def stem_of(word: str) -> str:
    """Snowball's stem of a folded word, and two rules for words whose stem loses an e.

    An r after a consonant falls, as the -er has fallen already (center, centr-et), and so does the
    e of -el (artikel, artikl-er).
    """
    stem: str = snowballstemmer.stemmer("danish").stemWord(word)
    if len(stem) < 4:
        return stem
    if stem[-1] == "r" and stem[-2] not in VOWELS:
        stem = _single(stem[:-1])
    elif stem.endswith("el") and stem[-3] not in VOWELS:
        stem = _single(stem[:-2]) + "l"
    return stem


@lru_cache(maxsize=65_536)
def parts_of(word: str) -> tuple[int, ...]:
    """Where a last part of a compound may begin."""
    return tuple(
        start
        for start in range(2, len(word) - SHORTEST_PART + 1)
        if _may_be_joined(word[:start], word[start:])
        and not word.startswith(_LOAN_ENDS, start - 1)
        and not word.startswith("ultur", start - 2)
    )


def encoded(token: str) -> str:
    """A token in ASCII, which no tokenizer or collation of a database takes otherwise.

    What begins with something still begins with it.
    """
    return "".join(one if one.isascii() else f"_{ord(one):x}_" for one in token)


def place_in(text: str, word: Word, start: int, end: int) -> tuple[int, int]:
    """Where ``word.folded[start:end]`` stands in the text that the word is of."""
    letters = [one for one in collation.places(text[word.start : word.end]) if one[0].isalnum()]
    return word.start + letters[start][1], word.start + letters[end - 1][2]


def _may_be_joined(head: str, part: str) -> bool:
    if part in _ENDINGS or not (_is_spoken(head) and _is_spoken(part)):
        return False
    if len(head) == 2 and head[-1] not in VOWELS:
        # "gå-tur" and "by-råd", but "om-råde".
        return False
    if VOWELS.isdisjoint(part[:2]) and part[:2] not in _ONSETS:
        return False
    if VOWELS.isdisjoint(head[-2:]) and head[-1] != "s" and head[-2:] not in _ENDS:
        return False
    if head[-1] + part[0] not in _KEPT_TOGETHER:
        return True
    return len(head) > _SHORT_HEAD and not (head[-2] == "e" and head[-1] in _NEVER_AFTER_E)


def _is_spoken(text: str) -> bool:
    return not VOWELS.isdisjoint(text)


@lru_cache(maxsize=65_536)
def _tokens(word: str) -> frozenset[str]:
    parts = (PART_MARK + word[start:] for start in parts_of(word))
    return frozenset((word, stem_of(word), *parts))


@lru_cache(maxsize=65_536)
def _folded(word: str) -> str:
    folded = collation.fold(word)[:LONGEST_WORD]
    return "".join(one for one in folded if one.isalnum())


def _forms(word: str) -> Iterator[Form]:
    """The beginnings by which a word is found; the first one is as it was typed."""
    if len(word) == 1:
        yield Form(word, whole=True)
        return
    yield Form(word)
    stem = stem_of(word)
    base = stem.removesuffix("ning")
    if base != stem and len(base) >= SHORTEST_PART and _is_spoken(base):
        yield Form(f"{base}e")
    if stem == word or len(stem) < SHORTEST_PART or not _is_spoken(stem):
        return
    yield Form(stem, whole=True)
    if len(stem) >= _LONG_STEM:
        yield Form(stem, closed=True)
    else:
        if word.startswith(stem + stem[-1]):
            yield Form(stem + stem[-1] + "e")
        else:
            yield Form(f"{stem}e")
        if len(stem) > SHORTEST_PART:
            yield Form(f"{stem}s")
    if word.startswith((f"{stem}r", f"{stem}er")) and stem[-1] not in VOWELS:
        # Words whose e has fallen: "center" is looked for in "centre", and the other way round.
        yield Form(f"{stem}re")
        yield Form(f"{stem}er")
    if stem[-1] == "l" and stem[-2] not in VOWELS:
        yield Form(f"{stem[:-1]}el")
    if word in (f"{stem}e", f"{stem}er", f"{stem}ere", f"{stem}erne"):
        yield Form(f"{stem}ning")


def _single(stem: str) -> str:
    """Without the second of two like consonants at the end, as Snowball has it."""
    return stem[:-1] if stem[-2:-1] == stem[-1] and stem[-1] not in VOWELS else stem


def _shared(one: str, other: str) -> int:
    """With how many letters both begin."""
    return next(
        (number for number, pair in enumerate(zip(one, other, strict=False)) if len(set(pair)) > 1),
        min(len(one), len(other)),
    )
