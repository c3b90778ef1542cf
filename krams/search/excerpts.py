"""Where in a text what was looked for stands, and which part of it a search shows. Pure."""

from collections.abc import Sequence

from .words import Term, place_in, words_of

AROUND = 90
Span = tuple[int, int]


def spans_of(text: str, terms: Sequence[Term]) -> list[Span]:
    """What of the text is marked, in order: of a compound the part, else the word or its stem."""
    spans = []
    for word in words_of(text):
        fits = [fit for term in terms if (fit := term.fit(word.folded))]
        if fits:
            _fit, start, end = min(fits)
            spans.append(place_in(text, word, start, end))
    return spans


def how_many(text: str, terms: Sequence[Term]) -> int:
    """How many of the words that were looked for the text has."""
    words = {word.folded for word in words_of(text)}
    return sum(any(map(term.fit, words)) for term in terms)


def excerpt_of(text: str, terms: Sequence[Term]) -> str:
    """The part of the text around its first hit; nothing where it has none."""
    spans = spans_of(text, terms)
    if not spans:
        return ""
    start, end = max(0, spans[0][0] - AROUND), min(len(text), spans[0][1] + AROUND)
    if start:
        start = text.find(" ", start, spans[0][0]) + 1 or start
    if end < len(text):
        end = max(text.rfind(" ", spans[0][1], end), spans[0][1])
    return f"{'… ' if start else ''}{text[start:end].strip()}{' …' if end < len(text) else ''}"
