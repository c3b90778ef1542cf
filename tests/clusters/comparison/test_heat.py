"""The matrix at a glance: a square a cell, told by shade, symbol and words; letters on paper."""

import datetime as dt

import pytest
from django.urls import reverse

from clusters.access import get_sheet
from clusters.comparison.coverage import coverage
from clusters.comparison.heat import ANSWERED, EFFORT, EXPIRED_TONE, OPEN, OUTSIDE, shades, squares
from clusters.enums import PositionState
from clusters.matrix.queries.read_matrix import read_matrix
from clusters.models import Proposal
from krams.enums import Role
from tests.files import paragraphs_of

LONG_AGO = dt.date(2020, 1, 1)


@pytest.fixture
def reader(make_user, cluster):
    return make_user(Role.VIEWER, cluster=cluster)


@pytest.fixture
def matrix(cluster, reader):
    return lambda: read_matrix(get_sheet(reader, cluster.slug))


@pytest.fixture
def filled(rows, answer):
    answer(rows[0], "Varmestue")
    answer(rows[1], state=PositionState.NONE)
    answer(rows[2], "Nedlagt tilbud", valid_until=LONG_AGO)
    return rows


def test_a_square_says_what_the_cell_counts_as(filled, matrix):
    first = [line[0] for _proposal, line in squares(matrix())]
    assert [one.tone for one in first[:4]] == [EFFORT, ANSWERED, EXPIRED_TONE, OPEN]
    assert [one.symbol for one in first[:4]] == ["i-check", "i-minus", "i-clock", "i-open"]
    assert first[2].text == "Etableret, udløbet"
    assert len({one.letter for one in first[:4]}) == 4, "paper has no shades"


def test_the_squares_are_the_figures_below(filled, matrix):
    found = matrix()
    tones = [one.tone for _proposal, line in squares(found) for one in line]
    whole = coverage(found).whole
    assert tones.count(EFFORT) == whole.with_effort == 1
    assert len(tones) - tones.count(OPEN) == whole.answered == 3
    assert {one.tone for one in shades()} == {*tones, OUTSIDE}


def test_the_page_says_each_square_in_words_and_the_file_in_letters(filled, login, reader, cluster):
    client = login(reader)
    html = client.get(reverse("clusters:coverage", args=[cluster.slug])).content.decode()
    assert "Skemaet på ét blik" in html
    assert '<span class="vh">Etableret, udløbet</span>' in html
    words = paragraphs_of(
        client.get(reverse("clusters:coverage-file", args=[cluster.slug, "docx"]))
    )
    assert "I: har en indsats · S: besvaret uden indsats" in "\n".join(words)
    place = words.index("1 Forslag nr. 1")
    assert words[place + 1 : place + 4] == ["I", "–", "–"]


def test_a_hostile_title_is_only_a_title(filled, login, reader, cluster):
    Proposal.objects.filter(pk=filled[0].pk).update(title="<svg onload=alert(1)>\"'&")
    html = login(reader).get(reverse("clusters:coverage", args=[cluster.slug])).content.decode()
    assert "&lt;svg onload" in html
    assert "<svg onload" not in html
