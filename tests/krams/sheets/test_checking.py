"""Columns and their words, and what is told of a table before its rows mean anything."""

import pytest
from django import forms
from django.core.exceptions import ValidationError
from django.utils import translation

from initiatives.enums import Outcome
from initiatives.form_fields import FACTOR_WORDS
from initiatives.plans.forms.plan_sheet import WEEKDAY_WORDS
from krams.documents.spreadsheet_reading import ReadTable
from krams.sheets.checking import check
from krams.sheets.columns import EXAMPLE_DAY, YES_OR_NO, Choice, Column
from krams.sheets.forms import TableField, as_sent, table_of
from krams.sheets.report import Line, State, changes_between

FACTORS = Column("factors", "Faktorer", choices=FACTOR_WORDS, is_several=True)
DAYS = Column("days", "Dage", choices=WEEKDAY_WORDS, is_several=True)
OFFERED = Column("offered", "I brug", choices=YES_OR_NO)


@pytest.mark.parametrize(
    ("column", "text", "read"),
    [
        (FACTORS, "K, M", ["K", "M"]),
        (FACTORS, "km", ["K", "M"]),
        (FACTORS, "Kost; motion", ["K", "M"]),
        (FACTORS, "Diet/Exercise", ["K", "M"]),
        (FACTORS, "", []),
        (DAYS, "mandag, to", [1, 4]),
        (DAYS, "Hver dag", [1, 2, 3, 4, 5, 6, 7]),
        (DAYS, "Monday to Friday", [1, 2, 3, 4, 5]),
        (DAYS, "lør\nsøn", [6, 7]),
        (OFFERED, "Ja", "1"),
        (OFFERED, "no", "0"),
        (OFFERED, "", ""),
    ],
)
@pytest.mark.parametrize("language", ["da", "en"])
def test_words_of_both_languages_are_read_in_either(column, text, read, language):
    with translation.override(language):
        assert column.read(text) == read


def test_a_word_that_is_not_known_is_told_with_those_that_are():
    with pytest.raises(ValueError, match=r"»måske«.*ja, nej"):
        OFFERED.read("måske")
    many = Column("place", "Sted", choices=tuple(Choice(n, f"Sted {n}") for n in range(20)))
    with pytest.raises(ValueError, match="Skabelonen"):
        many.read("Sted 21")


def test_two_of_one_name_are_not_guessed_between():
    column = Column("place", "Sted", choices=(Choice(1, "Engen"), Choice(2, "ENGEN")))
    with pytest.raises(ValueError, match="flere"):
        column.read("engen")


class RowForm(forms.Form):
    name = forms.CharField()
    number = forms.IntegerField(required=False)


class Names:
    """A table of names; those of two letters stand already."""

    columns = (
        Column("name", "Navn", "Eksempel", is_required=True),
        Column("number", "Antal", "5"),
    )

    def form(self, data):
        return RowForm(data)

    def values(self, form):
        return form.cleaned_data

    def weigh(self, rows):
        for row in rows:
            name = row.values["name"]
            stands = name if len(name) == 2 else None
            yield Line.of(row, name, changes_between([("Navn", stands, name)]), stands)


def table(*rows, header=("navn", "antal"), **more) -> ReadTable:
    return ReadTable(list(header), [(n, list(row)) for n, row in enumerate(rows, 2)], **more)


def told(report) -> list[tuple]:
    return [(problem.row, problem.column) for problem in report.problems]


def test_rows_are_new_or_as_they_stand():
    report = check(Names(), table(["Åse", "1"], ["Bo"], [], ["", ""]))
    assert [(line.row, line.state) for line in report.lines] == [(2, State.NEW), (3, State.SAME)]
    assert report.problems == []
    assert len(report.to_do) == 1


def test_the_example_is_left_out_and_only_the_whole_of_it():
    report = check(Names(), table(["Eksempel", "5"], ["Eksempel", "6"]))
    assert [line.row for line in report.lines] == [3]
    assert report.remarks == ["Række 2 er skabelonens eksempel og læses ikke."]


def test_the_example_is_known_as_a_spreadsheet_has_put_it_and_in_either_language():
    day = Column("day", "Dato", EXAMPLE_DAY)
    outcome = Column("outcome", "Udfald", Outcome.HELD.label)
    assert all(map(day.is_example, ("05.01.2026", "05-01-2026", "05/01/2026")))
    assert not day.is_example("06.01.2026")
    assert not day.is_example("")
    assert all(map(outcome.is_example, ("Gennemført", "Held")))
    assert Column("note", "Note").is_example("")


@pytest.mark.parametrize(
    ("header", "problems"),
    [
        (("navn", "navn"), [(None, "Navn")]),
        (("antal",), [(None, "Navn")]),
        (("hvem", "hvad"), [(None, "")]),
        (("Navn *", "Antal"), []),
    ],
)
def test_what_is_wrong_with_the_header_is_told(header, problems):
    assert told(check(Names(), table(["Åse"], header=header))) == problems


def test_a_column_that_is_not_known_is_told_and_not_read():
    report = check(Names(), table(["Åse", "rød"], header=("navn", "farve")))
    assert [line.what for line in report.lines] == ["Åse"]
    assert "farve" in report.remarks[0]
    secret = check(Names(), table(["Åse", ""], header=("navn", "010190-1234")))
    assert "010190" not in "".join(secret.remarks)


@pytest.mark.parametrize("number", ["0101901234", "010190-1234", "101901234"])
def test_a_number_of_a_person_is_told_and_not_repeated(number):
    """Also where the spreadsheet has taken the number for one, and its first 0 away."""
    report = check(Names(), table([number, "1"], [f"{number[:-1]}x", "1"]))
    assert told(report) == [(2, "Navn")]
    assert number not in report.problems[0].text
    named = check(Names(), table(["Åse", ""], header=("navn", number)))
    assert number not in "".join(named.remarks)


def test_bad_rows_are_told_where_they_stand():
    rows = [
        ["Åse", "x"],
        ["", "1"],
        ["a", "1", "2"],
        ["Åse", "1"],
        ["ÅSE ", "1"],
        ["1234\x07", "1"],
    ]
    report = check(Names(), table(*rows))
    assert told(report) == [(2, "Antal"), (3, "Navn"), (4, ""), (6, ""), (7, "Navn")]


def test_the_end_of_a_long_list_of_faults_is_told():
    report = check(Names(), table(*([str(number), "x"] for number in range(3000))))
    assert len(report.problems) == 500
    assert report.remarks


def test_the_page_carries_the_table_as_it_was():
    before = table(['"Å"', "1"], ["a\nb"], remarks=("Et ark blev ikke læst.",))
    assert table_of(as_sent(before)) == before


@pytest.mark.parametrize(
    "sent",
    [
        '[["navn"], [[Infinity, ["Bo"]]], []]',
        '[["navn"], [[NaN, ["Bo"]]], []]',
        '[["navn"], [[2, ["Bo"]]], ["\\ud800"]]',
        '[["navn"], [], []]',
        "{}",
        "[" * 100_000,
    ],
)
def test_a_table_that_no_page_has_written_is_told_at_the_file(sent):
    with pytest.raises(ValidationError) as error:
        TableField().clean(sent)
    assert error.value.code == "table"


def test_what_would_happen_is_told_apart():
    one, same, other = (check(Names(), table([name])).seen for name in ("Åse", "Åse", "Bo"))
    assert one == same
    assert one != other
