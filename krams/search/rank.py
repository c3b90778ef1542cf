"""How well something fits what was looked for, and in which order hits stand. Pure.

Of each word that was looked for its best hit counts: the word itself in a title, then its stem
there; the word or its stem in the text; at last parts of compounds. Who has the least in sum stands
first. Among equals what has a name of its own stands before what was written down (``tier``), then
the newest, then the Danish order of titles. It is worked out in Python, so that both databases give
the same order.
"""

from collections.abc import Iterable, Sequence

from .words import Fit, Term

IN_TITLE = {Fit.WORD: 0, Fit.STEM: 1, Fit.PART: 4}
IN_TEXT = {Fit.WORD: 2, Fit.STEM: 3, Fit.PART: 5}


def score_of(terms: Sequence[Term], title: Iterable[str], text: Iterable[str]) -> int | None:
    """Less is better; None where a word is found in neither. All words are folded."""
    title, text = list(title), list(text)
    total = 0
    for term in terms:
        best = _best(term, title, IN_TITLE)
        if best != IN_TITLE[Fit.WORD]:
            there = [one for one in (best, _best(term, text, IN_TEXT)) if one is not None]
            best = min(there, default=None)
        if best is None:
            return None
        total += best
    return total


def _best(term: Term, words: list[str], scores: dict[Fit, int]) -> int | None:
    found = (fit for word in words if (fit := term.fit(word)))
    return min((scores[fit] for fit, _start, _end in found), default=None)
