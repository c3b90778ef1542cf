"""Matrices as people fill them in, made up by hypothesis, without a database."""

import datetime as dt
from dataclasses import dataclass

from django.core.exceptions import ValidationError
from hypothesis import strategies as st

from clusters.enums import Division, EffortState, PositionState
from clusters.matrix.cell_status import DATED_STATES, agreeing
from clusters.matrix.layout import Matrix, build
from clusters.matrix.rows import (
    AnswerRow,
    AuthorityRow,
    EffortRow,
    GroupRow,
    MemberRow,
    NoteRow,
    PlaceRow,
    ProposalRow,
)
from krams.danish.normal_form import tidy
from krams.privacy.free_text import validate_free_text

TODAY = dt.date(2026, 11, 30)
NAMES = ["Rebild", "Mariagerfjord", "Hjørring", "Aalborg", "Læsø"]
AUTHORITIES = [
    AuthorityRow(10 + number, "municipality", str(number), name, f"{name} Kommune", name.lower())
    for number, name in enumerate(NAMES)
]
REGION = AuthorityRow(
    20, "region", "1081", "Region Nordjylland", "Region Nordjylland", "region-nordjylland"
)
# Danish letters and what people paste, with signs that spreadsheets and XML care about.
LETTERS = "abcdefghijklmnoprstuvyæøåABEFHIKLMNRSTÆØÅ0123456789 .,:;-–()/&<>\"'=+@#%*·•“”´é€😀"
WORDS = [
    "Etableret",
    "Ingen",
    "Somatisk",
    "Rebild Kommune",
    "Noter",
    "Planlagt",
    "(Planlagt)",
    "7. Tilbud",
]


def is_storable(text: str) -> bool:
    try:
        validate_free_text(text)
    except ValidationError:
        return False
    return len(text) >= 2


lines = (
    st.one_of(
        st.text(LETTERS, min_size=2, max_size=60),
        st.sampled_from(WORDS),
        st.text(min_size=2, max_size=20),
    )
    .map(lambda text: tidy(" ".join(text.split())))
    .filter(is_storable)
)
titles = st.one_of(st.text("abcdefghijklmnopqrstuvæøå ", min_size=12, max_size=50).map(tidy), lines)
texts = st.lists(lines, min_size=1, max_size=6).map("\n\n".join).filter(is_storable)
days = st.dates(dt.date(2020, 1, 1), dt.date(2035, 12, 31))


@dataclass(frozen=True)
class Made:
    """A matrix that says in short what is in it."""

    matrix: Matrix

    def __repr__(self) -> str:
        return "\n".join(
            f"{key} {cell.state} {cell.state_from} {[line.effort for line in cell.lines]}"
            for key, cell in self.matrix.cells.items()
        ) + repr([entry for column in self.matrix.columns for entry in column.entries])


@st.composite
def matrices(draw) -> Made:
    authorities = [*draw(st.lists(st.sampled_from(AUTHORITIES), max_size=3, unique=True)), REGION]
    groups = [GroupRow(number, f"Gruppe {number}") for number in (1, 2)]
    names = draw(st.lists(titles.filter(bool), min_size=1, max_size=5, unique_by=str.casefold))
    proposals = [
        ProposalRow(100 + number, number, title, groups[number > 2], None)
        for number, title in enumerate(names, start=1)
    ]
    notes = [
        NoteRow(number, draw(st.sampled_from(authorities)).pk, division, heading, text, link)
        for number, (division, heading, text, link) in enumerate(
            draw(st.lists(st.tuples(divisions, lines, texts, links), max_size=3)), start=1000
        )
    ]
    answers, places = [], []
    for authority in authorities:
        mine = [note.pk for note in notes if note.authority_id == authority.pk]
        efforts = [draw(an_effort(authority.pk, mine)) for _number in range(draw(counts))]
        for number, effort in enumerate(efforts):
            effort = effort._replace(pk=authority.pk * 100 + number)
            served = draw(st.lists(st.sampled_from(proposals), min_size=1, max_size=3, unique=True))
            places += [PlaceRow(effort, proposal.pk) for proposal in served]
        for proposal in proposals:
            holds = any(
                place.proposal_id == proposal.pk and place.effort.authority_id == authority.pk
                for place in places
            )
            state = agreeing(draw(st.sampled_from(PositionState)), holds_efforts=holds)
            day = draw(days) if state in DATED_STATES and draw(st.booleans()) else None
            confirmed = draw(st.none() | days)
            who = draw(lines) if confirmed else ""
            answers.append(
                AnswerRow(
                    len(answers) + 1, proposal.pk, authority.pk, state.value, day, confirmed, who, 1
                )
            )
    return Made(
        build(
            columns=[MemberRow(one, True) for one in authorities],
            proposals=proposals,
            positions=answers,
            places=places,
            notes=notes,
            today=TODAY,
            interval_months=12,
        )
    )


counts = st.integers(0, 4)
divisions = st.sampled_from(["", *Division.values])
links = st.sampled_from(["", "https://eksempel.dk/aftale?a=1&b=æ"])


@st.composite
def an_effort(draw, authority: int, notes: list[int]) -> EffortRow:
    start, end = draw(st.none() | days), draw(st.none() | days)
    if start and end and end < start:
        start, end = end, start
    return EffortRow(
        pk=0,
        authority_id=authority,
        text=draw(lines),
        note=draw(st.just("") | texts),
        explained_by_id=draw(st.sampled_from([None, *notes])),
        state=draw(st.sampled_from(EffortState)).value,
        division=draw(divisions),
        link=draw(links),
        valid_from=start,
        valid_until=end,
        initiative_id=None,
        initiative_title="",
        theme_list=[],
    )
