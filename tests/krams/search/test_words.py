"""Which words are found by which, how well, and what of them is marked."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from krams.search.engine import asked, written
from krams.search.excerpts import excerpt_of, spans_of
from krams.search.words import (
    LONGEST_WORD,
    Fit,
    encoded,
    parts_of,
    stem_of,
    terms_of,
    tokens_of,
    words_of,
)

WORD, STEM, PART, NOT = Fit.WORD, Fit.STEM, Fit.PART, None
FITS = {
    "rygning": {
        WORD: "rygning Rygning",
        STEM: "rygningen rygningens",
        PART: "ryge ryger rygestop rygestopkursus aftenrygning aftenrygere cigaretrygning "
        "tobaksrygning",
        NOT: "ryg ryggen rygsæk tryghed utryg utryghed betryggende bryggeri kryds",
    },
    "ryger": {
        STEM: "ryge rygere rygernes",
        PART: "rygning rygestop aftenrygning storryger",
        NOT: "rygsmerter tryghed bryggeri",
    },
    "misbrugscenter": {
        STEM: "misbrugscentret misbrugscentre misbrugscentrene misbrugscenteret misbrugscentrets",
        NOT: "misbrug center",
    },
    "center": {
        STEM: "centret centre centrene",
        PART: "misbrugscentret sundhedscenter",
        NOT: "central koncentration",
    },
    "centret": {STEM: "center centre", PART: "misbrugscenter", NOT: "central"},
    "tur": {
        STEM: "turen turene",
        PART: "gåtur gåture eftermiddagstur cykeltur skovturen",
        NOT: "kultur struktur tastatur natural",
    },
    "gåture": {STEM: "gåtur gåturen", PART: "gåturgruppe gåtursven morgengåture", NOT: "gård"},
    "gå": {STEM: "gåtur gård går", NOT: "foregår indgå"},
    "kommunen": {
        STEM: "kommune kommuner kommunernes",
        PART: "kommuneplan storkommune",
        NOT: "kommunikation kommunal",
    },
    "løsning": {STEM: "løsninger", PART: "løse løser", NOT: "løs løst fedtløs"},
    "mening": {STEM: "meninger", NOT: "men mennesker almen"},
    "mad": {STEM: "madlavning maden", PART: "fællesmad", NOT: "gymnadik"},
    "råd": {STEM: "rådet rådgivning", PART: "kostråd kostrådene", NOT: "område"},
    "møder": {STEM: "møde mødet mødes", PART: "husmøde husmødet mødelokale", NOT: "mad"},
    "søster": {STEM: "søstre søsteren", PART: "storesøster"},
    "artikler": {STEM: "artikel artiklen", PART: "avisartikel"},
    "svømmer": {STEM: "svømme", PART: "svømmehal svømmehallen"},
    "leje": {STEM: "lejer lejen", PART: "husleje", NOT: "lege"},
    "hus": {STEM: "huset huse husmøde", PART: "værtshus", NOT: "hurtig"},
    "åben": {WORD: "Aaben ÅBEN", STEM: "åbent", NOT: "abe"},
    "lige": {WORD: "lige", NOT: "daglige ugentlige"},
    "2026": {WORD: "2026", NOT: "12026 20"},
    "i": {WORD: "i I", NOT: "ind is"},
}


def test_words_fit_as_they_should():
    wrong = []
    for query, expected in FITS.items():
        [term] = terms_of(query)
        for fit, words in expected.items():
            for word in words_of(words):
                found = term.fit(word.folded)
                if (found and found[0]) != fit:
                    wrong.append((query, word.folded, found))
    assert wrong == []


def test_the_spelling_does_not_matter():
    for text in ("Ålborg", "AALBORG", "a\u030alborg", "Aal\u00adborg", "ål\u200bborg"):
        assert [word.folded for word in words_of(text)] == ["ålborg"], text
    assert [word.folded for word in words_of("Café, O'Brien_50 %🙂")] == [
        "cafe",
        "o",
        "brien",
        "50",
    ]
    assert [word.folded for word in words_of("x" * 900)] == ["x" * LONGEST_WORD]


@pytest.mark.parametrize("query", ["", " ", "%", '& | ! : * ( ) "', "🙂🙂", "\u0301", "--", "_"])
def test_signs_are_no_words(query):
    assert terms_of(query) == []


def test_each_word_is_looked_for_once():
    assert [term.word for term in terms_of("Tur tur TUR mad")] == ["tur", "mad"]


# The databases look up tokens; what they find must be what the terms fit.
LETTERS = "aeiouyæøåbdfghjklmnprstv"
danish = st.text(LETTERS, min_size=1, max_size=14)
known = st.sampled_from(
    [word.folded for group in FITS.values() for words in group.values() for word in words_of(words)]
)


@given(danish | known, danish | known)
def test_what_fits_is_found_by_its_tokens(query, word):
    [term] = terms_of(query)
    [folded] = [one.folded for one in words_of(word)]
    tokens = {encoded(token) for token in tokens_of([folded])}
    alternatives = asked([term], "sqlite").strip("()").split(" OR ")
    is_found = any(
        any(token.startswith(one[1:-2]) for token in tokens)
        if one.endswith("*")
        else one[1:-1] in tokens
        for one in alternatives
    )
    fits = term.fit(folded) is not None
    assert is_found or not fits
    # The other way round but for a stem that a vowel follows, which is seen afterwards.
    assert fits or not is_found or any(form.closed for form in term.forms)


@given(st.text(max_size=80))
def test_any_text_has_words_and_tokens_in_ascii(text):
    for word in words_of(text):
        assert word.folded
        assert word.folded.isalnum()
        assert text[word.start : word.end]
    for vendor in ("postgresql", "sqlite"):
        tokens = tokens_of(word.folded for word in words_of(text))
        assert written(tokens, vendor).isascii()
        assert asked(terms_of(text), vendor).isascii()


@given(st.text(LETTERS, max_size=30))
def test_parts_are_ends_of_three_letters(word):
    for start in parts_of(word):
        assert start >= 2
        assert len(word) - start >= 3


@pytest.mark.parametrize(
    ("query", "text", "marked"),
    [
        ("rygning", "Gåtur i stedet for aftenrygning og rygestop", ["rygning", "ryg"]),
        ("ÅLBORG", "til Aalborg og Aa\u00adlborg", ["Aalborg", "Aa\u00adlborg"]),
        ("café", "Cafe\u0301en er åben", ["Cafe\u0301"]),
        ("misbrugscenter", "på misbrugscentret.", ["misbrugscentret"]),
        ("tur gå", "Gå en tur", ["Gå", "tur"]),
        ("strasse", "Straße 1", ["Straße"]),
        ("mad", "<b>Mad</b> & vand", ["Mad"]),
        ("tur", "tryghed", []),
    ],
)
def test_what_was_found_is_marked(query, text, marked):
    for one in (text, unicodedata.normalize("NFC", text)):
        found = [one[start:end] for start, end in spans_of(one, terms_of(query))]
        assert [unicodedata.normalize("NFC", word) for word in found] == [
            unicodedata.normalize("NFC", word) for word in marked
        ]


@given(st.text(max_size=60), st.text(max_size=20))
def test_marks_are_in_order_and_never_overlap(text, query):
    after = 0
    for start, end in spans_of(text, terms_of(query)):
        assert after <= start < end <= len(text)
        after = end


def test_an_excerpt_is_cut_at_words():
    text = "ord " * 60 + "nålen i høstakken" + " ord" * 60
    excerpt = excerpt_of(text, terms_of("NÅLEN"))
    assert "nålen i høstakken" in excerpt
    assert excerpt.startswith("… ord")
    assert excerpt.endswith("ord …")
    assert len(excerpt) < 220
    assert excerpt_of(text, terms_of("findes ikke")) == ""


def test_the_stems_are_those_that_the_entries_were_made_with():
    """Fails where another version of the stemmer gives others: then a migration is due, even an
    empty one, after which all entries are made anew."""
    words = ["centret", "artikler", "kommunernes", "rygningen", "måltider", "beboerne", "sundheden"]
    assert [stem_of(word) for word in words] == [
        *("cent", "artikl", "kommun", "rygning", "måltid", "bebo", "sund"),
    ]
